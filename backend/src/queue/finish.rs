//! The end of an attempt, as its worker tells it.

use std::collections::BTreeSet;

use sea_orm::DatabaseTransaction;
use shared::api::jobs::JobState;
use shared::api::leases::{AttemptOutcome, Output};
use shared::spec::{JobSpec, Problems};

use super::dependents;
use super::lease::{self, Ending, HeldJob};
use super::transition::{self, Counted};
use crate::access::LeaseHolder;
use crate::app::App;
use crate::config::{QueueConfig, microseconds};
use crate::db;
use crate::error::{ApiError, Result};
use crate::storage::{artifacts, checkpoints};
use crate::tokens;

/// A reason that people read; longer ones are cut.
const MESSAGE_LIMIT_CHARACTERS: usize = 4000;

/// Everything that follows from the outcome, in one transaction. The same outcome of the same
/// attempt again changes nothing.
pub async fn finish(app: &App, holder: &LeaseHolder, outcome: &AttemptOutcome) -> Result<()> {
    let written = serde_json::to_string(outcome)?;
    let transaction = db::write(&app.database).await?;
    // The row lock comes first, so that two copies of the same request follow each other.
    lease::state(&transaction, holder.job_id).await?;
    let sql = "SELECT outcome FROM attempts WHERE job_id = $1 AND attempt = $2";
    let values = [holder.job_id.0.into(), i64::from(holder.attempt).into()];
    let told: Option<Option<String>> = db::scalar(&transaction, sql, values).await?;
    if let Some(told) = told.flatten() {
        return if told == written { Ok(()) } else { Err(ApiError::lease_lost()) };
    }
    let held = lease::hold(&transaction, holder, &app.config.queue).await?;
    apply(&transaction, &app.config.queue, &held, outcome, written).await?;
    transaction.commit().await?;
    app.hints.events_appended(holder.job_id);
    app.hints.job_queued();
    Ok(())
}

async fn apply(
    transaction: &DatabaseTransaction,
    config: &QueueConfig,
    held: &HeldJob,
    outcome: &AttemptOutcome,
    written: String,
) -> Result<()> {
    let (job, attempt) = (held.job_id, held.attempt);
    let end_attempt = |ending| lease::end_attempt(transaction, job, attempt, ending, Some(written));
    match outcome {
        AttemptOutcome::Succeeded { outputs, code_version } => {
            register(transaction, held, outputs, code_version).await?;
            end_attempt(Ending::Succeeded).await?;
            transition::succeed(transaction, job).await?;
            checkpoints::drop_all(transaction, job).await?;
            dependents::release(transaction, job).await
        }
        AttemptOutcome::FailedForUser { message } => {
            end_attempt(Ending::Failed).await?;
            transition::fail(transaction, job, Counted::Yes, &short(message)).await?;
            dependents::cancel(transaction, job, JobState::Failed).await.map(drop)
        }
        AttemptOutcome::FailedTransiently { message } if !held.cancel_requested => {
            end_attempt(Ending::Failed).await?;
            let wait = backoff_seconds(config, held.failures, tokens::random_share()?);
            lease::count_failure(transaction, held, microseconds(wait), &short(message)).await
        }
        AttemptOutcome::GivenBack { message } if !held.cancel_requested => {
            end_attempt(Ending::GivenBack).await?;
            transition::requeue(transaction, job, Counted::No, 0, &short(message)).await
        }
        AttemptOutcome::Cancelled if !held.cancel_requested => {
            end_attempt(Ending::Failed).await?;
            let message = "the worker stopped the attempt although nobody had asked for it";
            let wait = backoff_seconds(config, held.failures, tokens::random_share()?);
            lease::count_failure(transaction, held, microseconds(wait), message).await
        }
        AttemptOutcome::Cancelled
        | AttemptOutcome::FailedTransiently { .. }
        | AttemptOutcome::GivenBack { .. } => {
            end_attempt(Ending::Cancelled).await?;
            transition::cancel(transaction, job, "cancelled on request").await?;
            dependents::cancel(transaction, job, JobState::Cancelled).await.map(drop)
        }
    }
}

/// `min(base · 2ⁿ, limit) ± 20 %` after n earlier failures; `share` is random in `0.0..1.0`.
pub fn backoff_seconds(config: &QueueConfig, failures: u32, share: f64) -> f64 {
    let doubled = config.backoff_seconds * 2_f64.powi(failures.min(60) as i32);
    doubled.min(config.backoff_limit_seconds) * (0.8 + 0.4 * share)
}

/// Makes the outputs artifacts of the job's owner.
async fn register(
    transaction: &DatabaseTransaction,
    held: &HeldJob,
    outputs: &[Output],
    code_version: &str,
) -> Result<()> {
    let sql = "SELECT spec FROM jobs WHERE id = $1";
    let spec: JobSpec =
        serde_json::from_str(&db::one::<String>(transaction, sql, [held.job_id.0.into()]).await?)?;
    let slots = spec.outputs();
    let mut problems = Problems::default();
    let plain = code_version.len() <= 200 && !code_version.chars().any(char::is_control);
    problems.require(plain, "outcome.code_version", "at most 200 bytes without control characters");
    for slot in &slots {
        let given = outputs.iter().filter(|output| output.name == slot.name).count();
        problems.require(
            given == 1,
            "outcome.outputs",
            format!("exactly one output {:?} is needed", slot.name),
        );
    }
    for (index, output) in outputs.iter().enumerate() {
        let field = format!("outcome.outputs.{index}");
        let known = slots.iter().any(|slot| slot.name == output.name);
        problems.require(known, &format!("{field}.name"), "this kind of job has no such output");
        let names: BTreeSet<_> = output.files.iter().map(|file| &file.name).collect();
        problems.require(names.len() == output.files.len(), &format!("{field}.files"), "a name stands twice");
        problems.require(!names.is_empty(), &format!("{field}.files"), "an output has at least one file");
        for file in &output.files {
            let ours = checkpoints::uploaded(transaction, held.job_id, file).await?;
            let message = format!("{} was not uploaded with this lease", file.name);
            problems.require(ours, &format!("{field}.files"), message);
        }
    }
    problems.into_result().map_err(ApiError::invalid)?;
    for output in outputs {
        let Some(slot) = slots.iter().find(|slot| slot.name == output.name) else { continue };
        artifacts::register_output(transaction, held.job_id, slot.kind, output, code_version).await?;
    }
    Ok(())
}

fn short(message: &str) -> String {
    // PostgreSQL's text holds no U+0000, and the end of an attempt must not fail for that.
    let kept = message.chars().filter(|character| *character != '\0');
    let kept: String = kept.take(MESSAGE_LIMIT_CHARACTERS).collect();
    if kept.trim().is_empty() { "the worker gave no reason".to_owned() } else { kept }
}
