//! Jobs that feed each other.

use shared::api::jobs::*;
use shared::artifacts::Purpose;
use shared::ids::JobId;

use crate::support::*;

/// import → curate → train tokenizer, submitted one by one.
async fn chain(learner: &Person, cohort: shared::ids::CohortId) -> [JobId; 3] {
    let first = learner.import(cohort).await.job_id;
    let second =
        learner.submit(cohort, curate(), bind("dataset", output_of(first, "dataset"))).await.unwrap();
    let corpus = bind("corpus", output_of(second.job_id, "corpus"));
    let third = learner.submit(cohort, train_tokenizer(), corpus).await.unwrap();
    assert_eq!((second.state, third.state), (JobState::Waiting, JobState::Waiting));
    [first, second.job_id, third.job_id]
}

async fn states(learner: &Person, jobs: [JobId; 3]) -> [JobState; 3] {
    let [a, b, c] = jobs;
    [learner.client.job(a).await.state, learner.client.job(b).await.state, learner.client.job(c).await.state]
}

crate::stories! {
    async fn success_releases_what_waited_for_it(house: House) {
        use JobState::*;
        let (learner, cohort) = house.learner("learner").await;
        let jobs = chain(&learner, cohort).await;
        let worker = house.worker("worker").await;
        let held = worker.claim().await;
        assert!(worker.try_claim().await.is_none());
        held.client.succeed(&held.lease).await.unwrap();
        assert_eq!(states(&learner, jobs).await, [Succeeded, Queued, Waiting]);
        let dataset = output(&learner.client.job(jobs[0]).await, "dataset");
        let held = worker.claim().await;
        assert_eq!(held.lease.inputs[0].artifact_id, dataset);
        assert_eq!(held.lease.inputs[0].files[0].name.as_str(), "data.txt");
        held.client.succeed(&held.lease).await.unwrap();
        let held = worker.claim().await;
        held.client.succeed(&held.lease).await.unwrap();
        assert_eq!(states(&learner, jobs).await, [Succeeded; 3]);
    }

    async fn failure_cancels_what_waited_for_it(house: House) {
        use JobState::*;
        let (learner, cohort) = house.learner("learner").await;
        let jobs = chain(&learner, cohort).await;
        house.worker("worker").await.claim().await.client.finish(failed_for_user()).await.unwrap();
        assert_eq!(states(&learner, jobs).await, [Failed, Cancelled, Cancelled]);
        let reason = learner.client.job(jobs[2]).await.reason.unwrap();
        assert_eq!(reason, format!("job {}, which it depends on, failed", jobs[0]));
        let late = learner.submit(cohort, curate(), bind("dataset", output_of(jobs[0], "dataset"))).await;
        assert_eq!(late.unwrap_err().problems[0].field, "inputs.dataset");
    }

    async fn the_last_failure_of_a_silent_worker_cancels_too(house: House) {
        use JobState::*;
        let house = house.with(|config| config.queue.failure_limit = 1).await;
        let (learner, cohort) = house.learner("learner").await;
        let jobs = chain(&learner, cohort).await;
        house.worker("worker").await.claim().await;
        house.let_leases_run_out().await;
        backend::queue::sweep::sweep(&house.app).await.unwrap();
        assert_eq!(states(&learner, jobs).await, [Failed, Cancelled, Cancelled]);
    }

    async fn cancelling_a_queued_job_cancels_what_waited_for_it(house: House) {
        use JobState::*;
        let (learner, cohort) = house.learner("learner").await;
        let jobs = chain(&learner, cohort).await;
        learner.client.call(CancelJob { job_id: jobs[0] }).await.unwrap();
        assert_eq!(states(&learner, jobs).await, [Cancelled; 3]);
    }

    async fn cancelling_a_running_job_cancels_what_waited_for_it_at_once(house: House) {
        use JobState::*;
        let (learner, cohort) = house.learner("learner").await;
        let jobs = chain(&learner, cohort).await;
        house.worker("worker").await.claim().await;
        learner.client.call(CancelJob { job_id: jobs[0] }).await.unwrap();
        assert_eq!(states(&learner, jobs).await, [Running, Cancelled, Cancelled]);
    }

    async fn a_job_may_wait_for_one_that_it_takes_nothing_from(house: House) {
        let (learner, cohort_id) = house.learner("learner").await;
        let source = learner.source(cohort_id, "글", Purpose::Training).await;
        let job = |name: &str, depends_on: &[&str]| PipelineJob {
            name: name.into(),
            spec: import(Purpose::Training),
            inputs: bind("text", InputBinding::Artifact(source.artifact_id)),
            depends_on: depends_on.iter().map(|&name| name.to_owned()).collect(),
        };
        let jobs = vec![job("a", &[]), job("b", &[]), job("c", &["a", "b"])];
        let request = CreatePipeline { cohort_id, title: "p".into(), jobs, idempotency_key: "k".into() };
        let pipeline = learner.client.call(request).await.unwrap();
        let worker = house.worker("worker").await;
        let last = pipeline.jobs[2].job_id;
        for expected in [JobState::Waiting, JobState::Queued] {
            let held = worker.claim().await;
            held.client.succeed(&held.lease).await.unwrap();
            assert_eq!(learner.client.job(last).await.state, expected);
        }
    }

    async fn what_missed_the_end_of_its_parent_is_told_by_the_next_look(house: House) {
        use JobState::*;
        let (learner, cohort) = house.learner("learner").await;
        for (parent, child, grandchild) in [(Succeeded, Queued, Waiting), (Failed, Cancelled, Cancelled)] {
            let jobs = chain(&learner, cohort).await;
            // As two transactions leave it that passed each other: the end told nobody.
            house.write(&format!(
                "UPDATE jobs SET state = '{}', reason = 'a race', ended_at = 1 WHERE id = {}", parent.as_str(), jobs[0]
            )).await;
            backend::queue::dependents::settle(&house.app).await.unwrap();
            assert_eq!(states(&learner, jobs).await, [parent, child, grandchild]);
            backend::queue::dependents::settle(&house.app).await.unwrap();
            assert_eq!(states(&learner, jobs).await, [parent, child, grandchild]);
        }
    }

    async fn a_deleted_input_fails_the_job_and_says_so(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await.job_id;
        let InputBinding::Artifact(artifact_id) = learner.client.job(job).await.inputs["text"] else { unreachable!() };
        learner.client.call(shared::api::artifacts::DeleteArtifact { artifact_id }).await.unwrap();
        assert!(house.worker("worker").await.try_claim().await.is_none());
        let job = learner.client.job(job).await;
        assert_eq!((job.state, job.failures), (JobState::Failed, 0));
        assert!(job.reason.unwrap().contains("was deleted"));
    }
}
