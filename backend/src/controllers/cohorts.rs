//! Cohorts and their members.

use sea_orm::ConnectionTrait;
use shared::api::Role;
use shared::api::cohorts::{
    Cohort, CreateCohort, GetCohort, ListCohortJobs, ListMembers, Member as CohortMember, MemberList,
    RemoveMember, SetMember,
};
use shared::api::jobs::JobList;
use shared::api::sessions::Done;
use shared::ids::{CohortId, UserId};

use super::check_name;
use super::jobs::list_where;
use super::users::taken;
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

async fn read(connection: &impl ConnectionTrait, id: CohortId) -> Result<Cohort> {
    let sql = "SELECT name, created_at FROM cohorts WHERE id = $1";
    let row = db::row(connection, sql, [id.0.into()]).await?.ok_or_else(|| ApiError::not_found("cohort"))?;
    Ok(Cohort { cohort_id: id, name: row.try_get_by(0)?, created_at_microseconds: row.try_get_by(1)? })
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
    let sql = "SELECT name FROM users WHERE id = $1";
    let name: Option<String> = db::scalar(&transaction, sql, [request.user_id.0.into()]).await?;
    let name = name.ok_or_else(|| ApiError::not_found("user"))?;
    let sql = "INSERT INTO memberships (user_id, cohort_id, role) VALUES ($1, $2, $3) \
               ON CONFLICT (user_id, cohort_id) DO UPDATE SET role = excluded.role";
    let role = names::to_text(&request.role)?;
    let subject = format!("user {} is {role} of cohort {}", request.user_id, request.cohort_id);
    db::run(&transaction, sql, [request.user_id.0.into(), request.cohort_id.0.into(), role.into()]).await?;
    audit::record(&transaction, Some(member.person.user_id), "set_member", &subject).await?;
    transaction.commit().await?;
    Ok(CohortMember { user_id: request.user_id, name, role: request.role })
}

/// Nobody gives a role above their own.
fn refuse_above(member: &Member, role: Role) -> Result<()> {
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
    let subject = format!("user {} left cohort {}", request.user_id, request.cohort_id);
    audit::record(&transaction, Some(member.person.user_id), "remove_member", &subject).await?;
    transaction.commit().await?;
    Ok(Done {})
}

pub async fn list_jobs(app: App, _: Member, request: ListCohortJobs) -> Result<JobList> {
    let values = [request.cohort_id.0.into()];
    list_where(&app, "jobs.cohort_id = $1", values.into(), request.before, request.limit).await
}
