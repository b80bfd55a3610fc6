//! Whether a job fits into a worker.
//!
//! What counts is the memory that a worker's machine has, not what is free just now: a control group
//! counts the page cache as used, so that the free bytes of an idle worker sink towards zero.

use sea_orm::DatabaseTransaction;
use shared::api::workers::Capabilities;
use shared::ids::JobId;
use shared::spec::JobSpec;

use crate::db;
use crate::error::Result;

/// Writes down what the job will need, by its spec and its inputs as far as they are known. Called
/// when a job is submitted and again when the last of its inputs is there.
pub async fn estimate(transaction: &DatabaseTransaction, job: JobId) -> Result<()> {
    let spec: String = db::one(transaction, "SELECT spec FROM jobs WHERE id = $1", [job.0.into()]).await?;
    // A spec that cannot be read fails its job at the claim, in words.
    let Ok(spec) = serde_json::from_str::<JobSpec>(&spec) else { return Ok(()) };
    let sql = "SELECT CAST(COALESCE(SUM(artifacts.size_bytes), 0) AS BIGINT) FROM job_inputs \
               JOIN artifacts ON artifacts.id = job_inputs.artifact_id WHERE job_inputs.job_id = $1";
    let input_bytes: i64 = db::one(transaction, sql, [job.0.into()]).await?;
    let needed = spec.estimate(input_bytes.max(0) as u64, 0.0).memory_bytes;
    let sql = "UPDATE jobs SET memory_bytes = $2 WHERE id = $1";
    let values = [job.0.into(), i64::try_from(needed).unwrap_or(i64::MAX).into()];
    db::run(transaction, sql, values).await?;
    Ok(())
}

/// The largest job that this worker takes. One that does not say what it has takes everything.
pub fn largest_job_bytes(capabilities: &Capabilities) -> i64 {
    match capabilities.memory_bytes {
        0 => i64::MAX,
        bytes => i64::try_from(bytes).unwrap_or(i64::MAX),
    }
}
