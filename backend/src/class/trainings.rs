//! The last training of each learner: its curve, and what it learns from.

use std::collections::{HashMap, HashSet};

use sea_orm::{ConnectionTrait, DatabaseTransaction};
use shared::api::class::{Flag, LossPoint};
use shared::api::jobs::JobState;
use shared::events::{AttemptEvent, DIVERGED, JobEvent};
use shared::ids::{ArtifactId, CohortId, JobId};

use super::curve::Curve;
use super::flags::KnownJob;
use crate::db;
use crate::error::Result;

#[derive(Debug, Default)]
pub struct Trainings {
    curves: HashMap<i64, Curve>,
    other_tokenizers: HashMap<i64, ArtifactId>,
    contaminated: HashMap<i64, ArtifactId>,
}

impl Trainings {
    pub fn curve(&self, job: &KnownJob) -> Vec<LossPoint> {
        self.curves.get(&job.id.0).map(Curve::points).unwrap_or_default()
    }

    pub fn flags(&self, job: &KnownJob) -> Vec<Flag> {
        let (id, job_id) = (job.id.0, job.id);
        let is_over = matches!(job.state, JobState::Failed | JobState::Cancelled | JobState::Succeeded);
        let diverged = job.state == JobState::Failed && job.reason.starts_with(DIVERGED);
        let flat = self.curves.get(&id).and_then(Curve::flat_at).filter(|_| !is_over);
        [
            diverged.then_some(Flag::Diverged { job_id }),
            flat.map(|step| Flag::FlatGradient { job_id, step }),
            self.other_tokenizers.get(&id).map(|&tokenizer| Flag::OtherTokenizer { job_id, tokenizer }),
            self.contaminated.get(&id).map(|&source| Flag::Contaminated { job_id, source }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

pub async fn read(connection: &impl ConnectionTrait, cohort: CohortId, jobs: &[JobId]) -> Result<Trainings> {
    if jobs.is_empty() {
        return Ok(Trainings::default());
    }
    let ids: Vec<String> = jobs.iter().map(JobId::to_string).collect();
    let ids = ids.join(", ");
    Ok(Trainings {
        curves: curves(connection, &ids).await?,
        other_tokenizers: other_tokenizers(connection, &ids).await?,
        contaminated: contaminated(connection, cohort, &ids).await?,
    })
}

async fn curves(connection: &impl ConnectionTrait, ids: &str) -> Result<HashMap<i64, Curve>> {
    let sql = format!("SELECT job_id, curve FROM training_curves WHERE job_id IN ({ids})");
    let mut curves = HashMap::new();
    for row in db::rows(connection, &sql, []).await? {
        curves.insert(row.try_get_by(0)?, serde_json::from_str(&row.try_get_by::<String, _>(1)?)?);
    }
    Ok(curves)
}

/// What the trainings' inputs were made from, by job and the input's name; also the inputs themselves. Inputs that
/// are still to be made are not there yet.
fn above(ids: &str) -> String {
    format!(
        "WITH RECURSIVE above (job_id, input, id) AS ( \
            SELECT job_inputs.job_id, job_inputs.name, COALESCE(job_inputs.artifact_id, made.id) FROM job_inputs \
            LEFT JOIN artifacts AS made \
                ON made.job_id = job_inputs.source_job_id AND made.output = job_inputs.source_output \
            WHERE job_inputs.job_id IN ({ids}) AND COALESCE(job_inputs.artifact_id, made.id) IS NOT NULL \
            UNION SELECT above.job_id, above.input, artifact_parents.parent_id FROM artifact_parents \
            JOIN above ON artifact_parents.artifact_id = above.id)"
    )
}

/// Trainings whose tokenizer did not learn from their corpus, nor from anything that it was made of.
async fn other_tokenizers(connection: &impl ConnectionTrait, ids: &str) -> Result<HashMap<i64, ArtifactId>> {
    let sql = format!("{} SELECT job_id, input, id FROM above", above(ids));
    let mut tokenizers: HashMap<i64, HashSet<i64>> = HashMap::new();
    let mut corpora: HashMap<i64, HashSet<i64>> = HashMap::new();
    for row in db::rows(connection, &sql, []).await? {
        let (job, input): (i64, String) = (row.try_get_by(0)?, row.try_get_by(1)?);
        let of_input = match input.as_str() {
            "tokenizer" => &mut tokenizers,
            "corpus" => &mut corpora,
            _ => continue,
        };
        of_input.entry(job).or_default().insert(row.try_get_by(2)?);
    }
    let other = |(job, line): (i64, HashSet<i64>)| {
        let corpus = corpora.get(&job)?;
        // The tokenizer itself is the newest of its line.
        let tokenizer = line.iter().max().copied()?;
        line.is_disjoint(corpus).then_some((job, ArtifactId(tokenizer)))
    };
    Ok(tokenizers.into_iter().filter_map(other).collect())
}

/// Trainings that come from a source whose bytes somebody of the class, or who runs the server, keeps for evaluation.
async fn contaminated(
    connection: &impl ConnectionTrait,
    cohort: CohortId,
    ids: &str,
) -> Result<HashMap<i64, ArtifactId>> {
    let sql = format!(
        "{} SELECT above.job_id, MIN(above.id) FROM above \
         JOIN artifacts ON artifacts.id = above.id AND artifacts.kind = 'source' \
         JOIN artifact_files ON artifact_files.artifact_id = artifacts.id \
         JOIN artifact_files AS kept ON kept.sha256 = artifact_files.sha256 \
         JOIN artifacts AS evaluation ON evaluation.id = kept.artifact_id AND evaluation.purpose = 'evaluation' \
             AND evaluation.cohort_id = $1 \
         GROUP BY above.job_id",
        above(ids)
    );
    let mut found = HashMap::new();
    for row in db::rows(connection, &sql, [cohort.0.into()]).await? {
        found.insert(row.try_get_by(0)?, ArtifactId(row.try_get_by(1)?));
    }
    Ok(found)
}

/// Keeps the curve of a job whose events have just come, if they tell one.
pub async fn keep_curve(
    transaction: &DatabaseTransaction,
    job: JobId,
    events: &[&AttemptEvent],
) -> Result<()> {
    let tells =
        |event: &&&AttemptEvent| matches!(event.event, JobEvent::Metrics { .. } | JobEvent::Resumed { .. });
    let telling: Vec<&AttemptEvent> = events.iter().filter(tells).copied().collect();
    if telling.is_empty() {
        return Ok(());
    }
    let sql = "SELECT curve FROM training_curves WHERE job_id = $1";
    let stored: Option<String> = db::scalar(transaction, sql, [job.0.into()]).await?;
    let mut curve: Curve = stored.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default();
    for event in telling {
        curve.add(&event.event);
    }
    let sql = "INSERT INTO training_curves (job_id, curve) VALUES ($1, $2) \
               ON CONFLICT (job_id) DO UPDATE SET curve = excluded.curve";
    db::run(transaction, sql, [job.0.into(), serde_json::to_string(&curve)?.into()]).await?;
    Ok(())
}
