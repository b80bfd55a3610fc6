//! Datasets on disk: `shard-00000.jsonl.zst`, `shard-00001.jsonl.zst`, … with one document per line,
//! and a `dataset.json` that says what they are and which bytes they have.
//!
//! A shard is compared with its SHA-256 before its first row is handed out, so that no job ever
//! works on half a file. Writing the same rows twice gives the same bytes.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::Digest;
use shared::artifacts::{FileName, Purpose, Sha256};
use shared::datasets::{DatasetManifest, MANIFEST_FILE, ShardRecord, SourceRecord};
use shared::documents::Document;

use crate::jobs::JobError;

const COMPRESSION_LEVEL: i32 = 3;

/// Writes rows into shards; a new shard begins when the current one has reached its size.
pub struct ShardWriter {
    folder: PathBuf,
    shard_size_bytes: u64,
    current: Option<OpenShard>,
    finished: Vec<ShardRecord>,
    documents: u64,
    text_bytes: u64,
    line: Vec<u8>,
}

struct OpenShard {
    file: FileName,
    encoder: zstd::Encoder<'static, Hashed<BufWriter<File>>>,
    rows: u64,
    unpacked_bytes: u64,
}

impl ShardWriter {
    /// Shards go into `folder`, which exists; each ends after `shard_size_bytes` uncompressed bytes.
    pub fn new(folder: &Path, shard_size_bytes: u64) -> Self {
        Self {
            folder: folder.to_owned(),
            shard_size_bytes,
            current: None,
            finished: Vec::new(),
            documents: 0,
            text_bytes: 0,
            line: Vec::new(),
        }
    }

    pub fn push(&mut self, document: &Document) -> Result<(), JobError> {
        self.push_row(document, document.size_bytes())
    }

    /// A row with more fields than a document has; it still reads as a document.
    pub fn push_row(&mut self, row: &impl Serialize, text_bytes: u64) -> Result<(), JobError> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, row)
            .map_err(|error| JobError::transient(format!("writing a row: {error}")))?;
        self.line.push(b'\n');
        let mut shard = match self.current.take() {
            Some(shard) => shard,
            None => self.open_shard()?,
        };
        shard.encoder.write_all(&self.line).map_err(JobError::io(&shard.file))?;
        shard.rows += 1;
        shard.unpacked_bytes += self.line.len() as u64;
        self.documents += 1;
        self.text_bytes += text_bytes;
        if shard.unpacked_bytes >= self.shard_size_bytes {
            self.finished.push(shard.close()?);
        } else {
            self.current = Some(shard);
        }
        Ok(())
    }

    /// Rows written so far.
    pub fn documents(&self) -> u64 {
        self.documents
    }

    /// Closes the last shard and writes the manifest beside the shards.
    pub fn finish(
        mut self,
        purpose: Purpose,
        sources: Vec<SourceRecord>,
    ) -> Result<DatasetManifest, JobError> {
        if let Some(shard) = self.current.take() {
            self.finished.push(shard.close()?);
        }
        let manifest = DatasetManifest {
            purpose,
            sources,
            shards: self.finished,
            documents: self.documents,
            text_bytes: self.text_bytes,
        };
        write_json(&self.folder.join(MANIFEST_FILE), &manifest)?;
        Ok(manifest)
    }

    fn open_shard(&self) -> Result<OpenShard, JobError> {
        let file = FileName::try_from(format!("shard-{:05}.jsonl.zst", self.finished.len()))
            .map_err(JobError::Transient)?;
        let path = self.folder.join(file.as_str());
        let target = File::create(&path).map_err(JobError::io(path.display()))?;
        let mut encoder = zstd::Encoder::new(Hashed::new(BufWriter::new(target)), COMPRESSION_LEVEL)
            .map_err(JobError::io(path.display()))?;
        encoder.include_checksum(true).map_err(JobError::io(path.display()))?;
        Ok(OpenShard { file, encoder, rows: 0, unpacked_bytes: 0 })
    }
}

impl OpenShard {
    fn close(self) -> Result<ShardRecord, JobError> {
        let mut hashed = self.encoder.finish().map_err(JobError::io(&self.file))?;
        hashed.flush().map_err(JobError::io(&self.file))?;
        let (sha256, size_bytes) = hashed.finish();
        Ok(ShardRecord {
            file: self.file,
            rows: self.rows,
            size_bytes,
            unpacked_bytes: self.unpacked_bytes,
            sha256,
        })
    }
}

/// Writes a value as indented JSON with a final newline.
pub fn write_json(path: &Path, value: &impl Serialize) -> Result<(), JobError> {
    let mut bytes = serde_json::to_vec_pretty(value)
        .map_err(|error| JobError::transient(format!("{}: {error}", path.display())))?;
    bytes.push(b'\n');
    std::fs::write(path, bytes).map_err(JobError::io(path.display()))
}

/// The manifest of a dataset's or corpus's folder.
pub fn read_manifest(folder: &Path) -> Result<DatasetManifest, JobError> {
    let path = folder.join(MANIFEST_FILE);
    let bytes = std::fs::read(&path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => JobError::user(format!(
            "{} is no dataset: it has no {MANIFEST_FILE}. Bind the output folder of an import or curate job",
            folder.display()
        )),
        _ => JobError::transient(format!("{}: {error}", path.display())),
    })?;
    serde_json::from_slice(&bytes).map_err(|error| {
        JobError::user(format!("{} cannot be read ({error}): make the dataset again", path.display()))
    })
}

/// Every document of a dataset, in order. After the first error nothing follows.
pub fn read_documents(
    folder: &Path,
) -> Result<impl Iterator<Item = Result<Document, JobError>> + Send + use<>, JobError> {
    read_rows(folder)
}

/// Like [`read_documents`] for rows of any type, for instance dropped rows with their rule.
pub fn read_rows<R: serde::de::DeserializeOwned>(
    folder: &Path,
) -> Result<impl Iterator<Item = Result<R, JobError>> + Send + use<R>, JobError> {
    let manifest = read_manifest(folder)?;
    let folder = folder.to_owned();
    let mut shards = manifest.shards.into_iter();
    let mut current: Option<ShardReader> = None;
    let mut failed = false;
    Ok(std::iter::from_fn(move || {
        while !failed {
            let step = match &mut current {
                Some(reader) => reader.next_row().transpose(),
                None => match shards.next() {
                    None => return None,
                    Some(record) => match ShardReader::open(&folder, record) {
                        Ok(reader) => {
                            current = Some(reader);
                            continue;
                        }
                        Err(error) => Some(Err(error)),
                    },
                },
            };
            match step {
                None => current = None,
                Some(row) => {
                    failed = row.is_err();
                    return Some(row);
                }
            }
        }
        None
    }))
}

struct ShardReader {
    record: ShardRecord,
    lines: BufReader<io::Take<zstd::Decoder<'static, BufReader<File>>>>,
    rows: u64,
    line: Vec<u8>,
}

impl ShardReader {
    fn open(folder: &Path, record: ShardRecord) -> Result<Self, JobError> {
        let path = folder.join(record.file.as_str());
        let file = File::open(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => altered(&record, "it is missing"),
            _ => JobError::transient(format!("{}: {error}", path.display())),
        })?;
        let (sha256, size_bytes) = hash(file).map_err(JobError::io(path.display()))?;
        if size_bytes != record.size_bytes {
            let sizes = format!("it has {size_bytes} bytes where {} were written", record.size_bytes);
            return Err(altered(&record, &sizes));
        }
        if sha256 != record.sha256 {
            return Err(altered(&record, "its SHA-256 is not the one that was written"));
        }
        let file = File::open(&path).map_err(JobError::io(path.display()))?;
        let decoder = zstd::Decoder::new(file).map_err(JobError::io(path.display()))?;
        // The manifest bounds what is unpacked, whoever wrote it.
        let lines = BufReader::with_capacity(1 << 16, decoder.take(record.unpacked_bytes));
        Ok(Self { record, lines, rows: 0, line: Vec::new() })
    }

    fn next_row<R: serde::de::DeserializeOwned>(&mut self) -> Result<Option<R>, JobError> {
        self.line.clear();
        let length = self
            .lines
            .read_until(b'\n', &mut self.line)
            .map_err(|error| altered(&self.record, &error.to_string()))?;
        if length == 0 {
            return if self.rows == self.record.rows {
                Ok(None)
            } else {
                let rows = format!("it holds {} rows, not {}", self.rows, self.record.rows);
                Err(altered(&self.record, &rows))
            };
        }
        self.rows += 1;
        serde_json::from_slice(&self.line)
            .map(Some)
            .map_err(|error| altered(&self.record, &format!("row {}: {error}", self.rows)))
    }
}

fn altered(record: &ShardRecord, what: &str) -> JobError {
    JobError::user(format!(
        "{} is not as it was written: {what}. Fetch the dataset again, or make it again",
        record.file
    ))
}

/// SHA-256 and length of everything a reader gives.
pub fn hash(mut reader: impl Read) -> io::Result<(Sha256, u64)> {
    let mut hashed = Hashed::new(io::sink());
    io::copy(&mut reader, &mut hashed)?;
    Ok(hashed.finish())
}

/// Counts and hashes what passes through to be written or read.
pub struct Hashed<T> {
    inner: T,
    digest: sha2::Sha256,
    size_bytes: u64,
}

impl<T> Hashed<T> {
    pub fn new(inner: T) -> Self {
        Self { inner, digest: sha2::Sha256::new(), size_bytes: 0 }
    }

    pub fn finish(self) -> (Sha256, u64) {
        (sha256(self.digest), self.size_bytes)
    }
}

/// A finished digest as the contract's type.
pub fn sha256(digest: sha2::Sha256) -> Sha256 {
    match Sha256::try_from(hex::encode(digest.finalize())) {
        Ok(sha256) => sha256,
        Err(message) => unreachable!("{message}"),
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.inner.write(bytes)?;
        self.digest.update(&bytes[..length]);
        self.size_bytes += length as u64;
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(bytes)?;
        self.digest.update(&bytes[..length]);
        self.size_bytes += length as u64;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use shared::documents::Content;

    use super::*;

    fn document(number: usize) -> Document {
        Document {
            id: format!("이야기:{number}"),
            source: "이야기".to_owned(),
            split: None,
            content: Content::Text(format!("{number}번째 이야기. \"할머니, 어디 가세요?\"\n끝.")),
        }
    }

    fn write(folder: &Path, documents: usize) -> DatasetManifest {
        let mut writer = ShardWriter::new(folder, 2_000);
        for number in 0..documents {
            writer.push(&document(number)).unwrap();
        }
        writer.finish(Purpose::Training, Vec::new()).unwrap()
    }

    #[test]
    fn documents_come_back_in_order_from_several_shards() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = write(folder.path(), 100);
        assert!(manifest.shards.len() > 2, "{:?}", manifest.shards);
        assert_eq!(manifest.shards.iter().map(|shard| shard.rows).sum::<u64>(), 100);
        assert_eq!(read_manifest(folder.path()).unwrap(), manifest);
        let read: Vec<Document> = read_documents(folder.path()).unwrap().map(Result::unwrap).collect();
        assert_eq!(read, (0..100).map(document).collect::<Vec<_>>());
        assert_eq!(manifest.text_bytes, read.iter().map(Document::size_bytes).sum::<u64>());
    }

    #[test]
    fn the_same_documents_give_the_same_bytes() {
        let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        assert_eq!(write(first.path(), 30), write(second.path(), 30));
    }

    #[test]
    fn a_dataset_without_documents_reads_as_empty() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(write(folder.path(), 0).shards, Vec::new());
        assert_eq!(read_documents(folder.path()).unwrap().count(), 0);
    }

    /// Every damage to a shard is told with the shard's name, and no row of that shard is read.
    #[test]
    fn a_damaged_shard_is_named() {
        type Damage = fn(&Path);
        let damages: [(&str, Damage); 4] = [
            ("truncated", |path| {
                let bytes = std::fs::read(path).unwrap();
                std::fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
            }),
            ("one byte changed", |path| {
                let mut bytes = std::fs::read(path).unwrap();
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
                std::fs::write(path, bytes).unwrap();
            }),
            ("longer", |path| {
                let mut bytes = std::fs::read(path).unwrap();
                bytes.extend(b"more");
                std::fs::write(path, bytes).unwrap();
            }),
            ("missing", |path| std::fs::remove_file(path).unwrap()),
        ];
        for (name, damage) in damages {
            let folder = tempfile::tempdir().unwrap();
            let first_shard_rows = write(folder.path(), 100).shards[0].rows as usize;
            damage(&folder.path().join("shard-00001.jsonl.zst"));
            let rows: Vec<_> = read_documents(folder.path()).unwrap().collect();
            assert_eq!(rows.len(), first_shard_rows + 1, "{name}: rows of the damaged shard were read");
            let error = rows.into_iter().last().unwrap().unwrap_err().to_string();
            assert!(error.contains("shard-00001.jsonl.zst"), "{name}: {error}");
        }
    }

    #[test]
    fn a_folder_that_is_no_dataset_is_explained() {
        let folder = tempfile::tempdir().unwrap();
        let error = read_manifest(folder.path()).unwrap_err();
        assert!(matches!(&error, JobError::User(message) if message.contains("dataset.json")), "{error}");
    }
}
