//! *curate*: an ordered list of rules over a dataset's documents. What is kept and what is dropped are
//! both written, the latter with its rule and the text as it stood when the rule dropped it.

mod report;

use std::collections::BTreeMap;

use corpus::cleaning::{self, Seen, Step};
use rayon::prelude::*;
use serde::Serialize;
use shared::datasets::{DatasetManifest, DroppedDocument, SourceRecord};
use shared::documents::{Content, Document};
use shared::events::{LogLevel, ProgressUnit};
use shared::reports::REPORT_FILE;
use shared::reports::curate::{CurateReport, RuleReport, SourceCount};
use shared::spec::CurateSpec;

use super::progress::Progress;
use super::{JobContext, JobError};
use crate::shards::{ShardWriter, read_documents, read_manifest, write_json};

const SHARD_SIZE_BYTES: u64 = 64 << 20;
/// Documents are worked on by the chunk: until so many, or so many bytes of text.
const CHUNK_DOCUMENTS: usize = 4096;
const CHUNK_BYTES: u64 = 16 << 20;

pub fn run(spec: &CurateSpec, context: &JobContext) -> Result<(), JobError> {
    let input = context.input("dataset")?;
    let manifest = read_manifest(input)?;
    let corpus_folder = context.output_folder("corpus")?;
    let dropped_folder = context.output_folder("dropped")?;
    let report_folder = context.output_folder("report")?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(context.threads.max(1))
        .build()
        .map_err(|error| JobError::transient(error.to_string()))?;

    let mut curation = Curation {
        steps: spec.rules.iter().map(cleaning::step).collect(),
        seen: spec.rules.iter().map(|_| Seen::default()).collect(),
        reports: spec.rules.iter().map(RuleReport::new).collect(),
    };
    let mut corpus = Sorted::new(ShardWriter::new(&corpus_folder, SHARD_SIZE_BYTES));
    let mut dropped = Sorted::new(ShardWriter::new(&dropped_folder, SHARD_SIZE_BYTES));
    let mut read = BTreeMap::<String, (u64, u64)>::new();
    let mut progress = Progress::new(context, ProgressUnit::Documents, manifest.documents);
    let mut documents = read_documents(input)?;
    let mut done = 0;
    loop {
        progress.at(done)?;
        let chunk = next_chunk(&mut documents)?;
        if chunk.is_empty() {
            break;
        }
        done += chunk.len() as u64;
        for document in &chunk {
            let (documents, bytes) = read.entry(document.source.clone()).or_default();
            *documents += 1;
            *bytes += document.size_bytes();
        }
        for fate in pool.install(|| curation.work(chunk)) {
            match fate {
                Fate::Kept(document) => corpus.push(&document, &document)?,
                Fate::Dropped { rule, document } => {
                    let row = DroppedDocument { rule: spec.rules[rule].name().to_owned(), document };
                    dropped.push(&row, &row.document)?;
                }
            }
        }
    }
    progress.finish()?;

    let kept = corpus.finish(&manifest)?;
    let left_out = dropped.finish(&manifest)?;
    let full = summarize(&manifest, &read, &kept, &left_out, curation.reports);
    write_json(&report_folder.join(REPORT_FILE), &full)?;
    if kept.documents == 0 {
        return Err(nothing_left(&full));
    }
    context.log(
        LogLevel::Info,
        format!(
            "{} of {} documents kept ({} of {} bytes); left out: {}",
            full.documents_kept,
            full.documents_read,
            full.text_bytes_kept,
            full.text_bytes_read,
            tally(&full)
        ),
    )
}

fn next_chunk(
    documents: &mut impl Iterator<Item = Result<Document, JobError>>,
) -> Result<Vec<Document>, JobError> {
    let mut chunk = Vec::new();
    let mut bytes = 0;
    while chunk.len() < CHUNK_DOCUMENTS && bytes < CHUNK_BYTES {
        let Some(document) = documents.next().transpose()? else { break };
        bytes += document.size_bytes();
        chunk.push(document);
    }
    Ok(chunk)
}

/// What became of a document.
enum Fate {
    Kept(Document),
    /// By the rule of this index.
    Dropped {
        rule: usize,
        document: Document,
    },
}

struct Curation {
    steps: Vec<Step>,
    /// One for each step: to a second look for duplicates, after a rewrite, every text is new.
    seen: Vec<Seen>,
    reports: Vec<RuleReport>,
}

impl Curation {
    /// Rule by rule over the whole chunk: in parallel, but for duplicates, which go by the order. The
    /// order of the documents is kept, so the outcome is the same on any number of threads.
    fn work(&mut self, chunk: Vec<Document>) -> Vec<Fate> {
        let mut fates: Vec<Fate> = chunk.into_iter().map(Fate::Kept).collect();
        for (index, step) in self.steps.iter().enumerate() {
            let report = &mut self.reports[index];
            match step {
                Step::Rewrite(rewrite) => {
                    let before: Vec<Option<Document>> = fates
                        .par_iter_mut()
                        .map(|fate| match fate {
                            Fate::Kept(document) => rewrite_document(document, *rewrite),
                            Fate::Dropped { .. } => None,
                        })
                        .collect();
                    for (fate, before) in fates.iter().zip(&before) {
                        if let Fate::Kept(after) = fate {
                            report::passed(report, before.as_ref(), after);
                        }
                    }
                }
                Step::Judge(keeps) => {
                    let verdicts: Vec<bool> = fates
                        .par_iter()
                        .map(|fate| match fate {
                            Fate::Kept(document) => keeps(&report::joined(document)),
                            Fate::Dropped { .. } => true,
                        })
                        .collect();
                    fates = judge(fates, verdicts, index, report);
                }
                Step::Deduplicate => {
                    let seen = &mut self.seen[index];
                    let verdicts = fates
                        .iter()
                        .map(|fate| match fate {
                            Fate::Kept(document) => seen.is_new(&report::joined(document)),
                            Fate::Dropped { .. } => true,
                        })
                        .collect();
                    fates = judge(fates, verdicts, index, report);
                }
            }
        }
        fates
    }
}

/// Rewrites every text of a document; the document as it was, if that changed it.
fn rewrite_document(
    document: &mut Document,
    rewrite: fn(&str) -> std::borrow::Cow<'_, str>,
) -> Option<Document> {
    let rewritten = match &document.content {
        Content::Text(text) => match rewrite(text) {
            std::borrow::Cow::Borrowed(_) => return None,
            std::borrow::Cow::Owned(new) => Content::Text(new),
        },
        Content::Messages(messages) => {
            let mut messages = messages.clone();
            for message in &mut messages {
                message.content = rewrite(&message.content).into_owned();
            }
            Content::Messages(messages)
        }
    };
    if rewritten == document.content {
        return None;
    }
    let before = document.clone();
    document.content = rewritten;
    Some(before)
}

fn judge(fates: Vec<Fate>, verdicts: Vec<bool>, rule: usize, report: &mut RuleReport) -> Vec<Fate> {
    fates
        .into_iter()
        .zip(verdicts)
        .map(|(fate, stays)| match fate {
            Fate::Kept(document) if stays => {
                report::passed(report, None, &document);
                Fate::Kept(document)
            }
            Fate::Kept(document) => {
                report::dropped(report, &document);
                Fate::Dropped { rule, document }
            }
            already => already,
        })
        .collect()
}

/// A writer that also counts by source.
struct Sorted {
    writer: ShardWriter,
    by_source: BTreeMap<String, (u64, u64)>,
}

impl Sorted {
    fn new(writer: ShardWriter) -> Self {
        Self { writer, by_source: BTreeMap::new() }
    }

    fn push(&mut self, row: &impl Serialize, document: &Document) -> Result<(), JobError> {
        let size_bytes = document.size_bytes();
        let (documents, bytes) = self.by_source.entry(document.source.clone()).or_default();
        *documents += 1;
        *bytes += size_bytes;
        self.writer.push_row(row, size_bytes)
    }

    /// Sources, purpose and licences are those of the dataset.
    fn finish(self, dataset: &DatasetManifest) -> Result<DatasetManifest, JobError> {
        let sources = dataset.sources.iter().map(|source| {
            let (documents, text_bytes) = self.by_source.get(&source.label).copied().unwrap_or_default();
            SourceRecord { documents, text_bytes, ..source.clone() }
        });
        let sources = sources.collect();
        self.writer.finish(dataset.purpose, sources)
    }
}

fn summarize(
    dataset: &DatasetManifest,
    read: &BTreeMap<String, (u64, u64)>,
    kept: &DatasetManifest,
    left_out: &DatasetManifest,
    rules: Vec<RuleReport>,
) -> CurateReport {
    let sources = kept.sources.iter().map(|source| {
        let (documents_read, text_bytes_read) = read.get(&source.label).copied().unwrap_or_default();
        SourceCount {
            label: source.label.clone(),
            documents_read,
            documents_kept: source.documents,
            text_bytes_read,
            text_bytes_kept: source.text_bytes,
        }
    });
    CurateReport {
        purpose: dataset.purpose,
        documents_read: read.values().map(|(documents, _)| documents).sum(),
        documents_kept: kept.documents,
        documents_dropped: left_out.documents,
        text_bytes_read: read.values().map(|(_, bytes)| bytes).sum(),
        text_bytes_kept: kept.text_bytes,
        sources: sources.collect(),
        rules,
    }
}

fn tally(report: &CurateReport) -> String {
    let dropped = report.rules.iter().filter(|rule| rule.dropped > 0);
    let counts: Vec<String> =
        dropped.map(|rule| format!("{} by {}", rule.dropped, rule.rule.name())).collect();
    if counts.is_empty() { "none".to_owned() } else { counts.join(", ") }
}

fn nothing_left(report: &CurateReport) -> JobError {
    if report.documents_read == 0 {
        return JobError::user("the dataset holds no documents: import some text first");
    }
    JobError::user(format!(
        "no document is left of {}: {}. Loosen the rule that dropped most, or bring other text",
        report.documents_read,
        tally(report)
    ))
}

#[cfg(test)]
mod tests;
