//! What of somebody's first steps in a class is done.

use sea_orm::{ConnectionTrait, Value};
use shared::api::first_steps::{FirstStep, StepStanding};

use crate::access::Member;
use crate::db;
use crate::error::Result;
use crate::queue::live::{self, Live};

pub async fn standing(connection: &impl ConnectionTrait, member: &Member) -> Result<Vec<StepStanding>> {
    let mut steps = Vec::new();
    for &step in FirstStep::of(member.role) {
        steps.push(StepStanding { step, done: is_done(connection, member, step).await? });
    }
    Ok(steps)
}

async fn is_done(connection: &impl ConnectionTrait, member: &Member, step: FirstStep) -> Result<bool> {
    let person: Value = member.person.user_id.0.into();
    let cohort: Value = member.cohort_id.0.into();
    let (sql, values) = match step {
        FirstStep::SetPassword => ("SELECT 1 FROM passwords WHERE user_id = $1", vec![person]),
        FirstStep::ReadSection => (
            "SELECT 1 FROM sections_read WHERE cohort_id = $1 AND user_id = $2 AND week = 1 LIMIT 1",
            vec![cohort, person],
        ),
        FirstStep::AnswerQuestion => {
            ("SELECT 1 FROM answers WHERE cohort_id = $1 AND user_id = $2 LIMIT 1", vec![cohort, person])
        }
        FirstStep::SubmitJob => {
            ("SELECT 1 FROM jobs WHERE cohort_id = $1 AND owner_id = $2 LIMIT 1", vec![cohort, person])
        }
        FirstStep::InvitePeople => (
            "SELECT 1 FROM memberships WHERE cohort_id = $1 AND role = 'learner' UNION ALL \
             SELECT 1 FROM invitations WHERE cohort_id = $1 AND role = 'learner' AND revoked_at IS NULL \
                 AND expires_at > {now} AND uses < uses_at_most LIMIT 1",
            vec![cohort],
        ),
        FirstStep::SetSchedule => (
            "SELECT 1 FROM week_schedules WHERE cohort_id = $1 \
                 AND (opens_at IS NOT NULL OR due_at IS NOT NULL) LIMIT 1",
            vec![cohort],
        ),
        FirstStep::ConnectWorker => {
            let takes_ours = |worker: &Live| worker.reserved.is_none_or(|it| it.cohort == member.cohort_id.0);
            return Ok(live::workers(connection).await?.iter().any(takes_ours));
        }
        FirstStep::PublishModel => (
            "SELECT 1 FROM published_models JOIN artifacts ON artifacts.id = published_models.artifact_id \
                 WHERE artifacts.deleted_at IS NULL LIMIT 1",
            Vec::new(),
        ),
    };
    let found: i64 = db::one(connection, &format!("SELECT COUNT(*) FROM ({sql}) AS found"), values).await?;
    Ok(found > 0)
}
