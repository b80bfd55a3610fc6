//! Jobs and pipelines, for the people who run them.

use std::collections::{BTreeMap, HashMap};

use sea_orm::{ConnectionTrait, QueryResult, Value};
use shared::api::jobs::{
    CancelJob, CreateJob, CreatePipeline, EventList, GetJob, GetPipeline, InputBinding, Job, JobList,
    JobState, ListJobEvents, ListJobs, Pipeline, ResumeJob, SetJobPriority,
};
use shared::api::{ErrorCode, Role};
use shared::ids::{ArtifactId, CohortId, JobId, PipelineId, UserId};
use shared::spec::JobSpec;

use super::page;
use crate::access::{self, Person};
use crate::app::App;
use crate::error::{ApiError, Result};
use crate::queue::waits::{Queued, Situation};
use crate::queue::{cancel, priority, resume, submit};
use crate::{db, events, names};

/// `$2` is the caller, `$3` whether an operator: owners, the staff of the job's cohort, operators.
pub const READABLE_JOB: &str = "(jobs.owner_id = $2 OR $3 OR EXISTS (SELECT 1 FROM memberships \
    WHERE memberships.user_id = $2 AND memberships.cohort_id = jobs.cohort_id \
    AND memberships.role IN ('assistant', 'instructor')))";

const COLUMNS: &str = "jobs.id, jobs.pipeline_id, jobs.name, jobs.owner_id, jobs.cohort_id, jobs.spec, \
    jobs.state, jobs.reason, jobs.attempt, jobs.failures, jobs.failure_limit, jobs.cancel_requested, \
    jobs.created_at, jobs.started_at, jobs.ended_at, jobs.run_at, jobs.memory_bytes, jobs.priority";

pub async fn create(app: App, person: Person, request: CreateJob) -> Result<Job> {
    let job = submit::submit(&app, &person, &request).await?;
    readable(&app, &person, job).await
}

pub async fn create_pipeline(app: App, person: Person, request: CreatePipeline) -> Result<Pipeline> {
    let pipeline = submit::submit_pipeline(&app, &person, &request).await?;
    read_pipeline(&app, &person, pipeline).await
}

pub async fn get_pipeline(app: App, person: Person, request: GetPipeline) -> Result<Pipeline> {
    read_pipeline(&app, &person, request.pipeline_id).await
}

async fn read_pipeline(app: &App, person: &Person, id: PipelineId) -> Result<Pipeline> {
    let visible = READABLE_JOB.replace("jobs.", "pipelines.");
    let sql = format!("SELECT title FROM pipelines WHERE id = $1 AND {visible}");
    let values = [id.0.into(), person.user_id.0.into(), person.operator.into()];
    let title: Option<String> = db::scalar(app.database.read(), &sql, values).await?;
    let title = title.ok_or_else(|| ApiError::not_found("pipeline"))?;
    let sql = format!("SELECT {COLUMNS} FROM jobs WHERE jobs.pipeline_id = $1 ORDER BY jobs.id");
    let rows = db::rows(app.database.read(), &sql, [id.0.into()]).await?;
    Ok(Pipeline { pipeline_id: id, title, jobs: read_all(app, &rows).await? })
}

pub async fn get(app: App, person: Person, request: GetJob) -> Result<Job> {
    readable(&app, &person, request.job_id).await
}

/// Refuses a job that the caller may not see as one that does not exist.
pub async fn visible(app: &App, person: &Person, job: JobId) -> Result<()> {
    let sql = format!("SELECT jobs.id FROM jobs WHERE jobs.id = $1 AND {READABLE_JOB}");
    let values = [job.0.into(), person.user_id.0.into(), person.operator.into()];
    let found: Option<i64> = db::scalar(app.database.read(), &sql, values).await?;
    found.map(drop).ok_or_else(|| ApiError::not_found("job"))
}

/// A job that the caller may see; others do not exist.
pub async fn readable(app: &App, person: &Person, job: JobId) -> Result<Job> {
    let sql = format!("SELECT {COLUMNS} FROM jobs WHERE jobs.id = $1 AND {READABLE_JOB}");
    let values = [job.0.into(), person.user_id.0.into(), person.operator.into()];
    let row = db::row(app.database.read(), &sql, values).await?.ok_or_else(|| ApiError::not_found("job"))?;
    let situation = situation(app, std::slice::from_ref(&row)).await?;
    let mut around = Around::read(app.database.read(), std::slice::from_ref(&row)).await?;
    read(&row, situation.as_ref(), &mut around)
}

pub async fn list(app: App, person: Person, request: ListJobs) -> Result<JobList> {
    let mut values: Vec<Value> = vec![person.user_id.0.into()];
    let mut condition = "jobs.owner_id = $1".to_owned();
    if let Some(state) = request.state {
        condition.push_str(" AND jobs.state = $2");
        values.push(state.as_str().into());
    }
    list_where(&app, &condition, values, request.before, request.limit).await
}

/// Jobs that fit the condition, newest first.
pub async fn list_where(
    app: &App,
    condition: &str,
    mut values: Vec<Value>,
    before: Option<JobId>,
    limit: Option<u32>,
) -> Result<JobList> {
    let next = values.len() + 1;
    values.push(before.map_or(i64::MAX, |id| id.0).into());
    values.push(page(limit, 50, 200).into());
    let sql = format!(
        "SELECT {COLUMNS} FROM jobs WHERE {condition} AND jobs.id < ${next} ORDER BY jobs.id DESC LIMIT ${}",
        next + 1
    );
    let rows = db::rows(app.database.read(), &sql, values).await?;
    Ok(JobList { jobs: read_all(app, &rows).await? })
}

/// One job whose spec cannot be read does not hide the others: it is left out.
async fn read_all(app: &App, rows: &[QueryResult]) -> Result<Vec<Job>> {
    let situation = situation(app, rows).await?;
    let mut around = Around::read(app.database.read(), rows).await?;
    let mut jobs = Vec::with_capacity(rows.len());
    for row in rows {
        match read(row, situation.as_ref(), &mut around) {
            Ok(job) => jobs.push(job),
            Err(error) if error.code() == ErrorCode::Conflict => tracing::warn!(%error, "left out of a list"),
            Err(error) => return Err(error),
        }
    }
    Ok(jobs)
}

/// What queued jobs wait for; nothing is looked up when none of them is queued.
async fn situation(app: &App, rows: &[QueryResult]) -> Result<Option<Situation>> {
    for row in rows {
        if state(row)? == JobState::Queued {
            return Ok(Some(Situation::read(app.database.read(), &app.config.queue).await?));
        }
    }
    Ok(None)
}

fn state(row: &QueryResult) -> Result<JobState> {
    names::from_text(&row.try_get_by::<String, _>(6)?)
}

/// What belongs to jobs in other tables, read once for a whole list of them.
#[derive(Debug, Default)]
struct Around {
    inputs: HashMap<i64, BTreeMap<String, InputBinding>>,
    depends_on: HashMap<i64, Vec<JobId>>,
    outputs: HashMap<i64, BTreeMap<String, ArtifactId>>,
}

impl Around {
    async fn read(connection: &impl ConnectionTrait, rows: &[QueryResult]) -> Result<Self> {
        let ids: Vec<i64> =
            rows.iter().map(|row| row.try_get_by(0)).collect::<std::result::Result<_, _>>()?;
        let mut around = Self::default();
        if ids.is_empty() {
            return Ok(around);
        }
        let these = db::placeholders(1, ids.len());
        let values = || ids.iter().map(|id| Value::from(*id));
        let sql = format!(
            "SELECT job_id, name, artifact_id, source_job_id, source_output FROM job_inputs WHERE job_id IN ({these})"
        );
        for row in db::rows(connection, &sql, values()).await? {
            let source = row.try_get_by::<Option<i64>, _>(3)?.zip(row.try_get_by::<Option<String>, _>(4)?);
            if let Some(binding) = submit::binding(row.try_get_by(2)?, source) {
                let inputs = around.inputs.entry(row.try_get_by(0)?).or_default();
                inputs.insert(row.try_get_by(1)?, binding);
            }
        }
        let sql = format!(
            "SELECT job_id, parent_id FROM job_dependencies WHERE job_id IN ({these}) ORDER BY job_id, parent_id"
        );
        for row in db::rows(connection, &sql, values()).await? {
            let parents = around.depends_on.entry(row.try_get_by(0)?).or_default();
            parents.push(JobId(row.try_get_by(1)?));
        }
        let sql = format!("SELECT job_id, output, id FROM artifacts WHERE job_id IN ({these})");
        for row in db::rows(connection, &sql, values()).await? {
            let outputs = around.outputs.entry(row.try_get_by(0)?).or_default();
            outputs.insert(row.try_get_by(1)?, ArtifactId(row.try_get_by(2)?));
        }
        Ok(around)
    }
}

fn read(row: &QueryResult, situation: Option<&Situation>, around: &mut Around) -> Result<Job> {
    let id: i64 = row.try_get_by(0)?;
    let state = state(row)?;
    let memory_bytes: i64 = row.try_get_by(16)?;
    let queued = Queued {
        owner: row.try_get_by(3)?,
        cohort: row.try_get_by(4)?,
        run_at_microseconds: row.try_get_by(15)?,
        memory_bytes,
    };
    let waits_for = situation.filter(|_| state == JobState::Queued).and_then(|now| now.of(queued));
    Ok(Job {
        job_id: JobId(id),
        pipeline_id: row.try_get_by::<Option<i64>, _>(1)?.map(PipelineId),
        name: row.try_get_by(2)?,
        owner: UserId(row.try_get_by(3)?),
        cohort_id: CohortId(row.try_get_by(4)?),
        spec: read_spec(id, row)?,
        inputs: around.inputs.remove(&id).unwrap_or_default(),
        depends_on: around.depends_on.remove(&id).unwrap_or_default(),
        state,
        waits_for,
        reason: row.try_get_by(7)?,
        attempt: row.try_get_by::<i64, _>(8)? as u32,
        failures: row.try_get_by::<i64, _>(9)? as u32,
        failure_limit: row.try_get_by::<i64, _>(10)? as u32,
        cancel_requested: row.try_get_by(11)?,
        priority: row.try_get_by::<i64, _>(17)? as i32,
        memory_bytes: memory_bytes as u64,
        outputs: around.outputs.remove(&id).unwrap_or_default(),
        created_at_microseconds: row.try_get_by(12)?,
        started_at_microseconds: row.try_get_by(13)?,
        ended_at_microseconds: row.try_get_by(14)?,
    })
}

fn read_spec(job: i64, row: &QueryResult) -> Result<JobSpec> {
    serde_json::from_str(&row.try_get_by::<String, _>(5)?).map_err(|error| {
        let message = format!("the stored spec of job {job} cannot be read ({error}); submit it anew");
        ApiError::conflict(message)
    })
}

/// The owner, the cohort's instructors and operators may; assistants may only look.
pub async fn cancel(app: App, person: Person, request: CancelJob) -> Result<Job> {
    may_change(&app, &person, request.job_id).await?;
    cancel::cancel(&app, &person, request.job_id).await?;
    readable(&app, &person, request.job_id).await
}

pub async fn resume(app: App, person: Person, request: ResumeJob) -> Result<Job> {
    may_change(&app, &person, request.job_id).await?;
    resume::resume(&app, &person, request.job_id).await?;
    readable(&app, &person, request.job_id).await
}

pub async fn set_priority(app: App, person: Person, request: SetJobPriority) -> Result<Job> {
    priority::set(&app, &person, &request).await?;
    readable(&app, &person, request.job_id).await
}

async fn may_change(app: &App, person: &Person, job: JobId) -> Result<()> {
    let job = readable(app, person, job).await?;
    let role = access::role_in(app, person, job.cohort_id).await?;
    if job.owner != person.user_id && role != Some(Role::Instructor) {
        return Err(ApiError::forbidden(
            "only its owner, instructors and operators may cancel or resume a job",
        ));
    }
    Ok(())
}

pub async fn list_events(app: App, person: Person, request: ListJobEvents) -> Result<EventList> {
    visible(&app, &person, request.job_id).await?;
    let limit = request.limit.unwrap_or(500).clamp(1, 1000);
    let after = request.after.unwrap_or(0);
    Ok(EventList { events: events::after(app.database.read(), request.job_id, after, limit).await? })
}
