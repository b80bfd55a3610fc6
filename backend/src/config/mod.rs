//! Everything that can be set, by flag or environment variable; read once, at start.

mod limits;
mod queue;
mod server;

use std::path::PathBuf;

pub use limits::{LimitConfig, STORAGE_QUOTA_BYTES};
pub use queue::{QueueConfig, microseconds};
pub use server::{ServerConfig, Tls};

/// Where the data is.
#[derive(Debug, Clone, clap::Args)]
pub struct DataConfig {
    /// The folder of the database and of the stored files.
    #[arg(long, env = "MITBADAK_DATA", default_value = "var")]
    pub data: PathBuf,
    /// `sqlite:PATH` or `postgres://…`; a SQLite file in the data folder when absent.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
}

impl DataConfig {
    pub fn new(data: PathBuf) -> Self {
        Self { data, database_url: None }
    }

    pub fn url(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", self.data.join("mitbadak.sqlite").display()))
    }

    pub fn objects(&self) -> PathBuf {
        self.data.join("objects")
    }
}

/// The whole configuration of a running server.
#[derive(Debug, Clone, clap::Args)]
pub struct Config {
    #[command(flatten)]
    pub data: DataConfig,
    #[command(flatten)]
    pub server: ServerConfig,
    #[command(flatten)]
    pub queue: QueueConfig,
    #[command(flatten)]
    pub limits: LimitConfig,
}

impl Config {
    /// The defaults, with the data in this folder; for tests and programs that embed the server.
    pub fn new(data: PathBuf) -> Self {
        Self {
            data: DataConfig::new(data),
            server: ServerConfig::default(),
            queue: QueueConfig::default(),
            limits: LimitConfig::default(),
        }
    }
}
