//! Guesses that a person would make at a glance: which format, which field holds the text, whether
//! a table has a header. Every guess is told in the log.

use serde_json::{Map, Value};

/// How the text of a file is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Text,
    /// One document however long: Markdown, HTML.
    Whole,
    JsonLines,
    Tsv,
    Csv,
}

/// Field names that mean "the text" in Korean and English corpora, the surest first.
const TEXT_NAMES: [&str; 18] = [
    "text",
    "document",
    "content",
    "contents",
    "body",
    "sentence",
    "본문",
    "내용",
    "문장",
    "텍스트",
    "리뷰",
    "review",
    "comment",
    "comments",
    "article",
    "title",
    "제목",
    "질문",
];
/// Names that only a header has.
const OTHER_NAMES: [&str; 14] = [
    "id", "label", "labels", "index", "idx", "no", "date", "source", "split", "question", "answer", "라벨",
    "번호", "답변",
];

/// By the name's ending, and where that says little, by the first lines. `whole`: nothing follows.
///
/// # Errors
/// What the file is, when it is none of the formats.
pub fn format(label: &str, head: &str, whole: bool) -> Result<Format, String> {
    let name = label.to_ascii_lowercase();
    let name = [".gz", ".zst", ".zstd"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
    let extension = name.rsplit('/').next().and_then(|file| file.rsplit_once('.')).map_or("", |(_, end)| end);
    let mut lines: Vec<&str> = head.lines().collect();
    if !whole && lines.len() > 1 {
        lines.pop();
    }
    lines.retain(|line| !line.trim().is_empty());
    match extension {
        "jsonl" | "ndjson" => Ok(Format::JsonLines),
        "tsv" => Ok(Format::Tsv),
        "csv" => Ok(Format::Csv),
        "md" | "mdx" | "markdown" | "html" | "htm" | "rst" => Ok(Format::Whole),
        "json" if !are_json_objects(&lines) => {
            Err("one JSON value over many lines, not one object per line".to_owned())
        }
        _ if are_json_objects(&lines) => Ok(Format::JsonLines),
        _ if are_tab_separated(&lines) => Ok(Format::Tsv),
        _ => Ok(Format::Text),
    }
}

fn are_json_objects(lines: &[&str]) -> bool {
    let first = &lines[..lines.len().min(10)];
    !first.is_empty() && first.iter().all(|line| serde_json::from_str::<Map<String, Value>>(line).is_ok())
}

/// The same number of tabs on every line, and something before the first (an indented paragraph has
/// nothing there).
fn are_tab_separated(lines: &[&str]) -> bool {
    let first = &lines[..lines.len().min(50)];
    let tabs = |line: &str| line.matches('\t').count();
    first.len() >= 2
        && tabs(first[0]) > 0
        && first.iter().all(|line| tabs(line) == tabs(first[0]) && !line.starts_with('\t'))
}

/// The field of JSON rows that holds the text, and the other fields with strings.
pub fn text_field(rows: &[Map<String, Value>]) -> Option<(String, Vec<String>)> {
    let mut fields: Vec<(String, Weight)> = Vec::new();
    for row in rows {
        for (name, value) in row {
            let Some(text) = value.as_str() else { continue };
            match fields.iter_mut().find(|(known, _)| known == name) {
                Some((_, weight)) => weight.add(text),
                None => fields.push((name.clone(), Weight::of(text))),
            }
        }
    }
    let chosen = choose(&fields, rows.len())?;
    let name = fields.remove(chosen).0;
    Some((name, fields.into_iter().map(|(name, _)| name).collect()))
}

/// What a table's text column is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub index: usize,
    /// From the header, or `column 2`.
    pub name: String,
    pub others: Vec<String>,
    pub has_header: bool,
}

/// # Errors
/// The columns that there are, when the wanted one is none of them.
pub fn column(rows: &[Vec<String>], wanted: Option<&str>) -> Result<Option<Column>, String> {
    let Some(first) = rows.first() else { return Ok(None) };
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let weigh = |rows: &[Vec<String>]| -> Vec<(String, Weight)> {
        (0..columns)
            .map(|index| {
                let mut weight = Weight::default();
                rows.iter().filter_map(|row| row.get(index)).for_each(|cell| weight.add(cell));
                (first.get(index).cloned().unwrap_or_default(), weight)
            })
            .collect()
    };
    let body = weigh(&rows[1..]);
    let heaviest = (0..columns).max_by_key(|index| (body[*index].1.hangul, usize::MAX - index));
    let has_header = wanted.is_some_and(|name| first.iter().any(|cell| cell.trim() == name))
        || is_header(first, &rows[1..], heaviest);
    let names: Vec<String> = (0..columns)
        .map(|index| match first.get(index) {
            Some(name) if has_header && !name.trim().is_empty() => name.trim().to_owned(),
            _ => format!("column {}", index + 1),
        })
        .collect();
    let index = match wanted {
        Some(wanted) => {
            let number = wanted.parse::<usize>().ok().filter(|number| (1..=columns).contains(number));
            let by_name = names.iter().position(|name| name == wanted);
            let same = || names.iter().position(|name| name.eq_ignore_ascii_case(wanted));
            by_name.or_else(same).or(number.map(|number| number - 1)).ok_or_else(|| {
                format!(
                    "there is no column {wanted:?}: name one from its first row ({}) or give a number from 1 to {columns}",
                    first.join(", ")
                )
            })?
        }
        None => {
            let weights = if has_header { body } else { weigh(rows) };
            let named: Vec<_> =
                names.iter().cloned().zip(weights.into_iter().map(|(_, weight)| weight)).collect();
            match choose(&named, rows.len() - usize::from(has_header)) {
                Some(index) => index,
                None => return Ok(None),
            }
        }
    };
    let others = names.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, name)| name.clone());
    Ok(Some(Column { index, name: names[index].clone(), others: others.collect(), has_header }))
}

/// A known field name; or no Hangul where nearly all other rows have it.
fn is_header(first: &[String], body: &[Vec<String>], heaviest: Option<usize>) -> bool {
    let known = |cell: &String| {
        let name = cell.trim().to_lowercase();
        TEXT_NAMES.contains(&name.as_str()) || OTHER_NAMES.contains(&name.as_str())
    };
    if first.iter().any(known) {
        return true;
    }
    let Some(index) = heaviest else { return false };
    let has_hangul = |row: &Vec<String>| row.get(index).is_some_and(|cell| hangul(cell) > 0);
    let with = body.iter().filter(|row| has_hangul(row)).count();
    let first_is_a_name =
        first.get(index).is_some_and(|cell| hangul(cell) == 0 && cell.chars().count() <= 40);
    body.len() >= 3 && with * 10 >= body.len() * 9 && first_is_a_name
}

#[derive(Debug, Clone, Default)]
struct Weight {
    filled: usize,
    hangul: usize,
    characters: usize,
}

impl Weight {
    fn of(text: &str) -> Self {
        let mut weight = Self::default();
        weight.add(text);
        weight
    }

    fn add(&mut self, text: &str) {
        self.filled += usize::from(!text.trim().is_empty());
        self.hangul += hangul(text);
        self.characters += text.chars().count();
    }
}

/// A known name that is filled in half of the rows; else the most Hangul; else the most characters.
fn choose(fields: &[(String, Weight)], rows: usize) -> Option<usize> {
    let by_name = TEXT_NAMES.iter().find_map(|known| {
        fields
            .iter()
            .position(|(name, weight)| name.to_lowercase() == *known && weight.filled * 2 >= rows.max(1))
    });
    let by_weight = || {
        (0..fields.len())
            .filter(|index| fields[*index].1.filled > 0)
            .max_by_key(|index| (fields[*index].1.hangul, fields[*index].1.characters, usize::MAX - index))
    };
    by_name.or_else(by_weight)
}

fn hangul(text: &str) -> usize {
    text.chars()
        .filter(|c| matches!(c, '가'..='힣' | '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}'))
        .count()
}
