//! From the start of an attempt's process to its end: every line it says is kept, every limit is
//! watched, every ending is enforced with growing force.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, interval, sleep_until};
use tracing::{info, warn};

use super::checkpoints::{Pending, take_over};
use super::ending::{Ending, Endings};
use super::folder::AttemptFolder;
use super::outbox::Entry;
use super::report::Reporter;
use crate::attempt::child::{AttemptProcess, Exit, Launch};
use crate::attempt::protocol::{Line, Outcome};
use crate::jobs::StopReason;

const MEMORY_CHECK_INTERVAL: Duration = Duration::from_millis(500);
/// A cancelled attempt is asked, terminated and killed this long after each other.
const CANCEL_PATIENCE: Duration = Duration::from_secs(5);
/// A process that has said everything ends by itself.
const EXIT_PATIENCE: Duration = Duration::from_secs(10);

/// What the lease and the agent allow.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub time: Duration,
    pub memory_bytes: u64,
    /// From the wish that it save its work and stop until it is killed.
    pub drain: Duration,
}

/// What the process left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    pub outcome: Option<Outcome>,
    pub exit: Exit,
}

#[derive(Debug, Clone, Copy)]
enum Force {
    Ask(StopReason),
    Terminate,
    Kill,
}

/// Runs the process to its end.
pub async fn supervise(
    launch: &Launch,
    limits: Limits,
    folder: &AttemptFolder,
    reporter: &Reporter,
    checkpoints: &mpsc::UnboundedSender<Pending>,
    endings: &Endings,
) -> io::Result<Ended> {
    let mut process = AttemptProcess::start(launch)?;
    let time_limit = Instant::now() + limits.time;
    let mut memory_check = interval(MEMORY_CHECK_INTERVAL);
    let mut known: Option<Ending> = None;
    let mut plan: VecDeque<(Instant, Force)> = VecDeque::new();
    let mut outcome = None;
    loop {
        let next_force = plan.front().map_or_else(far_future, |(at, _)| *at);
        tokio::select! {
            line = process.lines.recv() => match line {
                None => break,
                Some(line) => {
                    let kept = line.and_then(|line| keep(line, folder, reporter, checkpoints));
                    match kept {
                        Ok(Some(said)) => outcome = Some(said),
                        Ok(None) => {}
                        Err(error) => endings.end(Ending::Broken { message: error.to_string() }),
                    }
                }
            },
            ending = endings.other_than(known.as_ref()) => {
                info!(?ending, "ending the attempt");
                plan = forces(&ending, limits.drain);
                known = Some(ending);
            }
            () = sleep_until(next_force), if !plan.is_empty() => {
                match plan.pop_front() {
                    Some((_, Force::Ask(reason))) => process.ask(reason).await,
                    Some((_, Force::Terminate)) => process.terminate(),
                    Some((_, Force::Kill)) => process.kill(),
                    None => {}
                }
            }
            () = sleep_until(time_limit), if known.is_none() => endings.end(Ending::TimeLimit),
            _ = memory_check.tick() => {
                if let Some(resident_bytes) = process.resident_bytes().filter(|bytes| *bytes > limits.memory_bytes) {
                    endings.end(Ending::MemoryLimit { resident_bytes });
                }
            }
        }
    }
    let exit = match tokio::time::timeout(EXIT_PATIENCE, process.wait()).await {
        Ok(exit) => exit?,
        Err(_) => {
            warn!("the attempt's process does not end; killing it");
            process.kill();
            process.wait().await?
        }
    };
    Ok(Ended { outcome, exit })
}

/// Keeps what the process said; returns its outcome.
fn keep(
    line: Line,
    folder: &AttemptFolder,
    reporter: &Reporter,
    checkpoints: &mpsc::UnboundedSender<Pending>,
) -> io::Result<Option<Outcome>> {
    match line {
        Line::Event(event) => reporter.event(event).map(|_| None),
        Line::Checkpoint { step } => {
            match take_over(folder, reporter, step) {
                // Nobody receives once the attempt is ending in a way that needs no checkpoint.
                Ok(pending) => drop(checkpoints.send(pending)),
                // The process has made two newer ones meanwhile and removed this one.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    warn!(step, "the checkpoint was gone before it could be stored");
                }
                Err(error) => return Err(error),
            }
            Ok(None)
        }
        Line::Outcome(outcome) => {
            reporter.note(&Entry::Outcome(outcome.clone()))?;
            Ok(Some(outcome))
        }
    }
}

/// What is done about an ending, and when.
fn forces(ending: &Ending, drain: Duration) -> VecDeque<(Instant, Force)> {
    let now = Instant::now();
    let plan = match ending {
        Ending::Drain | Ending::TimeLimit => {
            vec![(now, Force::Ask(StopReason::Drain)), (now + drain, Force::Kill)]
        }
        Ending::Cancel => vec![
            (now, Force::Ask(StopReason::Cancel)),
            (now + CANCEL_PATIENCE, Force::Terminate),
            (now + 2 * CANCEL_PATIENCE, Force::Kill),
        ],
        Ending::MemoryLimit { .. } | Ending::Broken { .. } | Ending::LeaseLost => vec![(now, Force::Kill)],
    };
    plan.into()
}

fn far_future() -> Instant {
    Instant::now() + Duration::from_secs(3_600)
}
