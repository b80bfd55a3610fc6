//! One attempt from its lease to its outcome.

use std::time::Duration;

use shared::api::ErrorCode;
use shared::api::leases::{AttemptOutcome, FinishAttempt, Lease};
use shared::provenance::JobOrigin;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tracing::{info, warn};

use super::Agent;
use super::checkpoints::store_checkpoints;
use super::ending::{Ending, Endings};
use super::folder::AttemptFolder;
use super::inputs::prepare;
use super::outputs::upload_outputs;
use super::renewal::{is_lost, renew};
use super::report::Reporter;
use super::retry::retrying;
use super::supervise::{Ended, Limits, supervise};
use crate::api_client::ApiError;
use crate::attempt::child::{Launch, own_program};
use crate::attempt::protocol::Outcome;
use crate::commands::CODE_VERSION;

/// A draining agent that cannot reach the server leaves the report to the next one after this long.
const REPORT_PATIENCE: Duration = Duration::from_secs(30);

/// How the attempt ended, before anything more than words has to be sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The outputs lie in the attempt's folder.
    Succeeded,
    /// Every other end is only told.
    Told(AttemptOutcome),
}

/// A task that ends with its owner.
pub struct Task(JoinHandle<()>);

impl Task {
    pub fn spawn(work: impl Future<Output = ()> + 'static + Send) -> Self {
        Self(tokio::spawn(work))
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Runs a leased attempt and reports on it.
pub async fn run(agent: &Agent, lease: Lease) {
    info!(job = %lease.job_id, attempt = lease.attempt, kind = lease.spec.kind().as_str(), "attempt begins");
    let endings = Endings::default();
    let opened = AttemptFolder::create(&agent.options.data, &lease).and_then(|folder| {
        let outbox = folder.outbox_file();
        let (reporter, _) =
            Reporter::open(agent.client.clone(), lease.token.clone(), outbox, endings.clone())?;
        Ok((folder, reporter))
    });
    match opened {
        Ok((folder, reporter)) => {
            let _renewal = Task::spawn(renew(agent.client.clone(), lease.clone(), endings.clone()));
            let _sender = Task::spawn(reporter.clone().send_events());
            let shutdown = agent.shutdown.clone();
            let drained = endings.clone();
            let _drain = Task::spawn(async move {
                shutdown.draining().await;
                drained.end(Ending::Drain);
            });
            let work = work(agent, &lease, &folder, &reporter, &endings);
            let reported = tokio::select! {
                biased;
                () = endings.lease_lost() => true,
                reported = work => reported,
            };
            if reported {
                folder.remove().await;
            }
        }
        Err(error) => {
            warn!("the attempt's folder cannot be made: {error}");
            let message = format!("the worker's disk: {error}");
            let request = FinishAttempt { outcome: AttemptOutcome::FailedTransiently { message } };
            let finish = retrying("finishing the attempt", || agent.client.call(&request, &lease.token));
            tokio::select! {
                finished = finish => if let Err(error) = finished { warn!("{error}") },
                () = agent.shutdown.draining() => {}
            }
            // The next attempt would meet the same disk at once.
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
    }
}

/// Inputs, process, report. Says whether the server knows the outcome.
async fn work(
    agent: &Agent,
    lease: &Lease,
    folder: &AttemptFolder,
    reporter: &Reporter,
    endings: &Endings,
) -> bool {
    let (checkpoints, pending) = mpsc::unbounded_channel();
    let storing = store_checkpoints(folder.clone(), reporter.clone(), pending, endings.clone());
    let mut storing = Task::spawn(storing);
    let ended = run_process(agent, lease, folder, reporter, &checkpoints, endings).await;
    drop(checkpoints);
    let verdict = judge(ended, endings.current(), agent.options.drain);
    let report = async {
        let broken = matches!(endings.current(), Some(Ending::Broken { .. }));
        if goes_on(&verdict) && !broken {
            // Another attempt continues from here. An error was told by the task itself.
            let _ = (&mut storing.0).await;
        }
        // Its owner may have cancelled it meanwhile.
        let verdict = match endings.current() {
            Some(Ending::Cancel) => Verdict::Told(AttemptOutcome::Cancelled),
            _ => verdict,
        };
        drop(storing);
        report(lease, folder, reporter, verdict).await
    };
    let patience = async {
        agent.shutdown.draining().await;
        tokio::time::sleep(REPORT_PATIENCE).await;
    };
    tokio::select! {
        () = report => true,
        () = patience => {
            warn!("the outcome could not be told; it stays in {} for the next start", folder.root().display());
            false
        }
    }
}

/// What came of the process, or why there was none.
async fn run_process(
    agent: &Agent,
    lease: &Lease,
    folder: &AttemptFolder,
    reporter: &Reporter,
    checkpoints: &mpsc::UnboundedSender<super::checkpoints::Pending>,
    endings: &Endings,
) -> Result<Option<Ended>, String> {
    let inputs = tokio::select! {
        inputs = prepare(agent, lease, folder) => inputs,
        _ = endings.other_than(None) => return Ok(None),
    };
    let inputs = match inputs {
        Ok(inputs) => inputs,
        Err(error) if is_lost(&error) => {
            endings.end(Ending::LeaseLost);
            return Ok(None);
        }
        Err(error) => return Err(format!("the inputs could not be fetched: {error}")),
    };
    let launch = Launch {
        program: own_program(),
        folder: folder.root().to_owned(),
        spec: folder.spec_file(),
        inputs,
        output: folder.output(),
        threads: agent.options.threads,
        origin: JobOrigin {
            job_id: lease.job_id,
            inputs: lease.inputs.iter().map(|input| (input.name.clone(), input.artifact_id)).collect(),
        },
    };
    let limits = Limits {
        time: Duration::from_secs_f64(lease.time_limit_seconds.clamp(0.0, 1e9)),
        memory_bytes: lease.memory_limit_bytes,
        drain: agent.options.drain,
    };
    supervise(&launch, limits, folder, reporter, checkpoints, endings)
        .await
        .map(Some)
        .map_err(|error| format!("the attempt's process could not be run: {error}"))
}

/// The outcome that the process's own words, its exit and the ending amount to.
fn judge(ended: Result<Option<Ended>, String>, ending: Option<Ending>, drain: Duration) -> Verdict {
    let failed = |message: String| Verdict::Told(AttemptOutcome::FailedTransiently { message });
    let given_back = |message: &str| Verdict::Told(AttemptOutcome::GivenBack { message: message.to_owned() });
    if ending == Some(Ending::Cancel) {
        return Verdict::Told(AttemptOutcome::Cancelled);
    }
    let ended = match ended {
        Ok(ended) => ended,
        Err(message) => return failed(message),
    };
    // A job that was done before the ending reached it is done.
    let outcome = ended.as_ref().and_then(|ended| ended.outcome.clone());
    if outcome == Some(Outcome::Succeeded) {
        return Verdict::Succeeded;
    }
    match ending {
        Some(Ending::MemoryLimit { resident_bytes }) => {
            return failed(format!(
                "the process used {} MiB, more than this job may; choose a smaller batch or model",
                resident_bytes >> 20
            ));
        }
        Some(Ending::TimeLimit) => {
            return failed(
                "the attempt ran longer than its limit; it goes on from its last checkpoint".to_owned(),
            );
        }
        Some(Ending::Broken { message }) => return failed(message),
        Some(Ending::Drain) if outcome.is_none() => {
            return match ended {
                None => given_back("the worker leaves"),
                Some(ended) => given_back(&format!(
                    "the worker leaves; the process did not stop by itself within {} s ({})",
                    drain.as_secs(),
                    ended.exit.explain()
                )),
            };
        }
        Some(Ending::Drain | Ending::Cancel | Ending::LeaseLost) | None => {}
    }
    match (outcome, ended) {
        (Some(Outcome::FailedForUser { message }), _) => {
            Verdict::Told(AttemptOutcome::FailedForUser { message })
        }
        (Some(Outcome::FailedTransiently { message }), _) => failed(message),
        // A batch system signals the process and its agent at once; the process may be first.
        (Some(_), _) => given_back("the worker leaves"),
        (None, Some(ended)) => failed(ended.exit.explain()),
        (None, None) => failed("the process was never started".to_owned()),
    }
}

/// Whether another attempt will want the newest checkpoint.
fn goes_on(verdict: &Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Told(AttemptOutcome::GivenBack { .. } | AttemptOutcome::FailedTransiently { .. })
    )
}

/// Everything that the server has to know, in its order: events, files, outcome.
pub async fn report(lease: &Lease, folder: &AttemptFolder, reporter: &Reporter, verdict: Verdict) {
    reporter.stored(reporter.last_event_number()).await;
    let outcome = match verdict {
        Verdict::Told(outcome) => outcome,
        Verdict::Succeeded => match upload_outputs(reporter, lease, folder).await {
            Ok(outputs) => AttemptOutcome::Succeeded { outputs, code_version: CODE_VERSION.to_owned() },
            Err(error) => refused("its outputs could not be stored", &error),
        },
    };
    let told = match reporter.finish(outcome.clone()).await {
        // The server knows better than to store this outcome: it gets the reason instead.
        Err(error) if !is_lost(&error) => {
            warn!("the outcome was refused: {error}");
            reporter.finish(refused("the server refused the outcome", &error)).await
        }
        told => told,
    };
    match told {
        Ok(()) => {
            info!(job = %lease.job_id, attempt = lease.attempt, outcome = name(&outcome), "attempt ended")
        }
        Err(error) => {
            warn!(job = %lease.job_id, attempt = lease.attempt, "the outcome was not wanted: {error}")
        }
    }
}

/// Whether the owner can do something about a refusal decides who hears of it.
fn refused(what: &str, error: &ApiError) -> AttemptOutcome {
    let message = format!("{what}: {error}");
    match error.code() {
        Some(ErrorCode::QuotaExceeded | ErrorCode::TooLarge) => AttemptOutcome::FailedForUser { message },
        _ => AttemptOutcome::FailedTransiently { message },
    }
}

fn name(outcome: &AttemptOutcome) -> &'static str {
    match outcome {
        AttemptOutcome::Succeeded { .. } => "succeeded",
        AttemptOutcome::FailedForUser { .. } => "failed for its owner",
        AttemptOutcome::FailedTransiently { .. } => "failed",
        AttemptOutcome::Cancelled => "cancelled",
        AttemptOutcome::GivenBack { .. } => "given back",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attempt::child::Exit;

    fn ended(outcome: Option<Outcome>, signal: Option<i32>) -> Result<Option<Ended>, String> {
        let code = if signal.is_none() { Some(1) } else { None };
        Ok(Some(Ended { outcome, exit: Exit { code, signal, stderr_tail: String::new() } }))
    }

    /// What the process did and what was wanted of it decide the outcome together.
    #[test]
    fn every_end_has_its_outcome() {
        let user = || Outcome::FailedForUser { message: "an empty file".to_owned() };
        let memory = || Ending::MemoryLimit { resident_bytes: 3 << 20 };
        let cases = [
            ("done", ended(Some(Outcome::Succeeded), None), None, "succeeded"),
            (
                "done although drained",
                ended(Some(Outcome::Succeeded), None),
                Some(Ending::Drain),
                "succeeded",
            ),
            (
                "done although too late",
                ended(Some(Outcome::Succeeded), None),
                Some(Ending::TimeLimit),
                "succeeded",
            ),
            ("cancelled", ended(Some(Outcome::Cancelled), None), Some(Ending::Cancel), "cancelled"),
            ("cancelled by force", ended(None, Some(9)), Some(Ending::Cancel), "cancelled"),
            ("cancelled before it began", Ok(None), Some(Ending::Cancel), "cancelled"),
            ("bad data", ended(Some(user()), None), None, "failed for its owner: an empty file"),
            ("killed", ended(None, Some(9)), None, "failed: out of memory?"),
            ("too big", ended(None, Some(9)), Some(memory()), "failed: used 3 MiB"),
            (
                "too long",
                ended(Some(Outcome::Drained), None),
                Some(Ending::TimeLimit),
                "failed: longer than its limit",
            ),
            ("drained", ended(Some(Outcome::Drained), None), Some(Ending::Drain), "given back"),
            ("drained before it began", Ok(None), Some(Ending::Drain), "given back"),
            ("drained by force", ended(None, Some(9)), Some(Ending::Drain), "given back: did not stop"),
            ("signalled before its agent", ended(Some(Outcome::Drained), None), None, "given back"),
            (
                "bad data while draining",
                ended(Some(user()), None),
                Some(Ending::Drain),
                "failed for its owner",
            ),
            ("no inputs", Err("inputs: 404".to_owned()), None, "failed: inputs: 404"),
        ];
        for (case, ended, ending, expected) in cases {
            let (outcome, message) = match judge(ended, ending, Duration::from_secs(1)) {
                Verdict::Succeeded => ("succeeded", String::new()),
                Verdict::Told(outcome) => {
                    let message = match &outcome {
                        AttemptOutcome::FailedForUser { message }
                        | AttemptOutcome::FailedTransiently { message }
                        | AttemptOutcome::GivenBack { message } => message.clone(),
                        AttemptOutcome::Succeeded { .. } | AttemptOutcome::Cancelled => String::new(),
                    };
                    (name(&outcome), message)
                }
            };
            let (wanted, part) = expected.split_once(": ").unwrap_or((expected, ""));
            assert_eq!(outcome, wanted, "{case}: {message}");
            assert!(message.contains(part), "{case}: {message}");
        }
    }
}
