//! Worker accounts, for operators, and the claim, for workers.

use sea_orm::DatabaseTransaction;
use shared::api::sessions::Done;
use shared::api::workers::{
    ClaimJob, ClaimReply, CreateWorker, Drain, GetTrainingSpeeds, ListWorkers, LiveWorker, RevokeWorker,
    RotateWorkerToken, SetWorkerDrain, TrainingSpeeds, Worker, WorkerList, WorkerToken,
};
use shared::ids::{JobId, WorkerId};

use super::check_name;
use super::users::taken;
use crate::access::{Person, WorkerCaller};
use crate::app::App;
use crate::error::{ApiError, Result};
use crate::queue::{claim, live};
use crate::tokens::{self, TokenKind};
use crate::{audit, db, names};

pub async fn create(app: App, person: Person, request: CreateWorker) -> Result<WorkerToken> {
    let name = check_name(&request.name, 100)?;
    let token = tokens::generate(TokenKind::Worker)?;
    let transaction = db::write(&app.database).await?;
    let sql = "INSERT INTO workers (name, token_hash, created_at) VALUES ($1, $2, {now}) RETURNING id";
    let id = db::one::<i64>(&transaction, sql, [name.into(), tokens::hash(&token).into()]).await;
    let worker_id = WorkerId(id.map_err(|error| taken(error, "worker"))?);
    audit::record(&transaction, Some(person.user_id), "create_worker", &format!("worker {worker_id}"))
        .await?;
    transaction.commit().await?;
    Ok(WorkerToken { worker_id, token })
}

/// The account of this name with a new token, made when it is missing; for this machine's own
/// workers and the command line.
pub async fn token_for(transaction: &DatabaseTransaction, name: &str) -> Result<WorkerToken> {
    let name = check_name(name, 100)?;
    let token = tokens::generate(TokenKind::Worker)?;
    let sql = "INSERT INTO workers (name, token_hash, created_at) VALUES ($1, $2, {now}) \
               ON CONFLICT (name) DO UPDATE SET token_hash = excluded.token_hash, revoked_at = NULL RETURNING id";
    let worker_id = WorkerId(db::one(transaction, sql, [name.into(), tokens::hash(&token).into()]).await?);
    audit::record(transaction, None, "rotate_worker_token", &format!("worker {worker_id}")).await?;
    Ok(WorkerToken { worker_id, token })
}

pub async fn rotate_token(app: App, person: Person, request: RotateWorkerToken) -> Result<WorkerToken> {
    let token = tokens::generate(TokenKind::Worker)?;
    let transaction = db::write(&app.database).await?;
    let sql = "UPDATE workers SET token_hash = $2, revoked_at = NULL WHERE id = $1";
    let values = [request.worker_id.0.into(), tokens::hash(&token).into()];
    found(db::run(&transaction, sql, values).await?)?;
    let subject = format!("worker {}", request.worker_id);
    audit::record(&transaction, Some(person.user_id), "rotate_worker_token", &subject).await?;
    transaction.commit().await?;
    Ok(WorkerToken { worker_id: request.worker_id, token })
}

pub async fn revoke(app: App, person: Person, request: RevokeWorker) -> Result<Done> {
    let transaction = db::write(&app.database).await?;
    let sql = "UPDATE workers SET revoked_at = COALESCE(revoked_at, {now}) WHERE id = $1";
    found(db::run(&transaction, sql, [request.worker_id.0.into()]).await?)?;
    let subject = format!("worker {}", request.worker_id);
    audit::record(&transaction, Some(person.user_id), "revoke_worker", &subject).await?;
    transaction.commit().await?;
    Ok(Done {})
}

/// Lets a worker take nothing more, or take work again. One that leaves now is told at its next renewal.
pub async fn set_drain(app: App, person: Person, request: SetWorkerDrain) -> Result<Done> {
    let drain: Option<String> = request.drain.as_ref().map(names::to_text).transpose()?;
    let transaction = db::write(&app.database).await?;
    let sql = "UPDATE workers SET drain = $2 WHERE id = $1";
    found(db::run(&transaction, sql, [request.worker_id.0.into(), drain.into()]).await?)?;
    let how = match request.drain {
        Some(Drain::Finish) => "finishes and takes nothing more",
        Some(Drain::Now) => "gives back and takes nothing more",
        None => "takes work",
    };
    let subject = format!("worker {} {how}", request.worker_id);
    audit::record(&transaction, Some(person.user_id), "set_worker_drain", &subject).await?;
    transaction.commit().await?;
    app.hints.job_queued();
    Ok(Done {})
}

fn found(rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(ApiError::not_found("worker")) }
}

pub async fn list(app: App, _: Person, _: ListWorkers) -> Result<WorkerList> {
    let sql = "SELECT workers.id, name, revoked_at, capabilities, seen_at, drain, \
                   (SELECT MIN(jobs.id) FROM jobs WHERE jobs.lease_worker_id = workers.id) \
               FROM workers ORDER BY workers.id";
    let rows = db::rows(app.database.read(), sql, []).await?;
    let workers = rows.iter().map(|row| {
        let capabilities: Option<String> = row.try_get_by(3)?;
        let drain: Option<String> = row.try_get_by(5)?;
        Ok(Worker {
            worker_id: WorkerId(row.try_get_by(0)?),
            name: row.try_get_by(1)?,
            revoked: row.try_get_by::<Option<i64>, _>(2)?.is_some(),
            // What an older worker said in other words tells nothing.
            capabilities: capabilities.and_then(|text| serde_json::from_str(&text).ok()),
            seen_at_microseconds: row.try_get_by(4)?,
            drain: drain.map(|drain| names::from_text(&drain)).transpose()?,
            running_job: row.try_get_by::<Option<i64>, _>(6)?.map(JobId),
        })
    });
    Ok(WorkerList { workers: workers.collect::<Result<_>>()? })
}

pub async fn training_speeds(app: App, _: Person, _: GetTrainingSpeeds) -> Result<TrainingSpeeds> {
    let workers = live::capabilities(app.database.read()).await?;
    // What an older worker said in other words tells nothing.
    let workers = workers.into_iter().flatten().map(|capabilities| LiveWorker {
        memory_bytes: capabilities.memory_bytes,
        cores: capabilities.cores,
        gpus: capabilities.gpus,
        driver_version: capabilities.driver_version,
        cuda: capabilities.cuda,
        training_speeds: capabilities.training_speeds,
    });
    Ok(TrainingSpeeds { workers: workers.collect() })
}

pub async fn claim(app: App, worker: WorkerCaller, request: ClaimJob) -> Result<ClaimReply> {
    Ok(ClaimReply { lease: claim::claim(&app, &worker, &request).await? })
}
