//! What a step looked like from outside: seconds and memory. Nothing depends on these numbers.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use model::training::StepOutcome;
use shared::events::{JobEvent, Series};

const REPORT_INTERVAL: Duration = Duration::from_secs(1);

/// Watches the clock between steps.
pub struct Speed {
    last_step_at: Instant,
    last_report_at: Option<Instant>,
    training_time: Duration,
    first_step: u64,
}

impl Speed {
    pub fn start(step: u64) -> Self {
        Self {
            last_step_at: Instant::now(),
            last_report_at: None,
            training_time: Duration::ZERO,
            first_step: step,
        }
    }

    /// What was done since the last step is not training.
    pub fn pause(&mut self) {
        self.last_step_at = Instant::now();
    }

    /// A step was made; returns its tokens per second.
    pub fn record(&mut self, tokens: u64) -> f64 {
        let duration = self.last_step_at.elapsed();
        self.last_step_at = Instant::now();
        self.training_time += duration;
        tokens as f64 / duration.as_secs_f64().max(1e-9)
    }

    /// About once a second.
    pub fn is_report_due(&mut self) -> bool {
        let due = self.last_report_at.is_none_or(|last| last.elapsed() >= REPORT_INTERVAL);
        if due {
            self.last_report_at = Some(Instant::now());
        }
        due
    }

    pub fn seconds_left(&self, step: u64, steps: u64) -> Option<f64> {
        let made = step.checked_sub(self.first_step).filter(|made| *made > 0)?;
        Some(self.training_time.as_secs_f64() / made as f64 * steps.saturating_sub(step) as f64)
    }
}

/// The event of one step.
pub fn metrics(outcome: StepOutcome, learning_rate: f64, tokens_per_second: f64) -> JobEvent {
    let mut values = BTreeMap::from([
        (Series::TrainingLoss, outcome.loss),
        (Series::GradientNorm, outcome.gradient_norm),
        (Series::LearningRate, learning_rate),
        (Series::TokensPerSecond, tokens_per_second),
    ]);
    values.extend(memory_bytes().map(|bytes| (Series::MemoryBytes, bytes as f64)));
    JobEvent::Metrics { step: outcome.step, values }
}

/// Resident memory of this process; absent where /proc is.
fn memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kibibytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes * 1024)
}
