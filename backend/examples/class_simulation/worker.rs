//! A worker: claims, reports for about two minutes of the class, saves a checkpoint and finishes.

use std::sync::Arc;

use sha2::Digest;
use shared::api::leases::{
    AppendEvents, AttemptOutcome, FinishAttempt, Lease, Output, RenewLease, SaveCheckpoint,
};
use shared::api::workers::{Capabilities, ClaimJob};
use shared::artifacts::{ArtifactFile, FileName, Purpose, Sha256};
use shared::events::{AttemptEvent, JobEvent, LogLevel};
use shared::ids::JobId;
use shared::spec::{JobKind, SPEC_VERSION};

use crate::Class;
use crate::caller::Caller;
use crate::measure::Fact;

const BATCHES: u64 = 10;
const EVENTS_PER_BATCH: u64 = 10;

/// How many events of a job were acknowledged.
pub type Reported = (JobId, u64);

/// What an event of this number says.
pub fn line(number: u64) -> String {
    format!("step {number}")
}

pub async fn work(class: Arc<Class>, caller: Caller) -> anyhow::Result<Vec<Reported>> {
    let mut reported = Vec::new();
    let claim = ClaimJob {
        kinds: JobKind::ALL.to_vec(),
        spec_version: SPEC_VERSION,
        capabilities: Capabilities {
            code_version: "simulation".into(),
            cores: 2,
            memory_bytes: 8 << 30,
            free_memory_bytes: 4 << 30,
            gpus: Vec::new(),
            driver_version: None,
            cuda: false,
            training_speeds: Vec::new(),
        },
        wait_seconds: 5,
    };
    while !class.record.has_everybody_left() {
        let Some(lease) = caller.wait_for(&class.record, &claim).await?.lease else { continue };
        class.record.happened(lease.job_id, Fact::Begun);
        reported.push(run(&class, &caller.holding(lease.token.clone()), &lease).await?);
        class.record.happened(lease.job_id, Fact::Ended);
    }
    Ok(reported)
}

async fn run(class: &Class, caller: &Caller, lease: &Lease) -> anyhow::Result<Reported> {
    let record = &class.record;
    let mut stored = 0;
    for batch in 0..BATCHES {
        class.pass(12.0).await;
        let first = batch * EVENTS_PER_BATCH + 1;
        let events = (first..first + EVENTS_PER_BATCH).map(|event_number| AttemptEvent {
            event_number,
            event: JobEvent::Log { level: LogLevel::Info, message: line(event_number) },
        });
        let request = AppendEvents { events: events.collect() };
        stored = caller.call(record, &request).await?.stored_event_number;
        caller.call(record, &RenewLease {}).await?;
        if batch == BATCHES / 2 {
            let bytes = format!("weights of job {}", lease.job_id);
            let files = vec![upload(class, caller, "model.safetensors", bytes.into_bytes()).await?];
            caller.call(record, &SaveCheckpoint { step: batch, files }).await?;
        }
    }
    let mut outputs = Vec::new();
    for slot in lease.spec.outputs() {
        let bytes = format!("{} of job {}", slot.name, lease.job_id);
        let files = vec![upload(class, caller, "data.txt", bytes.into_bytes()).await?];
        outputs.push(Output { name: slot.name.into(), purpose: Purpose::Training, files });
    }
    let outcome = AttemptOutcome::Succeeded { outputs, code_version: "simulation".into() };
    caller.call(record, &FinishAttempt { outcome }).await?;
    Ok((lease.job_id, stored))
}

async fn upload(class: &Class, caller: &Caller, name: &str, bytes: Vec<u8>) -> anyhow::Result<ArtifactFile> {
    let text = hex::encode(sha2::Sha256::digest(&bytes));
    let size_bytes = bytes.len() as u64;
    let target = format!("/api/v1/lease/files/{text}");
    caller.send_bytes(&class.record, ("UploadForLease", "PUT", &target), bytes).await?;
    Ok(ArtifactFile {
        name: FileName::try_from(name.to_owned()).map_err(anyhow::Error::msg)?,
        sha256: Sha256::try_from(text).map_err(anyhow::Error::msg)?,
        size_bytes,
    })
}
