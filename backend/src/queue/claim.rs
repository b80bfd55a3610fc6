//! Giving work to workers.

use sea_orm::{DatabaseTransaction, Value};
use shared::api::ErrorCode;
use shared::api::jobs::JobState;
use shared::api::leases::{Lease, LeaseInput, StoredCheckpoint};
use shared::api::workers::{Capabilities, ClaimJob};
use shared::artifacts::Purpose;
use shared::events::JobEvent;
use shared::ids::{ArtifactId, JobId, WorkerId};
use shared::spec::{JobSpec, SPEC_VERSION, TrainingSpeed};
use tokio::time::Instant;

use super::transition::{self, Counted};
use super::{dependents, memory, sweep};
use crate::access::WorkerCaller;
use crate::app::App;
use crate::error::{ApiError, Result};
use crate::storage::{artifacts, checkpoints};
use crate::tokens::{self, TokenKind};
use crate::{db, events};

const WAIT_LIMIT_SECONDS: u32 = 30;

/// Answers a lease as soon as there is work, or nothing after the time that the worker waits.
pub async fn claim(app: &App, worker: &WorkerCaller, request: &ClaimJob) -> Result<Option<Lease>> {
    if request.spec_version != SPEC_VERSION {
        let message = format!(
            "this server speaks spec version {SPEC_VERSION}, the worker {}; install the same version on both",
            request.spec_version
        );
        return Err(ApiError::refused(ErrorCode::UpgradeRequired, message));
    }
    if request.kinds.is_empty() || request.kinds.len() > 64 {
        return Err(ApiError::field("kinds", "name 1 to 64 kinds of job"));
    }
    seen(app, worker, request).await?;
    let wait = std::time::Duration::from_secs(request.wait_seconds.min(WAIT_LIMIT_SECONDS).into());
    let deadline = Instant::now() + wait;
    loop {
        let woken = app.hints.when_queued();
        tokio::pin!(woken);
        woken.as_mut().enable();
        if app.draining.is_cancelled() {
            return Ok(None);
        }
        if let Some(lease) = claim_now(app, worker.worker_id, request).await? {
            return Ok(Some(lease));
        }
        let look_again = deadline.min(Instant::now() + app.config.queue.poll());
        tokio::select! {
            () = &mut woken => {}
            () = app.draining.cancelled() => return Ok(None),
            () = tokio::time::sleep_until(look_again) => {}
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
    }
}

/// Notes what the worker's machine has, unless it said the same a moment ago: a busy worker claims
/// often, and every write costs the disk.
async fn seen(app: &App, worker: &WorkerCaller, request: &ClaimJob) -> Result<()> {
    let capabilities = serde_json::to_string(&request.capabilities)?;
    let values = [worker.worker_id.0.into(), capabilities.into()];
    let sql = "SELECT id FROM workers WHERE id = $1 AND capabilities = $2 AND seen_at > {now} - 10000000";
    if db::scalar::<i64>(app.database.read(), sql, values.clone()).await?.is_some() {
        return Ok(());
    }
    let transaction = db::write(&app.database).await?;
    let sql = "UPDATE workers SET seen_at = {now}, capabilities = $2 WHERE id = $1";
    db::run(&transaction, sql, values).await?;
    Ok(transaction.commit().await?)
}

/// What one look at the queue came to.
enum Found {
    Lease(Box<Lease>),
    /// A job that can never run was failed; look again.
    Impossible(JobId),
    Nothing,
}

/// One look, without waiting.
pub async fn claim_now(app: &App, worker: WorkerId, request: &ClaimJob) -> Result<Option<Lease>> {
    sweep::sweep(app).await?;
    loop {
        match take(app, worker, request).await? {
            Found::Lease(lease) => {
                app.hints.events_appended(lease.job_id);
                return Ok(Some(*lease));
            }
            Found::Impossible(job) => app.hints.events_appended(job),
            Found::Nothing => return Ok(None),
        }
    }
}

/// The class that the worker `$4` is set apart for now, if any.
const RESERVED_FOR: &str = "(SELECT reservations.cohort_id FROM reserved_workers \
    JOIN reservations ON reservations.id = reserved_workers.reservation_id WHERE reserved_workers.worker_id = $4 \
    AND reservations.begins_at <= {now} AND reservations.ends_at > {now} ORDER BY reservations.id LIMIT 1)";

const NOT_DRAINED: &str = "EXISTS (SELECT 1 FROM workers WHERE workers.id = $4 AND workers.drain IS NULL)";

async fn take(app: &App, worker: WorkerId, request: &ClaimJob) -> Result<Found> {
    let queue = &app.config.queue;
    let mut values: Vec<Value> = vec![
        request.spec_version.into(),
        i64::from(queue.running_limit).into(),
        memory::largest_job_bytes(&request.capabilities).into(),
        worker.0.into(),
    ];
    values.extend(request.kinds.iter().map(|kind| kind.as_str().into()));
    let kinds = db::placeholders(5, request.kinds.len());
    let queued = format!(
        "jobs.state = 'queued' AND jobs.kind IN ({kinds}) AND jobs.run_at <= {{now}} \
         AND jobs.spec_version <= $1 AND COALESCE(running.jobs, 0) < $2 AND jobs.memory_bytes <= $3 \
         AND jobs.cohort_id = COALESCE({RESERVED_FOR}, jobs.cohort_id) AND {NOT_DRAINED}"
    );
    let running = "LEFT JOIN (SELECT owner_id, COUNT(*) AS jobs FROM jobs WHERE state = 'running' \
                   GROUP BY owner_id) AS running ON running.owner_id = jobs.owner_id";
    // Most looks find nothing: they need no write lock.
    let sql = format!("SELECT jobs.id FROM jobs {running} WHERE {queued} LIMIT 1");
    if db::scalar::<i64>(app.database.read(), &sql, values.clone()).await?.is_none() {
        return Ok(Found::Nothing);
    }
    let transaction = db::write(&app.database).await?;
    db::lock(&transaction, db::Lock::Claims).await?;
    let sql = format!(
        "SELECT jobs.id, jobs.spec FROM jobs {running} WHERE {queued} \
         ORDER BY jobs.priority DESC, COALESCE(running.jobs, 0), jobs.run_at, jobs.id LIMIT 1 {{skip_locked}}"
    );
    let Some(row) = db::row(&transaction, &sql, values).await? else { return Ok(Found::Nothing) };
    let job_id = JobId(row.try_get_by(0)?);
    let (spec, inputs) = match work(&transaction, job_id, &row.try_get_by::<String, _>(1)?).await? {
        Ok(work) => work,
        Err(reason) => {
            transition::fail(&transaction, job_id, Counted::No, &reason).await?;
            dependents::cancel(&transaction, job_id, JobState::Failed).await?;
            transaction.commit().await?;
            return Ok(Found::Impossible(job_id));
        }
    };
    let machine = Machine { worker, gpus: gpus(&request.capabilities) };
    let lease = begin(app, &transaction, machine, job_id, spec, inputs).await?;
    tell_estimate(&transaction, &lease, &request.capabilities.training_speeds).await?;
    transaction.commit().await?;
    Ok(Found::Lease(Box::new(lease)))
}

/// What an attempt keeps busy.
#[derive(Debug, Clone, Copy)]
struct Machine {
    worker: WorkerId,
    gpus: i64,
}

/// Those that the worker's program can use.
fn gpus(capabilities: &Capabilities) -> i64 {
    if capabilities.cuda { capabilities.gpus.len().min(1024) as i64 } else { 0 }
}

async fn begin(
    app: &App,
    transaction: &DatabaseTransaction,
    machine: Machine,
    job_id: JobId,
    spec: JobSpec,
    inputs: Vec<LeaseInput>,
) -> Result<Lease> {
    let queue = &app.config.queue;
    let attempt = transition::begin(transaction, job_id, machine.worker, queue.lease_microseconds()).await?;
    // What an earlier attempt uploaded and did not register belongs to nobody any more.
    db::run(transaction, "DELETE FROM blob_grants WHERE job_id = $1", [job_id.0.into()]).await?;
    let token = tokens::generate(TokenKind::Lease)?;
    let checkpoint = checkpoints::newest(transaction, job_id).await?;
    let sql = "INSERT INTO attempts (job_id, attempt, worker_id, token_hash, resume_checkpoint_id, gpus, started_at) \
               VALUES ($1, $2, $3, $4, $5, $6, {now})";
    let values = [
        job_id.0.into(),
        i64::from(attempt).into(),
        machine.worker.0.into(),
        tokens::hash(&token).into(),
        checkpoint.as_ref().map(|(id, _)| *id).into(),
        machine.gpus.into(),
    ];
    db::run(transaction, sql, values).await?;
    let input_bytes = inputs.iter().flat_map(|input| &input.files).map(|file| file.size_bytes).sum();
    let needed = spec.estimate(input_bytes, 0.0).memory_bytes;
    let resume_from: Option<StoredCheckpoint> = checkpoint.map(|(_, checkpoint)| checkpoint);
    Ok(Lease {
        job_id,
        attempt,
        token,
        lease_seconds: queue.lease_seconds,
        renewal_seconds: queue.renewal_seconds,
        // An estimate is a forecast: twice of it and a gibibyte are still no runaway.
        memory_limit_bytes: (needed.saturating_mul(2)).saturating_add(1 << 30).min(queue.memory_limit_bytes),
        time_limit_seconds: queue.time_limit_seconds,
        spec,
        inputs,
        resume_from,
    })
}

/// What a training will need on the worker that took it, for those who watch: beside it they see what it
/// takes.
async fn tell_estimate(
    transaction: &DatabaseTransaction,
    lease: &Lease,
    speeds: &[TrainingSpeed],
) -> Result<()> {
    if !matches!(lease.spec, JobSpec::Pretrain(_)) {
        return Ok(());
    }
    let input_bytes = lease.inputs.iter().flat_map(|input| &input.files).map(|file| file.size_bytes).sum();
    let estimate = lease.spec.estimate_on(input_bytes, speeds);
    events::append_own(transaction, lease.job_id, &JobEvent::Estimated { estimate }).await
}

/// What a worker is to do, or why nobody can. What is stored and cannot be read is such a reason: as
/// an error it would stand at the head of the queue and fail every claim after this one.
async fn work(
    transaction: &DatabaseTransaction,
    job: JobId,
    spec: &str,
) -> Result<Result<(JobSpec, Vec<LeaseInput>), String>> {
    let spec: JobSpec = match serde_json::from_str(spec) {
        Ok(spec) => spec,
        Err(error) => {
            tracing::error!(job = job.0, %error, "a job's stored spec cannot be read; the job fails");
            return Ok(Err("its stored spec cannot be read by this server; submit it anew".to_owned()));
        }
    };
    match inputs(transaction, job, &spec).await {
        Ok(inputs) => Ok(inputs.map(|inputs| (spec, inputs))),
        Err(error @ (ApiError::Json(_) | ApiError::Bug(_))) => {
            tracing::error!(job = job.0, %error, "a job's stored inputs cannot be read; the job fails");
            Ok(Err("what is stored of its inputs cannot be read by this server; submit it anew".to_owned()))
        }
        Err(error) => Err(error),
    }
}

/// The job's inputs as the worker may read them, or why the job cannot run.
async fn inputs(
    transaction: &DatabaseTransaction,
    job: JobId,
    spec: &JobSpec,
) -> Result<Result<Vec<LeaseInput>, String>> {
    let mut inputs = Vec::new();
    for slot in spec.inputs() {
        let name = &slot.name;
        let sql = "SELECT artifact_id FROM job_inputs WHERE job_id = $1 AND name = $2";
        let bound: Option<Option<i64>> =
            db::scalar(transaction, sql, [job.0.into(), name.clone().into()]).await?;
        let Some(artifact_id) = bound.flatten() else {
            return Ok(Err(format!("nothing is bound to its input {name:?}")));
        };
        let Some(artifact) = artifacts::head(transaction, ArtifactId(artifact_id)).await? else {
            return Ok(Err(format!("its input {name:?}, artifact {artifact_id}, was deleted")));
        };
        if !slot.kinds.contains(&artifact.kind) {
            return Ok(Err(format!("artifact {artifact_id} is of the wrong kind for its input {name:?}")));
        }
        if slot.trains && artifact.purpose == Purpose::Evaluation {
            return Ok(Err(format!(
                "its input {name:?}, artifact {artifact_id}, is for evaluation and may not be trained on"
            )));
        }
        inputs.push(LeaseInput {
            name: name.clone(),
            artifact_id: ArtifactId(artifact_id),
            kind: artifact.kind,
            purpose: artifact.purpose,
            label: artifact.label,
            files: artifacts::files(transaction, ArtifactId(artifact_id)).await?,
        });
    }
    Ok(Ok(inputs))
}
