//! The path from text to a model, submitted and watched through the API.

use std::collections::BTreeMap;

use shared::api::artifacts::{CreateArtifact, UploadedFile};
use shared::api::jobs::{
    CreatePipeline, GetPipeline, InputBinding, Job, JobState, ListJobEvents, Pipeline, PipelineJob,
};
use shared::artifacts::{Artifact, Purpose};
use shared::events::{JobEvent, Series, StreamEvent};
use shared::ids::{CohortId, JobId, PipelineId};
use shared::spec::{
    CurateSpec, ExportSpec, ImportSpec, JobSpec, PretrainSpec, SourceSpec, TrainTokenizerSpec, presets,
};

use crate::client::Client;
use crate::process::eventually;

/// What is trained, and on what.
#[derive(Debug, Clone)]
pub struct Recipe {
    pub tokenizer: TrainTokenizerSpec,
    pub pretrain: PretrainSpec,
}

impl Recipe {
    /// `tiny` with fewer steps and more checkpoints, so that there is always something to interrupt.
    pub fn short(steps: u64) -> Self {
        let preset = presets::Preset::Tiny;
        let mut pretrain = preset.pretrain();
        pretrain.steps = steps;
        pretrain.schedule.warmup_steps = steps / 10;
        pretrain.validation.every_steps = (steps / 3).max(1);
        pretrain.validation.rows_limit = 8;
        pretrain.checkpoint.every_steps = 7;
        pretrain.samples.maximum_tokens = 10;
        Self { tokenizer: preset.tokenizer(), pretrain }
    }
}

/// Uploads one file and makes a source of it.
pub fn upload_source(
    client: &Client,
    cohort_id: CohortId,
    name: &str,
    bytes: &[u8],
    purpose: Purpose,
) -> Artifact {
    let uploaded = client.upload(bytes);
    let file =
        UploadedFile { name: name.to_owned().try_into().expect("a plain name"), sha256: uploaded.sha256 };
    let request = CreateArtifact { cohort_id, label: name.to_owned(), purpose, files: vec![file] };
    client.call(&request).expect("a source can be made of uploaded bytes")
}

fn binding(job: &str, output: &str) -> InputBinding {
    InputBinding::PipelineOutput { job: job.to_owned(), output: output.to_owned() }
}

fn job(name: &str, spec: JobSpec, inputs: &[(&str, InputBinding)]) -> PipelineJob {
    let inputs: BTreeMap<_, _> = inputs.iter().map(|(name, to)| ((*name).to_owned(), to.clone())).collect();
    PipelineJob { name: name.to_owned(), spec, inputs, depends_on: vec![] }
}

/// import → curate → train tokenizer → pretrain → export.
pub fn pipeline(cohort_id: CohortId, source: &Artifact, recipe: &Recipe, key: &str) -> CreatePipeline {
    let import = ImportSpec::new(vec![SourceSpec {
        input: "stories".to_owned(),
        label: source.label.clone(),
        licence_note: "made for a test".to_owned(),
        purpose: source.purpose,
        encoding: Default::default(),
        text_field: None,
    }]);
    let export = ExportSpec {
        name: "이야기".to_owned(),
        description: String::new(),
        licence: "cc0-1.0".to_owned(),
        gguf: None,
    };
    let corpus = binding("curate", "corpus");
    let tokenizer = binding("tokenizer", "tokenizer");
    CreatePipeline {
        cohort_id,
        title: "from text to a model".to_owned(),
        idempotency_key: key.to_owned(),
        jobs: vec![
            job(
                "import",
                JobSpec::Import(import),
                &[("stories", InputBinding::Artifact(source.artifact_id))],
            ),
            job(
                "curate",
                JobSpec::Curate(CurateSpec::standard()),
                &[("dataset", binding("import", "dataset"))],
            ),
            job(
                "tokenizer",
                JobSpec::TrainTokenizer(recipe.tokenizer.clone()),
                &[("corpus", corpus.clone())],
            ),
            job(
                "pretrain",
                JobSpec::Pretrain(recipe.pretrain.clone()),
                &[("corpus", corpus), ("tokenizer", tokenizer.clone())],
            ),
            job(
                "export",
                JobSpec::Export(export),
                &[("model", binding("pretrain", "model")), ("tokenizer", tokenizer)],
            ),
        ],
    }
}

/// The job of a pipeline by its name.
pub fn named<'a>(pipeline: &'a Pipeline, name: &str) -> &'a Job {
    pipeline.jobs.iter().find(|job| job.name == name).unwrap_or_else(|| panic!("no job {name}"))
}

/// Waits until all jobs have ended, however often the server is away meanwhile.
pub fn wait(client: &Client, pipeline_id: PipelineId) -> Pipeline {
    eventually("the pipeline ends", || {
        let pipeline = client.call(&GetPipeline { pipeline_id }).ok()?;
        pipeline.jobs.iter().all(|job| job.state.has_ended()).then_some(pipeline)
    })
}

/// Waits and says which job failed, and why, if one did.
pub fn succeed(client: &Client, pipeline_id: PipelineId) -> Pipeline {
    let pipeline = wait(client, pipeline_id);
    for job in &pipeline.jobs {
        assert_eq!(job.state, JobState::Succeeded, "{}: {:?}", job.name, job.reason);
    }
    pipeline
}

/// All events of a job so far; checks that the stream has no gap and no double.
pub fn events(client: &Client, job_id: JobId) -> Vec<StreamEvent> {
    let mut events: Vec<StreamEvent> = Vec::new();
    loop {
        let after = events.last().map(|event| event.stream_number);
        let request = ListJobEvents { job_id, after, limit: Some(1000) };
        let page = client.call(&request).expect("events can be read").events;
        if page.is_empty() {
            break;
        }
        events.extend(page);
    }
    for (index, event) in events.iter().enumerate() {
        assert_eq!(event.stream_number, index as u64 + 1, "the stream of job {job_id} has a gap or a double");
    }
    events
}

/// A series as a chart shows it: by step, the later attempt wins. Bits, not rounded figures.
pub fn series(events: &[StreamEvent], wanted: Series) -> BTreeMap<u64, u64> {
    let mut chart: BTreeMap<u64, (u32, u64)> = BTreeMap::new();
    for event in events {
        let JobEvent::Metrics { step, values } = &event.event else { continue };
        let Some(value) = values.get(&wanted) else { continue };
        match chart.get(step) {
            Some((attempt, _)) if *attempt > event.attempt => {}
            Some((attempt, _)) if *attempt == event.attempt => {
                panic!("{wanted:?} of step {step} stands twice in attempt {attempt}")
            }
            _ => {
                chart.insert(*step, (event.attempt, value.to_bits()));
            }
        }
    }
    chart.into_iter().map(|(step, (_, bits))| (step, bits)).collect()
}
