//! What an agent that was killed left behind: its attempts' events are sent, their newest noted
//! checkpoint is stored, and they end without waiting for their leases to run out.

use shared::api::leases::AttemptOutcome;
use tracing::{info, warn};

use super::Agent;
use super::attempt::{Task, Verdict, report};
use super::checkpoints::{Pending, store};
use super::ending::Endings;
use super::folder::AttemptFolder;
use super::outbox::Entry;
use super::renewal::{is_lost, renew};
use super::report::Reporter;
use crate::api_client::ApiError;
use crate::attempt::protocol::Outcome;
use crate::jobs::JobError;
use shared::api::leases::Lease;

/// Reports every leftover attempt and removes its folder.
pub async fn report_leftovers(agent: &Agent) -> Result<(), JobError> {
    let data = &agent.options.data;
    for folder in AttemptFolder::leftovers(data).map_err(JobError::io(data.display()))? {
        tokio::select! {
            () = report_leftover(agent, &folder) => folder.remove().await,
            () = agent.shutdown.draining() => return Ok(()),
        }
    }
    Ok(())
}

async fn report_leftover(agent: &Agent, folder: &AttemptFolder) {
    // An agent that was killed while it wrote the lease has not begun the attempt.
    let Ok(lease) = folder.read_lease() else { return };
    let endings = Endings::default();
    let opened =
        Reporter::open(agent.client.clone(), lease.token.clone(), folder.outbox_file(), endings.clone());
    let (reporter, entries) = match opened {
        Ok(opened) => opened,
        Err(error) => {
            warn!("{}: {error}", folder.root().display());
            return;
        }
    };
    info!(job = %lease.job_id, attempt = lease.attempt, "reporting an attempt whose agent was killed");
    let recovered = tokio::select! {
        () = endings.lease_lost() => return,
        recovered = recover(agent, &lease, folder, &reporter, entries, &endings) => recovered,
    };
    match recovered {
        Ok(()) => {}
        Err(error) if is_lost(&error) => info!(job = %lease.job_id, "another attempt has begun: {error}"),
        Err(error) => warn!(job = %lease.job_id, "the attempt could not be reported: {error}"),
    }
}

async fn recover(
    agent: &Agent,
    lease: &Lease,
    folder: &AttemptFolder,
    reporter: &Reporter,
    entries: Vec<Entry>,
    endings: &Endings,
) -> Result<(), ApiError> {
    reporter.ask_stored().await?;
    let _renewal = Task::spawn(renew(agent.client.clone(), lease.clone(), endings.clone()));
    let _sender = Task::spawn(reporter.clone().send_events());
    let verdict = verdict(&entries);
    if verdict != Verdict::Succeeded
        && let Some(step) = unstored_checkpoint(&entries)
        && folder.upload(step).exists()
    {
        let pending = Pending { step, event_number: reporter.last_event_number() };
        if let Err(error) = store(folder, reporter, pending).await {
            warn!("the checkpoint of step {step} could not be stored: {error}");
        }
    }
    report(lease, folder, reporter, verdict).await;
    Ok(())
}

/// What the process said before its agent was killed still counts.
fn verdict(entries: &[Entry]) -> Verdict {
    let outcome = entries.iter().rev().find_map(|entry| match entry {
        Entry::Outcome(outcome) => Some(outcome.clone()),
        _ => None,
    });
    let killed = "the worker's agent was killed";
    match outcome {
        Some(Outcome::Succeeded) => Verdict::Succeeded,
        Some(Outcome::FailedForUser { message }) => Verdict::Told(AttemptOutcome::FailedForUser { message }),
        Some(Outcome::FailedTransiently { message }) => {
            Verdict::Told(AttemptOutcome::FailedTransiently { message })
        }
        Some(Outcome::Cancelled | Outcome::Drained) | None => {
            Verdict::Told(AttemptOutcome::FailedTransiently { message: killed.to_owned() })
        }
    }
}

/// The newest checkpoint, unless the server has it.
fn unstored_checkpoint(entries: &[Entry]) -> Option<u64> {
    let newest = entries.iter().rev().find_map(|entry| match entry {
        Entry::Checkpoint { step } => Some(*step),
        _ => None,
    })?;
    (!entries.contains(&Entry::CheckpointStored { step: newest })).then_some(newest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_that_was_done_when_its_agent_was_killed_is_done() {
        let entries = [Entry::Checkpoint { step: 40 }, Entry::Outcome(Outcome::Succeeded)];
        assert_eq!(verdict(&entries), Verdict::Succeeded);
        let killed = verdict(&entries[..1]);
        assert!(matches!(killed, Verdict::Told(AttemptOutcome::FailedTransiently { .. })), "{killed:?}");
    }

    #[test]
    fn only_a_checkpoint_that_the_server_lacks_is_stored() {
        let saved = |step| Entry::Checkpoint { step };
        let stored = |step| Entry::CheckpointStored { step };
        assert_eq!(unstored_checkpoint(&[]), None);
        assert_eq!(unstored_checkpoint(&[saved(40), stored(40)]), None);
        assert_eq!(unstored_checkpoint(&[saved(40), stored(40), saved(80)]), Some(80));
        assert_eq!(unstored_checkpoint(&[saved(40), saved(80), stored(80)]), None);
    }
}
