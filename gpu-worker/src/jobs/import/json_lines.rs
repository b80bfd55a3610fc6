//! One JSON object per line.

use std::collections::VecDeque;
use std::io::BufRead;

use serde_json::{Map, Value};
use shared::documents::{Content, Message, Split};
use shared::reports::import::ImportRule;

use super::guess;
use super::intake::{FileInHand, Intake};
use super::lines::{Line, Lines, is_blank};
use crate::jobs::JobError;

/// The text field is guessed from this many rows, of at most so many bytes together.
const SAMPLE_ROWS: usize = 200;
const SAMPLE_BYTES: u64 = 8 << 20;
const ID_LIMIT_BYTES: usize = 200;

pub fn read(mut lines: Lines<impl BufRead>, file: &FileInHand, intake: &mut Intake) -> Result<(), JobError> {
    let mut field = file.source.text_field.clone();
    let mut waiting: VecDeque<(Line, Map<String, Value>)> = VecDeque::new();
    let mut waiting_bytes = 0;
    loop {
        let line = lines.read().map_err(JobError::io(file.label))?;
        let line = line.filter(|line| !file.is_torn(line.ended));
        if let Some(line) = line {
            let Some(row) = parse(line, &lines.buffer, file, intake)? else { continue };
            waiting_bytes += line.size_bytes;
            waiting.push_back((line, row));
            if field.is_none() && waiting.len() < SAMPLE_ROWS && waiting_bytes < SAMPLE_BYTES {
                continue;
            }
        }
        if field.is_none() {
            let sample: Vec<_> = waiting
                .iter()
                .map(|(_, row)| row)
                .filter(|row| !row.contains_key("messages"))
                .cloned()
                .collect();
            match guess::text_field(&sample) {
                Some((name, others)) => {
                    intake.note_text_field(file, &name, &others)?;
                    field = Some(name);
                }
                // Rows of messages only: "text" serves should others follow.
                None => field = Some("text".to_owned()),
            }
        }
        for (line, row) in waiting.drain(..) {
            keep(line, row, field.as_deref().unwrap_or("text"), file, intake)?;
        }
        waiting_bytes = 0;
        if line.is_none() {
            return Ok(());
        }
    }
}

fn parse(
    line: Line,
    bytes: &[u8],
    file: &FileInHand,
    intake: &mut Intake,
) -> Result<Option<Map<String, Value>>, JobError> {
    if !line.too_long && is_blank(bytes) {
        return Ok(None);
    }
    intake.row(file)?;
    if line.too_long {
        intake.drop_row(ImportRule::LineTooLong, file, line.number, bytes);
        return Ok(None);
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        intake.drop_undecodable(file, line.number, bytes);
        return Ok(None);
    };
    match serde_json::from_str(text) {
        Ok(Value::Object(row)) => Ok(Some(row)),
        Ok(_) => {
            intake.drop_row(ImportRule::NoText, file, line.number, bytes);
            Ok(None)
        }
        Err(_) => {
            intake.drop_row(ImportRule::InvalidJson, file, line.number, bytes);
            Ok(None)
        }
    }
}

fn keep(
    line: Line,
    mut row: Map<String, Value>,
    field: &str,
    file: &FileInHand,
    intake: &mut Intake,
) -> Result<(), JobError> {
    let id = match row.get("id") {
        Some(Value::String(id)) if !id.is_empty() && id.len() <= ID_LIMIT_BYTES => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => file.id(line.number),
    };
    let split = match row.get("split").and_then(Value::as_str) {
        Some("held_out") => Some(Split::HeldOut),
        Some("training") => Some(Split::Training),
        _ => None,
    };
    let content = match row.remove("messages") {
        Some(messages) => match serde_json::from_value::<Vec<Message>>(messages) {
            Ok(messages) if messages.iter().any(|message| !message.content.trim().is_empty()) => {
                Ok(Content::Messages(messages))
            }
            _ => Err(ImportRule::InvalidMessages),
        },
        None => match row.remove(field) {
            Some(Value::String(text)) if !text.trim().is_empty() => Ok(Content::Text(text)),
            _ => Err(ImportRule::NoText),
        },
    };
    match content {
        Ok(content) => intake.keep(file, id, split, content, 1),
        Err(rule) => {
            let rest = Value::Object(row).to_string();
            intake.drop_row(rule, file, line.number, rest.as_bytes());
            Ok(())
        }
    }
}
