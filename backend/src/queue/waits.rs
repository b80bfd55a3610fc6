//! Why a queued job has not begun, for people.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use shared::api::jobs::WaitsFor;

use super::live::{self, Reserved};
use super::memory;
use crate::config::QueueConfig;
use crate::db;
use crate::error::Result;

/// What a queued job depends on besides its turn, read once for a whole list of jobs.
#[derive(Debug)]
pub struct Situation {
    now_microseconds: i64,
    workers: Vec<Taker>,
    running_by_owner: HashMap<i64, i64>,
    running_limit: u32,
}

/// A worker that asked for work of late or runs a job.
#[derive(Debug, Clone, Copy)]
struct Taker {
    largest_job_bytes: i64,
    reserved: Option<Reserved>,
}

/// The columns of a queued job that say what it waits for.
#[derive(Debug, Clone, Copy)]
pub struct Queued {
    pub owner: i64,
    pub cohort: i64,
    pub run_at_microseconds: i64,
    pub memory_bytes: i64,
}

impl Situation {
    pub async fn read(connection: &impl ConnectionTrait, config: &QueueConfig) -> Result<Self> {
        // What an older worker said in other words tells nothing: it may take everything.
        let workers = live::workers(connection).await?.into_iter().map(|worker| Taker {
            largest_job_bytes: worker.capabilities.as_ref().map_or(i64::MAX, memory::largest_job_bytes),
            reserved: worker.reserved,
        });
        let sql = "SELECT owner_id, COUNT(*) FROM jobs WHERE state = 'running' GROUP BY owner_id";
        let mut running_by_owner = HashMap::new();
        for row in db::rows(connection, sql, []).await? {
            running_by_owner.insert(row.try_get_by(0)?, row.try_get_by(1)?);
        }
        Ok(Self {
            now_microseconds: db::now_microseconds(connection).await?,
            workers: workers.collect(),
            running_by_owner,
            running_limit: config.running_limit,
        })
    }

    pub fn now_microseconds(&self) -> i64 {
        self.now_microseconds
    }

    /// Nothing when it is only not yet its turn.
    pub fn of(&self, job: Queued) -> Option<WaitsFor> {
        if job.run_at_microseconds > self.now_microseconds {
            return Some(WaitsFor::Pause { until_microseconds: job.run_at_microseconds });
        }
        let Some(largest) = self.workers.iter().map(|worker| worker.largest_job_bytes).max() else {
            return Some(WaitsFor::Worker);
        };
        let mut able = self.workers.iter().filter(|worker| job.memory_bytes <= worker.largest_job_bytes);
        let others = able.try_fold(None::<i64>, |soonest, worker| match worker.reserved {
            Some(reserved) if reserved.cohort != job.cohort => {
                let until = reserved.until_microseconds;
                Ok(Some(soonest.map_or(until, |soonest| soonest.min(until))))
            }
            _ => Err(()),
        });
        match others {
            Ok(None) => {
                let (needed_bytes, largest_worker_bytes) = (job.memory_bytes as u64, largest as u64);
                return Some(WaitsFor::Memory { needed_bytes, largest_worker_bytes });
            }
            Ok(Some(until_microseconds)) => return Some(WaitsFor::Reservation { until_microseconds }),
            Err(()) => {}
        }
        let running = self.running_by_owner.get(&job.owner).copied().unwrap_or(0);
        let limit = self.running_limit;
        (running >= i64::from(limit)).then_some(WaitsFor::OwnersOtherJobs { running_limit: limit })
    }
}
