//! Running text. The unit of a txt file is not the line: a file is a book, a chapter or an article,
//! and a language model learns most from sentences that follow each other. So lines and paragraphs
//! stay together, and a file is cut only where a paragraph ends after about 16 KiB (5,000 syllables,
//! more than any context that is trained here). Smaller than a book, because documents are also what
//! the validation split and the deduplication count in. Markdown files stay whole.

use std::io::BufRead;

use shared::documents::Content;
use shared::reports::import::ImportRule;

use super::intake::{FileInHand, Intake};
use super::lines::{Lines, is_blank};
use crate::jobs::JobError;

/// A txt file is cut at the first paragraph end after this many bytes, …
const UNIT_BYTES: usize = 16 << 10;
/// … and at a line end when no paragraph ended before this many.
const UNIT_LIMIT_BYTES: usize = 2 * UNIT_BYTES;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Paragraphs,
    WholeFile,
}

/// Each line is a row; documents are made of many.
pub fn read(
    mut lines: Lines<impl BufRead>,
    unit: Unit,
    file: &FileInHand,
    intake: &mut Intake,
) -> Result<(), JobError> {
    let whole_limit = intake.spec.line_limit_bytes as usize;
    let (soft_limit, hard_limit) = match unit {
        Unit::Paragraphs => (UNIT_BYTES.min(whole_limit), UNIT_LIMIT_BYTES.min(whole_limit)),
        Unit::WholeFile => (whole_limit, whole_limit),
    };
    let mut piece = Piece::default();
    while let Some(line) = lines.read().map_err(JobError::io(file.label))? {
        if file.is_torn(line.ended) {
            break;
        }
        if !line.too_long && is_blank(&lines.buffer) {
            if piece.text.len() >= soft_limit {
                piece.flush(file, intake)?;
            } else if !piece.text.is_empty() {
                piece.text.push('\n');
            }
            continue;
        }
        intake.row(file)?;
        if line.too_long {
            intake.drop_row(ImportRule::LineTooLong, file, line.number, &lines.buffer);
            continue;
        }
        let Ok(text) = std::str::from_utf8(&lines.buffer) else {
            intake.drop_undecodable(file, line.number, &lines.buffer);
            continue;
        };
        if !piece.text.is_empty() && piece.text.len() + text.len() > hard_limit {
            piece.flush(file, intake)?;
        }
        if piece.rows == 0 {
            piece.text.clear();
            piece.first_line = line.number;
        }
        piece.text.push_str(text);
        piece.text.push('\n');
        piece.rows += 1;
    }
    piece.flush(file, intake)
}

#[derive(Default)]
struct Piece {
    text: String,
    first_line: u64,
    rows: u64,
}

impl Piece {
    fn flush(&mut self, file: &FileInHand, intake: &mut Intake) -> Result<(), JobError> {
        let rows = std::mem::take(&mut self.rows);
        let text = std::mem::take(&mut self.text);
        if rows == 0 {
            return Ok(());
        }
        let text = text.trim_end_matches('\n').to_owned();
        intake.keep(file, file.id(self.first_line), None, Content::Text(text), rows)
    }
}
