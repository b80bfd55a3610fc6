//! Cohorts and their members.

use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use shared::api::Role;
use shared::api::cohorts::{
    Cohort, CohortList, CohortState, CohortSummary, CreateCohort, CreateMemberPasswordLink, GetCohort,
    ListCohortJobs, ListCohorts, ListMembers, Member as CohortMember, MemberList, RemoveMember, SetMember,
    UpdateCohort,
};
use shared::api::jobs::JobList;
use shared::api::sessions::Done;
use shared::api::users::SignInLink;
use shared::ids::{CohortId, UserId};

use super::jobs::list_where;
use super::users::{self, taken};
use super::{check_name, page};
use crate::access::{Member, Person};
use crate::app::App;
use crate::error::{ApiError, Result};
use crate::{audit, db, names};

pub async fn create(app: App, person: Person, request: CreateCohort) -> Result<Cohort> {
    let name = check_name(&request.name, 200)?;
    let transaction = db::write(&app.database).await?;
    let sql = "INSERT INTO cohorts (name, created_at) VALUES ($1, {now}) RETURNING id";
    let id = db::one::<i64>(&transaction, sql, [name.into()]).await;
    let id = CohortId(id.map_err(|error| taken(error, "cohort"))?);
    audit::record(&transaction, Some(person.user_id), "create_cohort", &format!("cohort {id}")).await?;
    let cohort = read(&transaction, id).await?;
    transaction.commit().await?;
    Ok(cohort)
}

pub async fn get(app: App, _: Member, request: GetCohort) -> Result<Cohort> {
    read(app.database.read(), request.cohort_id).await
}

const COLUMNS: &str = "cohorts.id, cohorts.name, cohorts.created_at, cohorts.archived_at";

async fn read(connection: &impl ConnectionTrait, id: CohortId) -> Result<Cohort> {
    let sql = format!("SELECT {COLUMNS} FROM cohorts WHERE id = $1");
    let row = db::row(connection, &sql, [id.0.into()]).await?;
    cohort(&row.ok_or_else(|| ApiError::not_found("cohort"))?)
}

fn cohort(row: &QueryResult) -> Result<Cohort> {
    Ok(Cohort {
        cohort_id: CohortId(row.try_get_by(0)?),
        name: row.try_get_by(1)?,
        created_at_microseconds: row.try_get_by(2)?,
        archived_at_microseconds: row.try_get_by(3)?,
    })
}

pub async fn list(app: App, person: Person, request: ListCohorts) -> Result<CohortList> {
    let sql = format!(
        "SELECT {COLUMNS}, \
         (SELECT COUNT(*) FROM memberships WHERE cohort_id = cohorts.id AND role = 'learner'), \
         (SELECT COUNT(*) FROM memberships WHERE cohort_id = cohorts.id AND role <> 'learner'), mine.role \
         FROM cohorts LEFT JOIN memberships AS mine ON mine.cohort_id = cohorts.id AND mine.user_id = $1 \
         WHERE cohorts.id > $2 AND ($3 OR mine.role IS NOT NULL) ORDER BY cohorts.id LIMIT $4"
    );
    let values = [
        person.user_id.0.into(),
        request.after.map_or(0, |id| id.0).into(),
        person.operator.into(),
        page(request.limit, 50, 200).into(),
    ];
    let count = |row: &QueryResult, column: usize| {
        Ok::<_, ApiError>(u32::try_from(row.try_get_by::<i64, _>(column)?).unwrap_or(u32::MAX))
    };
    let summary = |row: &QueryResult| {
        let role: Option<String> = row.try_get_by(6)?;
        Ok(CohortSummary {
            cohort: cohort(row)?,
            learners: count(row, 4)?,
            staff: count(row, 5)?,
            role: role.map(|role| names::from_text(&role)).transpose()?,
        })
    };
    let rows = db::rows(app.database.read(), &sql, values).await?;
    Ok(CohortList { cohorts: rows.iter().map(summary).collect::<Result<_>>()? })
}

pub async fn update(app: App, person: Person, request: UpdateCohort) -> Result<Cohort> {
    let name = check_name(&request.name, 200)?;
    let transaction = db::write(&app.database).await?;
    let archived_at = match request.state {
        CohortState::Active => "NULL",
        CohortState::Archived => "COALESCE(archived_at, {now})",
    };
    let sql = format!("UPDATE cohorts SET name = $2, archived_at = {archived_at} WHERE id = $1");
    let updated = db::run(&transaction, &sql, [request.cohort_id.0.into(), name.into()]).await;
    if updated.map_err(|error| taken(error, "cohort"))? == 0 {
        return Err(ApiError::not_found("cohort"));
    }
    let subject = format!("cohort {}, {}", request.cohort_id, names::to_text(&request.state)?);
    audit::record(&transaction, Some(person.user_id), "update_cohort", &subject).await?;
    let cohort = read(&transaction, request.cohort_id).await?;
    transaction.commit().await?;
    Ok(cohort)
}

/// # Errors
/// Conflict, where the class is over.
pub async fn require_active(connection: &impl ConnectionTrait, id: CohortId) -> Result<()> {
    match read(connection, id).await?.archived_at_microseconds {
        None => Ok(()),
        Some(_) => {
            Err(ApiError::conflict("this class is archived; an operator can open it again under its classes"))
        }
    }
}

pub async fn list_members(app: App, _: Member, request: ListMembers) -> Result<MemberList> {
    let sql = "SELECT users.id, users.name, memberships.role FROM memberships \
               JOIN users ON users.id = user_id WHERE cohort_id = $1 ORDER BY users.name";
    let rows = db::rows(app.database.read(), sql, [request.cohort_id.0.into()]).await?;
    let members = rows.iter().map(|row| {
        Ok(CohortMember {
            user_id: UserId(row.try_get_by(0)?),
            name: row.try_get_by(1)?,
            role: names::from_text(&row.try_get_by::<String, _>(2)?)?,
        })
    });
    Ok(MemberList { members: members.collect::<Result<_>>()? })
}

pub async fn set_member(app: App, member: Member, request: SetMember) -> Result<CohortMember> {
    refuse_above(&member, request.role)?;
    let transaction = db::write(&app.database).await?;
    // Only operators bring in who was not invited: a role in one's own class is a right over a person.
    let sql = "SELECT name FROM users WHERE id = $1 AND deleted_at IS NULL AND ($3 OR EXISTS ( \
               SELECT 1 FROM memberships WHERE user_id = users.id AND cohort_id = $2))";
    let values = [request.user_id.0.into(), request.cohort_id.0.into(), member.person.operator.into()];
    let name: Option<String> = db::scalar(&transaction, sql, values).await?;
    let name = name.ok_or_else(|| ApiError::not_found("member"))?;
    put_member(&transaction, request.cohort_id, request.user_id, request.role).await?;
    let role = names::to_text(&request.role)?;
    let subject = format!("user {} is {role} of cohort {}", request.user_id, request.cohort_id);
    if request.role < Role::Instructor {
        revoke_invitations(&transaction, request.cohort_id, request.user_id).await?;
    }
    audit::record(&transaction, Some(member.person.user_id), "set_member", &subject).await?;
    transaction.commit().await?;
    Ok(CohortMember { user_id: request.user_id, name, role: request.role })
}

/// A role in the class, whatever it was before.
pub async fn put_member(
    transaction: &DatabaseTransaction,
    cohort: CohortId,
    user: UserId,
    role: Role,
) -> Result<()> {
    let sql = "INSERT INTO memberships (user_id, cohort_id, role) VALUES ($1, $2, $3) \
               ON CONFLICT (user_id, cohort_id) DO UPDATE SET role = excluded.role";
    db::run(transaction, sql, [user.0.into(), cohort.0.into(), names::to_text(&role)?.into()]).await?;
    Ok(())
}

/// Whoever may invite no longer, has invited nobody from now on.
async fn revoke_invitations(transaction: &DatabaseTransaction, cohort: CohortId, user: UserId) -> Result<()> {
    let sql = "UPDATE invitations SET revoked_at = {now} \
               WHERE cohort_id = $1 AND created_by = $2 AND revoked_at IS NULL";
    db::run(transaction, sql, [cohort.0.into(), user.0.into()]).await?;
    Ok(())
}

/// Nobody gives a role above their own.
pub fn refuse_above(member: &Member, role: Role) -> Result<()> {
    if role > member.role {
        return Err(ApiError::forbidden("nobody gives a role above their own"));
    }
    Ok(())
}

pub async fn remove_member(app: App, member: Member, request: RemoveMember) -> Result<Done> {
    let transaction = db::write(&app.database).await?;
    let sql = "DELETE FROM memberships WHERE user_id = $1 AND cohort_id = $2";
    let removed = db::run(&transaction, sql, [request.user_id.0.into(), request.cohort_id.0.into()]).await?;
    if removed == 0 {
        return Err(ApiError::not_found("member"));
    }
    revoke_invitations(&transaction, request.cohort_id, request.user_id).await?;
    let subject = format!("user {} left cohort {}", request.user_id, request.cohort_id);
    audit::record(&transaction, Some(member.person.user_id), "remove_member", &subject).await?;
    transaction.commit().await?;
    Ok(Done {})
}

/// Whoever sets somebody's password can be them. So the caller must have every right that this person has: it is a
/// learner or an assistant, no operator, and a member of no class that the caller does not teach.
pub async fn create_member_password_link(
    app: App,
    member: Member,
    request: CreateMemberPasswordLink,
) -> Result<SignInLink> {
    let transaction = db::write(&app.database).await?;
    let sql = "SELECT users.operator OR EXISTS (SELECT 1 FROM memberships AS theirs \
                   WHERE theirs.user_id = users.id AND (theirs.role = 'instructor' OR NOT EXISTS ( \
                       SELECT 1 FROM memberships AS mine WHERE mine.user_id = $3 \
                       AND mine.cohort_id = theirs.cohort_id AND mine.role = 'instructor'))) \
               FROM users JOIN memberships ON memberships.user_id = users.id \
               WHERE users.id = $1 AND memberships.cohort_id = $2";
    let caller = &member.person;
    let values = [request.user_id.0.into(), request.cohort_id.0.into(), caller.user_id.0.into()];
    let has_more_rights: Option<bool> = db::scalar(&transaction, sql, values).await?;
    let has_more_rights = has_more_rights.ok_or_else(|| ApiError::not_found("member"))?;
    if has_more_rights && !caller.operator {
        let message = "this person has rights that you do not have; ask an operator for the link";
        return Err(ApiError::conflict(message));
    }
    let link = users::password_link(&transaction, request.user_id, &app.public_url()).await?;
    users::record_password_link(&transaction, caller.user_id, request.user_id).await?;
    transaction.commit().await?;
    Ok(link)
}

pub async fn list_jobs(app: App, _: Member, request: ListCohortJobs) -> Result<JobList> {
    let values = [request.cohort_id.0.into()];
    list_where(&app, "jobs.cohort_id = $1", values.into(), request.before, request.limit).await
}
