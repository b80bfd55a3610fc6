//! Jobs that wait in the queue although it would be their turn, and what their owners are told.

use shared::api::jobs::{JobState, ListJobs, WaitsFor};
use shared::spec::{ArchitectureSpec, JobKind, JobSpec, presets::Preset};

use crate::support::*;

const GIBIBYTE: u64 = 1 << 30;

/// A machine with so much memory; 0 says nothing.
async fn claim(worker: &Worker, memory_bytes: u64) -> Option<Held> {
    let mut request = claim_of(&JobKind::ALL);
    request.capabilities.memory_bytes = memory_bytes;
    // What is free changes by itself and decides nothing.
    request.capabilities.free_memory_bytes = 1;
    let lease = worker.client.call(request).await.unwrap().lease?;
    Some(Held { client: worker.client.with_token(&lease.token), lease })
}

/// An import that remembers long lines: 64 MiB and three times `line_limit_bytes`.
fn import_of_long_lines(line_limit_bytes: u64) -> JobSpec {
    let JobSpec::Import(mut spec) = import(Default::default()) else { unreachable!() };
    spec.line_limit_bytes = line_limit_bytes;
    JobSpec::Import(spec)
}

crate::stories! {
    async fn a_large_job_waits_for_a_large_worker(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let source = learner.source(cohort, "글", Default::default()).await.artifact_id;
        let inputs = bind("text", shared::api::jobs::InputBinding::Artifact(source));
        let spec = import_of_long_lines(64 << 20);
        let needed_bytes = spec.estimate(0, 0.0).memory_bytes;
        let large = learner.submit(cohort, spec, inputs.clone()).await.unwrap();
        assert_eq!((large.memory_bytes, large.waits_for), (needed_bytes, Some(WaitsFor::Worker)));
        let little = learner.submit(cohort, import_of_long_lines(1 << 20), inputs).await.unwrap().job_id;

        // The small worker passes the large job over, although that one is older.
        let small = house.worker("small").await;
        let held = claim(&small, needed_bytes - 1).await.unwrap();
        assert_eq!(held.lease.job_id, little);
        held.client.succeed(&held.lease).await.unwrap();
        assert!(claim(&small, needed_bytes - 1).await.is_none());
        let waits = learner.client.job(large.job_id).await;
        let expected = WaitsFor::Memory { needed_bytes, largest_worker_bytes: needed_bytes - 1 };
        assert_eq!((waits.state, waits.waits_for), (JobState::Queued, Some(expected)));

        let held = claim(&house.worker("large").await, needed_bytes).await.unwrap();
        assert_eq!(held.lease.job_id, large.job_id);
        assert_eq!(learner.client.job(large.job_id).await.waits_for, None);
    }

    async fn a_worker_that_does_not_say_what_it_has_takes_everything(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await.job_id;
        assert!(claim(&house.worker("small").await, 1).await.is_none());
        let held = claim(&house.worker("silent").await, 0).await.unwrap();
        assert_eq!(held.lease.job_id, job);
        // Its next job would be taken by the same worker: nothing but time is missing.
        let next = learner.import(cohort).await;
        assert_eq!(next.waits_for, None);
    }

    async fn what_a_job_needs_is_known_when_its_inputs_are(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let import = learner.import(cohort).await.job_id;
        let curate = learner.submit(cohort, curate(), bind("dataset", output_of(import, "dataset"))).await.unwrap();
        let worker = house.worker("worker").await;
        let held = worker.claim().await;
        held.client.succeed(&held.lease).await.unwrap();
        let corpus = bind("corpus", output_of(curate.job_id, "corpus"));
        let tokenizer = learner.submit(cohort, train_tokenizer(), corpus).await.unwrap();
        let held = worker.claim().await;
        let outcome = held.client.upload_outputs(&held.lease, Default::default()).await.unwrap();
        held.client.finish(outcome).await.unwrap();
        let known = learner.client.job(tokenizer.job_id).await;
        assert!(known.memory_bytes > tokenizer.memory_bytes, "the corpus is counted once it is there");
        let corpus_bytes = format!("corpus of job {}", curate.job_id).len() as u64;
        assert_eq!(known.memory_bytes, known.spec.estimate(corpus_bytes, 0.0).memory_bytes);
    }

    async fn a_job_beyond_every_machine_is_still_a_row(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let import = learner.import(cohort).await.job_id;
        let curate = learner.submit(cohort, curate(), bind("dataset", output_of(import, "dataset"))).await.unwrap();
        let corpus = bind("corpus", output_of(curate.job_id, "corpus"));
        let tokenizer = learner.submit(cohort, train_tokenizer(), corpus.clone()).await.unwrap();
        let mut spec = Preset::Tiny.pretrain();
        let ArchitectureSpec::Llama(shape) = &mut spec.model else { unreachable!("the small preset is a Llama") };
        (shape.context_length, spec.batch.rows) = (65_536, 65_536);
        let inputs = corpus.into_iter().chain(bind("tokenizer", output_of(tokenizer.job_id, "tokenizer")));
        let job = learner.submit(cohort, JobSpec::Pretrain(spec), inputs.collect()).await.unwrap();
        assert!(job.memory_bytes > 1000 * GIBIBYTE, "{}", job.memory_bytes);
    }

    async fn a_pause_and_a_busy_owner_are_told_too(house: House) {
        let house = house.with(|config| {
            config.queue.running_limit = 1;
            config.queue.backoff_seconds = 1000.0;
        }).await;
        let (learner, cohort) = house.learner("learner").await;
        let paused = learner.import(cohort).await.job_id;
        let worker = house.worker("worker").await;
        worker.claim().await.client.finish(failed_transiently()).await.unwrap();
        let Some(WaitsFor::Pause { until_microseconds }) = learner.client.job(paused).await.waits_for else {
            panic!("{:?}", learner.client.job(paused).await.waits_for)
        };
        let run_at = house.count(&format!("SELECT run_at FROM jobs WHERE id = {paused}")).await;
        assert_eq!(until_microseconds, run_at);
        let running = learner.import(cohort).await.job_id;
        let _held = worker.claim().await;
        let waiting = learner.import(cohort).await.job_id;
        let all = ListJobs { state: None, before: None, limit: None };
        let jobs = learner.client.call(all).await.unwrap().jobs;
        let told: Vec<_> = jobs.into_iter().map(|job| (job.job_id, job.waits_for)).collect();
        let busy = WaitsFor::OwnersOtherJobs { running_limit: 1 };
        let pause = WaitsFor::Pause { until_microseconds };
        assert_eq!(told, [(waiting, Some(busy)), (running, None), (paused, Some(pause))]);
        // A worker that is revoked is not counted on.
        house.write("UPDATE workers SET revoked_at = 1").await;
        assert_eq!(learner.client.job(waiting).await.waits_for, Some(WaitsFor::Worker));
    }
}
