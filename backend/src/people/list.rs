//! A list of people, as an instructor has it: CSV with names and roles, pasted or out of a spreadsheet.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DatabaseTransaction};
use shared::api::Role;
use shared::api::invitations::{InvitePeople, InvitedPeople, PEOPLE_AT_MOST, PeoplePreview, PersonToInvite};
use shared::spec::Problems;

use super::invitations::DAY_SECONDS;
use crate::app::App;
use crate::controllers::{check_name, cohorts, users};
use crate::course::gradebook::{BYTE_ORDER_MARK, no_formula};
use crate::db;
use crate::error::{ApiError, Result};
use crate::names;

/// No word that is a role too: the first person of a list without a heading would be taken for one.
const NAME_COLUMNS: [&str; 3] = ["name", "이름", "성명"];
const ROLE_COLUMNS: [&str; 3] = ["role", "역할", "구분"];

/// Who would come, and every line that keeps somebody from coming.
pub async fn preview(connection: &impl ConnectionTrait, csv: &str, most: Role) -> Result<PeoplePreview> {
    let (people, mut problems) = parse(csv, most);
    let taken = taken(connection, &people).await?;
    for person in people.iter().filter(|person| taken.contains(&person.name)) {
        let message = "an account of this name exists; add what tells them apart, for instance a number";
        problems.require(false, &line(person.line), message);
    }
    Ok(PeoplePreview { people, problems: problems.0 })
}

fn line(number: u32) -> String {
    format!("csv.line {number}")
}

async fn taken(connection: &impl ConnectionTrait, people: &[PersonToInvite]) -> Result<BTreeSet<String>> {
    if people.is_empty() {
        return Ok(BTreeSet::new());
    }
    let sql = format!("SELECT name FROM users WHERE name IN ({})", db::placeholders(1, people.len()));
    let values: Vec<sea_orm::Value> = people.iter().map(|person| person.name.clone().into()).collect();
    Ok(db::column(connection, &sql, values).await?.into_iter().collect())
}

fn parse(text: &str, most: Role) -> (Vec<PersonToInvite>, Problems) {
    let text = text.trim_start_matches(BYTE_ORDER_MARK);
    let first = text.lines().next().unwrap_or_default();
    // Cells that were copied from a spreadsheet have tabs between them.
    let delimiter = if first.contains('\t') && !first.contains(',') { b'\t' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut columns = (0, Some(1));
    let (mut people, mut problems) = (Vec::new(), Problems::default());
    let mut names = BTreeSet::new();
    let mut lines = Lines { text, byte: 0, number: 1 };
    for (index, record) in reader.records().enumerate() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                problems.require(false, "csv", error.to_string());
                break;
            }
        };
        let place =
            |known: &[&str]| record.iter().position(|cell| known.contains(&cell.to_lowercase().as_str()));
        if let (0, Some(name)) = (index, place(&NAME_COLUMNS)) {
            columns = (name, place(&ROLE_COLUMNS));
            continue;
        }
        if record.iter().all(str::is_empty) {
            continue;
        }
        if people.len() as u32 >= PEOPLE_AT_MOST {
            problems.require(false, "csv", format!("a list has at most {PEOPLE_AT_MOST} people"));
            break;
        }
        let number = lines.at(record.position().map_or(0, csv::Position::byte) as usize);
        let cell = |column: usize| record.get(column).unwrap_or_default();
        match person(cell(columns.0), columns.1.map_or("", cell), most) {
            Ok((name, role)) => {
                problems.require(names.insert(name.clone()), &line(number), "this name stands twice");
                people.push(PersonToInvite { line: number, name, role });
            }
            Err(message) => problems.require(false, &line(number), message),
        }
    }
    problems.require(!people.is_empty() || !problems.0.is_empty(), "csv", "the list names nobody");
    (people, problems)
}

/// Numbers of lines, asked for from the front to the back. The reader's own stand at the end of the line before
/// where that ends in two characters or is followed by empty ones.
struct Lines<'a> {
    text: &'a str,
    byte: usize,
    number: u32,
}

impl Lines<'_> {
    /// Of the record that begins at `byte` or behind the ends of lines that stand there.
    fn at(&mut self, byte: usize) -> u32 {
        let rest = self.text.as_bytes().get(byte..).unwrap_or_default();
        let begin = byte + rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = self.text.as_bytes().get(self.byte..begin).unwrap_or_default();
        self.number += passed.iter().filter(|byte| **byte == b'\n').count() as u32;
        self.byte = self.byte.max(begin);
        self.number
    }
}

fn person(name: &str, role: &str, most: Role) -> Result<(String, Role), String> {
    let name = check_name(name, 100).map_err(|_| "use 1 to 100 characters".to_owned())?;
    if users::is_reserved(name) {
        return Err("accounts that were deleted are called so; choose another name".to_owned());
    }
    let role = match role.to_lowercase().as_str() {
        "" | "learner" | "수강생" | "학생" => Role::Learner,
        "assistant" | "조교" => Role::Assistant,
        "instructor" | "강사" => Role::Instructor,
        other => return Err(format!("{other:?} is no role; use learner, assistant or instructor")),
    };
    if role > most {
        Err("nobody gives a role above their own".to_owned())
    } else {
        Ok((name.to_owned(), role))
    }
}

/// Accounts, memberships and links; the links are in the reply and nowhere else.
///
/// # Errors
/// Invalid, with every line that cannot be taken; nothing is made then.
pub async fn invite(
    app: &App,
    transaction: &DatabaseTransaction,
    request: &InvitePeople,
    most: Role,
) -> Result<InvitedPeople> {
    let list = preview(transaction, &request.csv, most).await?;
    let mut problems = Problems(list.problems);
    super::invitations::check_days(request.valid_days, &mut problems);
    problems.into_result().map_err(ApiError::invalid)?;
    let bug = |error: csv::Error| ApiError::Bug(format!("CSV in memory: {error}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["name", "role", "link"]).map_err(bug)?;
    let quota = app.config.limits.storage_quota_bytes;
    let seconds = i64::from(request.valid_days) * DAY_SECONDS;
    for person in &list.people {
        let user = users::insert(transaction, &person.name, false, quota).await?;
        cohorts::put_member(transaction, request.cohort_id, user, person.role).await?;
        let link = users::first_password_link(transaction, user, &app.public_url(), seconds).await?;
        let record = [no_formula(&person.name), names::to_text(&person.role)?, link.url];
        writer.write_record(&record).map_err(bug)?;
    }
    let bytes = writer.into_inner().map_err(|error| ApiError::Bug(format!("CSV in memory: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|error| ApiError::Bug(error.to_string()))?;
    Ok(InvitedPeople { people: list.people.len() as u32, csv: format!("{BYTE_ORDER_MARK}{text}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(text: &str) -> Vec<(u32, String, Role)> {
        let (people, problems) = parse(text, Role::Instructor);
        assert_eq!(problems.0, [], "{text:?}");
        people.into_iter().map(|person| (person.line, person.name, person.role)).collect()
    }

    #[test]
    fn a_list_is_read_as_people_write_it() {
        let expected =
            vec![(2, "김수진".to_owned(), Role::Learner), (3, "이민호".to_owned(), Role::Assistant)];
        assert_eq!(people("name,role\n김수진,learner\n이민호,assistant\n"), expected);
        assert_eq!(people("\u{feff}이름,역할\r\n김수진,\r\n이민호,조교\r\n"), expected);
        assert_eq!(people("역할\t이름\n수강생\t김수진\n조교\t이민호\n"), expected);
        let lines: Vec<u32> = people("김수진\n\n 이민호 \n").into_iter().map(|(line, ..)| line).collect();
        assert_eq!(lines, [1, 3]);
        let first = vec![(1, "김수진".to_owned(), Role::Learner), (2, "이민호".to_owned(), Role::Assistant)];
        assert_eq!(people("김수진,수강생\n이민호,조교\n"), first);
        assert_eq!(people("김수진, 강사"), [(1, "김수진".to_owned(), Role::Instructor)]);
    }

    #[test]
    fn a_line_that_cannot_be_taken_is_named() {
        let (people, problems) =
            parse("name,role\n,learner\n김수진,왕\n이민호,강사\n박, \n박,\n", Role::Assistant);
        let lines: Vec<&str> = problems.0.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(lines, ["csv.line 2", "csv.line 3", "csv.line 4", "csv.line 6"]);
        assert_eq!(people.len(), 2);
        assert_eq!(parse("", Role::Instructor).1.0[0].field, "csv");
        let many =
            "이름\n".to_owned() + &(0..=PEOPLE_AT_MOST).map(|n| format!("사람 {n}\n")).collect::<String>();
        assert!(parse(&many, Role::Instructor).1.0[0].message.contains("at most 500"));
    }
}
