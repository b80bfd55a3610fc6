//! The address, TLS and the workers that the server starts by itself.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

#[derive(Debug, Clone, clap::Args)]
pub struct ServerConfig {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, env = "MITBADAK_BIND", default_value = "127.0.0.1:8080")]
    pub bind: SocketAddr,
    /// The address that people use, when a proxy stands in front: `https://…`.
    #[arg(long, env = "MITBADAK_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// A proxy in front of this server, by address; may be given several times. Only from there
    /// `X-Forwarded-For` is believed, so that failed sign-ins are counted per caller.
    #[arg(
        long = "trusted-proxy",
        env = "MITBADAK_TRUSTED_PROXY",
        value_name = "ADDRESS",
        value_delimiter = ','
    )]
    pub trusted_proxies: Vec<IpAddr>,
    /// `self-signed` makes a certificate in the data folder and keeps it there.
    #[arg(long, value_enum, conflicts_with_all = ["tls_cert", "tls_key"])]
    pub tls: Option<Tls>,
    /// The certificate chain, in PEM.
    #[arg(long, requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// The certificate's private key, in PEM.
    #[arg(long, requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// The bound address is written here once the server listens.
    #[arg(long)]
    pub port_file: Option<PathBuf>,
    /// The folder of the page for browsers, as `cargo xtask` builds it; without it only the API answers.
    #[arg(long, env = "MITBADAK_FRONT_END")]
    pub front_end: Option<PathBuf>,
    /// The folder of the course (`course/` of the project, or one of your own); without it there are no lessons.
    #[arg(long, env = "MITBADAK_COURSE")]
    pub course: Option<PathBuf>,
    /// Workers to start and supervise on this machine.
    #[arg(long, env = "MITBADAK_LOCAL_WORKERS", default_value_t = 0, requires = "worker_binary")]
    pub local_workers: u32,
    /// The program of those workers.
    #[arg(long, env = "MITBADAK_WORKER_BINARY")]
    pub worker_binary: Option<PathBuf>,
    /// How long local workers may take to save their work at shutdown.
    #[arg(long, env = "MITBADAK_DRAIN_SECONDS", default_value_t = 60.0)]
    pub drain_seconds: f64,
    /// How long requests may take to finish at shutdown.
    #[arg(long, env = "MITBADAK_SHUTDOWN_SECONDS", default_value_t = 10.0)]
    pub shutdown_seconds: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Tls {
    SelfSigned,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: None,
            trusted_proxies: Vec::new(),
            tls: None,
            tls_cert: None,
            tls_key: None,
            port_file: None,
            front_end: None,
            course: None,
            local_workers: 0,
            worker_binary: None,
            drain_seconds: 60.0,
            shutdown_seconds: 10.0,
        }
    }
}

impl ServerConfig {
    pub fn uses_tls(&self) -> bool {
        self.tls.is_some() || self.tls_cert.is_some()
    }

    /// What people type: the public address, or the bound one.
    pub fn url(&self, bound: SocketAddr) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("{}://{bound}", if self.uses_tls() { "https" } else { "http" }),
        }
    }
}
