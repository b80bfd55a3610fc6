//! Why a queued job has not begun, for people.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use shared::api::jobs::WaitsFor;

use super::{live, memory};
use crate::config::QueueConfig;
use crate::db;
use crate::error::Result;

/// What a queued job depends on besides its turn, read once for a whole list of jobs.
#[derive(Debug)]
pub struct Situation {
    now_microseconds: i64,
    /// Of the workers that asked for work of late or run a job; none without any.
    largest_job_bytes: Option<i64>,
    running_by_owner: HashMap<i64, i64>,
    running_limit: u32,
}

/// The columns of a queued job that say what it waits for.
#[derive(Debug, Clone, Copy)]
pub struct Queued {
    pub owner: i64,
    pub run_at_microseconds: i64,
    pub memory_bytes: i64,
}

impl Situation {
    pub async fn read(connection: &impl ConnectionTrait, config: &QueueConfig) -> Result<Self> {
        // What an older worker said in other words tells nothing: it may take everything.
        let workers = live::capabilities(connection).await?;
        let sizes = workers.iter().map(|read| read.as_ref().map_or(i64::MAX, memory::largest_job_bytes));
        let sql = "SELECT owner_id, COUNT(*) FROM jobs WHERE state = 'running' GROUP BY owner_id";
        let mut running_by_owner = HashMap::new();
        for row in db::rows(connection, sql, []).await? {
            running_by_owner.insert(row.try_get_by(0)?, row.try_get_by(1)?);
        }
        Ok(Self {
            now_microseconds: db::now_microseconds(connection).await?,
            largest_job_bytes: sizes.max(),
            running_by_owner,
            running_limit: config.running_limit,
        })
    }

    /// Nothing when it is only not yet its turn.
    pub fn of(&self, job: Queued) -> Option<WaitsFor> {
        if job.run_at_microseconds > self.now_microseconds {
            return Some(WaitsFor::Pause { until_microseconds: job.run_at_microseconds });
        }
        let Some(largest) = self.largest_job_bytes else { return Some(WaitsFor::Worker) };
        if job.memory_bytes > largest {
            let (needed_bytes, largest_worker_bytes) = (job.memory_bytes as u64, largest as u64);
            return Some(WaitsFor::Memory { needed_bytes, largest_worker_bytes });
        }
        let running = self.running_by_owner.get(&job.owner).copied().unwrap_or(0);
        let limit = self.running_limit;
        (running >= i64::from(limit)).then_some(WaitsFor::OwnersOtherJobs { running_limit: limit })
    }
}
