//! What a new job's inputs are bound to: that it exists, is the caller's to read, is of the right
//! kind, and is not an evaluation set that the job would train on.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::DatabaseTransaction;
use shared::api::jobs::{InputBinding, JobState};
use shared::artifacts::{ArtifactKind, Purpose};
use shared::ids::{ArtifactId, JobId};
use shared::spec::{InputSlot, JobSpec, Problems};

use crate::access::Person;
use crate::controllers::jobs::READABLE_JOB;
use crate::db;
use crate::error::{ApiError, Result};
use crate::names;
use crate::storage::artifacts;

/// A job of the same pipeline that was inserted before.
pub struct Earlier {
    pub job_id: JobId,
    pub spec: JobSpec,
    pub purpose: Purpose,
}

/// A job's inputs, checked.
pub struct Bound {
    pub inputs: BTreeMap<String, BoundInput>,
    pub parents: BTreeSet<JobId>,
    /// Whether some parent has still to succeed.
    pub waits: bool,
    /// What the job's outputs will be for, as far as that can be known before it runs.
    pub purpose: Purpose,
}

pub struct BoundInput {
    /// Known already, or once the source has succeeded.
    pub artifact: Option<ArtifactId>,
    pub source: Option<(JobId, String)>,
}

/// One binding's target.
struct Target {
    input: BoundInput,
    kind: ArtifactKind,
    purpose: Purpose,
    waits: bool,
}

/// Locks the jobs that the bindings name, by rising id, so that none ends while they are checked.
pub async fn lock_sources(
    transaction: &DatabaseTransaction,
    bindings: impl Iterator<Item = &InputBinding>,
) -> Result<()> {
    let ids: BTreeSet<i64> = bindings
        .filter_map(|binding| match binding {
            InputBinding::JobOutput { job_id, .. } => Some(job_id.0),
            InputBinding::Artifact(_) | InputBinding::PipelineOutput { .. } => None,
        })
        .collect();
    for id in ids {
        let sql = "SELECT id FROM jobs WHERE id = $1 {for_update}";
        db::row(transaction, sql, [id.into()]).await?;
    }
    Ok(())
}

/// Checks every binding; `prefix` stands in front of the fields that are complained about.
pub async fn resolve(
    transaction: &DatabaseTransaction,
    person: &Person,
    spec: &JobSpec,
    inputs: &BTreeMap<String, InputBinding>,
    earlier: &BTreeMap<String, Earlier>,
    prefix: &str,
) -> Result<Bound> {
    let mut problems = Problems::default();
    let mut bound =
        Bound { inputs: BTreeMap::new(), parents: BTreeSet::new(), waits: false, purpose: own_purpose(spec) };
    let slots = spec.inputs();
    for name in inputs.keys() {
        let known = slots.iter().any(|slot| slot.name == *name);
        problems.require(known, &format!("{prefix}inputs.{name}"), "this kind of job has no such input");
    }
    for (index, slot) in slots.iter().enumerate() {
        let field = format!("{prefix}inputs.{}", slot.name);
        let Some(binding) = inputs.get(&slot.name) else {
            problems.require(false, &field, "bind this input to an artifact or to a job's output");
            continue;
        };
        let target = match find(transaction, person, binding, earlier).await? {
            Ok(target) => target,
            Err(message) => {
                problems.require(false, &field, message);
                continue;
            }
        };
        check_slot(slot, &target, &field, &mut problems);
        if let JobSpec::Import(import) = spec {
            let says_training = import.sources[index].purpose == Purpose::Training;
            problems.require(
                target.purpose == Purpose::Training || !says_training,
                &format!("{prefix}spec.sources.{index}.purpose"),
                "the bound source is for evaluation; say so here, it cannot become training data",
            );
        }
        if target.purpose == Purpose::Evaluation {
            bound.purpose = Purpose::Evaluation;
        }
        bound.waits |= target.waits;
        bound.parents.extend(target.input.source.as_ref().map(|(job, _)| *job));
        bound.inputs.insert(slot.name.clone(), target.input);
    }
    problems.into_result().map_err(ApiError::invalid)?;
    Ok(bound)
}

fn own_purpose(spec: &JobSpec) -> Purpose {
    match spec {
        JobSpec::Import(import) => import.purpose(),
        _ => Purpose::Training,
    }
}

fn check_slot(slot: &InputSlot, target: &Target, field: &str, problems: &mut Problems) {
    let kinds: Vec<String> = slot.kinds.iter().map(|kind| format!("{kind:?}").to_lowercase()).collect();
    problems.require(
        slot.kinds.contains(&target.kind),
        field,
        format!(
            "a {} is needed here, this is a {}",
            kinds.join(" or "),
            format!("{:?}", target.kind).to_lowercase()
        ),
    );
    problems.require(
        !slot.trains || target.purpose == Purpose::Training,
        field,
        "this is for evaluation and may not be trained on; choose training data",
    );
}

/// The target, or what is wrong with it.
async fn find(
    transaction: &DatabaseTransaction,
    person: &Person,
    binding: &InputBinding,
    earlier: &BTreeMap<String, Earlier>,
) -> Result<Result<Target, String>> {
    match binding {
        InputBinding::Artifact(id) => {
            let Some(artifact) = artifacts::readable_head(transaction, person, *id).await? else {
                return Ok(Err(format!("there is no artifact {id}, or it is not yours")));
            };
            let input = BoundInput { artifact: Some(*id), source: None };
            Ok(Ok(Target { input, kind: artifact.kind, purpose: artifact.purpose, waits: false }))
        }
        InputBinding::PipelineOutput { job, output } => {
            let Some(parent) = earlier.get(job) else {
                return Ok(Err(format!("no earlier job of the pipeline is called {job:?}")));
            };
            let source = Some((parent.job_id, output.clone()));
            let input = BoundInput { artifact: None, source };
            Ok(kind_of_output(&parent.spec, output).map(|kind| Target {
                input,
                kind,
                purpose: parent.purpose,
                waits: true,
            }))
        }
        InputBinding::JobOutput { job_id, output } => job_output(transaction, person, *job_id, output).await,
    }
}

async fn job_output(
    transaction: &DatabaseTransaction,
    person: &Person,
    job: JobId,
    output: &str,
) -> Result<Result<Target, String>> {
    let sql = format!("SELECT spec, purpose, state FROM jobs WHERE id = $1 AND {READABLE_JOB}");
    let values = [job.0.into(), person.user_id.0.into(), person.operator.into()];
    let Some(row) = db::row(transaction, &sql, values).await? else {
        return Ok(Err(format!("there is no job {job}, or it is not yours")));
    };
    let spec: JobSpec = serde_json::from_str(&row.try_get_by::<String, _>(0)?)?;
    let expected: Purpose = names::from_text(&row.try_get_by::<String, _>(1)?)?;
    let state: JobState = names::from_text(&row.try_get_by::<String, _>(2)?)?;
    let kind = match kind_of_output(&spec, output) {
        Ok(kind) => kind,
        Err(message) => return Ok(Err(message)),
    };
    let source = Some((job, output.to_owned()));
    match state {
        JobState::Failed | JobState::Cancelled => {
            Ok(Err(format!("job {job} has ended without outputs; bind to another")))
        }
        JobState::Succeeded => {
            let sql = "SELECT id FROM artifacts WHERE job_id = $1 AND output = $2";
            let id: i64 = db::one(transaction, sql, [job.0.into(), output.into()]).await?;
            let Some(artifact) = artifacts::head(transaction, ArtifactId(id)).await? else {
                return Ok(Err(format!("the output {output:?} of job {job} was deleted")));
            };
            let input = BoundInput { artifact: Some(ArtifactId(id)), source };
            Ok(Ok(Target { input, kind, purpose: artifact.purpose, waits: false }))
        }
        JobState::Waiting | JobState::Queued | JobState::Running => {
            let input = BoundInput { artifact: None, source };
            Ok(Ok(Target { input, kind, purpose: expected, waits: true }))
        }
    }
}

fn kind_of_output(spec: &JobSpec, output: &str) -> Result<ArtifactKind, String> {
    let slot = spec.outputs().into_iter().find(|slot| slot.name == output);
    slot.map(|slot| slot.kind)
        .ok_or_else(|| format!("a job of kind {} has no output {output:?}", spec.kind().as_str()))
}
