//! Raw bytes and streams.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::Request;
use axum::http::header::CONTENT_LENGTH;
use axum::http::request::Parts;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::Stream;
use sea_orm::QueryResult;
use shared::artifacts::{ArtifactFile, Sha256};
use shared::ids::{JobId, UserId};

use super::jobs;
use crate::access::{self, LeaseHolder};
use crate::app::App;
use crate::endpoint::path_fields;
use crate::error::{ApiError, Result};
use crate::storage::artifacts::READABLE_ARTIFACT;
use crate::storage::checkpoints::file;
use crate::storage::download::download;
use crate::storage::publications;
use crate::storage::upload::{self, Uploader};
use crate::{db, events};

const STREAM_PAGE_EVENTS: u32 = 500;
const KEEP_ALIVE: Duration = Duration::from_secs(15);

pub async fn upload(app: App, request: Request) -> Result<Response> {
    let (parts, body) = request.into_parts();
    let person = access::person(&app, &parts.method, &parts.headers).await?;
    let uploader = Uploader { owner: person.user_id, attempt: None };
    let uploaded = upload::upload(&app, uploader, announced_bytes(&parts), body, None).await?;
    Ok(Json(uploaded).into_response())
}

pub async fn lease_upload(app: App, request: Request) -> Result<Response> {
    let (mut parts, body) = request.into_parts();
    let holder = standing_lease(&app, &parts).await?;
    let expected = Sha256::try_from(field(&mut parts, "sha256").await?)
        .map_err(|message| ApiError::field("sha256", message))?;
    let sql = "SELECT owner_id FROM jobs WHERE id = $1";
    let owner = UserId(db::one(app.database.read(), sql, [holder.job_id.0.into()]).await?);
    let uploader = Uploader { owner, attempt: Some((holder.job_id, holder.attempt)) };
    let uploaded = upload::upload(&app, uploader, announced_bytes(&parts), body, Some(expected)).await?;
    Ok(Json(uploaded).into_response())
}

fn announced_bytes(parts: &Parts) -> Option<u64> {
    parts.headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn standing_lease(app: &App, parts: &Parts) -> Result<LeaseHolder> {
    let holder = access::lease(app, &parts.headers).await?;
    if holder.standing { Ok(holder) } else { Err(ApiError::lease_lost()) }
}

async fn field(parts: &mut Parts, name: &str) -> Result<String> {
    let fields = path_fields(parts).await?;
    let found = fields.into_iter().find_map(|(field, value)| (field == name).then_some(value));
    found.ok_or_else(|| ApiError::Bug(format!("the route has no {name}")))
}

async fn number(parts: &mut Parts, name: &str) -> Result<i64> {
    let text = field(parts, name).await?;
    text.parse().map_err(|_| ApiError::bad_request(format!("{text:?} is no number")))
}

pub async fn artifact_file(app: App, request: Request) -> Result<Response> {
    let (mut parts, _) = request.into_parts();
    let person = access::person(&app, &parts.method, &parts.headers).await?;
    let artifact = number(&mut parts, "artifact_id").await?;
    let name = field(&mut parts, "file_name").await?;
    let sql = format!(
        "SELECT artifact_files.name, artifact_files.sha256, artifact_files.size_bytes FROM artifact_files \
         JOIN artifacts ON artifacts.id = artifact_id \
         WHERE artifacts.id = $1 AND artifact_files.name = $4 AND artifacts.deleted_at IS NULL AND {READABLE_ARTIFACT}"
    );
    let values = [artifact.into(), person.user_id.0.into(), person.operator.into(), name.into()];
    give(&app, &parts, db::row(app.database.read(), &sql, values).await?).await
}

/// For everybody: no session is asked for.
pub async fn published_file(app: App, request: Request) -> Result<Response> {
    let (mut parts, _) = request.into_parts();
    let artifact = number(&mut parts, "artifact_id").await?;
    let name = field(&mut parts, "file_name").await?;
    give(&app, &parts, publications::file_row(app.database.read(), artifact, name).await?).await
}

pub async fn lease_input(app: App, request: Request) -> Result<Response> {
    let (mut parts, _) = request.into_parts();
    let holder = standing_lease(&app, &parts).await?;
    let input = field(&mut parts, "input").await?;
    let name = field(&mut parts, "file_name").await?;
    let sql = "SELECT artifact_files.name, artifact_files.sha256, artifact_files.size_bytes FROM artifact_files \
               JOIN job_inputs ON job_inputs.artifact_id = artifact_files.artifact_id \
               JOIN artifacts ON artifacts.id = artifact_files.artifact_id \
               WHERE job_inputs.job_id = $1 AND job_inputs.name = $2 AND artifact_files.name = $3 \
               AND artifacts.deleted_at IS NULL";
    let values = [holder.job_id.0.into(), input.into(), name.into()];
    give(&app, &parts, db::row(app.database.read(), sql, values).await?).await
}

pub async fn lease_checkpoint(app: App, request: Request) -> Result<Response> {
    let (mut parts, _) = request.into_parts();
    let holder = standing_lease(&app, &parts).await?;
    let name = field(&mut parts, "file_name").await?;
    let sql = "SELECT checkpoint_files.name, checkpoint_files.sha256, checkpoint_files.size_bytes \
               FROM checkpoint_files JOIN attempts ON attempts.resume_checkpoint_id = checkpoint_id \
               WHERE attempts.job_id = $1 AND attempts.attempt = $2 AND checkpoint_files.name = $3";
    let values = [holder.job_id.0.into(), i64::from(holder.attempt).into(), name.into()];
    give(&app, &parts, db::row(app.database.read(), sql, values).await?).await
}

async fn give(app: &App, parts: &Parts, row: Option<QueryResult>) -> Result<Response> {
    let row = row.ok_or_else(|| ApiError::not_found("file"))?;
    let file: ArtifactFile = file(&row)?;
    download(app, &file, &parts.headers).await
}

/// The job's events from after `Last-Event-ID` or `?after=` on, whichever is later; ends when an ended job's last event is out.
pub async fn job_event_stream(app: App, request: Request) -> Result<Response> {
    let (mut parts, _) = request.into_parts();
    let person = access::person(&app, &parts.method, &parts.headers).await?;
    let job = JobId(number(&mut parts, "job_id").await?);
    jobs::visible(&app, &person, job).await?;
    let last = parts.headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    let stream = follow(app, job, last.unwrap_or(0).max(asked_after(&parts)));
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response())
}

/// A page that opens a new stream cannot set a header; the one that goes on sends both.
fn asked_after(parts: &Parts) -> u64 {
    let pairs = parts.uri.query().unwrap_or("").split('&');
    pairs.filter_map(|pair| pair.strip_prefix("after=")?.parse().ok()).next().unwrap_or(0)
}

/// Where a stream of events stands.
struct Follower {
    app: App,
    job: JobId,
    sent: u64,
    pending: std::collections::VecDeque<Event>,
    ended: bool,
    hints: tokio::sync::broadcast::Receiver<JobId>,
}

fn follow(app: App, job: JobId, after: u64) -> impl Stream<Item = Result<Event, Infallible>> + Send {
    let hints = app.hints.watch_events();
    let follower = Follower { app, job, sent: after, pending: Default::default(), ended: false, hints };
    futures::stream::unfold(follower, |mut follower| async move {
        loop {
            if let Some(event) = follower.pending.pop_front() {
                return Some((Ok(event), follower));
            }
            if follower.ended || follower.app.stopping.is_cancelled() {
                return None;
            }
            if let Err(error) = look(&mut follower).await {
                // The browser connects again with the last number that it has.
                tracing::error!(%error, "an event stream broke off");
                return None;
            }
            if follower.pending.is_empty() && !follower.ended {
                wait(&mut follower).await;
            }
        }
    })
}

async fn look(follower: &mut Follower) -> Result<()> {
    let database = follower.app.database.read();
    let found = events::after(database, follower.job, follower.sent, STREAM_PAGE_EVENTS).await?;
    if found.is_empty() {
        // An event alone does not tell: a job that had ended may have been resumed.
        let sql = "SELECT ended_at IS NOT NULL AND stream_number <= $2 FROM jobs WHERE id = $1";
        let sent = i64::try_from(follower.sent).unwrap_or(i64::MAX);
        let ended = db::scalar(database, sql, [follower.job.0.into(), sent.into()]).await?;
        follower.ended = ended.unwrap_or(true);
    }
    for event in found {
        follower.sent = event.stream_number;
        let id = event.stream_number.to_string();
        follower.pending.push_back(Event::default().id(id).data(serde_json::to_string(&event)?));
    }
    Ok(())
}

async fn wait(follower: &mut Follower) {
    let until = tokio::time::Instant::now() + follower.app.config.queue.poll();
    loop {
        tokio::select! {
            () = follower.app.stopping.cancelled() => return,
            () = tokio::time::sleep_until(until) => return,
            hint = follower.hints.recv() => match hint {
                Ok(job) if job != follower.job => {}
                // Too many hints to keep: one of them may have been ours.
                Ok(_) | Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => return,
                Err(tokio::sync::broadcast::error::RecvError::Closed) => {
                    tokio::time::sleep_until(until).await;
                    return;
                }
            }
        }
    }
}
