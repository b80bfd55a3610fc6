//! A class as it works now. Whatever the class's size, it is read by the same few queries:
//!
//! ```text
//! members, sections_read, answers ─┐
//! jobs (flags.rs)                  ├─► one line per learner
//! curves, inputs of trainings ─────┘
//! ```

mod curve;
mod flags;
mod trainings;

use std::collections::{BTreeMap, HashMap};

use sea_orm::{ConnectionTrait, QueryResult};
use shared::api::class::{AnswerNow, AnswerStanding, ClassView, Flag, LearnerNow, SectionNow, TrainingNow};
use shared::ids::{CohortId, JobId, UserId};
use shared::spec::JobKind;

use crate::config::QueueConfig;
use crate::course::Course;
use crate::db;
use crate::error::Result;
use crate::queue::waits::Situation;
use flags::KnownJob;
pub use trainings::keep_curve;

pub async fn view(
    connection: &impl ConnectionTrait,
    config: &QueueConfig,
    course: &Course,
    cohort: CohortId,
) -> Result<ClassView> {
    let situation = Situation::read(connection, config).await?;
    let mut reading = sections(connection, course, cohort).await?;
    let mut answers = answers(connection, course, cohort).await?;
    let mut jobs = flags::jobs(connection, cohort).await?;
    let last: Vec<JobId> = jobs.values().filter_map(|jobs| last_training(jobs)).map(|job| job.id).collect();
    let trainings = trainings::read(connection, cohort, &last).await?;
    let now = situation.now_microseconds();

    let sql = "SELECT users.id, users.name FROM memberships JOIN users ON users.id = memberships.user_id \
               WHERE memberships.cohort_id = $1 AND memberships.role = 'learner' ORDER BY users.name, users.id";
    let learner = |row: &QueryResult| {
        let id: i64 = row.try_get_by(0)?;
        let (reading, answer) = (reading.remove(&id), answers.remove(&id));
        let jobs = jobs.remove(&id).unwrap_or_default();
        let mut flags: Vec<Flag> = answer.as_ref().and_then(flags::of_answer).into_iter().collect();
        flags.extend(flags::of_jobs(&jobs, &situation, now));
        let training = last_training(&jobs);
        flags.extend(training.map(|job| trainings.flags(job)).unwrap_or_default());
        let seen = [
            reading.as_ref().map(|section: &SectionNow| section.at_microseconds),
            answer.as_ref().map(|answer: &AnswerNow| answer.at_microseconds),
            jobs.iter().map(|job| job.created_at).max(),
        ];
        Ok(LearnerNow {
            learner: UserId(id),
            name: row.try_get_by(1)?,
            seen_at_microseconds: seen.into_iter().flatten().max(),
            reading,
            answer,
            queued_jobs: flags::count(&jobs, |job| job.is_queued()),
            running_jobs: flags::count(&jobs, |job| job.is_running()),
            training: training.map(|job| TrainingNow {
                job_id: job.id,
                state: job.state,
                curve: trainings.curve(job),
            }),
            flags,
        })
    };
    let rows = db::rows(connection, sql, [cohort.0.into()]).await?;
    Ok(ClassView { as_of_microseconds: now, learners: rows.iter().map(learner).collect::<Result<_>>()? })
}

fn last_training(jobs: &[KnownJob]) -> Option<&KnownJob> {
    jobs.iter().filter(|job| job.kind == JobKind::Pretrain).max_by_key(|job| job.id)
}

/// The section that each read last.
async fn sections(
    connection: &impl ConnectionTrait,
    course: &Course,
    cohort: CohortId,
) -> Result<HashMap<i64, SectionNow>> {
    let sql = "SELECT user_id, week, section, read_at FROM (SELECT user_id, week, section, read_at, \
                   ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY read_at DESC, week DESC, section) AS place \
               FROM sections_read WHERE cohort_id = $1) AS read_sections WHERE place = 1";
    let rows = db::rows(connection, sql, [cohort.0.into()]).await?;
    let section = |row: &QueryResult| {
        let (week, section) = (row.try_get_by::<i64, _>(1)? as u32, row.try_get_by::<String, _>(2)?);
        let known = course.week(week).ok();
        let title = known.and_then(|week| week.lesson.sections.iter().find(|known| known.name == section));
        let section = SectionNow {
            week,
            title: title.map_or_else(|| section.clone(), |known| known.title.clone()),
            section,
            at_microseconds: row.try_get_by(3)?,
        };
        Ok((row.try_get_by(0)?, section))
    };
    rows.iter().map(section).collect()
}

/// What each answered last.
async fn answers(
    connection: &impl ConnectionTrait,
    course: &Course,
    cohort: CohortId,
) -> Result<BTreeMap<i64, AnswerNow>> {
    let sql = "SELECT user_id, week, question, attempt, submitted_at, earned FROM (SELECT answers.*, \
                   ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY submitted_at DESC, id DESC) AS place \
               FROM answers WHERE cohort_id = $1) AS given_answers WHERE place = 1";
    let rows = db::rows(connection, sql, [cohort.0.into()]).await?;
    let answer = |row: &QueryResult| {
        let earned: Option<i64> = row.try_get_by(5)?;
        let (week, question) = (row.try_get_by::<i64, _>(1)? as u32, row.try_get_by::<String, _>(2)?);
        let place = course
            .week(week)
            .ok()
            .and_then(|known| known.questions.iter().position(|asked| asked.written.id == question));
        let answer = AnswerNow {
            week,
            question,
            number: place.map(|place| place as u32 + 1),
            attempt: row.try_get_by::<i64, _>(3)? as u32,
            at_microseconds: row.try_get_by(4)?,
            judged: match earned {
                None => AnswerStanding::Waits,
                Some(0) => AnswerStanding::Wrong,
                Some(_) => AnswerStanding::Right,
            },
        };
        Ok((row.try_get_by(0)?, answer))
    };
    rows.iter().map(answer).collect()
}
