//! `/new-run?from=PIPELINE`: the form as it was for an earlier run, to change and start anew.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::artifacts::GetArtifact;
use shared::api::jobs::{GetPipeline, InputBinding, Pipeline};
use shared::ids::{ArtifactId, PipelineId};
use shared::spec::JobSpec;

use super::form::{Draft, Typed};
use super::kept::Kept;
use crate::api::{Failure, call};

/// What an earlier run tells of itself.
#[derive(Debug, Clone)]
pub struct Earlier {
    /// With those of its texts that are still there.
    pub form: Kept,
    pub deleted_sources: usize,
}

/// Why there is no form to begin with.
#[derive(Debug, Clone)]
pub enum NoCopy {
    Failed(Failure),
    /// A pipeline that somebody put together otherwise.
    NotAWholePath,
}

/// Nothing until it has come.
pub fn ask(pipeline_id: PipelineId, earlier: RwSignal<Option<Result<Earlier, NoCopy>>>) {
    earlier.set(None);
    spawn_local(async move {
        let read = read(pipeline_id).await;
        // The person may have left the page meanwhile.
        earlier.try_set(Some(read));
    });
}

async fn read(pipeline_id: PipelineId) -> Result<Earlier, NoCopy> {
    let pipeline = call(&GetPipeline { pipeline_id }).await.map_err(NoCopy::Failed)?;
    let (form, sources) = of_pipeline(&pipeline).ok_or(NoCopy::NotAWholePath)?;
    let mut earlier = Earlier { form, deleted_sources: 0 };
    for artifact_id in sources {
        match call(&GetArtifact { artifact_id }).await.map_err(NoCopy::Failed)? {
            source if source.deleted_at_microseconds.is_none() => earlier.form.sources.push(source),
            _ => earlier.deleted_sources += 1,
        }
    }
    Ok(earlier)
}

/// Without its sources, whose numbers follow.
fn of_pipeline(pipeline: &Pipeline) -> Option<(Kept, Vec<ArtifactId>)> {
    let mut sources = None;
    let (mut tokenizer, mut pretrain) = (None, None);
    for job in &pipeline.jobs {
        match &job.spec {
            JobSpec::Import(import) => {
                let inputs = import.sources.iter().filter_map(|source| match job.inputs.get(&source.input) {
                    Some(InputBinding::Artifact(id)) => Some(*id),
                    _ => None,
                });
                let first = import.sources.first()?;
                sources = Some((inputs.collect::<Vec<_>>(), first.clone()));
            }
            JobSpec::TrainTokenizer(spec) => tokenizer = Some(spec.clone()),
            JobSpec::Pretrain(spec) => pretrain = Some(spec.clone()),
            JobSpec::Curate(_) | JobSpec::Export(_) | JobSpec::ImportModel(_) => {}
        }
    }
    let (artifacts, first) = sources?;
    let form = Kept {
        cohort: pipeline.jobs.first()?.cohort_id,
        sources: Vec::new(),
        encoding: first.encoding,
        text_field: first.text_field,
        licence_note: first.licence_note,
        size: None,
        draft: Draft { tokenizer: tokenizer?, pretrain: pretrain? },
        typed: Typed::new(),
    };
    Some((form, artifacts))
}
