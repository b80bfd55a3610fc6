//! What a class is told by those who teach it.

use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use shared::api::announcements::{Announcement, AnnouncementList, TEXT_LIMIT_CHARACTERS, TITLE_CHARACTERS};
use shared::ids::{AnnouncementId, CohortId, UserId};
use shared::spec::Problems;

use super::render;
use crate::db;
use crate::error::{ApiError, Result};

/// What is written, checked.
pub struct Draft<'a> {
    title: &'a str,
    markdown: &'a str,
    pinned: bool,
}

impl<'a> Draft<'a> {
    /// # Errors
    /// Names what is too long, empty, or cannot be shown.
    pub fn new(title: &'a str, markdown: &'a str, pinned: bool) -> Result<Self> {
        let (title, markdown) = (title.trim(), markdown.trim());
        let mut problems = Problems::default();
        let (least, most) = (TITLE_CHARACTERS.start(), TITLE_CHARACTERS.end());
        problems.require(
            TITLE_CHARACTERS.contains(&title.chars().count()),
            "title",
            format!("use {least} to {most} characters"),
        );
        problems.require(!title.chars().any(char::is_control), "title", "leave out control characters");
        problems.require(
            markdown.chars().count() <= TEXT_LIMIT_CHARACTERS,
            "markdown",
            format!("use at most {TEXT_LIMIT_CHARACTERS} characters"),
        );
        problems.into_result().map_err(ApiError::invalid)?;
        html(markdown).map_err(ApiError::invalid)?;
        Ok(Self { title, markdown, pinned })
    }
}

fn html(markdown: &str) -> std::result::Result<String, Problems> {
    let mut problems = Problems::default();
    let html = render::passage(markdown, "markdown", &mut problems);
    problems.into_result().map(|()| html)
}

const COLUMNS: &str = "announcements.id, title, markdown, users.name, pinned, announcements.created_at, edited_at \
    FROM announcements LEFT JOIN users ON users.id = announcements.author_id";

fn read(row: &QueryResult) -> Result<Announcement> {
    let markdown: String = row.try_get_by(2)?;
    Ok(Announcement {
        announcement_id: AnnouncementId(row.try_get_by(0)?),
        title: row.try_get_by(1)?,
        // What could be shown when it was written and no longer can is shown as it was written.
        html: html(&markdown)
            .unwrap_or_else(|_| super::sanitize::clean(&format!("<p>{}</p>", escaped(&markdown)))),
        markdown,
        author: row.try_get_by(3)?,
        pinned: row.try_get_by(4)?,
        created_at_microseconds: row.try_get_by(5)?,
        edited_at_microseconds: row.try_get_by(6)?,
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

pub async fn list(
    connection: &impl ConnectionTrait,
    cohort: CohortId,
    limit: i64,
) -> Result<AnnouncementList> {
    let sql =
        format!("SELECT {COLUMNS} WHERE cohort_id = $1 ORDER BY pinned DESC, announcements.id DESC LIMIT $2");
    let rows = db::rows(connection, &sql, [cohort.0.into(), (limit + 1).into()]).await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    Ok(AnnouncementList {
        announcements: rows.iter().take(shown).map(read).collect::<Result<_>>()?,
        more: rows.len() > shown,
    })
}

pub async fn get(
    connection: &impl ConnectionTrait,
    cohort: CohortId,
    id: AnnouncementId,
) -> Result<Announcement> {
    let sql = format!("SELECT {COLUMNS} WHERE cohort_id = $1 AND announcements.id = $2");
    let row = db::row(connection, &sql, [cohort.0.into(), id.0.into()]).await?;
    read(&row.ok_or_else(|| ApiError::not_found("announcement"))?)
}

pub async fn create(
    transaction: &DatabaseTransaction,
    cohort: CohortId,
    author: UserId,
    draft: &Draft<'_>,
) -> Result<AnnouncementId> {
    let sql = "INSERT INTO announcements (cohort_id, author_id, title, markdown, pinned, created_at) \
               VALUES ($1, $2, $3, $4, $5, {now}) RETURNING id";
    let values =
        [cohort.0.into(), author.0.into(), draft.title.into(), draft.markdown.into(), draft.pinned.into()];
    Ok(AnnouncementId(db::one(transaction, sql, values).await?))
}

pub async fn update(
    transaction: &DatabaseTransaction,
    cohort: CohortId,
    id: AnnouncementId,
    draft: &Draft<'_>,
) -> Result<()> {
    let sql = "UPDATE announcements SET title = $3, markdown = $4, pinned = $5, edited_at = {now} \
               WHERE cohort_id = $1 AND id = $2";
    let values =
        [cohort.0.into(), id.0.into(), draft.title.into(), draft.markdown.into(), draft.pinned.into()];
    found(db::run(transaction, sql, values).await?)
}

pub async fn delete(transaction: &DatabaseTransaction, cohort: CohortId, id: AnnouncementId) -> Result<()> {
    let sql = "DELETE FROM announcements WHERE cohort_id = $1 AND id = $2";
    found(db::run(transaction, sql, [cohort.0.into(), id.0.into()]).await?)
}

fn found(rows: u64) -> Result<()> {
    if rows == 0 { Err(ApiError::not_found("announcement")) } else { Ok(()) }
}
