//! What an attempt's process tells the agent: one JSON line each on its standard output, the
//! outcome last.
//!
//! ```text
//! {"event":{"type":"metrics","step":40,"values":{"training_loss":3.1}}}
//! {"checkpoint":{"step":40}}
//! {"outcome":"succeeded"}
//! ```
//!
//! A checkpoint is named by its step alone: the agent knows the folder and trusts no path.
//! The other way, on standard input, the agent asks with the line `cancel` or `drain`; end of input
//! means that the agent is gone.

use std::io::{self, Write};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use shared::events::JobEvent;

use crate::jobs::{Announce, Announcement, JobError, StopReason};

/// One line from the attempt's process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    Event(JobEvent),
    Checkpoint { step: u64 },
    Outcome(Outcome),
}

/// How the job ended, in its process's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Succeeded,
    FailedForUser { message: String },
    FailedTransiently { message: String },
    Cancelled,
    Drained,
}

impl From<Result<(), JobError>> for Outcome {
    fn from(result: Result<(), JobError>) -> Self {
        match result {
            Ok(()) => Self::Succeeded,
            Err(JobError::User(message)) => Self::FailedForUser { message },
            Err(JobError::Transient(message)) => Self::FailedTransiently { message },
            Err(JobError::Stopped(StopReason::Cancel)) => Self::Cancelled,
            Err(JobError::Stopped(StopReason::Drain)) => Self::Drained,
        }
    }
}

/// What the agent asks for on the process's standard input.
pub fn request_line(reason: StopReason) -> &'static str {
    match reason {
        StopReason::Cancel => "cancel\n",
        StopReason::Drain => "drain\n",
    }
}

/// The request in a line of standard input, if it is one.
pub fn parse_request(line: &str) -> Option<StopReason> {
    match line.trim_end() {
        "cancel" => Some(StopReason::Cancel),
        "drain" => Some(StopReason::Drain),
        _ => None,
    }
}

/// Announcements as lines on standard output.
pub fn announce_on_pipe() -> Announce {
    let output = Mutex::new(io::stdout());
    Box::new(move |announcement| {
        let line = match announcement {
            Announcement::Event(event) => Line::Event(event),
            Announcement::Checkpoint(checkpoint) => Line::Checkpoint { step: checkpoint.step },
        };
        let mut output = output.lock().map_err(|_| JobError::transient("the pipe to the agent broke"))?;
        write_line(&mut *output, &line)
            .map_err(|error| JobError::transient(format!("the agent does not listen any more: {error}")))
    })
}

/// Writes one line at once, so that a reader never waits for a buffer to fill.
pub fn write_line(output: &mut impl Write, line: &Line) -> io::Result<()> {
    let mut bytes = serde_json::to_vec(line)?;
    bytes.push(b'\n');
    output.write_all(&bytes)?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use shared::events::{LogLevel, Series};

    use super::*;

    #[test]
    fn every_line_arrives_as_it_was_sent() {
        let lines = [
            Line::Event(JobEvent::Metrics {
                step: 40,
                values: BTreeMap::from([(Series::TrainingLoss, 3.25), (Series::BitsPerByte, 1.0 / 3.0)]),
            }),
            Line::Event(JobEvent::Sample {
                step: 40,
                prompt: "옛날 어느 마을에".to_owned(),
                text: "한 아이가\n\"안녕\"이라고 말했어요.".to_owned(),
            }),
            Line::Event(JobEvent::Log { level: LogLevel::Warning, message: "\u{1}줄\r\n".to_owned() }),
            Line::Checkpoint { step: 40 },
            Line::Outcome(Outcome::Succeeded),
            Line::Outcome(Outcome::FailedForUser { message: "빈 파일".to_owned() }),
            Line::Outcome(Outcome::Drained),
        ];
        let mut pipe = Vec::new();
        for line in &lines {
            write_line(&mut pipe, line).unwrap();
        }
        let text = String::from_utf8(pipe).unwrap();
        let read: Vec<Line> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(read, lines);
    }

    #[test]
    fn a_request_is_read_as_it_was_written() {
        for reason in [StopReason::Cancel, StopReason::Drain] {
            assert_eq!(parse_request(request_line(reason)), Some(reason));
        }
        assert_eq!(parse_request("hurry\n"), None);
    }
}
