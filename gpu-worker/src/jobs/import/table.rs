//! Tables. tsv: one row per line, cells cut at tabs, quotes are text (as in NSMC, KLUE and KorNLU).
//! csv: RFC 4180, cells may be quoted and then hold commas, quotes and line ends.

use std::io::{self, BufRead};

use csv_core::ReadRecordResult;
use shared::documents::Content;
use shared::reports::import::ImportRule;

use super::guess::{self, Column};
use super::intake::{FileInHand, Intake};
use super::lines::{Lines, is_blank};
use crate::jobs::JobError;

const SAMPLE_ROWS: usize = 200;
const SAMPLE_BYTES: usize = 8 << 20;
const ID_LIMIT_BYTES: usize = 200;

/// One row, before anything is known about its columns.
struct Record {
    line: u64,
    cells: Cells,
}

enum Cells {
    Whole(Vec<String>),
    /// The row's first bytes.
    TooLong(Vec<u8>),
    Undecodable(Vec<u8>),
}

pub fn read_tsv(
    mut lines: Lines<impl BufRead>,
    file: &FileInHand,
    intake: &mut Intake,
) -> Result<(), JobError> {
    read(file, intake, || {
        while let Some(line) = lines.read()? {
            if file.is_torn(line.ended) {
                return Ok(None);
            }
            let bytes = &lines.buffer;
            let cells = if line.too_long {
                Cells::TooLong(bytes[..bytes.len().min(400)].to_vec())
            } else if is_blank(bytes) {
                continue;
            } else {
                match std::str::from_utf8(bytes) {
                    Ok(text) => Cells::Whole(text.split('\t').map(str::to_owned).collect()),
                    Err(_) => Cells::Undecodable(bytes[..bytes.len().min(400)].to_vec()),
                }
            };
            return Ok(Some(Record { line: line.number, cells }));
        }
        Ok(None)
    })
}

pub fn read_csv(mut reader: impl BufRead, file: &FileInHand, intake: &mut Intake) -> Result<(), JobError> {
    let limit = intake.spec.line_limit_bytes as usize;
    let mut core = csv_core::Reader::new();
    let mut output = vec![0; 1 << 12];
    let mut ends = vec![0; 64];
    read(file, intake, || {
        let line = core.line();
        let (mut length, mut columns) = (0, 0);
        let mut too_long = false;
        loop {
            let input = match reader.fill_buf() {
                Ok(input) => input,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let at_end = input.is_empty();
            let (result, used, written, ended) =
                core.read_record(input, &mut output[length..], &mut ends[columns..]);
            reader.consume(used);
            length += written;
            columns += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if output.len() >= limit + (1 << 12) => {
                    // Read on to the end of the record, but keep nothing more of it.
                    too_long = true;
                    length = 400.min(length);
                }
                ReadRecordResult::OutputFull => output.resize((2 * output.len()).min(limit + (1 << 12)), 0),
                ReadRecordResult::OutputEndsFull if too_long || columns >= limit => {
                    too_long = true;
                    columns = 0;
                }
                ReadRecordResult::OutputEndsFull => ends.resize(2 * ends.len(), 0),
                ReadRecordResult::End => return Ok(None),
                ReadRecordResult::Record => {
                    if file.is_torn(!at_end) {
                        return Ok(None);
                    }
                    let cells = if too_long || length > limit {
                        Cells::TooLong(output[..length.min(400)].to_vec())
                    } else {
                        match std::str::from_utf8(&output[..length]) {
                            Ok(text) => Cells::Whole(cut(text, &ends[..columns])),
                            Err(_) => Cells::Undecodable(output[..length.min(400)].to_vec()),
                        }
                    };
                    return Ok(Some(Record { line, cells }));
                }
            }
        }
    })
}

/// The cells of a record, from the offsets where they end. A multi-byte character never spans cells
/// that are valid together, but an offset is checked all the same.
fn cut(text: &str, ends: &[usize]) -> Vec<String> {
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts.zip(ends).map(|(start, end)| text.get(start..*end).unwrap_or_default().to_owned()).collect()
}

fn read(
    file: &FileInHand,
    intake: &mut Intake,
    mut next: impl FnMut() -> io::Result<Option<Record>>,
) -> Result<(), JobError> {
    let mut sample: Vec<(u64, Vec<String>)> = Vec::new();
    let mut sample_bytes = 0;
    let mut ended = false;
    while sample.len() < SAMPLE_ROWS && sample_bytes < SAMPLE_BYTES {
        match next().map_err(JobError::io(file.label))? {
            None => {
                ended = true;
                break;
            }
            Some(record) => {
                if let Some(cells) = whole(record.line, record.cells, file, intake)? {
                    sample_bytes += cells.iter().map(String::len).sum::<usize>();
                    sample.push((record.line, cells));
                }
            }
        }
    }
    let rows: Vec<Vec<String>> = sample.iter().map(|(_, cells)| cells.clone()).collect();
    let column = guess::column(&rows, file.source.text_field.as_deref())
        .map_err(|problem| JobError::user(format!("{}: {problem}", file.label)))?;
    let id_index = column
        .as_ref()
        .filter(|column| column.has_header)
        .and_then(|_| rows.first()?.iter().position(|name| name.trim().eq_ignore_ascii_case("id")));
    if let Some(column) = &column {
        intake.note_text_field(file, &column.name, &column.others)?;
    }
    let mut sample = sample.into_iter();
    if column.as_ref().is_some_and(|column| column.has_header) && sample.next().is_some() {
        // The header is no row of text.
        intake.rows.rows_read -= 1;
    }
    for (line, cells) in sample {
        keep(line, cells, column.as_ref(), id_index, file, intake)?;
    }
    while !ended {
        match next().map_err(JobError::io(file.label))? {
            None => ended = true,
            Some(record) => {
                if let Some(cells) = whole(record.line, record.cells, file, intake)? {
                    keep(record.line, cells, column.as_ref(), id_index, file, intake)?;
                }
            }
        }
    }
    Ok(())
}

fn whole(
    line: u64,
    cells: Cells,
    file: &FileInHand,
    intake: &mut Intake,
) -> Result<Option<Vec<String>>, JobError> {
    intake.row(file)?;
    match cells {
        Cells::Whole(cells) => return Ok(Some(cells)),
        Cells::TooLong(start) => intake.drop_row(ImportRule::LineTooLong, file, line, &start),
        Cells::Undecodable(start) => intake.drop_undecodable(file, line, &start),
    }
    Ok(None)
}

fn keep(
    line: u64,
    mut cells: Vec<String>,
    column: Option<&Column>,
    id_index: Option<usize>,
    file: &FileInHand,
    intake: &mut Intake,
) -> Result<(), JobError> {
    let text = column.and_then(|column| cells.get_mut(column.index)).map(std::mem::take);
    match text {
        Some(text) if !text.trim().is_empty() => {
            let id = id_index
                .and_then(|index| cells.get(index))
                .filter(|id| !id.is_empty() && id.len() <= ID_LIMIT_BYTES)
                .map_or_else(|| file.id(line), Clone::clone);
            intake.keep(file, id, None, Content::Text(text), 1)
        }
        _ => {
            intake.drop_row(ImportRule::NoText, file, line, cells.join("\t").as_bytes());
            Ok(())
        }
    }
}
