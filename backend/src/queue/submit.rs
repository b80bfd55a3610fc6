//! New jobs.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::DatabaseTransaction;
use shared::api::jobs::{CreateJob, CreatePipeline, InputBinding, JobState};
use shared::api::{ErrorCode, Role};
use shared::events::JobEvent;
use shared::ids::{CohortId, JobId, PipelineId, UserId};
use shared::spec::{JobSpec, Problems, SPEC_VERSION};

use super::bindings::{self, Bound, Earlier};
use super::{memory, worker_time};
use crate::access::{self, Person};
use crate::app::App;
use crate::controllers::cohorts;
use crate::db;
use crate::error::{ApiError, Result};
use crate::{events, names};

const PIPELINE_LIMIT_JOBS: usize = 64;

/// One job. The same key of the same person again answers the same job.
pub async fn submit(app: &App, person: &Person, request: &CreateJob) -> Result<JobId> {
    let mut problems = Problems::default();
    check_key(&request.idempotency_key, &mut problems);
    check_spec(&request.spec, "spec", &mut problems);
    problems.into_result().map_err(ApiError::invalid)?;
    join(app, person, request.cohort_id).await?;
    let transaction = db::write(&app.database).await?;
    db::lock(&transaction, db::Lock::Owner(person.user_id.0)).await?;
    let sql = "SELECT id FROM jobs WHERE owner_id = $1 AND idempotency_key = $2";
    let values = [person.user_id.0.into(), request.idempotency_key.clone().into()];
    if let Some(job) = db::scalar::<i64>(&transaction, sql, values).await? {
        return Ok(JobId(job));
    }
    check_queued_limit(app, &transaction, person.user_id, 1).await?;
    worker_time::check(&transaction, person.user_id, request.cohort_id).await?;
    bindings::lock_sources(&transaction, request.inputs.values()).await?;
    let earlier = BTreeMap::new();
    let bound = bindings::resolve(&transaction, person, &request.spec, &request.inputs, &earlier, "").await?;
    let place =
        Place { pipeline: None, name: request.spec.kind().as_str(), key: Some(&request.idempotency_key) };
    let job = insert(app, &transaction, person, request.cohort_id, place, &request.spec, &bound).await?;
    transaction.commit().await?;
    app.hints.job_queued();
    Ok(job)
}

/// Jobs that feed each other, all or none.
pub async fn submit_pipeline(app: &App, person: &Person, request: &CreatePipeline) -> Result<PipelineId> {
    check_pipeline(request)?;
    join(app, person, request.cohort_id).await?;
    let transaction = db::write(&app.database).await?;
    db::lock(&transaction, db::Lock::Owner(person.user_id.0)).await?;
    let sql = "SELECT id FROM pipelines WHERE owner_id = $1 AND idempotency_key = $2";
    let values = [person.user_id.0.into(), request.idempotency_key.clone().into()];
    if let Some(pipeline) = db::scalar::<i64>(&transaction, sql, values).await? {
        return Ok(PipelineId(pipeline));
    }
    check_queued_limit(app, &transaction, person.user_id, request.jobs.len()).await?;
    worker_time::check(&transaction, person.user_id, request.cohort_id).await?;
    let inputs = request.jobs.iter().flat_map(|job| job.inputs.values());
    bindings::lock_sources(&transaction, inputs).await?;
    let sql = "INSERT INTO pipelines (owner_id, cohort_id, title, idempotency_key, created_at) \
               VALUES ($1, $2, $3, $4, {now}) RETURNING id";
    let values = [
        person.user_id.0.into(),
        request.cohort_id.0.into(),
        request.title.clone().into(),
        request.idempotency_key.clone().into(),
    ];
    let pipeline = PipelineId(db::one(&transaction, sql, values).await?);
    let mut earlier: BTreeMap<String, Earlier> = BTreeMap::new();
    for (index, job) in request.jobs.iter().enumerate() {
        let prefix = format!("jobs.{index}.");
        let mut bound =
            bindings::resolve(&transaction, person, &job.spec, &job.inputs, &earlier, &prefix).await?;
        // Jobs of the same pipeline cannot have ended yet.
        bound.waits |= !job.depends_on.is_empty();
        bound
            .parents
            .extend(job.depends_on.iter().filter_map(|name| earlier.get(name)).map(|job| job.job_id));
        let place = Place { pipeline: Some(pipeline), name: &job.name, key: None };
        let job_id = insert(app, &transaction, person, request.cohort_id, place, &job.spec, &bound).await?;
        let entry = Earlier { job_id, spec: job.spec.clone(), purpose: bound.purpose };
        earlier.insert(job.name.clone(), entry);
    }
    transaction.commit().await?;
    app.hints.job_queued();
    Ok(pipeline)
}

fn check_pipeline(request: &CreatePipeline) -> Result<()> {
    let mut problems = Problems::default();
    check_key(&request.idempotency_key, &mut problems);
    let title = request.title.trim();
    problems.require(!title.is_empty() && title.len() <= 400, "title", "use 1 to 400 bytes");
    let count = request.jobs.len();
    let message = format!("a pipeline has 1 to {PIPELINE_LIMIT_JOBS} jobs");
    problems.require((1..=PIPELINE_LIMIT_JOBS).contains(&count), "jobs", message);
    let mut earlier = BTreeSet::new();
    for (index, job) in request.jobs.iter().enumerate() {
        let field = |name: &str| format!("jobs.{index}.{name}");
        let plain = !job.name.trim().is_empty() && job.name.len() <= 100;
        problems.require(plain, &field("name"), "use 1 to 100 bytes");
        for (position, name) in job.depends_on.iter().enumerate() {
            let message = format!("no earlier job of the pipeline is called {name:?}");
            problems.require(earlier.contains(name), &field(&format!("depends_on.{position}")), message);
        }
        check_spec(&job.spec, &field("spec"), &mut problems);
        problems.require(earlier.insert(&job.name), &field("name"), "this name stands twice in the pipeline");
    }
    problems.into_result().map_err(ApiError::invalid)
}

fn check_key(key: &str, problems: &mut Problems) {
    let count = key.chars().count();
    problems.require((1..=100).contains(&count), "idempotency_key", "use 1 to 100 characters");
}

fn check_spec(spec: &JobSpec, field: &str, problems: &mut Problems) {
    if let Err(inner) = spec.validate() {
        problems.nest(field, inner);
    }
}

/// Only members of a cohort run jobs in it, and only while it is not over.
async fn join(app: &App, person: &Person, cohort: CohortId) -> Result<()> {
    access::member(app, person.clone(), cohort, Role::Learner).await?;
    cohorts::require_active(app.database.read(), cohort).await
}

pub async fn check_queued_limit(
    app: &App,
    transaction: &DatabaseTransaction,
    owner: UserId,
    new_jobs: usize,
) -> Result<()> {
    let sql = "SELECT COUNT(*) FROM jobs WHERE owner_id = $1 AND state IN ('waiting', 'queued')";
    let queued: i64 = db::one(transaction, sql, [owner.0.into()]).await?;
    let limit = app.config.queue.queued_limit;
    if queued as u64 + new_jobs as u64 > u64::from(limit) {
        let message =
            format!("{queued} of your jobs are in the queue and {limit} may be; wait or cancel some");
        return Err(ApiError::refused(ErrorCode::QuotaExceeded, message));
    }
    Ok(())
}

/// Where a job belongs.
struct Place<'a> {
    pipeline: Option<PipelineId>,
    name: &'a str,
    key: Option<&'a str>,
}

async fn insert(
    app: &App,
    transaction: &DatabaseTransaction,
    person: &Person,
    cohort: CohortId,
    place: Place<'_>,
    spec: &JobSpec,
    bound: &Bound,
) -> Result<JobId> {
    let state = if bound.waits { JobState::Waiting } else { JobState::Queued };
    let sql = "INSERT INTO jobs (pipeline_id, name, owner_id, cohort_id, kind, spec_version, spec, purpose, \
                   idempotency_key, state, failure_limit, cancel_requested, run_at, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, FALSE, {now}, {now}) RETURNING id";
    let values = [
        place.pipeline.map(|id| id.0).into(),
        place.name.into(),
        person.user_id.0.into(),
        cohort.0.into(),
        spec.kind().as_str().into(),
        SPEC_VERSION.into(),
        serde_json::to_string(spec)?.into(),
        names::to_text(&bound.purpose)?.into(),
        place.key.map(str::to_owned).into(),
        state.as_str().into(),
        i64::from(app.config.queue.failure_limit).into(),
    ];
    let job = JobId(db::one(transaction, sql, values).await?);
    for parent in &bound.parents {
        let sql = "INSERT INTO job_dependencies (job_id, parent_id) VALUES ($1, $2)";
        db::run(transaction, sql, [job.0.into(), parent.0.into()]).await?;
    }
    for (name, input) in &bound.inputs {
        let sql = "INSERT INTO job_inputs (job_id, name, artifact_id, source_job_id, source_output) \
                   VALUES ($1, $2, $3, $4, $5)";
        let (source_job, source_output) = match &input.source {
            Some((job, output)) => (Some(job.0), Some(output.clone())),
            None => (None, None),
        };
        let values = [
            job.0.into(),
            name.clone().into(),
            input.artifact.map(|id| id.0).into(),
            source_job.into(),
            source_output.into(),
        ];
        db::run(transaction, sql, values).await?;
    }
    memory::estimate(transaction, job).await?;
    events::append_own(transaction, job, &JobEvent::StateChanged { state, reason: None }).await?;
    Ok(job)
}

/// How a stored input reads on the wire.
pub fn binding(artifact: Option<i64>, source: Option<(i64, String)>) -> Option<InputBinding> {
    match source {
        Some((job, output)) => Some(InputBinding::JobOutput { job_id: JobId(job), output }),
        None => artifact.map(|id| InputBinding::Artifact(shared::ids::ArtifactId(id))),
    }
}
