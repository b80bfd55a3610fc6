//! Progress events at a pace that a terminal and a database can follow.

use std::time::{Duration, Instant};

use shared::events::{JobEvent, ProgressUnit};

use super::{JobContext, JobError};

const PACE: Duration = Duration::from_millis(500);

/// Tells how far a job is, at most twice a second.
pub struct Progress<'a> {
    context: &'a JobContext,
    unit: ProgressUnit,
    total: u64,
    started: Instant,
    told: Instant,
}

impl<'a> Progress<'a> {
    pub fn new(context: &'a JobContext, unit: ProgressUnit, total: u64) -> Self {
        let now = Instant::now();
        Self { context, unit, total, started: now, told: now }
    }

    /// Also the place where a job notices that it is to stop.
    pub fn at(&mut self, done: u64) -> Result<(), JobError> {
        self.context.continue_or_stop()?;
        if self.told.elapsed() < PACE {
            return Ok(());
        }
        self.told = Instant::now();
        self.tell(done)
    }

    pub fn finish(&mut self) -> Result<(), JobError> {
        self.tell(self.total)
    }

    fn tell(&self, done: u64) -> Result<(), JobError> {
        let elapsed = self.started.elapsed().as_secs_f64();
        let left = self.total.saturating_sub(done) as f64;
        let seconds_left = (done > 0).then(|| elapsed * left / done as f64);
        self.context.emit(JobEvent::Progress { done, total: Some(self.total), unit: self.unit, seconds_left })
    }
}
