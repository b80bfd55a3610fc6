//! Answers to checkpoint questions. What an answer is worth by itself is stored; attempts and lateness are
//! weighed when it is read, so that a new due time or policy counts at once.
//!
//! ```text
//! answer ─┬─ choice, number ─► right or wrong, at once
//!         ├─ artifact ───────► a check looks at it, at once, any number of times
//!         └─ words ──────────► waits for a person; a newer answer takes its place until it is marked
//! ```

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use shared::api::questions::{AskedQuestion, Mark, MarkedAnswer};
use shared::course::{CoursePolicy, Finding, Given, Judged, Question, QuestionBody, days_late, judge};
use shared::ids::{AnswerId, CohortId, UserId};

use super::{ReadQuestion, Week};
use crate::db;
use crate::error::{ApiError, Result};

pub const TEXT_LIMIT_CHARACTERS: usize = 8000;
const KEY_LIMIT_BYTES: usize = 100;

/// A row.
#[derive(Debug, Clone)]
pub struct Answer {
    pub id: AnswerId,
    pub learner: UserId,
    pub week: u32,
    pub question: String,
    pub attempt: u32,
    pub given: Given,
    pub submitted_at_microseconds: i64,
    pub verdict: Option<Verdict>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    pub earned: u32,
    pub rubric_points: Vec<u32>,
    pub finding: Option<Finding>,
    pub comment: String,
}

const COLUMNS: &str = "answers.id, answers.user_id, answers.week, answers.question, answers.attempt, \
    answers.given, answers.submitted_at, answers.earned, answers.rubric_points, answers.finding, answers.comment";

fn read(row: &QueryResult) -> Result<Answer> {
    let json = |column: usize| row.try_get_by::<Option<String>, _>(column);
    let verdict = match row.try_get_by::<Option<i64>, _>(7)? {
        None => None,
        Some(earned) => Some(Verdict {
            earned: u32::try_from(earned).unwrap_or(0),
            rubric_points: json(8)?.map_or_else(|| Ok(Vec::new()), |json| serde_json::from_str(&json))?,
            finding: json(9)?.map(|json| serde_json::from_str(&json)).transpose()?,
            comment: row.try_get_by(10)?,
        }),
    };
    Ok(Answer {
        id: AnswerId(row.try_get_by(0)?),
        learner: UserId(row.try_get_by(1)?),
        week: row.try_get_by::<i64, _>(2)? as u32,
        question: row.try_get_by(3)?,
        attempt: row.try_get_by::<i64, _>(4)? as u32,
        given: serde_json::from_str(&row.try_get_by::<String, _>(5)?)?,
        submitted_at_microseconds: row.try_get_by(6)?,
        verdict,
    })
}

pub async fn of_learner(
    connection: &impl ConnectionTrait,
    cohort: CohortId,
    learner: UserId,
) -> Result<Vec<Answer>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM answers WHERE cohort_id = $1 AND user_id = $2 ORDER BY week, question, attempt"
    );
    db::rows(connection, &sql, [cohort.0.into(), learner.0.into()]).await?.iter().map(read).collect()
}

pub async fn of_cohort(connection: &impl ConnectionTrait, cohort: CohortId) -> Result<Vec<Answer>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM answers WHERE cohort_id = $1 ORDER BY user_id, week, question, attempt"
    );
    db::rows(connection, &sql, [cohort.0.into()]).await?.iter().map(read).collect()
}

/// To one question.
pub async fn to_question(
    connection: &impl ConnectionTrait,
    cohort: CohortId,
    week: u32,
    question: &str,
) -> Result<Vec<Answer>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM answers WHERE cohort_id = $1 AND week = $2 AND question = $3 ORDER BY user_id, attempt"
    );
    let values = [cohort.0.into(), i64::from(week).into(), question.into()];
    db::rows(connection, &sql, values).await?.iter().map(read).collect()
}

/// Answers in words that nobody has read and that no newer one has replaced, the oldest first.
pub async fn to_mark(
    connection: &impl ConnectionTrait,
    cohort: CohortId,
    week: Option<u32>,
    after: Option<AnswerId>,
    limit: i64,
) -> Result<(Vec<Answer>, u32)> {
    let waiting = "FROM answers WHERE cohort_id = $1 AND marked_at IS NULL AND NOT EXISTS (SELECT 1 FROM answers AS newer \
        WHERE newer.cohort_id = answers.cohort_id AND newer.user_id = answers.user_id AND newer.week = answers.week \
        AND newer.question = answers.question AND newer.attempt > answers.attempt)";
    let count: i64 = db::one(connection, &format!("SELECT COUNT(*) {waiting}"), [cohort.0.into()]).await?;
    let sql =
        format!("SELECT {COLUMNS} {waiting} AND id > $2 AND ($3 = 0 OR week = $3) ORDER BY id LIMIT $4");
    let values =
        [cohort.0.into(), after.map_or(0, |id| id.0).into(), week.map_or(0, i64::from).into(), limit.into()];
    let rows = db::rows(connection, &sql, values).await?;
    Ok((rows.iter().map(read).collect::<Result<_>>()?, u32::try_from(count).unwrap_or(u32::MAX)))
}

/// What is marked at once. `None`: a person reads it.
///
/// # Errors
/// Invalid, where the answer is none to this question.
pub fn verdict_at_once(
    question: &Question,
    given: &Given,
    finding: Option<Finding>,
) -> Result<Option<Verdict>> {
    let right = match judge(question, given).map_err(|message| ApiError::field("given", message))? {
        Judged::Right => true,
        Judged::Wrong => false,
        Judged::ByAPerson => return Ok(None),
        Judged::ByACheck => finding.as_ref().is_some_and(Finding::passed),
    };
    Ok(Some(Verdict {
        earned: if right { question.points } else { 0 },
        rubric_points: Vec::new(),
        finding,
        comment: String::new(),
    }))
}

/// What an answer is to be written with.
pub struct New<'a> {
    pub cohort: CohortId,
    pub learner: UserId,
    pub week: u32,
    pub question: &'a Question,
    pub given: &'a Given,
    pub verdict: Option<Verdict>,
    pub idempotency_key: &'a str,
}

/// One more attempt; the same key again changes nothing.
///
/// # Errors
/// Conflict, when no attempt is left or the week's answers are closed.
pub async fn submit(
    transaction: &DatabaseTransaction,
    new: &New<'_>,
    policy: &CoursePolicy,
    due_at_microseconds: Option<i64>,
) -> Result<()> {
    check_text(new.given)?;
    if !(1..=KEY_LIMIT_BYTES).contains(&new.idempotency_key.len()) {
        return Err(ApiError::field("idempotency_key", format!("use 1 to {KEY_LIMIT_BYTES} bytes")));
    }
    db::lock(transaction, db::Lock::Owner(new.learner.0)).await?;
    let sql = "SELECT cohort_id, week, question FROM answers WHERE user_id = $1 AND idempotency_key = $2";
    let values = [new.learner.0.into(), new.idempotency_key.into()];
    if let Some(row) = db::row(transaction, sql, values).await? {
        let same = row.try_get_by::<i64, _>(0)? == new.cohort.0
            && row.try_get_by::<i64, _>(1)? == i64::from(new.week)
            && row.try_get_by::<String, _>(2)? == new.question.id;
        let other = "this key belongs to another answer; make a new one for each attempt";
        return if same { Ok(()) } else { Err(ApiError::conflict(other)) };
    }
    let now = db::now_microseconds(transaction).await?;
    if days_late(due_at_microseconds, now) > policy.late_days_at_most {
        return Err(ApiError::conflict("the answers of this week are closed; ask your instructor"));
    }
    let earlier: Vec<Answer> = to_question(transaction, new.cohort, new.week, &new.question.id).await?;
    let earlier: Vec<&Answer> = earlier.iter().filter(|answer| answer.learner == new.learner).collect();
    if attempts_left(new.question, &earlier, policy) == Some(0) {
        let message = "no attempt is left for this question; its solution stands beside it";
        return Err(ApiError::conflict(message));
    }
    let attempt = earlier.iter().map(|answer| answer.attempt).max().unwrap_or(0) + 1;
    insert(transaction, new, attempt, now).await
}

async fn insert(transaction: &DatabaseTransaction, new: &New<'_>, attempt: u32, now: i64) -> Result<()> {
    let sql = "INSERT INTO answers (cohort_id, user_id, week, question, attempt, idempotency_key, given, submitted_at, \
                   earned, marked_at, finding) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let verdict = new.verdict.as_ref();
    let finding = verdict.and_then(|verdict| verdict.finding.as_ref()).map(serde_json::to_string);
    let values = [
        new.cohort.0.into(),
        new.learner.0.into(),
        i64::from(new.week).into(),
        new.question.id.as_str().into(),
        i64::from(attempt).into(),
        new.idempotency_key.into(),
        serde_json::to_string(new.given)?.into(),
        now.into(),
        verdict.map(|verdict| i64::from(verdict.earned)).into(),
        verdict.map(|_| now).into(),
        finding.transpose()?.into(),
    ];
    db::run(transaction, sql, values).await?;
    Ok(())
}

fn check_text(given: &Given) -> Result<()> {
    match given {
        Given::Short { text } if text.chars().count() > TEXT_LIMIT_CHARACTERS => {
            Err(ApiError::field("given.text", format!("use at most {TEXT_LIMIT_CHARACTERS} characters")))
        }
        Given::Choices { options } if options.len() > 100 => {
            Err(ApiError::field("given.options", "name each option once"))
        }
        _ => Ok(()),
    }
}

/// `None`: any number. Once an answer is right, or a person marked it, its solution is shown and none is left.
fn attempts_left(question: &Question, answers: &[&Answer], policy: &CoursePolicy) -> Option<u32> {
    let is_over = |answer: &&Answer| match (&question.body, &answer.verdict) {
        (_, None) => false,
        (QuestionBody::Short { .. }, Some(_)) => true,
        (_, Some(verdict)) => verdict.earned >= question.points,
    };
    if let QuestionBody::Artifact { .. } = question.body {
        return None;
    }
    if answers.iter().any(is_over) {
        return Some(0);
    }
    let given = answers.iter().map(|answer| answer.attempt).max().unwrap_or(0);
    Some(policy.attempts_at_most.saturating_sub(given))
}

/// A marker's points, and their comment.
pub async fn mark(
    transaction: &DatabaseTransaction,
    cohort: CohortId,
    id: AnswerId,
    marker: UserId,
    question: &Question,
    rubric_points: &[u32],
    comment: &str,
) -> Result<()> {
    let QuestionBody::Short { rubric, .. } = &question.body else {
        return Err(ApiError::conflict("this question marks itself; change the question and regrade it"));
    };
    if rubric_points.len() != rubric.len() {
        let message = format!("the rubric has {} lines; give points for each", rubric.len());
        return Err(ApiError::field("rubric_points", message));
    }
    for (index, (points, line)) in rubric_points.iter().zip(rubric).enumerate() {
        if *points > line.points {
            let message = format!("this line has at most {} points", line.points);
            return Err(ApiError::field(format!("rubric_points.{index}"), message));
        }
    }
    if comment.chars().count() > TEXT_LIMIT_CHARACTERS {
        return Err(ApiError::field("comment", format!("use at most {TEXT_LIMIT_CHARACTERS} characters")));
    }
    let sql = "UPDATE answers SET earned = $3, marked_at = {now}, marked_by = $4, rubric_points = $5, comment = $6 \
               WHERE id = $1 AND cohort_id = $2";
    let values = [
        id.0.into(),
        cohort.0.into(),
        i64::from(rubric_points.iter().sum::<u32>()).into(),
        marker.0.into(),
        serde_json::to_string(rubric_points)?.into(),
        comment.into(),
    ];
    db::run(transaction, sql, values).await?;
    Ok(())
}

pub async fn get(connection: &impl ConnectionTrait, cohort: CohortId, id: AnswerId) -> Result<Answer> {
    let sql = format!("SELECT {COLUMNS} FROM answers WHERE id = $1 AND cohort_id = $2");
    let row = db::row(connection, &sql, [id.0.into(), cohort.0.into()]).await?;
    read(&row.ok_or_else(|| ApiError::not_found("answer"))?)
}

/// Gives an answer another verdict.
pub async fn regrade(transaction: &DatabaseTransaction, id: AnswerId, verdict: &Verdict) -> Result<()> {
    let sql = "UPDATE answers SET earned = $2, finding = $3, marked_at = {now} WHERE id = $1";
    let finding = verdict.finding.as_ref().map(serde_json::to_string).transpose()?;
    db::run(transaction, sql, [id.0.into(), i64::from(verdict.earned).into(), finding.into()]).await?;
    Ok(())
}

/// What an answer counts, if it was marked.
fn points(question: &Question, answer: &Answer, policy: &CoursePolicy, due: Option<i64>) -> Option<f64> {
    let verdict = answer.verdict.as_ref()?;
    let late = days_late(due, answer.submitted_at_microseconds);
    let attempt = if matches!(question.body, QuestionBody::Artifact { .. }) { 1 } else { answer.attempt };
    Some(policy.weighed(f64::from(verdict.earned), f64::from(question.points), attempt, late))
}

/// The one that counts: the best of the marked ones, the earlier of equals.
fn best<'a>(
    question: &Question,
    answers: &[&'a Answer],
    policy: &CoursePolicy,
    due: Option<i64>,
) -> Option<(&'a Answer, f64)> {
    let mut best: Option<(&Answer, f64)> = None;
    for answer in answers {
        if let Some(points) = points(question, answer, policy, due)
            && best.is_none_or(|(_, most)| points > most)
        {
            best = Some((answer, points));
        }
    }
    best
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Grade {
    pub points: f64,
    /// Questions whose latest answer waits for a person.
    pub waiting: u32,
}

/// `answers` are one learner's, of this week, attempts in order.
pub fn week_grade(week: &Week, answers: &[Answer], policy: &CoursePolicy, due: Option<i64>) -> Grade {
    let mut by_question: BTreeMap<&str, Vec<&Answer>> = BTreeMap::new();
    for answer in answers {
        by_question.entry(&answer.question).or_default().push(answer);
    }
    let mut grade = Grade::default();
    for question in &week.questions {
        let Some(answers) = by_question.get(question.written.id.as_str()) else { continue };
        grade.points += best(&question.written, answers, policy, due).map_or(0.0, |(_, points)| points);
        grade.waiting += u32::from(answers.last().is_some_and(|latest| latest.verdict.is_none()));
    }
    grade
}

/// A question as a learner sees it. `answers` are theirs of the week.
pub fn asked(
    question: &ReadQuestion,
    answers: &[Answer],
    policy: &CoursePolicy,
    due: Option<i64>,
) -> AskedQuestion {
    let written = &question.written;
    let mine: Vec<&Answer> = answers.iter().filter(|answer| answer.question == written.id).collect();
    let attempts_left = attempts_left(written, &mine, policy);
    let passed = mine
        .iter()
        .any(|answer| answer.verdict.as_ref().is_some_and(|verdict| verdict.earned >= written.points));
    let counts = best(written, &mine, policy, due).map(|(answer, _)| answer);
    AskedQuestion {
        question: written.id.clone(),
        section: written.section.clone(),
        points_possible: f64::from(written.points),
        text_html: question.text_html.clone(),
        asked: question.asked.clone(),
        attempts_left,
        counts: counts.or(mine.last().copied()).map(|answer| marked(question, answer, policy, due)),
        latest: mine.last().map(|answer| marked(question, answer, policy, due)),
        solution: (passed || attempts_left == Some(0)).then(|| question.solution.clone()),
    }
}

fn marked(question: &ReadQuestion, answer: &Answer, policy: &CoursePolicy, due: Option<i64>) -> MarkedAnswer {
    let mark = answer.verdict.as_ref().map(|verdict| Mark {
        earned: f64::from(verdict.earned),
        points: points(&question.written, answer, policy, due).unwrap_or(0.0),
        comment: verdict.comment.clone(),
        finding: verdict.finding.clone(),
        rubric_points: verdict.rubric_points.clone(),
        why_html: why(question, &answer.given),
    });
    MarkedAnswer {
        answer_id: answer.id,
        attempt: answer.attempt,
        given: answer.given.clone(),
        submitted_at_microseconds: answer.submitted_at_microseconds,
        days_late: days_late(due, answer.submitted_at_microseconds),
        mark,
    }
}

/// What is said to somebody who chose these options: nothing of the others, which may be tried yet.
fn why(question: &ReadQuestion, given: &Given) -> Vec<String> {
    let chosen: &[u32] = match given {
        Given::Choice { option } => std::slice::from_ref(option),
        Given::Choices { options } => options,
        _ => &[],
    };
    let solved = question.solution.options.iter().filter(|solved| chosen.contains(&solved.option));
    solved.map(|solved| solved.why_html.clone()).collect()
}
