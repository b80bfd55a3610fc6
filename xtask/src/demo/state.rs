//! Which pipeline belongs to which command, so that the same command goes on.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use shared::api::jobs::{GetPipeline, JobState, Pipeline};
use shared::ids::PipelineId;
use shared::spec::whole_path::{Fit, Reading};

use super::client::Client;
use super::sources::Source;

/// `demo/state.json`
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct State {
    runs: BTreeMap<String, Run>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Run {
    /// Pipelines begun for this command; the last one counts.
    tries: u32,
    pipeline_id: PipelineId,
}

/// Names a command by what its outcome depends on: files (by place, size and time), specs, reading.
pub fn key(sources: &[Source], reading: &Reading, fit: &Fit) -> Result<String> {
    let mut text = format!(
        "{} {} {reading:?}",
        serde_json::to_string(&fit.tokenizer)?,
        serde_json::to_string(&fit.pretrain)?
    );
    for file in sources.iter().flat_map(|source| &source.files) {
        let path = fs::canonicalize(&file.path)?;
        let modified = fs::metadata(&path)?.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        text.push_str(&format!(" {} {} {}", path.display(), file.size_bytes, modified.as_micros()));
    }
    Ok(format!("{:016x}", fnv1a(text.as_bytes())))
}

/// FNV-1a, 64 bits: the same on every machine and in every Rust version.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

impl State {
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join("state.json");
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .with_context(|| format!("{} is damaged: remove it to begin anew", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// The pipeline of this command, unless it failed, was cancelled or is gone with its database.
    pub fn unfinished_or_done(&self, key: &str, client: &Client) -> Result<Option<Pipeline>> {
        let Some(run) = self.runs.get(key) else { return Ok(None) };
        let Ok(pipeline) = client.call(&GetPipeline { pipeline_id: run.pipeline_id }) else {
            return Ok(None);
        };
        let is_lost = |state| matches!(state, JobState::Failed | JobState::Cancelled);
        if let Some(job) = pipeline.jobs.iter().find(|job| is_lost(job.state)) {
            let (name, state) = (&job.name, job.state.as_str());
            println!("The last try's {name} {state}; beginning anew.");
            return Ok(None);
        }
        Ok(Some(pipeline))
    }

    /// The same again until the pipeline is remembered: a crash in between makes no second one.
    pub fn next_idempotency_key(&self, key: &str) -> String {
        let tries = self.runs.get(key).map_or(0, |run| run.tries);
        format!("demo-{key}-{}", tries + 1)
    }

    pub fn remember(&mut self, key: &str, pipeline_id: PipelineId, folder: &Path) -> Result<()> {
        let tries = self.runs.get(key).map_or(0, |run| run.tries) + 1;
        self.runs.insert(key.to_owned(), Run { tries, pipeline_id });
        write_json(&folder.join("state.json"), self)
    }
}

/// Complete only under its final name.
pub fn write_json(path: &Path, value: &impl Serialize) -> Result<()> {
    let partial = path.with_extension("partial");
    fs::write(&partial, serde_json::to_vec_pretty(value)?)
        .and_then(|()| fs::rename(&partial, path))
        .with_context(|| format!("cannot write {}: is the disk full?", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_try_gets_a_key_of_its_own_and_an_interrupted_one_the_same() {
        let mut state = State::default();
        let first = state.next_idempotency_key("abc");
        assert_eq!(first, state.next_idempotency_key("abc"));
        state.runs.insert("abc".to_owned(), Run { tries: 1, pipeline_id: PipelineId(7) });
        assert_ne!(first, state.next_idempotency_key("abc"));
        assert_ne!(state.next_idempotency_key("abc"), state.next_idempotency_key("abd"));
    }

    #[test]
    fn the_hash_is_fnv_1a() {
        // From the reference's list of test vectors.
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
