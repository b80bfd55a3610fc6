//! Small jobs, a worker, and what it does.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256 as Hash};
use shared::api::ErrorBody;
use shared::api::artifacts::{CreateArtifact, UploadedFile};
use shared::api::bytes::Uploaded;
use shared::api::jobs::{CreateJob, CreatePipeline, GetJob, InputBinding, Job};
use shared::api::leases::{AttemptOutcome, FinishAttempt, Lease, Output};
use shared::api::models::BROWSER_FILES;
use shared::api::sessions::Done;
use shared::api::workers::{Capabilities, ClaimJob};
use shared::artifacts::{Artifact, ArtifactFile, ArtifactKind, FileName, Purpose, Sha256};
use shared::ids::{ArtifactId, CohortId, JobId};
use shared::spec::presets::Preset;
use shared::spec::whole_path::{self, Reading, SourceArtifact};
use shared::spec::{
    CurateSpec, ExportSpec, ImportSpec, JobKind, JobSpec, SPEC_VERSION, SourceSpec, TrainTokenizerSpec,
};

use super::{Client, Person};

pub fn import(purpose: Purpose) -> JobSpec {
    JobSpec::Import(ImportSpec::new(vec![SourceSpec {
        input: "text".into(),
        label: "이야기".into(),
        licence_note: "my own".into(),
        purpose,
        encoding: shared::spec::Encoding::Utf8,
        text_field: None,
    }]))
}

pub fn curate() -> JobSpec {
    JobSpec::Curate(CurateSpec::standard())
}

pub fn train_tokenizer() -> JobSpec {
    JobSpec::TrainTokenizer(TrainTokenizerSpec::new(1000))
}

pub fn bind(name: &str, binding: InputBinding) -> BTreeMap<String, InputBinding> {
    BTreeMap::from([(name.to_owned(), binding)])
}

pub fn output_of(job_id: JobId, output: &str) -> InputBinding {
    InputBinding::JobOutput { job_id, output: output.into() }
}

pub fn named_output(job: &str, output: &str) -> InputBinding {
    InputBinding::PipelineOutput { job: job.into(), output: output.into() }
}

pub fn sha256(bytes: &[u8]) -> Sha256 {
    Sha256::try_from(hex::encode(Hash::digest(bytes))).unwrap()
}

pub fn file(name: &str, bytes: &[u8]) -> ArtifactFile {
    ArtifactFile {
        name: FileName::try_from(name.to_owned()).unwrap(),
        sha256: sha256(bytes),
        size_bytes: bytes.len() as u64,
    }
}

impl Client {
    pub async fn upload(&self, bytes: &[u8]) -> Result<Uploaded, ErrorBody> {
        let reply = self.send("POST", "/api/v1/uploads", &[], bytes.to_vec()).await;
        if reply.status.is_success() {
            Ok(serde_json::from_slice(&reply.body).unwrap())
        } else {
            Err(reply.error())
        }
    }

    pub async fn upload_for_lease(&self, bytes: &[u8]) -> Result<Uploaded, ErrorBody> {
        let target = format!("/api/v1/lease/files/{}", sha256(bytes));
        let reply = self.send("PUT", &target, &[], bytes.to_vec()).await;
        if reply.status.is_success() {
            Ok(serde_json::from_slice(&reply.body).unwrap())
        } else {
            Err(reply.error())
        }
    }

    pub async fn job(&self, job_id: JobId) -> Job {
        self.call(GetJob { job_id }).await.unwrap()
    }

    pub async fn finish(&self, outcome: AttemptOutcome) -> Result<Done, ErrorBody> {
        self.call(FinishAttempt { outcome }).await
    }

    /// Uploads something for each output and finishes.
    pub async fn succeed(&self, lease: &Lease) -> Result<Done, ErrorBody> {
        let outcome = self.upload_outputs(lease, Purpose::Training).await?;
        self.finish(outcome).await
    }

    pub async fn upload_outputs(&self, lease: &Lease, purpose: Purpose) -> Result<AttemptOutcome, ErrorBody> {
        let mut outputs = Vec::new();
        for slot in lease.spec.outputs() {
            let bytes = format!("{} of job {}", slot.name, lease.job_id);
            self.upload_for_lease(bytes.as_bytes()).await?;
            let names: &[&str] = match slot.kind {
                ArtifactKind::Model => &BROWSER_FILES,
                _ => &["data.txt"],
            };
            let files = names.iter().map(|name| file(name, bytes.as_bytes())).collect();
            outputs.push(Output { name: slot.name.into(), purpose, files });
        }
        Ok(AttemptOutcome::Succeeded { outputs, code_version: "test".into() })
    }
}

pub fn failed_for_user() -> AttemptOutcome {
    AttemptOutcome::FailedForUser { message: "the file is no text".into() }
}

pub fn failed_transiently() -> AttemptOutcome {
    AttemptOutcome::FailedTransiently { message: "out of memory".into() }
}

pub fn given_back() -> AttemptOutcome {
    AttemptOutcome::GivenBack { message: "the worker leaves".into() }
}

impl Person {
    /// A source artifact of one small file.
    pub async fn source(&self, cohort_id: CohortId, text: &str, purpose: Purpose) -> Artifact {
        let uploaded = self.client.upload(text.as_bytes()).await.unwrap();
        let name = FileName::try_from("source.txt".to_owned()).unwrap();
        let files = vec![UploadedFile { name, sha256: uploaded.sha256 }];
        let request = CreateArtifact { cohort_id, label: "source".into(), purpose, files };
        self.client.call(request).await.unwrap()
    }

    pub async fn submit(
        &self,
        cohort_id: CohortId,
        spec: JobSpec,
        inputs: BTreeMap<String, InputBinding>,
    ) -> Result<Job, ErrorBody> {
        static KEY: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let key = KEY.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let idempotency_key = format!("key {key}");
        self.client.call(CreateJob { cohort_id, spec, inputs, idempotency_key }).await
    }

    /// A model with the files that a browser needs, by the whole path; no other job may be queued.
    pub async fn model(&self, cohort_id: CohortId, worker: &Worker) -> ArtifactId {
        let source = self.source(cohort_id, "옛날 옛적에", Purpose::Training).await;
        let source = SourceArtifact {
            artifact_id: source.artifact_id,
            label: source.label,
            licence_note: String::new(),
        };
        let export = ExportSpec {
            name: "이야기꾼".into(),
            description: String::new(),
            licence: String::new(),
            gguf: None,
        };
        let (tokenizer, pretrain) = (Preset::Tiny.tokenizer(), Preset::Tiny.pretrain());
        let jobs = whole_path::pipeline(&[source], &Reading::default(), &tokenizer, &pretrain, export);
        let request =
            CreatePipeline { cohort_id, title: "path".into(), jobs, idempotency_key: "a model".into() };
        let pipeline = self.client.call(request).await.unwrap();
        for _ in &pipeline.jobs {
            let held = worker.claim().await;
            held.client.succeed(&held.lease).await.unwrap();
        }
        let export = pipeline.jobs.last().unwrap().job_id;
        output(&self.client.job(export).await, "model")
    }

    /// An import of a small source: the simplest job that can be claimed.
    pub async fn import(&self, cohort_id: CohortId) -> Job {
        let source = self.source(cohort_id, "옛날 옛적에", Purpose::Training).await;
        let inputs = bind("text", InputBinding::Artifact(source.artifact_id));
        self.submit(cohort_id, import(Purpose::Training), inputs).await.unwrap()
    }
}

/// An artifact of a job's output.
pub fn output(job: &Job, name: &str) -> ArtifactId {
    job.outputs[name]
}

/// A machine that claims.
pub struct Worker {
    pub client: Client,
}

pub fn claim_of(kinds: &[JobKind]) -> ClaimJob {
    ClaimJob {
        kinds: kinds.to_vec(),
        spec_version: SPEC_VERSION,
        capabilities: Capabilities {
            code_version: "test".into(),
            cores: 2,
            memory_bytes: 8 << 30,
            free_memory_bytes: 4 << 30,
            gpus: Vec::new(),
            driver_version: None,
            cuda: false,
            training_speeds: Vec::new(),
        },
        wait_seconds: 0,
    }
}

/// What a claim gave: the lease, and a caller with its token.
pub struct Held {
    pub lease: Lease,
    pub client: Client,
}

impl Worker {
    pub async fn try_claim(&self) -> Option<Held> {
        let reply = self.client.call(claim_of(&JobKind::ALL)).await.unwrap();
        reply.lease.map(|lease| Held { client: self.client.with_token(&lease.token), lease })
    }

    pub async fn claim(&self) -> Held {
        // A refused request gives its lock on the row back a moment after it was answered.
        let patient = ClaimJob { wait_seconds: 10, ..claim_of(&JobKind::ALL) };
        let lease = self.client.call(patient).await.unwrap().lease.expect("there is a job to claim");
        Held { client: self.client.with_token(&lease.token), lease }
    }
}
