//! Follows a pipeline job by job until it is done, printing what its events tell.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use anyhow::{Result, bail};
use shared::api::jobs::{GetJob, Job, JobState, ListJobEvents, Pipeline, WaitsFor};
use shared::events::{JobEvent, LogLevel, ProgressUnit, Series};
use shared::ids::JobId;
use shared::spec::Estimate;

use super::client::Client;
use super::terminal::{Terminal, duration};
use crate::platform::Platform;
use crate::signals;

const LOOK: Duration = Duration::from_millis(300);
const PAGE: u32 = 1000;

/// What a job's events told. Values are keyed by step, because a later attempt repeats the steps
/// since its checkpoint.
#[derive(Debug, Default)]
pub struct Run {
    pub metrics: BTreeMap<u64, BTreeMap<Series, f64>>,
    pub samples: BTreeMap<(u64, String), String>,
    /// Of the latest attempt.
    pub estimate: Option<Estimate>,
}

/// The runs by job, or nothing when we were asked to stop.
pub fn pipeline(
    client: &Client,
    platform: &mut Platform,
    pipeline: &Pipeline,
) -> Result<Option<BTreeMap<JobId, Run>>> {
    let mut terminal = Terminal::new();
    let mut runs = BTreeMap::new();
    for (index, job) in pipeline.jobs.iter().enumerate() {
        terminal.line(&format!(
            "\n[{}/{}] {} (job {})",
            index + 1,
            pipeline.jobs.len(),
            job.name,
            job.job_id
        ));
        let Some(run) = follow(client, platform, job.job_id, &mut terminal)? else { return Ok(None) };
        runs.insert(job.job_id, run);
    }
    Ok(Some(runs))
}

fn follow(
    client: &Client,
    platform: &mut Platform,
    job_id: JobId,
    terminal: &mut Terminal,
) -> Result<Option<Run>> {
    let mut run = Run::default();
    let mut status = Status::default();
    let mut after = 0;
    loop {
        if signals::asked_to_stop() {
            return Ok(None);
        }
        if let Some(exit) = platform.has_ended()? {
            bail!("the platform ended by itself ({exit}); its log is demo/platform.log in the data folder");
        }
        // The state first: events that came before the end are then all on the next pages.
        let job = client.call(&GetJob { job_id })?;
        loop {
            let events =
                client.call(&ListJobEvents { job_id, after: Some(after), limit: Some(PAGE) })?.events;
            let is_last_page = (events.len() as u32) < PAGE;
            for event in events {
                after = event.stream_number;
                tell(event.event, &mut run, &mut status, terminal);
            }
            if is_last_page {
                break;
            }
        }
        match job.state {
            JobState::Succeeded => {
                terminal.line(&format!("{} done in {}", job.name, duration(seconds(&job).unwrap_or(0.0))));
                return Ok(Some(run));
            }
            JobState::Failed | JobState::Cancelled => return Err(failure(&job)),
            JobState::Waiting | JobState::Queued => terminal.status(&waiting(&job)),
            JobState::Running => terminal.status(&status.line()),
        }
        thread::sleep(LOOK);
    }
}

fn waiting(job: &Job) -> String {
    let gibibytes = |bytes: u64| bytes as f64 / f64::from(1 << 30);
    let state = job.state.as_str();
    match &job.waits_for {
        Some(WaitsFor::Memory { needed_bytes, largest_worker_bytes }) => format!(
            "{state}: needs {:.1} GiB of memory, the largest worker has {:.1} …",
            gibibytes(*needed_bytes),
            gibibytes(*largest_worker_bytes)
        ),
        Some(WaitsFor::Worker) => format!("{state}: no worker is there yet …"),
        Some(WaitsFor::OwnersOtherJobs { running_limit }) => {
            format!("{state}: {running_limit} of your jobs run, more may not at a time …")
        }
        Some(WaitsFor::Reservation { .. }) => {
            format!("{state}: the workers are set apart for another class …")
        }
        Some(WaitsFor::Pause { .. }) => format!("{state}: a pause after the failed attempt …"),
        None => format!("{state} …"),
    }
}

/// From the first attempt's start to the end.
pub fn seconds(job: &Job) -> Option<f64> {
    Some((job.ended_at_microseconds? - job.started_at_microseconds?) as f64 / 1e6)
}

fn failure(job: &Job) -> anyhow::Error {
    let reason = job.reason.as_deref().unwrap_or("no reason was given");
    let advice = match job.name.as_str() {
        "train_tokenizer" => "choose a smaller --vocabulary-size or bring more text",
        "import" | "curate" => "look at --corpus, --encoding and --text-field",
        "pretrain" => "bring more text, or choose --preset tiny",
        _ => "the platform's log is demo/platform.log in the data folder",
    };
    anyhow::anyhow!(
        "{} {} after {} attempts: {reason}\nWhat to do: {advice}. The same command then begins anew.",
        job.name,
        job.state.as_str(),
        job.attempt
    )
}

fn tell(event: JobEvent, run: &mut Run, status: &mut Status, terminal: &mut Terminal) {
    match event {
        JobEvent::StateChanged { state: JobState::Queued, reason: Some(reason) } => {
            terminal.line(&format!("  queued again: {reason}"));
        }
        JobEvent::StateChanged { .. } => {}
        JobEvent::Estimated { estimate } => {
            terminal.line(&format!("  expected: {}", expected(&estimate)));
            run.estimate = Some(estimate);
        }
        JobEvent::Progress { done, total, unit, seconds_left } => {
            *status = Status {
                done,
                total,
                unit: Some(unit),
                seconds_left,
                values: std::mem::take(&mut status.values),
            };
        }
        JobEvent::Metrics { step, values } => {
            if let (Some(loss), Some(bits)) =
                (values.get(&Series::ValidationLoss), values.get(&Series::BitsPerByte))
            {
                terminal.line(&format!("  step {step}: validation loss {loss:.3}, {bits:.3} bits per byte"));
            }
            status.values.extend(values.iter().map(|(series, value)| (*series, *value)));
            run.metrics.entry(step).or_default().extend(values);
        }
        JobEvent::Sample { step, prompt, text } => {
            terminal.line(&format!("  step {step}: {}", on_one_line(&prompt, &text)));
            run.samples.insert((step, prompt), text);
        }
        JobEvent::Log { level, message } => {
            let mark = match level {
                LogLevel::Info => "",
                LogLevel::Warning => "warning: ",
                LogLevel::Error => "error: ",
            };
            terminal.line(&format!("  {mark}{message}"));
        }
        // The worker's log says both in words.
        JobEvent::Resumed { .. }
        | JobEvent::CheckpointSaved { .. }
        | JobEvent::ParameterStatistics { .. } => {}
    }
}

/// `9 min 40 s at 8125 tokens/s, 391 MiB`
fn expected(estimate: &Estimate) -> String {
    let memory = format!("{} MiB", estimate.memory_bytes >> 20);
    match (estimate.seconds, estimate.tokens_per_second) {
        (Some(seconds), Some(speed)) => format!("{} at {speed:.0} tokens/s, {memory}", duration(seconds)),
        _ => format!("{memory}; the worker has measured no speed"),
    }
}

/// Prompt and continuation; some writers repeat the prompt in the text.
pub fn on_one_line(prompt: &str, text: &str) -> String {
    let continuation = text.strip_prefix(prompt).unwrap_or(text);
    format!("「{prompt}」{continuation}").replace('\n', " ⏎ ")
}

/// What the live line shows.
#[derive(Debug, Default)]
struct Status {
    done: u64,
    total: Option<u64>,
    unit: Option<ProgressUnit>,
    seconds_left: Option<f64>,
    values: BTreeMap<Series, f64>,
}

impl Status {
    fn line(&self) -> String {
        let mut parts = Vec::new();
        if let Some(unit) = self.unit {
            let total = self.total.map_or_else(String::new, |total| format!("/{total}"));
            parts.push(match unit {
                ProgressUnit::Steps => format!("step {}{total}", self.done),
                ProgressUnit::Files => format!("{}{total} files", self.done),
                ProgressUnit::Documents => format!("{}{total} documents", self.done),
                ProgressUnit::Merges => format!("{}{total} merges", self.done),
                ProgressUnit::Bytes => format!("{:.1} MB", self.done as f64 / 1e6),
            });
        }
        let mut value = |series, show: fn(f64) -> String| {
            parts.extend(self.values.get(&series).map(|value| show(*value)));
        };
        value(Series::TrainingLoss, |loss| format!("loss {loss:.3}"));
        value(Series::BitsPerByte, |bits| format!("{bits:.3} bits/byte"));
        value(Series::TokensPerSecond, |speed| format!("{speed:.0} tokens/s"));
        parts.extend(self.seconds_left.map(|seconds| format!("{} left", duration(seconds))));
        if parts.is_empty() { "running …".to_owned() } else { format!("  {}", parts.join("  ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_live_line_says_step_loss_speed_and_time_left() {
        let mut run = Run::default();
        let mut status = Status::default();
        let mut terminal = Terminal::new();
        let values = BTreeMap::from([(Series::TrainingLoss, 3.5), (Series::TokensPerSecond, 8123.4)]);
        tell(JobEvent::Metrics { step: 3, values }, &mut run, &mut status, &mut terminal);
        let progress = JobEvent::Progress {
            done: 3,
            total: Some(120),
            unit: ProgressUnit::Steps,
            seconds_left: Some(75.0),
        };
        tell(progress, &mut run, &mut status, &mut terminal);
        assert_eq!(status.line(), "  step 3/120  loss 3.500  8123 tokens/s  1 min 15 s left");
    }

    #[test]
    fn a_later_attempt_replaces_what_it_repeats() {
        let mut run = Run::default();
        for loss in [9.0, 4.0] {
            let values = BTreeMap::from([(Series::ValidationLoss, loss)]);
            tell(
                JobEvent::Metrics { step: 40, values },
                &mut run,
                &mut Status::default(),
                &mut Terminal::new(),
            );
        }
        assert_eq!(run.metrics[&40][&Series::ValidationLoss], 4.0);
    }
}
