//! What an import did: every row and file that was left out, by rule, with examples.

use serde::{Deserialize, Serialize};

use crate::artifacts::Purpose;
use crate::datasets::SourceRecord;

/// Why a file, or a row of it, was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportRule {
    // Whole files.
    EmptyFile,
    Binary,
    WrongEncoding,
    UnknownFormat,
    NotAFile,
    // The rest of a file.
    BrokenArchive,
    ZipBomb,
    UnpackedTooLarge,
    // Rows.
    InvalidUtf8,
    InvalidEncoding,
    LineTooLong,
    InvalidJson,
    InvalidMessages,
    NoText,
}

impl ImportRule {
    /// Whether one row is left out, rather than a file or the rest of one.
    pub fn drops_a_row(self) -> bool {
        matches!(
            self,
            Self::InvalidUtf8
                | Self::InvalidEncoding
                | Self::LineTooLong
                | Self::InvalidJson
                | Self::InvalidMessages
                | Self::NoText
        )
    }

    /// What the person who brought the file can do.
    pub fn advice(self) -> &'static str {
        match self {
            Self::EmptyFile => "the file holds no text: check that it was copied completely",
            Self::Binary => "this is no text file: convert it to txt, jsonl, tsv or csv first",
            Self::WrongEncoding => {
                "name the encoding the file was written in, e.g. --encoding euc-kr (in a spec: encoding)"
            }
            Self::UnknownFormat => "write one JSON object per line (jsonl), or use txt, tsv or csv",
            Self::NotAFile => "name the file itself: links and devices inside a folder are not followed",
            Self::BrokenArchive => "the compressed file is damaged or cut off: copy or pack it again",
            Self::ZipBomb => {
                "the file unpacks to more than 1000 times its size: unpack it yourself and check it"
            }
            Self::UnpackedTooLarge => "raise unpacked_limit_bytes, or split the source",
            Self::InvalidUtf8 => "these lines are no UTF-8: name the file's encoding, or repair them",
            Self::InvalidEncoding => "these lines are not in the encoding that was named: try another",
            Self::LineTooLong => "raise line_limit_bytes (at most 64 MiB), or break the lines",
            Self::InvalidJson => "each line must be one JSON object",
            Self::InvalidMessages => {
                "messages are a list of {\"role\": \"system|user|assistant\", \"content\": \"…\"}"
            }
            Self::NoText => "the rows have no text in the field that is read: name it with --text-field",
        }
    }

    /// The name in reports.
    pub fn name(self) -> String {
        serde_json::to_value(self).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// One thing that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// The file's label: for people, never a path to open.
    pub file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    pub detail: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleCount {
    pub rule: ImportRule,
    pub count: u64,
    pub examples: Vec<Example>,
}

/// `rows_read = rows_kept + rows_dropped`. A row is a line of a jsonl or tsv file, a record of a csv
/// file, a line of running text; blank lines are none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    pub rows_read: u64,
    pub rows_kept: u64,
    pub rows_dropped: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceReport {
    #[serde(flatten)]
    pub record: SourceRecord,
    #[serde(flatten)]
    pub rows: Rows,
}

/// `report/report.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    pub purpose: Purpose,
    pub documents: u64,
    pub text_bytes: u64,
    #[serde(flatten)]
    pub rows: Rows,
    pub sources: Vec<SourceReport>,
    /// Only rules that dropped something.
    pub rules: Vec<RuleCount>,
}
