//! Points of a whole cohort, and CSV both ways.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DatabaseTransaction};
use shared::api::gradebook::{Gradebook, GradebookRow, ImportedGrades, WeekGrade};
use shared::course::{CoursePolicy, WEEKS};
use shared::ids::{CohortId, UserId};
use shared::spec::Problems;

use super::answers::{self, Answer};
use super::{Course, settings};
use crate::db;
use crate::error::{ApiError, Result};

/// Excel and its kin read UTF-8 only behind it.
pub const BYTE_ORDER_MARK: char = '\u{feff}';
const POINTS_AT_MOST: f64 = 10_000.0;

/// Points that were set by hand, by learner and week.
pub async fn set_points(
    connection: &impl ConnectionTrait,
    cohort: CohortId,
    learner: Option<UserId>,
) -> Result<BTreeMap<UserId, BTreeMap<u32, f64>>> {
    let sql = "SELECT user_id, week, points_hundredths FROM set_grades WHERE cohort_id = $1 AND ($2 = 0 OR user_id = $2)";
    let mut points: BTreeMap<UserId, BTreeMap<u32, f64>> = BTreeMap::new();
    for row in db::rows(connection, sql, [cohort.0.into(), learner.map_or(0, |id| id.0).into()]).await? {
        let (learner, week): (i64, i64) = (row.try_get_by(0)?, row.try_get_by(1)?);
        let set = row.try_get_by::<i64, _>(2)? as f64 / 100.0;
        points.entry(UserId(learner)).or_default().insert(week as u32, set);
    }
    Ok(points)
}

pub async fn read(connection: &impl ConnectionTrait, course: &Course, cohort: CohortId) -> Result<Gradebook> {
    let policy = settings::policy(connection, cohort).await?;
    let schedules = settings::schedules(connection, cohort).await?;
    let mut set = set_points(connection, cohort, None).await?;
    let mut answers: BTreeMap<(UserId, u32), Vec<Answer>> = BTreeMap::new();
    for answer in answers::of_cohort(connection, cohort).await? {
        answers.entry((answer.learner, answer.week)).or_default().push(answer);
    }
    let points_possible = points_possible(course);
    let mut rows = Vec::new();
    for (learner, name) in learners(connection, cohort).await? {
        let set = set.remove(&learner).unwrap_or_default();
        let grade = |week: u32| {
            let answers = answers.get(&(learner, week)).map_or(&[][..], Vec::as_slice);
            week_grade(course, &policy, &schedules, &set, week, answers)
        };
        let weeks: Vec<WeekGrade> = (1..=WEEKS).map(grade).collect();
        let total_percent = total_percent(&weeks, &points_possible, &policy);
        rows.push(GradebookRow { learner, name, weeks, total_percent });
    }
    Ok(Gradebook { policy, points_possible, rows })
}

/// The final grade of one learner.
pub struct FinalGrade {
    pub percent: f64,
    /// How many weeks it is made of.
    pub weeks: u32,
    /// What the class asks for a certificate.
    pub certificate_percent: u32,
}

pub async fn of_learner(
    connection: &impl ConnectionTrait,
    course: &Course,
    cohort: CohortId,
    learner: UserId,
) -> Result<FinalGrade> {
    let policy = settings::policy(connection, cohort).await?;
    let schedules = settings::schedules(connection, cohort).await?;
    let set = set_points(connection, cohort, Some(learner)).await?.remove(&learner).unwrap_or_default();
    let mut answers: BTreeMap<u32, Vec<Answer>> = BTreeMap::new();
    for answer in answers::of_learner(connection, cohort, learner).await? {
        answers.entry(answer.week).or_default().push(answer);
    }
    let grade = |week: u32| {
        let answers = answers.get(&week).map_or(&[][..], Vec::as_slice);
        week_grade(course, &policy, &schedules, &set, week, answers)
    };
    let weeks: Vec<WeekGrade> = (1..=WEEKS).map(grade).collect();
    let possible = points_possible(course);
    let counted =
        possible.iter().zip(&policy.week_weights).filter(|(points, weight)| **points > 0.0 && **weight > 0);
    Ok(FinalGrade {
        percent: total_percent(&weeks, &possible, &policy),
        weeks: u32::try_from(counted.count()).unwrap_or(u32::MAX),
        certificate_percent: policy.certificate_percent,
    })
}

fn points_possible(course: &Course) -> Vec<f64> {
    let possible = |week: u32| course.weeks.get(&week).map_or(0.0, super::Week::points_possible);
    (1..=WEEKS).map(possible).collect()
}

/// `answers` are one learner's of the week, `set` what was set for them by hand.
fn week_grade(
    course: &Course,
    policy: &CoursePolicy,
    schedules: &settings::Schedules,
    set: &BTreeMap<u32, f64>,
    week: u32,
    answers: &[Answer],
) -> WeekGrade {
    let due = schedules.week(week).due_at_microseconds;
    let written = course.weeks.get(&week);
    let grade = written.map(|written| answers::week_grade(written, answers, policy, due)).unwrap_or_default();
    let by_hand = set.get(&week).copied();
    WeekGrade {
        points: by_hand.unwrap_or(grade.points),
        set_by_hand: by_hand.is_some(),
        waiting: grade.waiting,
    }
}

/// Weeks that cannot bring a point do not count.
fn total_percent(weeks: &[WeekGrade], possible: &[f64], policy: &CoursePolicy) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for ((grade, possible), weight) in weeks.iter().zip(possible).zip(&policy.week_weights) {
        if *possible > 0.0 {
            sum += f64::from(*weight) * grade.points / possible;
            weights += f64::from(*weight);
        }
    }
    if weights > 0.0 { 100.0 * sum / weights } else { 0.0 }
}

async fn learners(connection: &impl ConnectionTrait, cohort: CohortId) -> Result<Vec<(UserId, String)>> {
    let sql = "SELECT users.id, users.name FROM memberships JOIN users ON users.id = memberships.user_id \
               WHERE memberships.cohort_id = $1 AND memberships.role = 'learner' ORDER BY users.name, users.id";
    let rows = db::rows(connection, sql, [cohort.0.into()]).await?;
    rows.iter().map(|row| Ok((UserId(row.try_get_by(0)?), row.try_get_by(1)?))).collect()
}

fn week_column(week: u32) -> String {
    format!("week_{week}")
}

pub fn to_csv(gradebook: &Gradebook) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut header = vec!["learner_id".to_owned(), "name".to_owned()];
    header.extend((1..=WEEKS).map(week_column));
    header.push("total_percent".to_owned());
    let bug = |error: csv::Error| ApiError::Bug(format!("CSV in memory: {error}"));
    writer.write_record(&header).map_err(bug)?;
    for row in &gradebook.rows {
        let mut record = vec![row.learner.to_string(), no_formula(&row.name)];
        record.extend(row.weeks.iter().map(|grade| rounded(grade.points)));
        record.push(rounded(row.total_percent));
        writer.write_record(&record).map_err(bug)?;
    }
    let bytes = writer.into_inner().map_err(|error| ApiError::Bug(format!("CSV in memory: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|error| ApiError::Bug(error.to_string()))?;
    Ok(format!("{BYTE_ORDER_MARK}{text}"))
}

fn rounded(points: f64) -> String {
    let hundredths = (points * 100.0).round() / 100.0;
    hundredths.to_string()
}

/// A spreadsheet computes a cell that begins like a formula; behind an apostrophe it is text.
pub fn no_formula(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// A cell of an import: what a week is set to, or given back to its answers.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cell {
    learner: UserId,
    week: u32,
    points: Option<f64>,
}

/// # Errors
/// Invalid, naming every cell that cannot be taken by its line; nothing is set then.
pub async fn import(
    transaction: &DatabaseTransaction,
    course: &Course,
    cohort: CohortId,
    author: UserId,
    text: &str,
) -> Result<ImportedGrades> {
    let before = read(transaction, course, cohort).await?;
    let rows: BTreeMap<UserId, &GradebookRow> = before.rows.iter().map(|row| (row.learner, row)).collect();
    let (cells, lines) = parse(text, &rows).map_err(ApiError::invalid)?;
    let mut changed = 0;
    for cell in cells {
        let Some(grade) = rows.get(&cell.learner).and_then(|row| row.weeks.get(cell.week as usize - 1))
        else {
            continue;
        };
        let says_the_same = match cell.points {
            Some(points) => rounded(points) == rounded(grade.points),
            None => !grade.set_by_hand,
        };
        if !says_the_same {
            set(transaction, cohort, author, &cell).await?;
            changed += 1;
        }
    }
    Ok(ImportedGrades { rows: lines, changed })
}

async fn set(transaction: &DatabaseTransaction, cohort: CohortId, author: UserId, cell: &Cell) -> Result<()> {
    let key = [cohort.0.into(), cell.learner.0.into(), i64::from(cell.week).into()];
    let Some(points) = cell.points else {
        let sql = "DELETE FROM set_grades WHERE cohort_id = $1 AND user_id = $2 AND week = $3";
        db::run(transaction, sql, key).await?;
        return Ok(());
    };
    let sql = "INSERT INTO set_grades (cohort_id, user_id, week, points_hundredths, set_by, set_at) \
               VALUES ($1, $2, $3, $4, $5, {now}) ON CONFLICT (cohort_id, user_id, week) DO UPDATE SET \
               points_hundredths = excluded.points_hundredths, set_by = excluded.set_by, set_at = excluded.set_at";
    let hundredths = (points * 100.0).round() as i64;
    let values = key.into_iter().chain([hundredths.into(), author.0.into()]);
    db::run(transaction, sql, values).await?;
    Ok(())
}

/// The cells and the number of rows.
fn parse(text: &str, learners: &BTreeMap<UserId, &GradebookRow>) -> Result<(Vec<Cell>, u32), Problems> {
    let mut problems = Problems::default();
    let text = text.trim_start_matches(BYTE_ORDER_MARK);
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            problems.require(false, "csv", error.to_string());
            return Err(problems);
        }
    };
    let place = |name: &str| header.iter().position(|column| column == name);
    let weeks: Vec<(u32, usize)> =
        (1..=WEEKS).filter_map(|week| Some((week, place(&week_column(week))?))).collect();
    let Some(learner_column) = place("learner_id").filter(|_| !weeks.is_empty()) else {
        problems.require(
            false,
            "csv",
            "the first line must name learner_id and at least one of week_1 … week_10",
        );
        return Err(problems);
    };
    let (mut cells, mut rows) = (Vec::new(), 0);
    for (index, record) in reader.records().enumerate() {
        let line = format!("csv.line {}", index + 2);
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                problems.require(false, &line, error.to_string());
                continue;
            }
        };
        let written = record.get(learner_column).unwrap_or_default();
        let learner = written.parse().ok().filter(|learner| learners.contains_key(learner));
        let Some(learner) = learner else {
            problems.require(false, &line, format!("{written:?} is no learner of this cohort"));
            continue;
        };
        rows += 1;
        for (week, column) in &weeks {
            match record.get(*column).map(points) {
                // A row that is too short says nothing of its last weeks.
                None => {}
                Some(Ok(points)) => cells.push(Cell { learner, week: *week, points }),
                Some(Err(message)) => problems.require(false, &format!("{line}.week_{week}"), message),
            }
        }
    }
    problems.into_result()?;
    Ok((cells, rows))
}

fn points(cell: &str) -> Result<Option<f64>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    let points: Option<f64> = cell.parse().ok().filter(|points| (0.0..=POINTS_AT_MOST).contains(points));
    points.map(Some).ok_or_else(|| format!("{cell:?} is no number of 0 to {POINTS_AT_MOST}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gradebook(names: &[&str]) -> Gradebook {
        let rows = names.iter().enumerate().map(|(index, name)| GradebookRow {
            learner: UserId(index as i64 + 1),
            name: (*name).to_owned(),
            weeks: vec![WeekGrade { points: 1.25, ..WeekGrade::default() }; WEEKS as usize],
            total_percent: 33.333_333,
        });
        Gradebook {
            policy: CoursePolicy::default(),
            points_possible: vec![4.0; WEEKS as usize],
            rows: rows.collect(),
        }
    }

    #[test]
    fn names_that_look_like_formulas_are_text_to_a_spreadsheet() {
        let csv = to_csv(&gradebook(&["=HYPERLINK(\"x\")", "김수진, \"반장\""])).unwrap();
        assert!(csv.starts_with('\u{feff}'));
        assert!(csv.contains("\"'=HYPERLINK(\"\"x\"\")\""), "{csv}");
        assert!(csv.contains("\"김수진, \"\"반장\"\"\",1.25,"), "{csv}");
        assert!(csv.contains(",33.33\n"), "{csv}");
    }

    #[test]
    fn an_export_comes_back_as_it_went() {
        let book = gradebook(&["수진", "민호"]);
        let rows = book.rows.iter().map(|row| (row.learner, row)).collect();
        let (cells, lines) = parse(&to_csv(&book).unwrap(), &rows).unwrap();
        assert_eq!((cells.len(), lines), (20, 2));
        assert!(cells.iter().all(|cell| cell.points == Some(1.25)));
    }

    #[test]
    fn a_cell_that_cannot_be_taken_is_named_by_its_line() {
        let book = gradebook(&["수진"]);
        let rows = book.rows.iter().map(|row| (row.learner, row)).collect();
        let problems = parse("learner_id,week_2\n1,많이\n7,3\n1,-1\n1,NaN\n", &rows).unwrap_err();
        let fields: Vec<&str> = problems.0.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["csv.line 2.week_2", "csv.line 3", "csv.line 4.week_2", "csv.line 5.week_2"]);
        assert!(parse("name,week_1\n", &rows).is_err());
        assert!(parse("learner_id\n1\n", &rows).is_err());
        let (cells, _) = parse("week_3, learner_id\n,1\n 2.5 ,1\n", &rows).unwrap();
        let learner = UserId(1);
        let expected = [None, Some(2.5)].map(|points| Cell { learner, week: 3, points });
        assert_eq!(cells, expected);
    }

    #[test]
    fn weeks_weigh_as_the_policy_says_and_empty_ones_do_not_count() {
        let weeks = |points: &[f64]| -> Vec<WeekGrade> {
            points.iter().map(|&points| WeekGrade { points, ..WeekGrade::default() }).collect()
        };
        let policy = CoursePolicy { week_weights: vec![10, 30, 60], ..CoursePolicy::default() };
        let total = total_percent(&weeks(&[4.0, 1.0, 0.0]), &[4.0, 2.0, 0.0], &policy);
        assert!((total - 100.0 * (10.0 + 15.0) / 40.0).abs() < 1e-12, "{total}");
        assert_eq!(total_percent(&weeks(&[0.0]), &[0.0], &policy), 0.0);
    }
}
