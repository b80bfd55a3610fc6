//! `demo/report.json`: what every stage took in, gave out and needed.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use shared::api::artifacts::GetArtifact;
use shared::api::jobs::{GetPipeline, Job, Pipeline};
use shared::events::Series;
use shared::ids::{ArtifactId, JobId, PipelineId};
use shared::spec::{Estimate, JobSpec};

use super::client::Client;
use super::follow::{self, Run};
use super::sources::Source;
use super::state::write_json;
use super::terminal::duration;

#[derive(Debug, Serialize)]
pub struct DemoReport {
    pub pipeline_id: PipelineId,
    pub corpus: Vec<CorpusSource>,
    /// Of this command's `cargo build`: next to nothing when everything was built before.
    pub build_seconds: f64,
    /// From the submission to the end of the last job, pauses included.
    pub pipeline_seconds: Option<f64>,
    pub stages: Vec<Stage>,
    pub pretraining: Pretraining,
}

#[derive(Debug, Serialize)]
pub struct CorpusSource {
    pub label: String,
    pub files: usize,
    pub size_bytes: u64,
}

/// One job of the pipeline.
#[derive(Debug, Serialize)]
pub struct Stage {
    pub name: String,
    pub job_id: JobId,
    pub attempts: u32,
    /// From the first attempt's start to the end.
    pub seconds: Option<f64>,
    pub rows_in: Option<u64>,
    pub rows_out: Option<u64>,
    /// Tokens trained on (pretrain), or in the vocabulary (train_tokenizer).
    pub tokens: Option<u64>,
    /// Outputs by name.
    pub artifacts: BTreeMap<String, ArtifactId>,
}

#[derive(Debug, Serialize)]
pub struct Pretraining {
    pub parameters: u64,
    pub steps: u64,
    /// Mean nats per token of held-out text.
    pub first_validation_loss: Option<f64>,
    pub last_validation_loss: Option<f64>,
    /// Of held-out text, at the last evaluation.
    pub bits_per_byte: Option<f64>,
    /// The median of what the training told.
    pub tokens_per_second: Option<f64>,
    pub peak_memory_bytes: Option<f64>,
    /// What was forecast when the last attempt began: beside the three values above and its stage's time.
    pub estimate: Option<Estimate>,
    /// What the model wrote at the last evaluation.
    pub samples: Vec<Sample>,
}

#[derive(Debug, Serialize)]
pub struct Sample {
    pub prompt: String,
    pub text: String,
}

/// The numbers of a job's own `report.json` that are asked for here; each job has some of them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct JobReport {
    #[serde(alias = "documents_read")]
    rows_read: Option<u64>,
    #[serde(alias = "documents_kept")]
    rows_kept: Option<u64>,
    vocabulary_size: Option<u64>,
    /// Documents that a tokenizer was trained on.
    documents: Option<u64>,
    training: Option<TrainingReport>,
    corpus_training_documents: Option<u64>,
    corpus_held_out_documents: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct TrainingReport {
    tokens: u64,
}

/// Collects and writes it.
pub fn write(
    client: &Client,
    pipeline: &Pipeline,
    runs: &BTreeMap<JobId, Run>,
    sources: &[Source],
    build_seconds: f64,
    folder: &Path,
) -> Result<DemoReport> {
    let pipeline = client.call(&GetPipeline { pipeline_id: pipeline.pipeline_id })?;
    let stages = pipeline.jobs.iter().map(|job| stage(client, job, folder)).collect::<Result<_>>()?;
    let trained = pipeline.jobs.iter().find_map(|job| match &job.spec {
        JobSpec::Pretrain(spec) => Some((job, spec)),
        _ => None,
    });
    let (job, spec) = trained.context("the pipeline trains nothing")?;
    let run = runs.get(&job.job_id).context("the training was not followed")?;
    let report = DemoReport {
        pipeline_id: pipeline.pipeline_id,
        corpus: sources
            .iter()
            .map(|source| CorpusSource {
                label: source.label.clone(),
                files: source.files.len(),
                size_bytes: source.files.iter().map(|file| file.size_bytes).sum(),
            })
            .collect(),
        build_seconds,
        pipeline_seconds: pipeline_seconds(&pipeline.jobs),
        stages,
        pretraining: pretraining(run, spec.model.parameter_count(), spec.steps),
    };
    write_json(&folder.join("report.json"), &report)?;
    Ok(report)
}

fn pipeline_seconds(jobs: &[Job]) -> Option<f64> {
    let begin = jobs.iter().map(|job| job.created_at_microseconds).min()?;
    let end = jobs.iter().map(|job| job.ended_at_microseconds).max()??;
    Some((end - begin) as f64 / 1e6)
}

fn stage(client: &Client, job: &Job, folder: &Path) -> Result<Stage> {
    let told = job_report(client, job, folder)?;
    let split = told.corpus_training_documents.zip(told.corpus_held_out_documents);
    Ok(Stage {
        name: job.name.clone(),
        job_id: job.job_id,
        attempts: job.attempt,
        seconds: follow::seconds(job),
        rows_in: told.rows_read.or(split.map(|(training, held_out)| training + held_out)).or(told.documents),
        rows_out: told.rows_kept,
        tokens: told.training.map(|training| training.tokens).or(told.vocabulary_size),
        artifacts: job.outputs.clone(),
    })
}

/// The job's `report` output, kept beside ours for people.
fn job_report(client: &Client, job: &Job, folder: &Path) -> Result<JobReport> {
    let Some(&artifact_id) = job.outputs.get("report") else { return Ok(JobReport::default()) };
    let artifact = client.call(&GetArtifact { artifact_id })?;
    let Some(file) = artifact.files.iter().find(|file| file.name.as_str() == "report.json") else {
        return Ok(JobReport::default());
    };
    let path = folder.join("reports").join(format!("{}.json", job.name));
    client.download(artifact_id, &file.name, &path)?;
    let bytes = std::fs::read(&path)?;
    serde_json::from_slice(&bytes).with_context(|| format!("the report of {} cannot be read", job.name))
}

fn pretraining(run: &Run, parameters: u64, steps: u64) -> Pretraining {
    let series = |series: Series| -> Vec<f64> {
        run.metrics.values().filter_map(|values| values.get(&series)).copied().collect()
    };
    let validation = series(Series::ValidationLoss);
    let mut speed = series(Series::TokensPerSecond);
    speed.sort_by(f64::total_cmp);
    let last_sample_step = run.samples.keys().map(|(step, _)| *step).max();
    let samples = run.samples.iter().filter(|((step, _), _)| Some(*step) == last_sample_step);
    Pretraining {
        parameters,
        steps,
        first_validation_loss: validation.first().copied(),
        last_validation_loss: validation.last().copied(),
        bits_per_byte: series(Series::BitsPerByte).last().copied(),
        tokens_per_second: speed.get(speed.len() / 2).copied(),
        peak_memory_bytes: series(Series::MemoryBytes).into_iter().reduce(f64::max),
        estimate: run.estimate.clone(),
        samples: samples
            .map(|((_, prompt), text)| Sample { prompt: prompt.clone(), text: text.clone() })
            .collect(),
    }
}

/// ` (expected: 8125)`, where something was.
fn expected(pretraining: &Pretraining, value: impl Fn(&Estimate) -> Option<f64>) -> String {
    let value = pretraining.estimate.as_ref().and_then(value);
    value.map_or_else(String::new, |value| format!(" (expected: {value:.0})"))
}

impl DemoReport {
    /// The exported Hugging Face folder.
    pub fn model_artifact_id(&self) -> Result<ArtifactId> {
        let export = self.stages.iter().find(|stage| stage.name == "export");
        export.and_then(|stage| stage.artifacts.get("model")).copied().context("no model was exported")
    }

    /// The summary at the end.
    pub fn print(&self, path: &Path) {
        let count = |value: Option<u64>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
        println!("\n{:16} {:>12} {:>10} {:>10} {:>12}", "stage", "time", "rows in", "rows out", "tokens");
        for stage in &self.stages {
            println!(
                "{:16} {:>12} {:>10} {:>10} {:>12}",
                stage.name,
                duration(stage.seconds.unwrap_or(0.0)),
                count(stage.rows_in),
                count(stage.rows_out),
                count(stage.tokens),
            );
        }
        println!("{:16} {:>12}", "all", duration(self.pipeline_seconds.unwrap_or(0.0)));
        let pretraining = &self.pretraining;
        println!("\n{} parameters, {} steps", pretraining.parameters, pretraining.steps);
        if let (Some(first), Some(last)) =
            (pretraining.first_validation_loss, pretraining.last_validation_loss)
        {
            println!("validation loss {first:.3} → {last:.3} nats per token");
        }
        if let Some(bits) = pretraining.bits_per_byte {
            println!("{bits:.3} bits per byte of held-out text");
        }
        if let Some(speed) = pretraining.tokens_per_second {
            println!("{speed:.0} tokens per second{}", expected(pretraining, |of| of.tokens_per_second));
        }
        if let Some(bytes) = pretraining.peak_memory_bytes {
            let mebibytes = |bytes: f64| bytes / f64::from(1 << 20);
            let forecast = expected(pretraining, |of| Some(mebibytes(of.memory_bytes as f64)));
            println!("{:.0} MiB of memory at most{forecast}", mebibytes(bytes));
        }
        for sample in &pretraining.samples {
            println!("  {}", follow::on_one_line(&sample.prompt, &sample.text));
        }
        println!("The report is in {}.", path.display());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reports_of_different_jobs_are_read_for_what_they_have() {
        let import: JobReport = serde_json::from_str(
            r#"{"purpose": "training", "documents": 8, "rows_read": 10, "rows_kept": 8}"#,
        )
        .unwrap();
        assert_eq!((import.rows_read, import.rows_kept), (Some(10), Some(8)));
        let curate: JobReport =
            serde_json::from_str(r#"{"documents_read": 8, "documents_kept": 6}"#).unwrap();
        assert_eq!((curate.rows_read, curate.rows_kept), (Some(8), Some(6)));
        let pretrain: JobReport = serde_json::from_str(
            r#"{"training": {"step": 3, "tokens": 3072}, "corpus_training_documents": 7}"#,
        )
        .unwrap();
        assert_eq!(pretrain.training.unwrap().tokens, 3072);
    }

    #[test]
    fn first_and_last_losses_and_the_last_samples_are_kept() {
        let mut run = Run::default();
        for (step, loss, speed) in [(1, 8.0, 10.0), (40, 5.0, 30.0), (80, 4.0, 20.0)] {
            run.metrics.insert(
                step,
                BTreeMap::from([(Series::ValidationLoss, loss), (Series::TokensPerSecond, speed)]),
            );
            run.samples.insert((step, "옛날".to_owned()), format!("글 {step}"));
        }
        let pretraining = pretraining(&run, 100, 80);
        assert_eq!(
            (pretraining.first_validation_loss, pretraining.last_validation_loss),
            (Some(8.0), Some(4.0))
        );
        assert_eq!(pretraining.tokens_per_second, Some(20.0));
        assert_eq!(pretraining.samples.len(), 1);
        assert_eq!(pretraining.samples[0].text, "글 80");
    }
}
