//! Corpus and tokenizer → token ids of two disjoint sets of documents.

use std::fs;

use model::tokenizer::Tokenizer;
use model::training::packing::TokenizedDocuments;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use shared::artifacts::Purpose;
use shared::datasets::MANIFEST_FILE;
use shared::documents::{Content, Document, Split};
use shared::events::{JobEvent, LogLevel, ProgressUnit};
use shared::provenance::CorpusOrigin;
use shared::spec::{PretrainSpec, SpecialToken};

use super::{model_error, provenance};
use crate::jobs::{JobContext, JobError};
use crate::shards::{read_documents, read_manifest};

/// Documents that are encoded between two looks at the stop flag.
const DOCUMENTS_PER_ROUND: usize = 2_000;

pub struct Data {
    pub tokenizer: Tokenizer,
    pub end_of_text: u32,
    pub training: TokenizedDocuments,
    pub validation: TokenizedDocuments,
    /// SHA-256 over what the corpus and the tokenizer say of themselves: a checkpoint of other
    /// inputs is not continued.
    pub fingerprint: String,
    pub corpus: CorpusOrigin,
    pub tokenizer_sha256: shared::artifacts::Sha256,
}

/// Reads, splits and encodes everything.
///
/// # Errors
/// [`JobError::User`] when the corpus is for evaluation, the vocabularies differ, or one side of the
/// split has nothing to predict.
pub fn load(spec: &PretrainSpec, context: &JobContext) -> Result<Data, JobError> {
    let corpus = context.input("corpus")?;
    let manifest = read_manifest(corpus)?;
    if manifest.purpose == Purpose::Evaluation {
        return Err(JobError::user(
            "this corpus is marked for evaluation: a model trained on it could not be judged by it. \
             Choose a corpus with the purpose training",
        ));
    }
    let tokenizer_folder = context.input("tokenizer")?;
    let tokenizer_path = tokenizer_folder.join("tokenizer.json");
    let tokenizer_json = fs::read(&tokenizer_path).map_err(JobError::io(tokenizer_path.display()))?;
    let tokenizer = Tokenizer::from_bytes(&tokenizer_json).map_err(model_error)?;
    check_vocabulary(spec, &tokenizer)?;

    let mut fingerprint = Sha256::new();
    let manifest_path = corpus.join(MANIFEST_FILE);
    let manifest_json = fs::read(&manifest_path).map_err(JobError::io(manifest_path.display()))?;
    fingerprint.update(&manifest_json);
    fingerprint.update(&tokenizer_json);

    let mut data = Data {
        end_of_text: tokenizer.special_id(SpecialToken::EndOfText).map_err(model_error)?,
        tokenizer,
        training: TokenizedDocuments::default(),
        validation: TokenizedDocuments::default(),
        fingerprint: hex::encode(fingerprint.finalize()),
        corpus: provenance::of_corpus(&manifest, &manifest_json)?,
        tokenizer_sha256: provenance::of_tokenizer(tokenizer_folder)?,
    };
    let mut documents = read_documents(corpus)?;
    let mut done = 0;
    loop {
        let round: Vec<Document> = documents.by_ref().take(DOCUMENTS_PER_ROUND).collect::<Result<_, _>>()?;
        if round.is_empty() {
            break;
        }
        context.continue_or_stop()?;
        data.add(spec, &round)?;
        done += round.len() as u64;
        context.emit(JobEvent::Progress {
            done,
            total: Some(manifest.documents),
            unit: ProgressUnit::Documents,
            seconds_left: None,
        })?;
    }
    check_sides(spec, &data)?;
    context.log(
        LogLevel::Info,
        format!(
            "{} documents with {} tokens to train on, {} documents with {} tokens held out",
            data.training.documents(),
            data.training.targets(),
            data.validation.documents(),
            data.validation.targets()
        ),
    )?;
    Ok(data)
}

impl Data {
    fn add(&mut self, spec: &PretrainSpec, documents: &[Document]) -> Result<(), JobError> {
        let encoded: Vec<Vec<u32>> = documents
            .par_iter()
            .map(|document| {
                let ids = match &document.content {
                    Content::Text(text) => self.tokenizer.encode(text),
                    Content::Messages(messages) => self.tokenizer.encode_messages(messages, false),
                };
                ids.map_err(|error| JobError::user(format!("document {}: {error}", document.id)))
            })
            .collect::<Result<_, _>>()?;
        for (document, ids) in documents.iter().zip(&encoded).filter(|(_, ids)| !ids.is_empty()) {
            match is_held_out(document, spec.validation.document_share) {
                true => self.validation.push(ids),
                false => self.training.push(ids),
            }
        }
        Ok(())
    }
}

/// A mark decides; else the hash of the text does, so that equal texts are on one side and a
/// document stays on its side when others come or go.
fn is_held_out(document: &Document, share: f64) -> bool {
    match document.split {
        Some(Split::HeldOut) => true,
        Some(Split::Training) => false,
        None => {
            let mut hash = Sha256::new();
            for text in document.texts() {
                hash.update(text.as_bytes());
                hash.update([0]);
            }
            let digest = hash.finalize();
            let head = digest.iter().take(8).fold(0u64, |head, byte| head << 8 | u64::from(*byte));
            (head as f64) < share * 2f64.powi(64)
        }
    }
}

fn check_vocabulary(spec: &PretrainSpec, tokenizer: &Tokenizer) -> Result<(), JobError> {
    let (of_model, of_tokenizer) = (spec.model.vocabulary_size(), tokenizer.vocabulary_size());
    if of_model == of_tokenizer {
        return Ok(());
    }
    Err(JobError::user(format!(
        "the model has a vocabulary of {of_model} tokens, the tokenizer one of {of_tokenizer}: \
         set model.vocabulary_size to {of_tokenizer}, or train a tokenizer of {of_model} tokens"
    )))
}

fn check_sides(spec: &PretrainSpec, data: &Data) -> Result<(), JobError> {
    if data.training.documents() == 0 {
        return Err(JobError::user(
            "the corpus leaves no document to train on: it is empty, or all of it is held out. \
             Add text or lower validation.document_share",
        ));
    }
    if data.validation.documents() == 0 {
        return Err(JobError::user(format!(
            "no document is held out for validation: none is marked, and a share of {} of {} documents \
             chose none. Raise validation.document_share or add text",
            spec.validation.document_share,
            data.training.documents()
        )));
    }
    Ok(())
}
