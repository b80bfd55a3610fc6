//! *import*: files as people have them → shards of documents with their source and licence.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de};

use super::{Estimate, Problems};
use crate::artifacts::Purpose;

/// Reads txt, jsonl, tsv and csv files, plain or compressed with gzip or zstd.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportSpec {
    pub sources: Vec<SourceSpec>,
    /// Uncompressed bytes after which a new shard begins.
    #[serde(default = "default_shard_size_bytes")]
    pub shard_size_bytes: u64,
    /// A longer line is dropped by the rule `line_too_long`.
    #[serde(default = "default_line_limit_bytes")]
    pub line_limit_bytes: u64,
    /// A source whose files unpack to more is stopped by the rule `unpacked_too_large`.
    #[serde(default = "default_unpacked_limit_bytes")]
    pub unpacked_limit_bytes: u64,
}

/// One named input and how to read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceSpec {
    /// The input's name, bound to a source artifact or a path.
    pub input: String,
    /// What people call this source.
    pub label: String,
    /// Under which terms the text may be used, in words.
    pub licence_note: String,
    #[serde(default)]
    pub purpose: Purpose,
    #[serde(default)]
    pub encoding: Encoding,
    /// The column or JSON field that holds the text; guessed and reported when absent.
    #[serde(default)]
    pub text_field: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    #[default]
    #[serde(alias = "utf-8")]
    Utf8,
    /// EUC-KR with the CP949 extension, as Korean files of the last century are.
    #[serde(alias = "cp949")]
    EucKr,
    #[serde(alias = "utf-16le")]
    Utf16Le,
    #[serde(alias = "utf-16be")]
    Utf16Be,
}

impl Encoding {
    pub const ALL: [Self; 4] = [Self::Utf8, Self::EucKr, Self::Utf16Le, Self::Utf16Be];
}

/// The name in specs, which command lines take and error messages give too.
impl fmt::Display for Encoding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(formatter)
    }
}

impl FromStr for Encoding {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let name = de::value::StrDeserializer::<de::value::Error>::new(name);
        Self::deserialize(name)
            .map_err(|_| format!("choose one of {}", Self::ALL.map(|it| it.to_string()).join(", ")))
    }
}

fn default_shard_size_bytes() -> u64 {
    64 << 20
}

fn default_line_limit_bytes() -> u64 {
    64 << 20
}

fn default_unpacked_limit_bytes() -> u64 {
    16 << 30
}

impl ImportSpec {
    pub fn new(sources: Vec<SourceSpec>) -> Self {
        Self {
            sources,
            shard_size_bytes: default_shard_size_bytes(),
            line_limit_bytes: default_line_limit_bytes(),
            unpacked_limit_bytes: default_unpacked_limit_bytes(),
        }
    }

    /// One evaluation source makes the whole dataset an evaluation dataset.
    pub fn purpose(&self) -> Purpose {
        let evaluates = self.sources.iter().any(|source| source.purpose == Purpose::Evaluation);
        if evaluates { Purpose::Evaluation } else { Purpose::Training }
    }

    pub(super) fn validate(&self) -> Result<(), Problems> {
        let mut problems = Problems::default();
        problems.require(!self.sources.is_empty(), "sources", "name at least one source");
        problems.require(self.sources.len() <= 256, "sources", "at most 256 sources in one import");
        for (index, source) in self.sources.iter().enumerate() {
            let field = |name: &str| format!("sources.{index}.{name}");
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
            problems.require(
                !source.input.is_empty() && source.input.len() <= 64 && source.input.bytes().all(plain),
                &field("input"),
                "use 1 to 64 letters, digits, '_' or '-'",
            );
            let twice = self.sources[..index].iter().any(|other| other.input == source.input);
            problems.require(!twice, &field("input"), "this input is named twice");
            problems.require(!source.label.trim().is_empty(), &field("label"), "say what this source is");
            problems.require(source.label.len() <= 400, &field("label"), "at most 400 bytes");
            problems.require(source.licence_note.len() <= 4000, &field("licence_note"), "at most 4000 bytes");
            problems.require(
                source.text_field.as_ref().is_none_or(|name| !name.is_empty() && name.len() <= 200),
                &field("text_field"),
                "leave it out to have it guessed, or name a field of at most 200 bytes",
            );
        }
        problems.range(self.shard_size_bytes, 1 << 10, 4 << 30, "shard_size_bytes");
        problems.range(self.line_limit_bytes, 1, 64 << 20, "line_limit_bytes");
        problems.range(self.unpacked_limit_bytes, 1, 1 << 42, "unpacked_limit_bytes");
        problems.into_result()
    }

    pub(super) fn estimate(&self, _input_bytes: u64) -> Estimate {
        // Streams line by line: one line, its decoded text and the compressor's window.
        Estimate {
            memory_bytes: self.line_limit_bytes.saturating_mul(3).saturating_add(64 << 20),
            ..Estimate::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_read_by_the_name_that_specs_and_messages_give_it() {
        for encoding in Encoding::ALL {
            assert_eq!(encoding.to_string().parse(), Ok(encoding));
            assert_eq!(serde_json::to_value(encoding).unwrap(), encoding.to_string());
        }
        for (former, encoding) in [
            ("utf-8", Encoding::Utf8),
            ("cp949", Encoding::EucKr),
            ("utf-16le", Encoding::Utf16Le),
            ("utf-16be", Encoding::Utf16Be),
        ] {
            assert_eq!(former.parse(), Ok(encoding));
        }
        let error = "latin1".parse::<Encoding>().unwrap_err();
        assert_eq!(error, "choose one of utf8, euc-kr, utf16-le, utf16-be");
    }
}
