//! What whoever teaches should look at, out of answers and jobs.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, QueryResult};
use shared::api::class::{AnswerNow, AnswerStanding, Flag, LONG_WAIT_SECONDS};
use shared::api::jobs::JobState;
use shared::ids::{CohortId, JobId};
use shared::spec::JobKind;

use crate::error::Result;
use crate::queue::waits::{Queued, Situation};
use crate::{db, names};

/// The newest jobs of a class that are looked at.
const JOBS_AT_MOST: i64 = 5_000;
const REASON_CHARACTERS: usize = 300;

#[derive(Debug, Clone)]
pub struct KnownJob {
    pub id: JobId,
    pub kind: JobKind,
    pub state: JobState,
    pub reason: String,
    pub created_at: i64,
    run_at: i64,
    queued: Queued,
}

impl KnownJob {
    pub fn is_queued(&self) -> bool {
        matches!(self.state, JobState::Queued | JobState::Waiting)
    }

    pub fn is_running(&self) -> bool {
        self.state == JobState::Running
    }
}

/// By learner, the newest first.
pub async fn jobs(
    connection: &impl ConnectionTrait,
    cohort: CohortId,
) -> Result<HashMap<i64, Vec<KnownJob>>> {
    let sql = "SELECT jobs.owner_id, jobs.id, jobs.kind, jobs.state, jobs.reason, jobs.created_at, jobs.run_at, \
                   jobs.memory_bytes FROM jobs JOIN memberships ON memberships.user_id = jobs.owner_id \
                   AND memberships.cohort_id = jobs.cohort_id \
               WHERE jobs.cohort_id = $1 AND memberships.role = 'learner' ORDER BY jobs.id DESC LIMIT $2";
    let mut jobs: HashMap<i64, Vec<KnownJob>> = HashMap::new();
    for row in db::rows(connection, sql, [cohort.0.into(), JOBS_AT_MOST.into()]).await? {
        let owner: i64 = row.try_get_by(0)?;
        jobs.entry(owner).or_default().push(job(&row, owner, cohort)?);
    }
    Ok(jobs)
}

fn job(row: &QueryResult, owner: i64, cohort: CohortId) -> Result<KnownJob> {
    let reason: Option<String> = row.try_get_by(4)?;
    let run_at: i64 = row.try_get_by(6)?;
    Ok(KnownJob {
        id: JobId(row.try_get_by(1)?),
        kind: names::from_text(&row.try_get_by::<String, _>(2)?)?,
        state: names::from_text(&row.try_get_by::<String, _>(3)?)?,
        reason: reason.unwrap_or_default().chars().take(REASON_CHARACTERS).collect(),
        created_at: row.try_get_by(5)?,
        run_at,
        queued: Queued {
            owner,
            cohort: cohort.0,
            run_at_microseconds: run_at,
            memory_bytes: row.try_get_by(7)?,
        },
    })
}

pub fn count(jobs: &[KnownJob], counts: impl Fn(&KnownJob) -> bool) -> u32 {
    u32::try_from(jobs.iter().filter(|job| counts(job)).count()).unwrap_or(u32::MAX)
}

pub fn of_answer(answer: &AnswerNow) -> Option<Flag> {
    (answer.judged == AnswerStanding::Wrong && answer.attempt > 1).then(|| Flag::WrongAgain {
        week: answer.week,
        question: answer.question.clone(),
        number: answer.number,
        attempt: answer.attempt,
    })
}

/// Of one learner's jobs, the newest first.
pub fn of_jobs(jobs: &[KnownJob], situation: &Situation, now: i64) -> Vec<Flag> {
    let mut flags = Vec::new();
    for kind in JobKind::ALL {
        let mut of_kind = jobs.iter().filter(|job| job.kind == kind && job.state != JobState::Cancelled);
        let Some(last) = of_kind.next().filter(|last| last.state == JobState::Failed) else { continue };
        let before = of_kind.take_while(|job| job.state == JobState::Failed).count();
        flags.push(Flag::Failing {
            job_id: last.id,
            job_kind: kind,
            reason: last.reason.clone(),
            in_a_row: u32::try_from(before + 1).unwrap_or(u32::MAX),
        });
    }
    let oldest = jobs
        .iter()
        .filter(|job| job.state == JobState::Queued && now - job.run_at > LONG_WAIT_SECONDS * 1_000_000)
        .min_by_key(|job| job.run_at);
    flags.extend(oldest.map(|job| Flag::WaitsLong {
        job_id: job.id,
        since_microseconds: job.run_at,
        waits_for: situation.of(job.queued),
    }));
    flags
}
