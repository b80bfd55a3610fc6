//! `/new-run?from=PIPELINE`: the form as it was for an earlier run, to change and start anew.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::artifacts::GetArtifact;
use shared::api::jobs::{GetPipeline, InputBinding, Pipeline};
use shared::artifacts::Artifact;
use shared::ids::{ArtifactId, CohortId, PipelineId};
use shared::spec::JobSpec;
use shared::spec::whole_path::Reading;

use super::Draft;
use crate::api::{Failure, call};

/// What an earlier run tells of itself.
#[derive(Debug, Clone)]
pub struct Earlier {
    pub cohort: CohortId,
    /// Those that are still there.
    pub sources: Vec<Artifact>,
    pub deleted_sources: usize,
    pub reading: Reading,
    pub licence_note: String,
    pub draft: Draft,
}

/// Nothing until it has come.
pub fn ask(pipeline_id: PipelineId) -> RwSignal<Option<Result<Earlier, Failure>>> {
    let earlier = RwSignal::new(None);
    spawn_local(async move {
        let read = read(pipeline_id).await;
        // The person may have left the page meanwhile.
        earlier.try_set(Some(read));
    });
    earlier
}

async fn read(pipeline_id: PipelineId) -> Result<Earlier, Failure> {
    let pipeline = call(&GetPipeline { pipeline_id }).await?;
    let Some((mut earlier, sources)) = of_pipeline(&pipeline) else {
        return Err(Failure::unreadable("this pipeline is not a whole path"));
    };
    for artifact_id in sources {
        match call(&GetArtifact { artifact_id }).await? {
            source if source.deleted_at_microseconds.is_none() => earlier.sources.push(source),
            _ => earlier.deleted_sources += 1,
        }
    }
    Ok(earlier)
}

/// Without its sources, whose numbers follow.
fn of_pipeline(pipeline: &Pipeline) -> Option<(Earlier, Vec<ArtifactId>)> {
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
                let reading = Reading { encoding: first.encoding, text_field: first.text_field.clone() };
                sources = Some((inputs.collect::<Vec<_>>(), reading, first.licence_note.clone()));
            }
            JobSpec::TrainTokenizer(spec) => tokenizer = Some(spec.clone()),
            JobSpec::Pretrain(spec) => pretrain = Some(spec.clone()),
            JobSpec::Curate(_) | JobSpec::Export(_) => {}
        }
    }
    let (artifacts, reading, licence_note) = sources?;
    let earlier = Earlier {
        cohort: pipeline.jobs.first()?.cohort_id,
        sources: Vec::new(),
        deleted_sources: 0,
        reading,
        licence_note,
        draft: Draft { tokenizer: tokenizer?, pretrain: pretrain? },
    };
    Some((earlier, artifacts))
}
