//! The way of an attempt's events to the server: numbered into the outbox, sent in order in
//! batches, through outages. Whoever must come after an event waits for its number to be stored.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use shared::api::ErrorCode;
use shared::api::leases::{AppendEvents, AttemptOutcome, FinishAttempt};
use shared::events::JobEvent;
use tokio::sync::watch;

use super::ending::{Ending, Endings};
use super::outbox::{Entry, Outbox, OutboxReader};
use super::renewal::is_lost;
use super::retry::retrying;
use crate::api_client::{ApiClient, ApiError};

const BATCH_EVENTS: usize = 256;
const BATCH_BYTES: u64 = 256 << 10;
/// Events wait this long for company.
const BATCH_INTERVAL: Duration = Duration::from_millis(100);

/// One attempt's line to the server. Clones share it.
#[derive(Debug, Clone)]
pub struct Reporter {
    pub client: ApiClient,
    pub token: String,
    path: PathBuf,
    outbox: Arc<Mutex<Outbox>>,
    appended: Arc<watch::Sender<u64>>,
    stored: Arc<watch::Sender<u64>>,
    endings: Endings,
}

impl Reporter {
    /// Opens the outbox; returns also what stands in it besides events.
    pub fn open(
        client: ApiClient,
        token: String,
        path: PathBuf,
        endings: Endings,
    ) -> io::Result<(Self, Vec<Entry>)> {
        let (outbox, entries) = Outbox::open(&path)?;
        let appended = Arc::new(watch::Sender::new(outbox.last_event_number()));
        let outbox = Arc::new(Mutex::new(outbox));
        let stored = Arc::new(watch::Sender::new(0));
        Ok((Self { client, token, path, outbox, appended, stored, endings }, entries))
    }

    /// Keeps an event to be sent; returns its number.
    pub fn event(&self, event: JobEvent) -> io::Result<u64> {
        let number = self.outbox()?.append_event(event)?;
        self.appended.send_replace(number);
        Ok(number)
    }

    /// Notes something beside the events.
    pub fn note(&self, entry: &Entry) -> io::Result<()> {
        self.outbox()?.append(entry)
    }

    fn outbox(&self) -> io::Result<MutexGuard<'_, Outbox>> {
        self.outbox.lock().map_err(|_| io::Error::other("the outbox broke"))
    }

    /// The number of the newest event.
    pub fn last_event_number(&self) -> u64 {
        *self.appended.borrow()
    }

    /// Returns when the server has every event up to `number`.
    pub async fn stored(&self, number: u64) {
        let mut stored = self.stored.subscribe();
        // The sender lives in `self`.
        let _ = stored.wait_for(|stored| *stored >= number).await;
    }

    /// Sends events for as long as there are new ones; ends the attempt when the server refuses.
    pub async fn send_events(self) {
        let error = match self.send_until_refused().await {
            Ok(never) => match never {},
            Err(error) => error,
        };
        self.endings.end(if is_lost(&error) {
            Ending::LeaseLost
        } else {
            Ending::Broken { message: format!("the server does not take the attempt's events: {error}") }
        });
        // Nobody waits for events that will never be stored.
        self.stored.send_replace(u64::MAX);
    }

    async fn send_until_refused(&self) -> Result<std::convert::Infallible, ApiError> {
        let mut appended = self.appended.subscribe();
        let mut stored = *self.stored.borrow();
        let mut reader = self.reader()?;
        loop {
            let batch = reader
                .next_batch(stored, BATCH_EVENTS, BATCH_BYTES)
                .map_err(|error| self.file_error(&error))?;
            if batch.is_empty() {
                if *appended.borrow_and_update() > stored {
                    // The server stored less than it was sent.
                    reader = self.reader()?;
                } else if appended.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
                tokio::time::sleep(BATCH_INTERVAL).await;
                continue;
            }
            let request = AppendEvents { events: batch };
            let answer = retrying("sending events", || self.client.call(&request, &self.token)).await;
            stored = match answer {
                Ok(reply) => reply.stored_event_number,
                Err(error) if error.code() == Some(ErrorCode::EventGap) => {
                    // A server that was restored from a backup has forgotten some: begin again.
                    reader = self.reader()?;
                    self.ask_stored().await?
                }
                Err(error) => return Err(error),
            };
            self.stored.send_replace(stored);
        }
    }

    /// What the server has of this attempt; nothing is appended.
    pub async fn ask_stored(&self) -> Result<u64, ApiError> {
        let request = AppendEvents { events: Vec::new() };
        let ask = || self.client.call(&request, &self.token);
        let stored = retrying("asking for the stored events", ask).await?.stored_event_number;
        self.stored.send_replace(stored);
        Ok(stored)
    }

    /// Tells how the attempt ended. Afterwards the lease is gone.
    pub async fn finish(&self, outcome: AttemptOutcome) -> Result<(), ApiError> {
        let request = FinishAttempt { outcome };
        retrying("finishing the attempt", || self.client.call(&request, &self.token)).await.map(|_| ())
    }

    fn reader(&self) -> Result<OutboxReader, ApiError> {
        OutboxReader::open(&self.path).map_err(|error| self.file_error(&error))
    }

    fn file_error(&self, error: &io::Error) -> ApiError {
        ApiError::File(format!("{}: {error}", self.path.display()))
    }
}
