//! Wake-up calls inside this process.
//!
//! Architecture invariant: a notification is only a hint. Whoever waits for one also looks by itself
//! every `poll_seconds`, so that a second server on the same database loses nothing but time.

use std::net::SocketAddr;
use std::sync::OnceLock;

use shared::ids::JobId;
use tokio::sync::{Notify, broadcast};

pub struct Hints {
    queued: Notify,
    events: broadcast::Sender<JobId>,
    bound: OnceLock<SocketAddr>,
}

impl Default for Hints {
    fn default() -> Self {
        Self { queued: Notify::new(), events: broadcast::channel(1024).0, bound: OnceLock::new() }
    }
}

impl Hints {
    /// Some job may be claimed now.
    pub fn job_queued(&self) {
        self.queued.notify_waiters();
    }

    /// Call it before looking, await it after finding nothing.
    pub fn when_queued(&self) -> tokio::sync::futures::Notified<'_> {
        self.queued.notified()
    }

    pub fn events_appended(&self, job: JobId) {
        // Nobody listening is no error.
        let _ = self.events.send(job);
    }

    pub fn watch_events(&self) -> broadcast::Receiver<JobId> {
        self.events.subscribe()
    }

    pub fn set_bound(&self, address: SocketAddr) {
        let _ = self.bound.set(address);
    }

    pub fn bound(&self) -> Option<SocketAddr> {
        self.bound.get().copied()
    }
}
