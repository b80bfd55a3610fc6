//! The text of a week as a cohort reads it: the folder's, or the latest version that its instructors saved.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use sea_orm::{ConnectionTrait, DatabaseTransaction};
use shared::api::lessons::{LessonSource, LessonVersion};
use shared::ids::{CohortId, UserId};

use super::{ReadLesson, Week, lesson};
use crate::app::App;
use crate::db;
use crate::error::{ApiError, Result};

/// A lesson and its version; 0 is the folder's.
pub struct Present {
    pub version: u32,
    pub lesson: Arc<ReadLesson>,
}

/// The latest saved version of each cohort's week, rendered.
#[derive(Debug, Default)]
pub struct Rendered(Mutex<BTreeMap<(CohortId, u32), Version>>);

/// A version's number and text.
type Version = (u32, Arc<ReadLesson>);

impl Rendered {
    fn get(&self, cohort: CohortId, week: u32, version: u32) -> Option<Arc<ReadLesson>> {
        let rendered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (kept, lesson) = rendered.get(&(cohort, week))?;
        (*kept == version).then(|| lesson.clone())
    }

    fn keep(&self, cohort: CohortId, week: u32, version: u32, lesson: &Arc<ReadLesson>) {
        let mut rendered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rendered.insert((cohort, week), (version, lesson.clone()));
    }
}

/// All weeks, in order.
pub async fn all(app: &App, cohort: CohortId) -> Result<Vec<(u32, Present)>> {
    let mut lessons = Vec::new();
    let latest = latest_versions(app.database.read(), cohort).await?;
    for (number, week) in app.course.weeks() {
        lessons.push((number, read(app, cohort, number, week, latest.get(&number).copied()).await?));
    }
    Ok(lessons)
}

pub async fn present(app: &App, cohort: CohortId, number: u32) -> Result<Present> {
    let week = app.course.week(number)?;
    let latest = latest_versions(app.database.read(), cohort).await?;
    read(app, cohort, number, week, latest.get(&number).copied()).await
}

async fn latest_versions(connection: &impl ConnectionTrait, cohort: CohortId) -> Result<BTreeMap<u32, u32>> {
    let sql = "SELECT week, MAX(version) FROM lesson_versions WHERE cohort_id = $1 GROUP BY week";
    let rows = db::rows(connection, sql, [cohort.0.into()]).await?;
    let pair = |row: &sea_orm::QueryResult| {
        Ok((row.try_get_by::<i64, _>(0)? as u32, row.try_get_by::<i64, _>(1)? as u32))
    };
    rows.iter().map(pair).collect()
}

async fn read(
    app: &App,
    cohort: CohortId,
    number: u32,
    week: &Week,
    version: Option<u32>,
) -> Result<Present> {
    let Some(version) = version else {
        return Ok(Present { version: 0, lesson: week.lesson.clone() });
    };
    if let Some(lesson) = app.rendered_lessons.get(cohort, number, version) {
        return Ok(Present { version, lesson });
    }
    let markdown = markdown(app.database.read(), cohort, number, week, version).await?;
    // A folder that lost a figure must not take the class its lesson.
    let lesson = match lesson::read(&markdown, &week.figures) {
        Ok(lesson) => Arc::new(lesson),
        Err(problems) => {
            tracing::warn!(%cohort, week = number, version, %problems, "a saved lesson cannot be read any more; the folder's is shown");
            week.lesson.clone()
        }
    };
    app.rendered_lessons.keep(cohort, number, version, &lesson);
    Ok(Present { version, lesson })
}

async fn markdown(
    connection: &impl ConnectionTrait,
    cohort: CohortId,
    number: u32,
    week: &Week,
    version: u32,
) -> Result<String> {
    if version == 0 {
        return Ok(week.markdown.clone());
    }
    let sql = "SELECT markdown FROM lesson_versions WHERE cohort_id = $1 AND week = $2 AND version = $3";
    let values = [cohort.0.into(), i64::from(number).into(), i64::from(version).into()];
    let found: Option<String> = db::scalar(connection, sql, values).await?;
    found.ok_or_else(|| ApiError::not_found("version of this lesson"))
}

pub async fn source(app: &App, cohort: CohortId, number: u32, version: Option<u32>) -> Result<LessonSource> {
    let week = app.course.week(number)?;
    let connection = app.database.read();
    let sql = "SELECT lesson_versions.version, users.name, lesson_versions.created_at FROM lesson_versions \
               LEFT JOIN users ON users.id = lesson_versions.author_id \
               WHERE cohort_id = $1 AND week = $2 ORDER BY version DESC";
    let rows = db::rows(connection, sql, [cohort.0.into(), i64::from(number).into()]).await?;
    let versions: Vec<LessonVersion> = rows.iter().map(read_version).collect::<Result<_>>()?;
    let version = version.unwrap_or_else(|| versions.first().map_or(0, |latest| latest.version));
    let markdown = markdown(connection, cohort, number, week, version).await?;
    Ok(LessonSource { markdown, version, versions })
}

fn read_version(row: &sea_orm::QueryResult) -> Result<LessonVersion> {
    Ok(LessonVersion {
        version: row.try_get_by::<i64, _>(0)? as u32,
        author: row.try_get_by(1)?,
        created_at_microseconds: row.try_get_by(2)?,
    })
}

/// # Errors
/// Invalid, with every mistake by its line.
pub fn preview(app: &App, number: u32, markdown: &str) -> Result<ReadLesson> {
    let week = app.course.week(number)?;
    let lesson = lesson::read(markdown, &week.figures).map_err(ApiError::invalid)?;
    if lesson.head.week != number {
        return Err(ApiError::field(
            "week",
            format!("this is week {number}; the lesson says {}", lesson.head.week),
        ));
    }
    // Questions point to headings, and learners have read sections by their names.
    let lost = week.questions.iter().find(|question| !lesson.names.contains(&question.written.section));
    if let Some(question) = lost {
        let message = format!(
            "the question {} points to #{}: keep that heading",
            question.written.id, question.written.section
        );
        return Err(ApiError::field("markdown", message));
    }
    Ok(lesson)
}

/// Saves a text that [`preview`] took.
pub async fn save(
    transaction: &DatabaseTransaction,
    author: UserId,
    cohort: CohortId,
    number: u32,
    markdown: &str,
    based_on_version: u32,
) -> Result<LessonVersion> {
    db::lock(transaction, db::Lock::Cohort(cohort.0)).await?;
    let latest = latest_versions(transaction, cohort).await?.get(&number).copied().unwrap_or(0);
    if latest != based_on_version {
        return Err(ApiError::conflict(format!(
            "version {latest} was saved meanwhile; compare it with yours and save again"
        )));
    }
    let sql = "INSERT INTO lesson_versions (cohort_id, week, version, markdown, author_id, created_at) \
               VALUES ($1, $2, $3, $4, $5, {now})";
    let version = latest + 1;
    let values = [
        cohort.0.into(),
        i64::from(number).into(),
        i64::from(version).into(),
        markdown.into(),
        author.0.into(),
    ];
    db::run(transaction, sql, values).await?;
    let sql = "SELECT lesson_versions.version, users.name, lesson_versions.created_at FROM lesson_versions \
               LEFT JOIN users ON users.id = lesson_versions.author_id \
               WHERE cohort_id = $1 AND week = $2 AND version = $3";
    let values = [cohort.0.into(), i64::from(number).into(), i64::from(version).into()];
    let row = db::row(transaction, sql, values).await?;
    read_version(&row.ok_or_else(|| ApiError::Bug("a version that was just saved is not there".to_owned()))?)
}
