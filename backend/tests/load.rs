//! Many jobs, several workers, and attempts that are abandoned.

use std::collections::BTreeMap;
use std::sync::Arc;

use shared::api::jobs::JobState;
use shared::artifacts::Purpose;

use crate::support::*;

const JOBS: usize = 500;
const WORKERS: u64 = 4;
/// Of a hundred attempts.
const ABANDONED: u64 = 30;

/// The same stretch of pseudo-random numbers every time (SplitMix64).
fn abandons(seed: &mut u64) -> bool {
    *seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *seed;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed ^ (mixed >> 31)) % 100 < ABANDONED
}

/// Claims until nothing is left to do. Answers how often each job succeeded here.
async fn work(house: Arc<House>, client: Client, mut seed: u64) -> BTreeMap<i64, u32> {
    let mut succeeded = BTreeMap::new();
    loop {
        let mut claim = claim_of(&shared::spec::JobKind::ALL);
        claim.wait_seconds = 1;
        let Some(lease) = client.call(claim).await.unwrap().lease else {
            if house.count("SELECT COUNT(*) FROM jobs WHERE ended_at IS NULL").await == 0 {
                return succeeded;
            }
            continue;
        };
        if abandons(&mut seed) {
            continue;
        }
        // Another attempt may have taken over when the machine was slow: then this one is refused.
        if client.with_token(&lease.token).succeed(&lease).await.is_ok() {
            *succeeded.entry(lease.job_id.0).or_default() += 1;
        }
    }
}

crate::stories! {
    async fn five_hundred_jobs_end_once_each(house: House) {
        let house = house.with(|config| {
            config.queue.lease_seconds = 2.0;
            config.queue.running_limit = 1000;
            config.queue.queued_limit = 1000;
        }).await;
        let (learner, cohort) = house.learner("learner").await;
        let source = learner.source(cohort, "글", Purpose::Training).await;
        for _ in 0..JOBS {
            let inputs = bind("text", shared::api::jobs::InputBinding::Artifact(source.artifact_id));
            learner.submit(cohort, import(Purpose::Training), inputs).await.unwrap();
        }
        let house = Arc::new(house);
        let mut workers = Vec::new();
        for number in 0..WORKERS {
            let token = house.worker_account(&format!("worker {number}")).await.token;
            workers.push(tokio::spawn(work(house.clone(), house.holding(&token), number)));
        }
        let mut successes: BTreeMap<i64, u32> = BTreeMap::new();
        for worker in workers {
            for (job, times) in worker.await.unwrap() {
                *successes.entry(job).or_default() += times;
            }
        }
        assert!(successes.values().all(|&times| times == 1), "some job succeeded twice");
        let state = async |state: JobState| house.count(&format!("SELECT COUNT(*) FROM jobs WHERE state = '{}'", state.as_str())).await;
        let (succeeded, failed) = (state(JobState::Succeeded).await, state(JobState::Failed).await);
        assert_eq!(succeeded as usize, successes.len());
        assert_eq!((succeeded + failed) as usize, JOBS, "some job is stuck");
        // Of 500, about 500 · 0.3³ ≈ 13 reach their limit.
        assert!(failed > 0, "no job reached its limit, so the limit was not tried");
        assert_eq!(house.count("SELECT COUNT(*) FROM jobs WHERE state = 'failed' AND failures <> failure_limit").await, 0);
        assert_eq!(house.count("SELECT COUNT(*) FROM jobs WHERE state = 'succeeded' AND attempt <> failures + 1").await, 0);
        assert_eq!(house.count("SELECT COUNT(*) FROM artifacts WHERE job_id IS NOT NULL").await, 2 * succeeded);
        let gaps = "SELECT COUNT(*) FROM jobs WHERE stream_number <> \
                    (SELECT COUNT(*) FROM events WHERE events.job_id = jobs.id)";
        assert_eq!(house.count(gaps).await, 0);
    }
}
