//! Five hundred jobs through four real agents, of whose attempts three in ten are killed.

#![allow(clippy::unwrap_used)]

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use e2e::databases::available;
use e2e::path::{self, Recipe};
use e2e::platform::{Agent, Platform};
use e2e::process::{Signal, signal};
use e2e::stories;
use shared::api::jobs::{Job, JobState};
use shared::artifacts::Purpose;
use shared::events::JobEvent;

const JOBS: usize = 500;
const FAILURE_LIMIT: u32 = 3;

/// Watches for new attempts and kills three in ten, some at once and some in the middle, until `over`. Answers how
/// many it saw and how many it killed.
fn kill_three_in_ten(agents: &[Agent], over: &AtomicBool) -> (usize, usize) {
    let (mut seen, mut killed) = (HashSet::new(), 0);
    let mut doomed: Vec<(u32, Instant)> = Vec::new();
    while !over.load(Ordering::Relaxed) {
        for attempt in agents.iter().flat_map(Agent::attempts) {
            if seen.insert(attempt) && matches!(seen.len() % 10, 1 | 4 | 8) {
                let delay = Duration::from_millis(seen.len() as u64 * 7 % 40);
                doomed.push((attempt, Instant::now() + delay));
            }
        }
        doomed.retain(|(attempt, due)| {
            let waits = *due > Instant::now();
            if !waits {
                signal(*attempt, Signal::Kill);
                killed += 1;
            }
            waits
        });
        thread::sleep(Duration::from_millis(2));
    }
    (seen.len(), killed)
}

/// What must hold of a job that has ended; answers whether it succeeded.
fn ended_once(platform: &Platform, job: &Job) -> bool {
    let events = path::events(&platform.client, job.job_id);
    let ends = events
        .iter()
        .filter(|event| matches!(&event.event, JobEvent::StateChanged { state, .. } if state.has_ended()));
    assert_eq!(ends.count(), 1, "job {} ended more than once", job.job_id);
    match job.state {
        JobState::Succeeded => {
            assert!(job.failures < FAILURE_LIMIT);
            assert_eq!(job.attempt, job.failures + 1, "an attempt without an end: {job:?}");
            true
        }
        JobState::Failed => {
            assert_eq!((job.failures, job.attempt), (FAILURE_LIMIT, FAILURE_LIMIT), "{job:?}");
            false
        }
        other => panic!("job {} is {other:?}", job.job_id),
    }
}

#[test]
fn of_five_hundred_jobs_each_succeeds_once_or_fails_after_its_attempts() {
    for database in available() {
        let limit = FAILURE_LIMIT.to_string();
        let platform = Platform::start(database, &[("--failure-limit", &limit), ("--lease-seconds", "10")]);
        let client = &platform.client;
        // Long enough an import that a kill finds it at work.
        let corpus = stories::corpus(1_500);
        let source =
            path::upload_source(client, platform.cohort_id, "stories.jsonl.zst", &corpus, Purpose::Training);
        let mut request = path::pipeline(platform.cohort_id, &source, &Recipe::short(1), "");
        request.jobs.truncate(1);
        let submitted: Vec<_> = (0..JOBS)
            .map(|number| {
                request.idempotency_key = format!("job {number}");
                client.call(&request).unwrap().pipeline_id
            })
            .collect();
        let agents: Vec<Agent> = (0..4).map(|number| platform.agent(&format!("agent {number}"))).collect();
        let over = AtomicBool::new(false);
        let (jobs, (attempts, killed)) = thread::scope(|scope| {
            let killer = scope.spawn(|| kill_three_in_ten(&agents, &over));
            let jobs: Vec<Job> =
                submitted.iter().flat_map(|pipeline| path::wait(client, *pipeline).jobs).collect();
            over.store(true, Ordering::Relaxed);
            (jobs, killer.join().unwrap())
        });
        assert_eq!(jobs.len(), JOBS);
        let succeeded = jobs.iter().filter(|job| ended_once(&platform, job)).count();
        let failures: u32 = jobs.iter().map(|job| job.failures).sum();
        eprintln!(
            "{database:?}: {attempts} attempts seen, {killed} killed, {failures} failures counted, {succeeded} jobs succeeded"
        );
        // Some of the killed were done already; most were not.
        assert!(failures as usize > JOBS / 10, "too few attempts were hurt to say anything");
    }
}
