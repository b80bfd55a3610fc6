//! Rows of a dataset for people to read: unpacked shard by shard, in bounds, from wherever they stand.
//!
//! Which bytes are read is said by the artifact's own rows in the database, never by the manifest: that
//! only tells how many rows each shard has, so that whole shards can be passed over.

use std::io::{self, BufRead, BufReader, Read};

use futures::TryStreamExt;
use object_store::ObjectStoreExt;
use serde::Deserialize;
use shared::api::artifacts::{ROW_CHARACTERS, Row, RowList};
use shared::artifacts::{Artifact, ArtifactFile};
use shared::datasets::{DatasetManifest, MANIFEST_FILE};
use shared::documents::{Content, Document};
use tokio_util::io::{StreamReader, SyncIoBridge};

use super::key;
use crate::app::App;
use crate::error::{ApiError, Result};

const MANIFEST_LIMIT_BYTES: u64 = 4 << 20;
/// Unpacked bytes that one request looks at before it answers with what it has.
const SCAN_LIMIT_BYTES: u64 = 256 << 20;
/// A row of 64 MiB, the longest that an import takes, with its escapes.
const LINE_LIMIT_BYTES: u64 = 128 << 20;
/// 2 to the power of this many bytes may be kept by the decoder to look back on.
const WINDOW_LOG_MAX: u32 = 27;

#[derive(Debug, Clone)]
pub struct Wanted {
    /// The first row to look at.
    pub start: u64,
    /// Rows to find.
    pub limit: usize,
    pub rule: Option<String>,
}

/// A row as a shard holds it; only what was dropped has a rule.
#[derive(Deserialize)]
struct StoredRow {
    rule: Option<String>,
    #[serde(flatten)]
    document: Document,
}

pub async fn read(app: &App, artifact: &Artifact, wanted: Wanted) -> Result<RowList> {
    let manifest = manifest(app, artifact).await?;
    let _turn = app.row_readers.acquire().await.map_err(|_| ApiError::unavailable("the server stops"))?;
    let mut found = Found { rows: Vec::new(), scanned_bytes: 0, next: wanted.start };
    let mut first = 0_u64;
    for shard in &manifest.shards {
        let end = first.saturating_add(shard.rows);
        if found.next < end && !found.is_enough(&wanted) {
            let file = artifact.files.iter().find(|file| file.name == shard.file);
            let file = file.ok_or_else(|| unreadable(&format!("{} is missing", shard.file)))?;
            found = scan(app, file, first, end, found, &wanted).await?;
        }
        first = end;
    }
    Ok(RowList { next: (found.next < first).then_some(found.next), rows: found.rows, total: first })
}

async fn manifest(app: &App, artifact: &Artifact) -> Result<DatasetManifest> {
    let file = artifact.files.iter().find(|file| file.name.as_str() == MANIFEST_FILE);
    let Some(file) = file.filter(|file| file.size_bytes <= MANIFEST_LIMIT_BYTES) else {
        let message =
            "this artifact has no rows: choose a dataset or a corpus, as import and curate make them";
        return Err(ApiError::conflict(message));
    };
    let bytes = app.storage.store.get(&key(&file.sha256)).await?.bytes().await?;
    serde_json::from_slice(&bytes).map_err(|error| unreadable(&format!("{MANIFEST_FILE}: {error}")))
}

/// What a request has come to.
struct Found {
    rows: Vec<Row>,
    scanned_bytes: u64,
    /// The first row that was not looked at.
    next: u64,
}

impl Found {
    fn is_enough(&self, wanted: &Wanted) -> bool {
        self.rows.len() >= wanted.limit || self.scanned_bytes >= SCAN_LIMIT_BYTES
    }
}

/// Goes through the rows `first..end`, which are this file's.
async fn scan(
    app: &App,
    file: &ArtifactFile,
    first: u64,
    end: u64,
    mut found: Found,
    wanted: &Wanted,
) -> Result<Found> {
    let stream = app.storage.store.get(&key(&file.sha256)).await?.into_stream().map_err(io::Error::other);
    let wanted = wanted.clone();
    let reader = SyncIoBridge::new(StreamReader::new(stream));
    let name = file.name.clone();
    let work = move || -> io::Result<Found> {
        let mut decoder = zstd::Decoder::new(reader)?;
        decoder.window_log_max(WINDOW_LOG_MAX)?;
        let mut lines = BufReader::with_capacity(1 << 16, decoder);
        let mut line = Vec::new();
        for number in first..end {
            if found.is_enough(&wanted) {
                break;
            }
            line.clear();
            let length = lines.by_ref().take(LINE_LIMIT_BYTES).read_until(b'\n', &mut line)?;
            if line.last() != Some(&b'\n') {
                return Err(io::Error::other(format!("row {number} is cut off or too long")));
            }
            if number < found.next {
                continue;
            }
            found.scanned_bytes += length as u64;
            found.next = number + 1;
            let stored: StoredRow = serde_json::from_slice(&line)
                .map_err(|error| io::Error::other(format!("row {number}: {error}")))?;
            if wanted.rule.is_none() || wanted.rule == stored.rule {
                let (document, cut) = shortened(stored.document);
                found.rows.push(Row { number, document, cut, rule: stored.rule });
            }
        }
        Ok(found)
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| ApiError::Bug(format!("reading rows: {error}")))?
        .map_err(|error| unreadable(&format!("{name}: {error}")))
}

fn unreadable(what: &str) -> ApiError {
    ApiError::conflict(format!(
        "the dataset is not as an import or a curation writes it ({what}): make it again"
    ))
}

fn shortened(mut document: Document) -> (Document, bool) {
    let mut cut = false;
    let mut shorten = |text: &mut String| {
        if let Some((end, _)) = text.char_indices().nth(ROW_CHARACTERS) {
            text.truncate(end);
            cut = true;
        }
    };
    match &mut document.content {
        Content::Text(text) => shorten(text),
        Content::Messages(messages) => messages.iter_mut().for_each(|message| shorten(&mut message.content)),
    }
    (document, cut)
}
