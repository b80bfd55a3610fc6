//! Links by which many come into a class.

use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use shared::api::Role;
use shared::api::invitations::{CreateInvitation, DAYS_AT_MOST, Invitation, LinkMeaning, PEOPLE_AT_MOST};
use shared::ids::{CohortId, InvitationId, UserId};
use shared::spec::Problems;

use crate::error::{ApiError, Result};
use crate::{db, names};

pub const DAY_SECONDS: i64 = 86_400;
const LISTED_AT_MOST: i64 = 200;

const OPEN: &str = "(invitations.revoked_at IS NULL AND invitations.expires_at > {now} \
    AND invitations.uses < invitations.uses_at_most)";

/// A class that is over takes nobody.
const OF_ACTIVE: &str = "EXISTS (SELECT 1 FROM cohorts WHERE cohorts.id = invitations.cohort_id \
    AND cohorts.archived_at IS NULL)";

pub fn check_days(days: u32, problems: &mut Problems) {
    let message = format!("choose a value from 1 to {DAYS_AT_MOST}");
    problems.require((1..=DAYS_AT_MOST).contains(&days), "valid_days", message);
}

pub async fn create(
    transaction: &DatabaseTransaction,
    by: UserId,
    request: &CreateInvitation,
    token_hash: &str,
) -> Result<Invitation> {
    let mut problems = Problems::default();
    check_days(request.valid_days, &mut problems);
    let message = format!("choose a value from 1 to {PEOPLE_AT_MOST}");
    problems.require((1..=PEOPLE_AT_MOST).contains(&request.uses_at_most), "uses_at_most", message);
    problems.into_result().map_err(ApiError::invalid)?;
    let sql = "INSERT INTO invitations (token_hash, cohort_id, role, created_by, created_at, expires_at, uses_at_most) \
               VALUES ($1, $2, $3, $4, {now}, {now} + $5, $6) RETURNING id";
    let values = [
        token_hash.into(),
        request.cohort_id.0.into(),
        names::to_text(&request.role)?.into(),
        by.0.into(),
        (i64::from(request.valid_days) * DAY_SECONDS * 1_000_000).into(),
        i64::from(request.uses_at_most).into(),
    ];
    let id: i64 = db::one(transaction, sql, values).await?;
    let made = list(transaction, request.cohort_id, Some(InvitationId(id))).await?;
    made.into_iter().next().ok_or_else(|| ApiError::Bug("a new invitation is not there".to_owned()))
}

/// All of a class, or one.
pub async fn list(
    connection: &impl ConnectionTrait,
    cohort: CohortId,
    only: Option<InvitationId>,
) -> Result<Vec<Invitation>> {
    let sql = format!(
        "SELECT invitations.id, invitations.role, users.name, invitations.created_at, invitations.expires_at, \
         invitations.uses, invitations.uses_at_most, invitations.revoked_at, {OPEN} \
         FROM invitations LEFT JOIN users ON users.id = invitations.created_by \
         WHERE invitations.cohort_id = $1 AND ($2 = 0 OR invitations.id = $2) \
         ORDER BY invitations.id DESC LIMIT $3"
    );
    let values = [cohort.0.into(), only.map_or(0, |id| id.0).into(), LISTED_AT_MOST.into()];
    db::rows(connection, &sql, values).await?.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<Invitation> {
    Ok(Invitation {
        invitation_id: InvitationId(row.try_get_by(0)?),
        role: names::from_text(&row.try_get_by::<String, _>(1)?)?,
        created_by: row.try_get_by(2)?,
        created_at_microseconds: row.try_get_by(3)?,
        expires_at_microseconds: row.try_get_by(4)?,
        uses: row.try_get_by::<i64, _>(5)? as u32,
        uses_at_most: row.try_get_by::<i64, _>(6)? as u32,
        revoked_at_microseconds: row.try_get_by(7)?,
        open: row.try_get_by(8)?,
    })
}

pub async fn revoke(
    transaction: &DatabaseTransaction,
    cohort: CohortId,
    invitation: InvitationId,
) -> Result<()> {
    let sql =
        "UPDATE invitations SET revoked_at = COALESCE(revoked_at, {now}) WHERE cohort_id = $1 AND id = $2";
    if db::run(transaction, sql, [cohort.0.into(), invitation.0.into()]).await? == 0 {
        return Err(ApiError::not_found("invitation"));
    }
    Ok(())
}

/// What somebody would be who comes by it.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub invitation: InvitationId,
    pub cohort: CohortId,
    pub role: Role,
}

fn place(row: &QueryResult) -> Result<Place> {
    Ok(Place {
        invitation: InvitationId(row.try_get_by(0)?),
        cohort: CohortId(row.try_get_by(1)?),
        role: names::from_text(&row.try_get_by::<String, _>(2)?)?,
    })
}

/// Where an open invitation leads.
pub async fn find(connection: &impl ConnectionTrait, token_hash: &str) -> Result<Option<Place>> {
    let sql = format!(
        "SELECT id, cohort_id, role FROM invitations WHERE token_hash = $1 AND {OPEN} AND {OF_ACTIVE}"
    );
    db::row(connection, &sql, [token_hash.into()]).await?.as_ref().map(place).transpose()
}

/// Counts one who comes.
pub async fn take(transaction: &DatabaseTransaction, token_hash: &str) -> Result<Place> {
    let sql = format!(
        "UPDATE invitations SET uses = uses + 1 WHERE token_hash = $1 AND {OPEN} AND {OF_ACTIVE} \
         RETURNING id, cohort_id, role"
    );
    let row = db::row(transaction, &sql, [token_hash.into()]).await?;
    place(&row.ok_or_else(|| ApiError::not_found("link"))?)
}

/// What a link in somebody's hands is good for, an invitation or their own.
pub async fn meaning(connection: &impl ConnectionTrait, token_hash: &str) -> Result<Option<LinkMeaning>> {
    let sql = format!(
        "SELECT cohorts.name, invitations.role, invitations.expires_at FROM invitations \
         JOIN cohorts ON cohorts.id = invitations.cohort_id WHERE token_hash = $1 AND {OPEN} AND {OF_ACTIVE}"
    );
    if let Some(row) = db::row(connection, &sql, [token_hash.into()]).await? {
        return Ok(Some(LinkMeaning::Invitation {
            cohort_name: row.try_get_by(0)?,
            role: names::from_text(&row.try_get_by::<String, _>(1)?)?,
            expires_at_microseconds: row.try_get_by(2)?,
        }));
    }
    let sql = "SELECT users.name, expires_at FROM sign_in_tokens JOIN users ON users.id = user_id \
               WHERE token_hash = $1 AND purpose = 'set_password' AND used_at IS NULL AND expires_at > {now}";
    let Some(row) = db::row(connection, sql, [token_hash.into()]).await? else { return Ok(None) };
    Ok(Some(LinkMeaning::Password { name: row.try_get_by(0)?, expires_at_microseconds: row.try_get_by(1)? }))
}
