//! Where the readers of all formats put what they found: documents into shards, the rest into the
//! tally.

use shared::artifacts::Purpose;
use shared::documents::{Content, Document, Split};
use shared::events::LogLevel;
use shared::reports::import::{ImportRule, Rows};
use shared::spec::{Encoding, ImportSpec, SourceSpec};

use super::report::{Tally, excerpt};
use super::unpack::{Fault, Gauge};
use crate::jobs::progress::Progress;
use crate::jobs::{JobContext, JobError};
use crate::shards::ShardWriter;

/// The open ends of one import.
pub struct Intake<'a> {
    pub spec: &'a ImportSpec,
    pub context: &'a JobContext,
    pub writer: ShardWriter,
    pub tally: Tally,
    pub progress: Progress<'a>,
    /// Packed bytes of the files that are done.
    pub bytes_done: u64,
    /// Of the source at hand.
    pub rows: Rows,
    pub documents: u64,
    pub text_bytes: u64,
    pub unpacked_bytes: u64,
    pub text_fields: Vec<String>,
}

/// The file at hand, as its readers need to know it.
pub struct FileInHand<'a> {
    pub source: &'a SourceSpec,
    pub label: &'a str,
    pub encoding: Encoding,
    pub gauge: Gauge,
}

impl FileInHand<'_> {
    /// A last line without its end in a file that broke off belongs to the break.
    pub fn is_torn(&self, ended: bool) -> bool {
        !ended && self.gauge.fault().is_some()
    }

    pub fn id(&self, line: u64) -> String {
        format!("{}:{line}", self.label)
    }
}

impl Intake<'_> {
    /// Once per row, whatever becomes of it.
    pub fn row(&mut self, file: &FileInHand) -> Result<(), JobError> {
        self.rows.rows_read += 1;
        if self.rows.rows_read.is_multiple_of(256) {
            self.progress.at(self.bytes_done + file.gauge.packed_bytes())?;
        }
        Ok(())
    }

    pub fn drop_row(&mut self, rule: ImportRule, file: &FileInHand, line: u64, bytes: &[u8]) {
        debug_assert!(rule.drops_a_row());
        self.rows.rows_dropped += 1;
        self.tally.count(rule, file.label, Some(line), || excerpt(bytes));
    }

    /// A row whose bytes are not what the file's encoding allows.
    pub fn drop_undecodable(&mut self, file: &FileInHand, line: u64, bytes: &[u8]) {
        let rule = match file.encoding {
            Encoding::Utf8 => ImportRule::InvalidUtf8,
            _ => ImportRule::InvalidEncoding,
        };
        self.drop_row(rule, file, line, bytes);
    }

    pub fn drop_file(&mut self, rule: ImportRule, label: &str, detail: String) {
        debug_assert!(!rule.drops_a_row());
        self.tally.count(rule, label, None, || detail);
    }

    /// A document made of so many rows.
    pub fn keep(
        &mut self,
        file: &FileInHand,
        id: String,
        split: Option<Split>,
        content: Content,
        rows: u64,
    ) -> Result<(), JobError> {
        let document = Document { id, source: file.source.label.clone(), split, content };
        self.rows.rows_kept += rows;
        self.documents += 1;
        self.text_bytes += document.size_bytes();
        self.writer.push(&document)
    }

    /// Tells which field the text is read from, once per field and source.
    pub fn note_text_field(
        &mut self,
        file: &FileInHand,
        field: &str,
        others: &[String],
    ) -> Result<(), JobError> {
        if self.text_fields.iter().any(|known| known == field) {
            return Ok(());
        }
        self.text_fields.push(field.to_owned());
        let others = if others.is_empty() {
            "no other field has text".to_owned()
        } else {
            format!("also there: {}; choose with --text-field", others.join(", "))
        };
        let label = &file.source.label;
        let message = format!("{label}: the text of {} is read from \"{field}\" ({others})", file.label);
        self.context.log(LogLevel::Info, message)
    }

    /// What stopped the file, if something did.
    pub fn account_for(&mut self, file: &FileInHand) -> Result<(), JobError> {
        let (rule, detail) = match file.gauge.fault() {
            None => return Ok(()),
            Some(Fault::Disk(message)) => {
                return Err(JobError::transient(format!("reading {}: {message}", file.label)));
            }
            Some(Fault::Broken { offset, message }) => {
                (ImportRule::BrokenArchive, format!("it breaks off near byte {offset}: {message}"))
            }
            Some(Fault::ZipBomb { unpacked_bytes, packed_bytes }) => {
                (ImportRule::ZipBomb, format!("{packed_bytes} bytes unpacked to more than {unpacked_bytes}"))
            }
            Some(Fault::TooLarge { limit_bytes }) => (
                ImportRule::UnpackedTooLarge,
                format!("stopped after {limit_bytes} bytes, the rest of the source's limit"),
            ),
        };
        let message = format!("{}: {detail}; what came before is kept", file.label);
        self.drop_file(rule, file.label, detail);
        self.context.log(LogLevel::Warning, message)
    }

    pub fn purpose(&self) -> Purpose {
        self.spec.purpose()
    }
}
