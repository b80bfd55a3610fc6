//! Questions that look at what the learner made. Figures are those that workers wrote into the reports of jobs;
//! an uploaded file has none.

use object_store::ObjectStoreExt;
use sea_orm::ConnectionTrait;
use serde::de::DeserializeOwned;
use shared::artifacts::{Artifact, ArtifactFile, ArtifactKind, Purpose};
use shared::course::{ArtifactCheck, Finding};
use shared::ids::{ArtifactId, CohortId, JobId, UserId};
use shared::reports::REPORT_FILE;
use shared::reports::curate::CurateReport;
use shared::reports::pretrain::TrainingRecord;
use shared::reports::tokenizer::TokenizerReport;
use shared::spec::JobSpec;

use crate::access::Person;
use crate::app::App;
use crate::error::{ApiError, Result};
use crate::storage::{artifacts, key};
use crate::{db, names};

const TRAINING_FILE: &str = "training.json";
const REPORT_LIMIT_BYTES: u64 = 16 << 20;

/// # Errors
/// Invalid, if it is no artifact of the learner's own in this cohort or not of the right kind.
pub async fn look(
    app: &App,
    person: &Person,
    cohort: CohortId,
    id: ArtifactId,
    check: ArtifactCheck,
) -> Result<Finding> {
    let refused = |message: &str| ApiError::field("given.artifact_id", message);
    let artifact = artifacts::get(app.database.read(), person, id).await.map_err(|error| {
        if error.code() == shared::api::ErrorCode::NotFound {
            refused("you have no such artifact")
        } else {
            error
        }
    })?;
    if artifact.owner != person.user_id || artifact.cohort_id != cohort {
        return Err(refused("choose an artifact that you made in this class"));
    }
    if artifact.deleted_at_microseconds.is_some() {
        return Err(refused("this artifact was deleted; choose another"));
    }
    if artifact.kind != check.kind() {
        return Err(refused("this is another kind of artifact; choose the kind that the question names"));
    }
    find(app, &artifact, check).await
}

async fn find(app: &App, artifact: &Artifact, check: ArtifactCheck) -> Result<Finding> {
    let Some(job) = artifact.lineage.job_id.filter(|_| !is_imported(artifact)) else {
        return Ok(Finding::NotMadeHere);
    };
    match check {
        ArtifactCheck::CorpusKept { documents_at_least, text_bytes_at_least } => {
            let Some(report) = report::<CurateReport>(app, job).await? else {
                return Ok(Finding::NotMeasured);
            };
            let (documents, bytes) = (report.documents_kept, report.text_bytes_kept);
            if bytes < text_bytes_at_least && documents >= documents_at_least {
                return Ok(Finding::NotEnough { figure: bytes as f64 });
            }
            Ok(bar(documents as f64, documents >= documents_at_least))
        }
        ArtifactCheck::TokenizerRoundTrip => {
            let report = report::<TokenizerReport>(app, job).await?;
            Ok(match report.and_then(|report| report.round_trip) {
                None => Finding::NotMeasured,
                Some(tried) => bar(tried.changed as f64, tried.changed == 0 && tried.texts > 0),
            })
        }
        ArtifactCheck::TokenizerBytesPerToken { at_least } => {
            Ok(match report::<TokenizerReport>(app, job).await? {
                None => Finding::NotMeasured,
                Some(report) => bar(report.bytes_per_token, report.bytes_per_token >= at_least),
            })
        }
        ArtifactCheck::ModelHeldOut { at_most } => {
            let file = artifact.files.iter().find(|file| file.name.as_str() == TRAINING_FILE);
            let record: Option<TrainingRecord> = match file {
                Some(file) => Some(read_json(app, file).await?),
                None => None,
            };
            Ok(match record.and_then(|record| record.bits_per_byte) {
                None => Finding::NotMeasured,
                Some(bits) => bar(bits, bits <= at_most),
            })
        }
        ArtifactCheck::ModelOwnParts => own_parts(app, artifact).await,
        ArtifactCheck::LineageWhole => {
            let ancestors = ancestors(app.database.read(), artifact.artifact_id).await?;
            let missing = ancestors.iter().filter(|ancestor| ancestor.deleted).count();
            let rooted = ancestors.iter().any(|ancestor| ancestor.kind == ArtifactKind::Source);
            Ok(match (missing, rooted) {
                (0, true) => Finding::Passed { figure: Some(ancestors.len() as f64) },
                (0, false) => Finding::NotMadeHere,
                (missing, _) => Finding::Missing { ancestors: u32::try_from(missing).unwrap_or(u32::MAX) },
            })
        }
        ArtifactCheck::LineageClean => {
            let ancestors = ancestors(app.database.read(), artifact.artifact_id).await?;
            let found = ancestors.iter().find(|ancestor| ancestor.purpose == Purpose::Evaluation);
            Ok(found.map_or(Finding::Passed { figure: None }, |ancestor| Finding::Contaminated {
                ancestor: ancestor.id,
            }))
        }
    }
}

fn bar(figure: f64, passed: bool) -> Finding {
    if passed { Finding::Passed { figure: Some(figure) } } else { Finding::NotEnough { figure } }
}

fn is_imported(artifact: &Artifact) -> bool {
    matches!(artifact.lineage.spec, Some(JobSpec::ImportModel(_)))
}

async fn own_parts(app: &App, model: &Artifact) -> Result<Finding> {
    let ancestors = ancestors(app.database.read(), model.artifact_id).await?;
    for part in [ArtifactKind::Corpus, ArtifactKind::Tokenizer] {
        let mut parts = ancestors.iter().filter(|ancestor| ancestor.kind == part).peekable();
        if parts.peek().is_none() {
            return Ok(Finding::NotMadeHere);
        }
        if parts.any(|ancestor| ancestor.owner != model.owner || ancestor.imported) {
            return Ok(Finding::NotOwn { part });
        }
    }
    Ok(Finding::Passed { figure: None })
}

struct Ancestor {
    id: ArtifactId,
    kind: ArtifactKind,
    purpose: Purpose,
    owner: UserId,
    deleted: bool,
    /// Unpacked from a model of elsewhere.
    imported: bool,
}

/// Everything that an artifact was made from, also indirectly.
async fn ancestors(connection: &impl ConnectionTrait, id: ArtifactId) -> Result<Vec<Ancestor>> {
    let sql = "WITH RECURSIVE above (id) AS ( \
            SELECT parent_id FROM artifact_parents WHERE artifact_id = $1 \
            UNION SELECT parent_id FROM artifact_parents JOIN above ON artifact_id = above.id) \
        SELECT artifacts.id, artifacts.kind, artifacts.purpose, artifacts.owner_id, \
            artifacts.deleted_at IS NOT NULL, COALESCE(jobs.kind, '') = 'import_model' \
        FROM artifacts JOIN above ON above.id = artifacts.id \
        LEFT JOIN jobs ON jobs.id = artifacts.job_id ORDER BY artifacts.id";
    let ancestor = |row: &sea_orm::QueryResult| {
        Ok(Ancestor {
            id: ArtifactId(row.try_get_by(0)?),
            kind: names::from_text(&row.try_get_by::<String, _>(1)?)?,
            purpose: names::from_text(&row.try_get_by::<String, _>(2)?)?,
            owner: UserId(row.try_get_by(3)?),
            deleted: row.try_get_by(4)?,
            imported: row.try_get_by(5)?,
        })
    };
    db::rows(connection, sql, [id.0.into()]).await?.iter().map(ancestor).collect()
}

/// The report that the same job wrote.
async fn report<T: DeserializeOwned>(app: &App, job: JobId) -> Result<Option<T>> {
    let sql = "SELECT id FROM artifacts WHERE job_id = $1 AND kind = 'report' AND deleted_at IS NULL";
    let Some(id) = db::scalar::<i64>(app.database.read(), sql, [job.0.into()]).await? else {
        return Ok(None);
    };
    let files = artifacts::files(app.database.read(), ArtifactId(id)).await?;
    match files.iter().find(|file| file.name.as_str() == REPORT_FILE) {
        Some(file) => read_json(app, file).await.map(Some),
        None => Ok(None),
    }
}

async fn read_json<T: DeserializeOwned>(app: &App, file: &ArtifactFile) -> Result<T> {
    if file.size_bytes > REPORT_LIMIT_BYTES {
        return Err(ApiError::conflict("the artifact's report is too large to be read here"));
    }
    let bytes = app.storage.store.get(&key(&file.sha256)).await?.bytes().await?;
    serde_json::from_slice(&bytes).map_err(|error| {
        ApiError::conflict(format!("the artifact's report cannot be read ({error}); make it again"))
    })
}
