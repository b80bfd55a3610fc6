//! A week's questions: checked, and their texts rendered once.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use shared::api::questions::{Asked, AskedOption, RubricNote, Solution, SolvedOption};
use shared::course::{Choice, Question, QuestionBody, QuestionFile};
use shared::spec::Problems;

use super::render::passage;

#[derive(Debug)]
pub struct ReadQuestion {
    pub written: Question,
    pub text_html: String,
    pub asked: Asked,
    pub solution: Solution,
}

/// `names` are the headings of the lesson.
pub fn read(file: QuestionFile, names: &BTreeSet<String>, problems: &mut Problems) -> Vec<ReadQuestion> {
    let mut seen = BTreeSet::new();
    let mut questions = Vec::new();
    for mut question in file.question {
        mix(&mut question);
        let id = question.id.clone();
        let mut found = Problems::default();
        check(&question, names, &mut found);
        found.require(seen.insert(id.clone()), "id", "stands twice; answers are kept under it");
        questions.push(render(question, &mut found));
        problems.nest(&id, found);
    }
    problems.require(!questions.is_empty(), "question", "ask at least one");
    questions
}

fn check(question: &Question, names: &BTreeSet<String>, problems: &mut Problems) {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let id = &question.id;
    problems.require(
        (1..=60).contains(&id.len()) && id.bytes().all(plain),
        "id",
        "use 1 to 60 of a–z, 0–9 and -",
    );
    let section = &question.section;
    problems.require(
        names.contains(section),
        "section",
        format!("no heading of the lesson is named {section:?}"),
    );
    problems.require((1..=20).contains(&question.points), "points", "use 1 to 20");
    match &question.body {
        QuestionBody::Choice { options } => {
            check_options(options, problems);
            let right = options.iter().filter(|option| option.correct).count();
            problems.require(right == 1, "options", format!("{right} are right: one must be"));
        }
        QuestionBody::Choices { options } => {
            check_options(options, problems);
            problems.require(options.iter().any(|option| option.correct), "options", "let one be right");
        }
        QuestionBody::Numeric { answer, tolerance, .. } => {
            problems.require(answer.is_finite(), "answer", "write a number");
            problems.require(tolerance.is_finite() && *tolerance >= 0.0, "tolerance", "use 0 or more");
        }
        QuestionBody::Short { rubric, .. } => {
            let sum: u32 = rubric.iter().map(|line| line.points).sum();
            problems.require(
                sum == question.points,
                "rubric",
                format!("its points add up to {sum}, the question has {}", question.points),
            );
        }
        QuestionBody::Artifact { .. } => {}
    }
}

fn check_options(options: &[Choice], problems: &mut Problems) {
    problems.require((2..=8).contains(&options.len()), "options", "give 2 to 8");
}

fn render(question: Question, problems: &mut Problems) -> ReadQuestion {
    let text_html = passage(&question.text, "text", problems);
    let explanation_html = passage(&question.explanation, "explanation", problems);
    let mut solution =
        Solution { explanation_html, options: Vec::new(), number: None, model_answer_html: None };
    let mut offered = Vec::new();
    if let QuestionBody::Choice { options } | QuestionBody::Choices { options } = &question.body {
        for (option, choice) in (0..).zip(options) {
            offered.push(AskedOption { option, text_html: passage(&choice.text, "options", problems) });
            let why_html = passage(&choice.why, "options", problems);
            solution.options.push(SolvedOption { option, correct: choice.correct, why_html });
        }
    }
    let asked = match &question.body {
        QuestionBody::Choice { .. } => Asked::Choice { options: offered },
        QuestionBody::Choices { .. } => Asked::Choices { options: offered },
        QuestionBody::Numeric { unit, answer, .. } => {
            solution.number = Some(*answer);
            Asked::Numeric { unit: unit.clone() }
        }
        QuestionBody::Short { model_answer, rubric } => {
            solution.model_answer_html = Some(passage(model_answer, "model_answer", problems));
            let line = |line: &shared::course::RubricLine| RubricNote {
                points: line.points,
                text_html: passage(&line.text, "rubric", problems),
            };
            Asked::Short { rubric: rubric.iter().map(line).collect() }
        }
        QuestionBody::Artifact { check } => Asked::Artifact { check: *check },
    };
    ReadQuestion { text_html, asked, solution, written: question }
}

/// Puts options into an order that does not tell what is right (authors like to write that first). It follows
/// from the question's id and the places in the file, so that answers keep their meaning when words are mended.
fn mix(question: &mut Question) {
    let (QuestionBody::Choice { options } | QuestionBody::Choices { options }) = &mut question.body else {
        return;
    };
    let mut placed: Vec<(usize, Choice)> = options.drain(..).enumerate().collect();
    placed.sort_by_cached_key(|(place, _)| Sha256::digest(format!("{} {place}", question.id)).to_vec());
    options.extend(placed.into_iter().map(|(_, option)| option));
}

/// A misspelt name would silently be nothing: serde's flattened enums take no notice of them.
pub fn refuse_unknown_names(source: &str, file: &QuestionFile, problems: &mut Problems) {
    let (Ok(written), Ok(known)) = (source.parse::<toml::Table>(), toml::Table::try_from(file)) else {
        return;
    };
    let tables = |table: &toml::Table| -> Vec<toml::Value> {
        table.get("question").and_then(|list| list.as_array().cloned()).unwrap_or_default()
    };
    for (written, known) in tables(&written).iter().zip(tables(&known)) {
        let (Some(written), Some(known)) = (written.as_table(), known.as_table()) else { continue };
        let id = written.get("id").and_then(toml::Value::as_str).unwrap_or_default();
        for name in written.keys().filter(|name| !known.contains_key(*name)) {
            problems.require(false, &format!("{id}.{name}"), "a question of this kind has no such setting");
        }
    }
}
