//! *import*: files as people have them → shards of documents with their source and licence.
//!
//! A file passes through: bytes (`unpack`) → UTF-8 (`decode`) → a format (`guess`) → rows (`text`,
//! `json_lines`, `table`) → documents (`intake`). Whatever is left out is counted by a rule
//! (`report`); bad data is never an error of the job unless nothing is left.

mod decode;
mod files;
mod guess;
mod intake;
mod json_lines;
mod lines;
mod report;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod unpack;

use std::fs::File;
use std::io::{BufReader, Cursor, Read};

use sha2::{Digest, Sha256};
use shared::datasets::SourceRecord;
use shared::events::{LogLevel, ProgressUnit};
use shared::reports::REPORT_FILE;
use shared::reports::import::{ImportReport, ImportRule, Rows, SourceReport};
use shared::spec::{ImportSpec, SourceSpec};

use super::progress::Progress;
use super::{JobContext, JobError};
use crate::shards::{ShardWriter, hash, sha256, write_json};
use decode::{Head, Transcoded};
use files::InputFile;
use guess::Format;
use intake::{FileInHand, Intake};
use lines::Lines;
use report::Tally;
use unpack::Packing;

/// The encoding is judged by this much of a file, the format by less.
const ENCODING_HEAD_BYTES: u64 = 1 << 20;
const FORMAT_HEAD_BYTES: u64 = 64 << 10;

pub fn run(spec: &ImportSpec, context: &JobContext) -> Result<(), JobError> {
    let dataset = context.output_folder("dataset")?;
    let report = context.output_folder("report")?;
    let mut tally = Tally::default();
    let mut inputs = Vec::new();
    for source in &spec.sources {
        inputs.push((source, files::list(context.input(&source.input)?, &mut tally)?));
    }
    let total = inputs.iter().flat_map(|(_, files)| files).map(|file| file.size_bytes).sum();
    let mut intake = Intake {
        spec,
        context,
        writer: ShardWriter::new(&dataset, spec.shard_size_bytes),
        tally,
        progress: Progress::new(context, ProgressUnit::Bytes, total),
        bytes_done: 0,
        rows: Rows::default(),
        documents: 0,
        text_bytes: 0,
        unpacked_bytes: 0,
        text_fields: Vec::new(),
    };
    let mut sources = Vec::new();
    for (source, files) in &inputs {
        sources.push(import_source(source, files, &mut intake)?);
    }
    intake.progress.finish()?;
    finish(intake, sources, &report)
}

fn finish(intake: Intake, sources: Vec<SourceReport>, report: &std::path::Path) -> Result<(), JobError> {
    let rules = intake.tally.rules();
    let purpose = intake.purpose();
    let mut rows = Rows::default();
    for source in &sources {
        rows.rows_read += source.rows.rows_read;
        rows.rows_kept += source.rows.rows_kept;
        rows.rows_dropped += source.rows.rows_dropped;
    }
    if intake.writer.documents() == 0 {
        let why =
            if rules.is_empty() { "  there are no files in it".to_owned() } else { report::explain(&rules) };
        return Err(JobError::user(format!("nothing could be imported:\n{why}")));
    }
    let context = intake.context;
    let records = sources.iter().map(|source| source.record.clone()).collect();
    let manifest = intake.writer.finish(purpose, records)?;
    let summary = format!(
        "{} documents with {} bytes of text; {} of {} rows left out",
        manifest.documents, manifest.text_bytes, rows.rows_dropped, rows.rows_read
    );
    let full = ImportReport {
        purpose,
        documents: manifest.documents,
        text_bytes: manifest.text_bytes,
        rows,
        sources,
        rules,
    };
    write_json(&report.join(REPORT_FILE), &full)?;
    context.log(LogLevel::Info, summary)
}

fn import_source(
    source: &SourceSpec,
    files: &[InputFile],
    intake: &mut Intake,
) -> Result<SourceReport, JobError> {
    intake.rows = Rows::default();
    intake.documents = 0;
    intake.text_bytes = 0;
    intake.unpacked_bytes = 0;
    intake.text_fields = source.text_field.iter().cloned().collect();
    let mut digest = Sha256::new();
    let mut only = None;
    for file in files {
        intake.context.continue_or_stop()?;
        let opened = File::open(&file.path).map_err(JobError::io(file.path.display()))?;
        let (file_sha256, _) = hash(opened).map_err(JobError::io(file.path.display()))?;
        digest.update(format!("{file_sha256}  {}\n", file.label));
        only = Some(file_sha256).filter(|_| files.len() == 1);
        import_file(source, file, intake)?;
        intake.bytes_done += file.size_bytes;
        intake.progress.at(intake.bytes_done)?;
    }
    if intake.documents == 0 {
        let message = format!("{}: nothing of this source could be imported", source.label);
        intake.context.log(LogLevel::Warning, message)?;
    }
    let record = SourceRecord {
        label: source.label.clone(),
        licence_note: source.licence_note.clone(),
        purpose: source.purpose,
        sha256: only.unwrap_or_else(|| sha256(digest)),
        files: files.len() as u64,
        size_bytes: files.iter().map(|file| file.size_bytes).sum(),
        text_field: (!intake.text_fields.is_empty()).then(|| intake.text_fields.join(", ")),
        documents: intake.documents,
        text_bytes: intake.text_bytes,
    };
    Ok(SourceReport { record, rows: intake.rows.clone() })
}

fn import_file(source: &SourceSpec, file: &InputFile, intake: &mut Intake) -> Result<(), JobError> {
    let label = file.label.as_str();
    let left = intake.spec.unpacked_limit_bytes.saturating_sub(intake.unpacked_bytes);
    let (mut unpacked, gauge) = unpack::open(&file.path, left)?;
    let named_packed = [".gz", ".zst", ".zstd"].iter().any(|end| label.to_ascii_lowercase().ends_with(end));
    if named_packed && unpacked.packing() == Packing::Plain && file.size_bytes > 0 {
        let detail = "its name says that it is packed, its first bytes do not".to_owned();
        intake.drop_file(ImportRule::BrokenArchive, label, detail);
        return Ok(());
    }
    let mut head = Vec::new();
    unpacked.by_ref().take(ENCODING_HEAD_BYTES).read_to_end(&mut head).map_err(JobError::io(label))?;
    let whole = (head.len() as u64) < ENCODING_HEAD_BYTES;
    let judged = decode::judge(&head, source.encoding, whole);
    let in_hand = |encoding| FileInHand { source, label, encoding, gauge: gauge.clone() };
    match judged {
        // What a broken archive gave before it broke may be nothing at all.
        Head::Refused(ImportRule::EmptyFile, _) if gauge.fault().is_some() => {}
        Head::Refused(rule, detail) => {
            if rule == ImportRule::WrongEncoding {
                intake.context.log(LogLevel::Warning, format!("{label}: {detail}"))?;
            }
            intake.drop_file(rule, label, detail);
        }
        Head::Text { encoding, mark_bytes } => {
            let mut start = Cursor::new(head);
            start.set_position(mark_bytes as u64);
            let bytes = start.chain(unpacked);
            let rows_before = intake.rows.rows_read;
            let in_hand = in_hand(encoding);
            match decode::decoder(encoding) {
                None => import_text(bytes, &in_hand, intake)?,
                Some(decoder) => import_text(Transcoded::new(bytes, decoder), &in_hand, intake)?,
            }
            if intake.rows.rows_read == rows_before && gauge.fault().is_none() {
                intake.tally.count(ImportRule::EmptyFile, label, None, || "no row of text".to_owned());
            }
        }
    }
    intake.account_for(&in_hand(source.encoding))?;
    intake.unpacked_bytes += gauge.unpacked_bytes();
    Ok(())
}

fn import_text(mut text: impl Read, file: &FileInHand, intake: &mut Intake) -> Result<(), JobError> {
    let mut head = Vec::new();
    text.by_ref().take(FORMAT_HEAD_BYTES).read_to_end(&mut head).map_err(JobError::io(file.label))?;
    if head.contains(&0) && file.encoding != shared::spec::Encoding::Utf8 {
        intake.drop_file(ImportRule::Binary, file.label, "it holds zero characters".to_owned());
        return Ok(());
    }
    let whole = (head.len() as u64) < FORMAT_HEAD_BYTES;
    let format = match guess::format(file.label, &String::from_utf8_lossy(&head), whole) {
        Ok(format) => format,
        Err(what) => {
            intake.drop_file(ImportRule::UnknownFormat, file.label, what);
            return Ok(());
        }
    };
    let reader = BufReader::with_capacity(1 << 16, Cursor::new(head).chain(text));
    let limit = intake.spec.line_limit_bytes;
    match format {
        Format::Text => text::read(Lines::new(reader, limit), text::Unit::Paragraphs, file, intake),
        Format::Whole => text::read(Lines::new(reader, limit), text::Unit::WholeFile, file, intake),
        Format::JsonLines => json_lines::read(Lines::new(reader, limit), file, intake),
        Format::Tsv => table::read_tsv(Lines::new(reader, limit), file, intake),
        Format::Csv => table::read_csv(reader, file, intake),
    }
}
