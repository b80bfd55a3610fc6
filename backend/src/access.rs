//! Who is calling, and whether they may.

use axum::http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN};
use axum::http::{HeaderMap, Method};
use shared::api::Role;
use shared::ids::{CohortId, JobId, UserId, WorkerId};

use crate::app::App;
use crate::db;
use crate::error::{ApiError, Result};
use crate::{names, tokens};

pub const SESSION_COOKIE: &str = "__Host-session";

/// A person with a session.
#[derive(Debug, Clone)]
pub struct Person {
    pub user_id: UserId,
    pub name: String,
    pub operator: bool,
    pub session_hash: String,
}

/// A person in the cohort of the request. Operators count as instructors everywhere.
#[derive(Debug, Clone)]
pub struct Member {
    pub person: Person,
    pub cohort_id: CohortId,
    pub role: Role,
}

#[derive(Debug, Clone)]
pub struct WorkerCaller {
    pub worker_id: WorkerId,
}

/// Whoever shows an attempt's token.
#[derive(Debug, Clone)]
pub struct LeaseHolder {
    pub job_id: JobId,
    pub attempt: u32,
    /// Whether the attempt is still the job's current one and may report.
    pub standing: bool,
}

/// How a session's token came in. Cookies travel with requests that another site started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Transport {
    Cookie,
    Bearer,
}

pub async fn person(app: &App, method: &Method, headers: &HeaderMap) -> Result<Person> {
    let (token, transport) = match (bearer(headers), session_cookie(headers)) {
        (Some(token), _) => (token, Transport::Bearer),
        (None, Some(token)) => (token, Transport::Cookie),
        (None, None) => return Err(ApiError::not_signed_in("sign in first")),
    };
    if transport == Transport::Cookie && !method.is_safe() {
        refuse_other_sites(app, headers)?;
    }
    let session_hash = tokens::hash(token);
    let sql = "SELECT users.id, users.name, users.operator FROM sessions \
               JOIN users ON users.id = sessions.user_id \
               WHERE sessions.token_hash = $1 AND sessions.expires_at > {now}";
    let row = db::row(app.database.read(), sql, [session_hash.clone().into()]).await?;
    let row = row.ok_or_else(|| ApiError::not_signed_in("the session has ended; sign in again"))?;
    Ok(Person {
        user_id: UserId(row.try_get_by(0)?),
        name: row.try_get_by(1)?,
        operator: row.try_get_by(2)?,
        session_hash,
    })
}

/// The caller's role in a cohort. Nobody learns of a cohort that they do not belong to.
pub async fn member(app: &App, person: Person, cohort_id: CohortId, least: Role) -> Result<Member> {
    let role = match role_in(app, &person, cohort_id).await? {
        Some(role) => role,
        None => return Err(ApiError::not_found("cohort")),
    };
    if role < least {
        return Err(ApiError::forbidden("your role in this cohort does not allow that"));
    }
    Ok(Member { person, cohort_id, role })
}

pub async fn role_in(app: &App, person: &Person, cohort_id: CohortId) -> Result<Option<Role>> {
    if person.operator {
        let sql = "SELECT id FROM cohorts WHERE id = $1";
        let found: Option<i64> = db::scalar(app.database.read(), sql, [cohort_id.0.into()]).await?;
        return Ok(found.map(|_| Role::Instructor));
    }
    let sql = "SELECT role FROM memberships WHERE user_id = $1 AND cohort_id = $2";
    let values = [person.user_id.0.into(), cohort_id.0.into()];
    let role: Option<String> = db::scalar(app.database.read(), sql, values).await?;
    role.map(|role| names::from_text(&role)).transpose()
}

pub fn operator(person: Person) -> Result<Person> {
    if person.operator {
        Ok(person)
    } else {
        Err(ApiError::forbidden("only operators of this installation may do that"))
    }
}

pub async fn worker(app: &App, headers: &HeaderMap) -> Result<WorkerCaller> {
    let token = bearer(headers).ok_or_else(|| ApiError::not_signed_in("a worker's token is needed"))?;
    let sql = "SELECT id FROM workers WHERE token_hash = $1 AND revoked_at IS NULL";
    let worker: Option<i64> = db::scalar(app.database.read(), sql, [tokens::hash(token).into()]).await?;
    let unknown = "this worker token is unknown or revoked; ask an operator for a new one";
    worker.map(|id| WorkerCaller { worker_id: WorkerId(id) }).ok_or_else(|| ApiError::not_signed_in(unknown))
}

pub async fn lease(app: &App, headers: &HeaderMap) -> Result<LeaseHolder> {
    let token = bearer(headers).ok_or_else(|| ApiError::not_signed_in("a lease's token is needed"))?;
    let sql = "SELECT attempts.job_id, attempts.attempt, \
               jobs.attempt = attempts.attempt AND (jobs.state = 'running' \
                   OR (jobs.state IN ('queued', 'failed') AND attempts.ending = 'lost')) \
               FROM attempts JOIN jobs ON jobs.id = attempts.job_id \
               JOIN workers ON workers.id = attempts.worker_id AND workers.revoked_at IS NULL \
               WHERE attempts.token_hash = $1";
    let row = db::row(app.database.read(), sql, [tokens::hash(token).into()]).await?;
    let row =
        row.ok_or_else(|| ApiError::not_signed_in("this lease is unknown or its worker was revoked"))?;
    Ok(LeaseHolder {
        job_id: JobId(row.try_get_by(0)?),
        attempt: row.try_get_by::<i64, _>(1)? as u32,
        standing: row.try_get_by(2)?,
    })
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == SESSION_COOKIE).then_some(value))
}

/// Cross-site request forgery: a browser says where an unsafe request comes from. One that says
/// nothing at all is refused too.
pub fn refuse_other_sites(app: &App, headers: &HeaderMap) -> Result<()> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let same = match (text("sec-fetch-site"), text(ORIGIN.as_str())) {
        (Some(site), _) => site == "same-origin" || site == "none",
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            origin == app.public_url() || (host.is_some() && host == text(HOST.as_str()))
        }
        (None, None) => false,
    };
    if same { Ok(()) } else { Err(ApiError::forbidden("this request came from another site")) }
}
