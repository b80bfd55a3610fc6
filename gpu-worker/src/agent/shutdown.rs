//! The wish that the agent leaves: SIGTERM, SIGINT, or its parent's end. A second signal ends it at
//! once, and its attempt's process with it.

use std::io::{self, Read};
use std::thread;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing::warn;

/// Whether the agent should finish what it must and leave.
#[derive(Debug, Clone)]
pub struct Shutdown(watch::Receiver<bool>);

impl Shutdown {
    pub fn is_draining(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once the agent should leave.
    pub async fn draining(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|draining| *draining).await.is_err() {
            // Nobody is left who could ask.
            std::future::pending::<()>().await;
        }
    }
}

/// Begins to listen.
pub fn listen(exit_with_parent: bool) -> io::Result<Shutdown> {
    let (sender, receiver) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    if exit_with_parent {
        let sender = sender.clone();
        thread::Builder::new().name("parent".to_owned()).spawn(move || {
            // Whatever ends the reading, the parent no longer holds the other end.
            let _ = io::copy(&mut io::stdin().lock().by_ref(), &mut io::sink());
            sender.send_replace(true);
        })?;
    }
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if sender.send_replace(true) {
                warn!("ending at once");
                std::process::exit(1);
            }
            warn!(
                "draining: the running attempt saves its work and is given back; a second signal ends at once"
            );
        }
    });
    Ok(Shutdown(receiver))
}
