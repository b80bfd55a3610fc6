//! How far a learner is: sections read, questions answered, points.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, DatabaseTransaction};
use shared::api::lessons::{Section, WeekProgress};
use shared::course::CoursePolicy;
use shared::ids::{CohortId, UserId};

use super::answers::{self, Answer};
use super::gradebook;
use super::lessons::Present;
use super::settings::Schedules;
use super::{ReadLesson, Week};
use crate::db;
use crate::error::{ApiError, Result};

/// What a learner read and answered in a cohort.
pub struct Progress {
    /// By week: sections in the order in which they were read.
    sections: BTreeMap<u32, Vec<String>>,
    answers: BTreeMap<u32, Vec<Answer>>,
    set_points: BTreeMap<u32, f64>,
    pub policy: CoursePolicy,
    pub schedules: Schedules,
}

pub async fn read(connection: &impl ConnectionTrait, cohort: CohortId, learner: UserId) -> Result<Progress> {
    let sql =
        "SELECT week, section FROM sections_read WHERE cohort_id = $1 AND user_id = $2 ORDER BY read_at";
    let mut sections: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for row in db::rows(connection, sql, [cohort.0.into(), learner.0.into()]).await? {
        sections.entry(row.try_get_by::<i64, _>(0)? as u32).or_default().push(row.try_get_by(1)?);
    }
    let mut by_week: BTreeMap<u32, Vec<Answer>> = BTreeMap::new();
    for answer in answers::of_learner(connection, cohort, learner).await? {
        by_week.entry(answer.week).or_default().push(answer);
    }
    Ok(Progress {
        sections,
        answers: by_week,
        set_points: gradebook::set_points(connection, cohort, Some(learner))
            .await?
            .remove(&learner)
            .unwrap_or_default(),
        policy: super::settings::policy(connection, cohort).await?,
        schedules: super::settings::schedules(connection, cohort).await?,
    })
}

impl Progress {
    pub fn answers(&self, week: u32) -> &[Answer] {
        self.answers.get(&week).map_or(&[], Vec::as_slice)
    }

    pub fn week(&self, number: u32, week: &Week, present: &Present) -> WeekProgress {
        let read = self.sections.get(&number).map_or(&[][..], Vec::as_slice);
        let names: BTreeSet<&str> =
            present.lesson.sections.iter().map(|section| section.name.as_str()).collect();
        let still_there = |section: &&String| names.contains(section.as_str());
        let due = self.schedules.week(number).due_at_microseconds;
        let grade = answers::week_grade(week, self.answers(number), &self.policy, due);
        let answered: BTreeSet<&str> =
            self.answers(number).iter().map(|answer| answer.question.as_str()).collect();
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        WeekProgress {
            sections: count(names.len()),
            sections_read: count(read.iter().filter(still_there).count()),
            last_section: read.iter().rev().find(still_there).cloned(),
            questions: count(week.questions.len()),
            questions_answered: count(
                week.questions
                    .iter()
                    .filter(|question| answered.contains(question.written.id.as_str()))
                    .count(),
            ),
            points: self.set_points.get(&number).copied().unwrap_or(grade.points),
            points_possible: week.points_possible(),
            waiting: grade.waiting,
        }
    }

    pub fn sections(&self, number: u32, lesson: &ReadLesson) -> Vec<Section> {
        let read = self.sections.get(&number).map_or(&[][..], Vec::as_slice);
        let section = |section: &super::render::SectionTitle| Section {
            name: section.name.clone(),
            title: section.title.clone(),
            read: read.contains(&section.name),
        };
        lesson.sections.iter().map(section).collect()
    }
}

/// Read again, it is the section that was read last.
pub async fn mark_read(
    transaction: &DatabaseTransaction,
    cohort: CohortId,
    learner: UserId,
    week: u32,
    lesson: &ReadLesson,
    section: &str,
) -> Result<()> {
    if !lesson.sections.iter().any(|known| known.name == section) {
        return Err(ApiError::not_found("section of this lesson"));
    }
    let sql = "INSERT INTO sections_read (cohort_id, user_id, week, section, read_at) VALUES ($1, $2, $3, $4, {now}) \
               ON CONFLICT (cohort_id, user_id, week, section) DO UPDATE SET read_at = excluded.read_at";
    let values = [cohort.0.into(), learner.0.into(), i64::from(week).into(), section.into()];
    db::run(transaction, sql, values).await?;
    Ok(())
}
