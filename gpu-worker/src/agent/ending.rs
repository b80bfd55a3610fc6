//! Why an attempt should end before its job is done, told from any of its tasks to all of them.

use std::sync::Arc;

use tokio::sync::watch;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The agent leaves.
    Drain,
    /// It ran longer than its lease allows.
    TimeLimit,
    /// It took more memory than its lease allows.
    MemoryLimit { resident_bytes: u64 },
    /// Its process or the server did what neither should.
    Broken { message: String },
    /// Its owner no longer wants it.
    Cancel,
    /// Another attempt has begun, or the job has ended: the work is dropped.
    LeaseLost,
}

/// The one ending of an attempt; a stronger one replaces a weaker one.
#[derive(Debug, Clone, Default)]
pub struct Endings(Arc<watch::Sender<Option<Ending>>>);

impl Endings {
    pub fn end(&self, ending: Ending) {
        self.0.send_if_modified(|current| {
            let stronger = current.as_ref().is_none_or(|current| strength(current) < strength(&ending));
            if stronger {
                *current = Some(ending);
            }
            stronger
        });
    }

    pub fn current(&self) -> Option<Ending> {
        self.0.borrow().clone()
    }

    /// Waits for an ending that differs from `known`.
    pub async fn other_than(&self, known: Option<&Ending>) -> Ending {
        let mut receiver = self.0.subscribe();
        loop {
            if let Some(ending) = self.current().filter(|ending| Some(ending) != known) {
                return ending;
            }
            if receiver.changed().await.is_err() {
                // The sender lives in `self`.
                std::future::pending::<()>().await;
            }
        }
    }

    /// Waits for the loss of the lease.
    pub async fn lease_lost(&self) {
        let mut receiver = self.0.subscribe();
        if receiver.wait_for(|ending| *ending == Some(Ending::LeaseLost)).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

fn strength(ending: &Ending) -> u8 {
    match ending {
        Ending::Drain => 0,
        Ending::TimeLimit => 1,
        Ending::MemoryLimit { .. } | Ending::Broken { .. } => 2,
        Ending::Cancel => 3,
        Ending::LeaseLost => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_stronger_ending_replaces_a_weaker_one() {
        let endings = Endings::default();
        endings.end(Ending::Drain);
        endings.end(Ending::Cancel);
        endings.end(Ending::TimeLimit);
        assert_eq!(endings.current(), Some(Ending::Cancel));
        assert_eq!(endings.other_than(Some(&Ending::Drain)).await, Ending::Cancel);
        endings.end(Ending::LeaseLost);
        endings.lease_lost().await;
    }
}
