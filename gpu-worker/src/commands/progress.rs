//! Progress for people: one line that is redrawn at a terminal, plain lines elsewhere; and every
//! event as JSON for programs.

use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use shared::events::{JobEvent, LogLevel, ProgressUnit, Series};

use crate::jobs::{Announce, Announcement, JobError};

/// Without a terminal, progress is told at most this often.
const PLAIN_INTERVAL: Duration = Duration::from_secs(5);

/// What the line shows.
#[derive(Debug, Default)]
struct Status {
    progress: String,
    time_left: String,
    loss: String,
    speed: String,
}

struct Terminal {
    status: Status,
    redraws: bool,
    told_at: Option<Instant>,
}

/// Draws on standard error.
pub fn announce_on_terminal() -> Announce {
    let redraws = io::stderr().is_terminal();
    let terminal = Mutex::new(Terminal { status: Status::default(), redraws, told_at: None });
    Box::new(move |announcement| {
        let mut terminal = terminal.lock().map_err(|_| JobError::transient("the terminal broke"))?;
        terminal.show(&announcement).map_err(JobError::io("standard error"))
    })
}

/// One JSON line per event on standard output.
pub fn announce_as_json() -> Announce {
    let output = Mutex::new(io::stdout());
    Box::new(move |announcement| {
        let event = match announcement {
            Announcement::Event(event) => event,
            Announcement::Checkpoint(checkpoint) => JobEvent::CheckpointSaved { step: checkpoint.step },
        };
        let mut line = serde_json::to_vec(&event)
            .map_err(|error| JobError::transient(format!("writing an event: {error}")))?;
        line.push(b'\n');
        let mut output = output.lock().map_err(|_| JobError::transient("standard output broke"))?;
        output.write_all(&line).and_then(|()| output.flush()).map_err(JobError::io("standard output"))
    })
}

impl Terminal {
    fn show(&mut self, announcement: &Announcement) -> io::Result<()> {
        let mut output = io::stderr().lock();
        if let Some(lines) = lasting_lines(announcement) {
            let clear = if self.redraws { "\r\x1b[K" } else { "" };
            writeln!(output, "{clear}{lines}")?;
        }
        if let Announcement::Event(event) = announcement {
            self.status.update(event);
        }
        let line = self.status.line();
        if line.is_empty() {
            return Ok(());
        }
        if self.redraws {
            write!(output, "\r\x1b[K{line}")?;
            output.flush()
        } else if self.told_at.is_none_or(|told_at| told_at.elapsed() >= PLAIN_INTERVAL) {
            self.told_at = Some(Instant::now());
            writeln!(output, "{line}")
        } else {
            Ok(())
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let line = self.status.line();
        if !line.is_empty() {
            // Without a terminal the last state may have been kept back.
            let text = if self.redraws { String::new() } else { line };
            eprintln!("{text}");
        }
    }
}

impl Status {
    fn update(&mut self, event: &JobEvent) {
        match event {
            JobEvent::Progress { done, total, unit, seconds_left } => {
                let total = total.map(|total| format!("/{}", grouped(total))).unwrap_or_default();
                self.progress = format!("{} {}{total}", unit_name(*unit), grouped(*done));
                self.time_left =
                    seconds_left.map(|seconds| format!("{} left", duration(seconds))).unwrap_or_default();
            }
            JobEvent::Metrics { values, .. } => {
                if let Some(loss) = values.get(&Series::TrainingLoss) {
                    self.loss = format!("loss {loss:.3}");
                }
                if let Some(speed) = values.get(&Series::TokensPerSecond) {
                    self.speed = format!("{} tokens/s", grouped(*speed as u64));
                }
            }
            _ => {}
        }
    }

    fn line(&self) -> String {
        let parts = [&self.progress, &self.loss, &self.speed, &self.time_left];
        let shown: Vec<&str> =
            parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect();
        shown.join("  ")
    }
}

/// What stays on the screen: everything but progress and the values of a training step.
fn lasting_lines(announcement: &Announcement) -> Option<String> {
    let event = match announcement {
        Announcement::Checkpoint(checkpoint) => {
            return Some(format!("checkpoint of step {} saved", checkpoint.step));
        }
        Announcement::Event(event) => event,
    };
    match event {
        JobEvent::Log { level: LogLevel::Info, message } => Some(message.clone()),
        JobEvent::Log { level: LogLevel::Warning, message } => Some(format!("warning: {message}")),
        JobEvent::Log { level: LogLevel::Error, message } => Some(format!("error: {message}")),
        JobEvent::Sample { step, prompt, text } => Some(format!("step {step}: {prompt}│{text}")),
        JobEvent::Resumed { step } => Some(format!("resumed from step {step}")),
        JobEvent::CheckpointSaved { step } => Some(format!("checkpoint of step {step} stored")),
        JobEvent::Metrics { step, values } => {
            let validation = values.get(&Series::ValidationLoss)?;
            let bits = values.get(&Series::BitsPerByte).map(|bits| format!(", {bits:.3} bits per byte"));
            Some(format!("step {step}: validation loss {validation:.3}{}", bits.unwrap_or_default()))
        }
        JobEvent::Progress { .. }
        | JobEvent::StateChanged { .. }
        | JobEvent::Estimated { .. }
        | JobEvent::ParameterStatistics { .. } => None,
    }
}

fn unit_name(unit: ProgressUnit) -> &'static str {
    match unit {
        ProgressUnit::Files => "files",
        ProgressUnit::Documents => "documents",
        ProgressUnit::Bytes => "bytes",
        ProgressUnit::Merges => "merges",
        ProgressUnit::Steps => "step",
    }
}

/// `1234567` as `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn duration(seconds: f64) -> String {
    let seconds = seconds.max(0.0).round() as u64;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

/// Bytes for people.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} bytes"),
        1_024..1_048_576 => format!("{:.1} KiB", bytes as f64 / 1024.0),
        _ => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn one_line_tells_stage_step_loss_speed_and_time_left() {
        let mut status = Status::default();
        assert_eq!(status.line(), "");
        status.update(&JobEvent::Progress {
            done: 120,
            total: Some(2400),
            unit: ProgressUnit::Steps,
            seconds_left: Some(200.0),
        });
        let values = BTreeMap::from([(Series::TrainingLoss, 3.2104), (Series::TokensPerSecond, 12_400.7)]);
        status.update(&JobEvent::Metrics { step: 120, values });
        assert_eq!(status.line(), "step 120/2,400  loss 3.210  12,400 tokens/s  3 min 20 s left");
    }

    #[test]
    fn numbers_are_grouped_for_the_eye() {
        assert_eq!(
            [grouped(0), grouped(999), grouped(1_000), grouped(1_234_567)],
            ["0", "999", "1,000", "1,234,567"]
        );
        assert_eq!([duration(59.6), duration(3_661.0)], ["1 min 0 s", "1 h 1 min"]);
    }
}
