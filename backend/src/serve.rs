//! A running server: listening, background tasks, and stopping in an orderly way.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::RustlsAcceptor;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::config::Config;
use crate::local_workers::LocalWorkers;
use crate::queue::sweep;
use crate::storage::collect;
use crate::{router, tls};

/// A server that listens. Stop it with [`Server::stop`].
pub struct Server {
    app: App,
    address: SocketAddr,
    listeners: Vec<(Handle<SocketAddr>, JoinHandle<std::io::Result<()>>)>,
    tasks: Vec<JoinHandle<()>>,
    local_workers: LocalWorkers,
}

/// Opens everything and begins to answer. It listens when this returns.
pub async fn start(config: Config) -> anyhow::Result<Server> {
    let app = App::open(config).await?;
    let server = &app.config.server;
    let listener = TcpListener::bind(server.bind)
        .with_context(|| format!("cannot listen on {}; is something else there?", server.bind))?;
    let address = listener.local_addr()?;
    app.hints.set_bound(address);
    let router = router::router(app.clone());
    let mut listeners = Vec::new();
    let mut local_url = format!("http://{}", reachable(address));
    if let Some(tls) = tls::config(&app.config).context("cannot set up TLS")? {
        let handle = Handle::new();
        let serving = axum_server::from_tcp(nonblocking(listener)?)?
            .acceptor(RustlsAcceptor::new(tls).acceptor(NoDelayAcceptor))
            .handle(handle.clone())
            .serve(router.clone().into_make_service_with_connect_info::<SocketAddr>());
        listeners.push((handle, tokio::spawn(serving)));
        if server.local_workers > 0 {
            // Workers on this machine need no certificate: they use the loopback.
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            local_url = format!("http://{}", listener.local_addr()?);
            listeners.push(plain(listener, router)?);
        }
    } else {
        listeners.push(plain(listener, router)?);
    }
    let tasks = vec![
        tokio::spawn(sweep::every_interval(app.clone())),
        tokio::spawn(collect::every_interval(app.clone())),
    ];
    if let Some(path) = &server.port_file {
        write_port_file(path, address)?;
    }
    let local_workers = LocalWorkers::start(&app, &local_url).await?;
    tracing::info!(%address, url = server.url(address), "listening");
    Ok(Server { app, address, listeners, tasks, local_workers })
}

type Listener = (Handle<SocketAddr>, JoinHandle<std::io::Result<()>>);

fn plain(listener: TcpListener, router: Router) -> anyhow::Result<Listener> {
    let handle = Handle::new();
    let serving = axum_server::from_tcp(nonblocking(listener)?)?
        // An event is a small packet; without this it waits for the last one's receipt.
        .acceptor(NoDelayAcceptor)
        .handle(handle.clone())
        .serve(router.into_make_service_with_connect_info::<SocketAddr>());
    Ok((handle, tokio::spawn(serving)))
}

fn nonblocking(listener: TcpListener) -> std::io::Result<TcpListener> {
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// An address that a process on this machine can connect to.
fn reachable(bound: SocketAddr) -> SocketAddr {
    if bound.ip().is_unspecified() { SocketAddr::from((Ipv4Addr::LOCALHOST, bound.port())) } else { bound }
}

/// Whoever waits for the file finds the whole address in it.
fn write_port_file(path: &Path, address: SocketAddr) -> anyhow::Result<()> {
    let unfinished = path.with_extension("unfinished");
    std::fs::write(&unfinished, address.to_string())
        .and_then(|()| std::fs::rename(&unfinished, path))
        .with_context(|| format!("cannot write the port file {}", path.display()))
}

impl Server {
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self) -> String {
        self.app.config.server.url(self.address)
    }

    pub fn app(&self) -> &App {
        &self.app
    }

    /// Gives no new leases, lets the local workers save their work, ends long polls and streams,
    /// finishes requests, and closes the database.
    pub async fn stop(self) -> anyhow::Result<()> {
        let config = &self.app.config.server;
        self.app.draining.cancel();
        self.local_workers.stop(Duration::from_secs_f64(config.drain_seconds.clamp(0.0, 86_400.0))).await;
        self.app.stopping.cancel();
        let bound = Duration::from_secs_f64(config.shutdown_seconds.clamp(0.0, 3600.0));
        for (handle, _) in &self.listeners {
            handle.graceful_shutdown(Some(bound));
        }
        for (_, serving) in self.listeners {
            serving.await.context("a listener panicked")?.context("a listener failed")?;
        }
        for task in self.tasks {
            task.await.context("a background task panicked")?;
        }
        self.app.database.close().await.context("cannot close the database")
    }
}
