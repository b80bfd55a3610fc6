//! `mitbadak-worker corpus`: documents of the generated corpus as one file that `import` reads.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use shared::documents::{ChatRole, Content, Document, Message, Split};

use crate::jobs::JobError;

const COMPRESSION_LEVEL: i32 = 3;
/// The source's name in every row.
const SOURCE: &str = "generated";

#[derive(Debug, Args)]
pub struct CorpusArguments {
    /// How many documents to write; one in fifty is held out.
    #[arg(long)]
    documents: u64,
    /// The same seed writes the same documents.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The file to write, FILE.jsonl.zst.
    #[arg(long)]
    out: PathBuf,
}

pub fn run(arguments: &CorpusArguments) -> Result<(), JobError> {
    let out = &arguments.out;
    if !out.to_string_lossy().ends_with(".jsonl.zst") {
        return Err(JobError::user("--out must end in .jsonl.zst, so that import knows what it is"));
    }
    // Half a file never has the name that a later import would read.
    let partial = out.with_extension("zst.partial");
    write(arguments, &partial).inspect_err(|_| drop(fs::remove_file(&partial)))?;
    fs::rename(&partial, out).map_err(JobError::io(out.display()))
}

fn write(arguments: &CorpusArguments, path: &Path) -> Result<(), JobError> {
    let io = |error| JobError::io(path.display())(error);
    let file =
        File::create(path).map_err(|error| JobError::user(format!("--out {}: {error}", path.display())))?;
    let mut encoder = zstd::Encoder::new(BufWriter::new(file), COMPRESSION_LEVEL).map_err(io)?;
    encoder.include_checksum(true).map_err(io)?;
    for index in 0..arguments.documents {
        let row = row(corpus::document(arguments.seed, index));
        serde_json::to_writer(&mut encoder, &row)
            .map_err(|error| JobError::transient(format!("{}: {error}", path.display())))?;
        encoder.write_all(b"\n").map_err(io)?;
    }
    let file = encoder.finish().map_err(io)?.into_inner().map_err(|error| io(error.into_error()))?;
    file.sync_all().map_err(io)
}

fn row(document: corpus::Document) -> Document {
    let content = match document.content {
        corpus::Content::Text(text) => Content::Text(text),
        corpus::Content::Chat(turns) => Content::Messages(turns.into_iter().map(message).collect()),
    };
    let split = match document.split {
        corpus::Split::Training => Split::Training,
        corpus::Split::HeldOut => Split::HeldOut,
    };
    Document { id: document.id, source: SOURCE.to_owned(), split: Some(split), content }
}

fn message(turn: corpus::Message) -> Message {
    let role = match turn.role {
        corpus::Role::System => ChatRole::System,
        corpus::Role::User => ChatRole::User,
        corpus::Role::Assistant => ChatRole::Assistant,
    };
    Message { role, content: turn.content }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_documents_and_the_same_seed_writes_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, seed| {
            let out = folder.path().join(name);
            run(&CorpusArguments { documents: 120, seed, out: out.clone() }).unwrap();
            fs::read(out).unwrap()
        };
        let bytes = write("a.jsonl.zst", 7);
        assert_eq!(bytes, write("b.jsonl.zst", 7));
        assert_ne!(bytes, write("c.jsonl.zst", 8));
        let text = String::from_utf8(zstd::decode_all(&bytes[..]).unwrap()).unwrap();
        let rows: Vec<Document> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(rows.len(), 120);
        assert_eq!(rows.iter().filter(|row| row.split == Some(Split::HeldOut)).count(), 2);
        assert!(rows.iter().any(|row| matches!(row.content, Content::Messages(_))));
    }
}
