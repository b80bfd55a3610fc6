//! Power cuts, kills and pauses in the middle of pretraining end as if nothing had happened.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use e2e::databases::{Kind, available};
use e2e::path::{self, Recipe};
use e2e::platform::{Agent, Platform};
use e2e::process::{Signal, eventually, signal};
use e2e::stories;
use shared::api::jobs::{GetJob, GetPipeline, Job, JobState, Pipeline};
use shared::artifacts::Purpose;
use shared::events::{JobEvent, Series, StreamEvent};

const STEPS: u64 = 40;

fn submit(platform: &Platform, key: &str) -> Pipeline {
    let corpus = stories::corpus(300);
    let client = &platform.client;
    let source =
        path::upload_source(client, platform.cohort_id, "stories.jsonl.zst", &corpus, Purpose::Training);
    client.call(&path::pipeline(platform.cohort_id, &source, &Recipe::short(STEPS), key)).unwrap()
}

/// Waits until pretraining has stored a checkpoint of at least `step` and still goes on.
fn training_beyond(platform: &Platform, pipeline: &Pipeline, step: u64) -> Job {
    let job_id = path::named(pipeline, "pretrain").job_id;
    eventually("pretraining is under way", || {
        let job = platform.client.call(&GetJob { job_id }).ok()?;
        assert!(!job.state.has_ended(), "pretraining ended before it could be hurt: {:?}", job.reason);
        if job.state != JobState::Running {
            return None;
        }
        let events = path::events(&platform.client, job_id);
        let saved =
            |event: &StreamEvent| matches!(event.event, JobEvent::CheckpointSaved { step: at } if at >= step);
        events.iter().any(saved).then_some(job)
    })
}

/// The charts of a finished run, bit by bit, and how many attempts it took.
fn outcome(platform: &Platform, pipeline: &Pipeline) -> (Vec<BTreeMap<u64, u64>>, u32) {
    let pipeline = path::succeed(&platform.client, pipeline.pipeline_id);
    let job = path::named(&pipeline, "pretrain");
    let events = path::events(&platform.client, job.job_id);
    let ends = events
        .iter()
        .filter(|event| matches!(event.event, JobEvent::StateChanged { state: JobState::Succeeded, .. }));
    assert_eq!(ends.count(), 1, "it succeeds once");
    let wanted = [Series::TrainingLoss, Series::ValidationLoss, Series::BitsPerByte, Series::GradientNorm];
    (wanted.into_iter().map(|series| path::series(&events, series)).collect(), job.attempt)
}

fn undisturbed(database: Kind) -> Vec<BTreeMap<u64, u64>> {
    let platform = Platform::start(database, &[]);
    let _agent = platform.agent("quiet");
    let pipeline = submit(&platform, "quiet");
    let (charts, attempts) = outcome(&platform, &pipeline);
    assert_eq!(attempts, 1);
    assert_eq!(charts[0].len() as u64, STEPS);
    charts
}

/// What is done to a running pretraining.
#[derive(Debug, Clone, Copy)]
enum Harm {
    KillAttempt,
    KillAgent,
    KillBackend,
    RestartBackend,
    DrainAgent,
}

fn hurt(harm: Harm, platform: &mut Platform, agent: &mut Agent) {
    match harm {
        Harm::KillAttempt => signal(agent.attempt(), Signal::Kill),
        Harm::KillAgent => {
            let attempt = agent.attempt();
            agent.process.kill();
            eventually("the attempt ends with its agent", || {
                (!std::path::Path::new(&format!("/proc/{attempt}")).exists()).then_some(())
            });
            agent.start_again();
        }
        Harm::KillBackend => platform.kill_and_restart(),
        Harm::RestartBackend => platform.restart(),
        Harm::DrainAgent => {
            assert!(agent.process.terminate().success(), "a drained agent ends well");
            agent.start_again();
        }
    }
}

#[test]
fn whatever_is_killed_in_the_middle_of_pretraining_the_losses_are_the_same_to_the_bit() {
    let harms =
        [Harm::KillAttempt, Harm::KillAgent, Harm::KillBackend, Harm::RestartBackend, Harm::DrainAgent];
    let expected = undisturbed(Kind::Sqlite);
    for database in available() {
        for harm in harms {
            let mut platform = Platform::start(database, &[]);
            let mut agent = platform.agent("one");
            let pipeline = submit(&platform, "hurt");
            training_beyond(&platform, &pipeline, 7);
            hurt(harm, &mut platform, &mut agent);
            let (charts, attempts) = outcome(&platform, &pipeline);
            assert_eq!(charts, expected, "{harm:?} on {database:?} left a trace");
            let begins_again = matches!(harm, Harm::KillAttempt | Harm::KillAgent | Harm::DrainAgent);
            assert_eq!(attempts > 1, begins_again, "{harm:?} on {database:?}: {attempts} attempts");
            let pipeline = platform.client.call(&GetPipeline { pipeline_id: pipeline.pipeline_id }).unwrap();
            let failures = path::named(&pipeline, "pretrain").failures;
            if matches!(harm, Harm::DrainAgent) {
                assert_eq!(failures, 0, "a drain does not count");
            }
        }
    }
}

#[test]
fn a_worker_that_slept_too_long_is_refused_once_another_has_begun() {
    let platform = Platform::start(Kind::Sqlite, &[]);
    let sleeper = platform.agent("sleeper");
    let pipeline = submit(&platform, "sleep");
    let job = training_beyond(&platform, &pipeline, 7);
    let attempt = sleeper.attempt();
    sleeper.process.signal(Signal::Stop);
    signal(attempt, Signal::Stop);
    let _other = platform.agent("other");
    eventually("another attempt begins", || {
        let now = platform.client.call(&GetJob { job_id: job.job_id }).unwrap();
        (now.attempt > job.attempt).then_some(())
    });
    sleeper.process.signal(Signal::Continue);
    signal(attempt, Signal::Continue);
    eventually("the sleeper drops its attempt", || (!sleeper.attempts().contains(&attempt)).then_some(()));
    let (charts, attempts) = outcome(&platform, &pipeline);
    assert_eq!(attempts, job.attempt + 1);
    assert_eq!(charts[0].len() as u64, STEPS);
    let events = path::events(&platform.client, job.job_id);
    let first_of_second = events.iter().position(|event| event.attempt > job.attempt).unwrap();
    let late = events[first_of_second..].iter().find(|event| event.attempt == job.attempt);
    assert!(late.is_none(), "the sleeper wrote after it had lost its lease: {late:?}");
}

#[test]
fn a_worker_that_wakes_before_anybody_took_over_goes_on() {
    let platform = Platform::start(Kind::Sqlite, &[]);
    let agent = platform.agent("only");
    let pipeline = submit(&platform, "nap");
    let job = training_beyond(&platform, &pipeline, 7);
    let attempt = agent.attempt();
    agent.process.signal(Signal::Stop);
    signal(attempt, Signal::Stop);
    let told = |words: &str| {
        let events = path::events(&platform.client, job.job_id);
        events.iter().any(|event| {
            matches!(&event.event, JobEvent::StateChanged { reason: Some(reason), .. } if reason.contains(words))
        })
    };
    eventually("the lease runs out", || told("did not report in time").then_some(()));
    agent.process.signal(Signal::Continue);
    signal(attempt, Signal::Continue);
    let (charts, attempts) = outcome(&platform, &pipeline);
    assert_eq!(attempts, job.attempt, "its renewal revives the lease");
    assert!(told("the worker reported again"), "it goes on by reviving its lease, not by a new one");
    assert_eq!(charts[0].len() as u64, STEPS);
}

#[test]
fn a_local_worker_does_not_outlive_a_killed_server() {
    let worker = e2e::process::binary("mitbadak-worker");
    let worker = worker.to_str().unwrap();
    let settings = [("--local-workers", "1"), ("--worker-binary", worker)];
    let mut platform = Platform::start(Kind::Sqlite, &settings);
    let pipeline = submit(&platform, "local");
    training_beyond(&platform, &pipeline, 7);
    let agents = platform.local_agents();
    assert_eq!(agents.len(), 1);
    platform.kill();
    eventually("the local worker ends with its server", || {
        let alive = std::path::Path::new(&format!("/proc/{}", agents[0])).exists();
        (!alive).then_some(())
    });
    platform.kill_and_restart();
    let (charts, _) = outcome(&platform, &pipeline);
    assert_eq!(charts[0].len() as u64, STEPS);
}

#[test]
fn a_job_that_kills_its_process_every_time_stops_at_its_limit() {
    let platform = Platform::start(Kind::Sqlite, &[("--failure-limit", "3")]);
    let agent = platform.agent("one");
    let pipeline = submit(&platform, "doomed");
    let import = path::named(&pipeline, "import").job_id;
    // From the first job that trains on, every attempt is killed as soon as it is seen.
    let doomed = path::named(&pipeline, "pretrain").job_id;
    let failed = eventually("the job reaches its limit", || {
        let job = platform.client.call(&GetJob { job_id: doomed }).unwrap();
        if job.state == JobState::Running {
            for attempt in agent.attempts() {
                signal(attempt, Signal::Kill);
            }
        }
        job.state.has_ended().then_some(job)
    });
    assert_eq!((failed.state, failed.failures, failed.attempt), (JobState::Failed, 3, 3));
    let reason = failed.reason.unwrap();
    assert!(reason.contains("killed"), "{reason}");
    let pipeline = path::wait(&platform.client, pipeline.pipeline_id);
    assert_eq!(path::named(&pipeline, "export").state, JobState::Cancelled);
    assert_eq!(platform.client.call(&GetJob { job_id: import }).unwrap().state, JobState::Succeeded);
}
