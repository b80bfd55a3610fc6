//! Jobs that are taken up again after their end.

use shared::api::ErrorCode;
use shared::api::jobs::*;
use shared::api::leases::{AttemptOutcome, RenewLease, SaveCheckpoint};
use shared::events::JobEvent;

use crate::support::*;

crate::stories! {
    async fn a_cancelled_job_goes_on_from_its_checkpoint(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job_id = learner.import(cohort).await.job_id;
        let worker = house.worker("worker").await;
        let held = worker.claim().await;
        held.client.upload_for_lease(b"weights").await.unwrap();
        let files = vec![file("state", b"weights")];
        held.client.call(SaveCheckpoint { step: 40, files }).await.unwrap();
        learner.client.call(CancelJob { job_id }).await.unwrap();
        let too_early = learner.client.call(ResumeJob { job_id }).await.unwrap_err();
        assert_eq!(too_early.code, ErrorCode::Conflict);
        held.client.finish(AttemptOutcome::Cancelled).await.unwrap();

        let job = learner.client.call(ResumeJob { job_id }).await.unwrap();
        assert_eq!((job.state, job.reason, job.cancel_requested), (JobState::Queued, None, false));
        assert_eq!(job.ended_at_microseconds, None);
        let held = worker.claim().await;
        assert_eq!(held.lease.attempt, 2);
        assert_eq!(held.lease.resume_from.as_ref().unwrap().step, 40);
        held.client.succeed(&held.lease).await.unwrap();
        let done = learner.client.call(ResumeJob { job_id }).await.unwrap_err();
        assert_eq!(done.code, ErrorCode::Conflict);
    }

    async fn a_failed_job_gets_all_its_attempts_again(house: House) {
        let house = house.with(|config| {
            config.queue.failure_limit = 1;
        }).await;
        let (learner, cohort) = house.learner("learner").await;
        let job_id = learner.import(cohort).await.job_id;
        let worker = house.worker("worker").await;
        for _ in 0..2 {
            worker.claim().await.client.finish(failed_transiently()).await.unwrap();
            let job = learner.client.job(job_id).await;
            assert_eq!((job.state, job.failures), (JobState::Failed, 1));
            let job = learner.client.call(ResumeJob { job_id }).await.unwrap();
            assert_eq!((job.state, job.failures), (JobState::Queued, 0));
        }
        let held = worker.claim().await;
        held.client.succeed(&held.lease).await.unwrap();
    }

    async fn what_was_cancelled_with_it_waits_again(house: House) {
        use JobState::*;
        let (learner, cohort) = house.learner("learner").await;
        let first = learner.import(cohort).await.job_id;
        let second = learner.submit(cohort, curate(), bind("dataset", output_of(first, "dataset"))).await.unwrap().job_id;
        let third = learner.submit(cohort, train_tokenizer(), bind("corpus", output_of(second, "corpus"))).await.unwrap().job_id;
        let states = async || [learner.client.job(first).await.state, learner.client.job(second).await.state, learner.client.job(third).await.state];
        let worker = house.worker("worker").await;
        worker.claim().await.client.finish(failed_for_user()).await.unwrap();
        assert_eq!(states().await, [Failed, Cancelled, Cancelled]);
        // Not in the middle: it would wait for a job that has failed.
        assert_eq!(learner.client.refused(ResumeJob { job_id: second }).await, ErrorCode::Conflict);
        learner.client.call(ResumeJob { job_id: first }).await.unwrap();
        assert_eq!(states().await, [Queued, Waiting, Waiting]);
        for _ in 0..3 {
            let held = worker.claim().await;
            held.client.succeed(&held.lease).await.unwrap();
        }
        assert_eq!(states().await, [Succeeded; 3]);
    }

    async fn a_job_that_has_not_ended_stays_as_it_is(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await;
        assert_eq!(learner.client.call(ResumeJob { job_id: job.job_id }).await.unwrap(), job);
        let held = house.worker("worker").await.claim().await;
        let running = learner.client.call(ResumeJob { job_id: job.job_id }).await.unwrap();
        assert_eq!((running.state, running.attempt), (JobState::Running, 1));
        held.client.succeed(&held.lease).await.unwrap();
    }

    async fn a_worker_that_was_given_up_may_still_finish_a_resumed_job(house: House) {
        let house = house.with(|config| config.queue.failure_limit = 1).await;
        let (learner, cohort) = house.learner("learner").await;
        let job_id = learner.import(cohort).await.job_id;
        let held = house.worker("worker").await.claim().await;
        house.let_leases_run_out().await;
        backend::queue::sweep::sweep(&house.app).await.unwrap();
        assert_eq!(learner.client.job(job_id).await.state, JobState::Failed);
        learner.client.call(ResumeJob { job_id }).await.unwrap();
        held.client.call(RenewLease {}).await.unwrap();
        let job = learner.client.job(job_id).await;
        assert_eq!((job.state, job.failures), (JobState::Running, 0));
        held.client.succeed(&held.lease).await.unwrap();
        assert_eq!(learner.client.job(job_id).await.state, JobState::Succeeded);
    }

    async fn the_stream_goes_on_past_an_end_that_was_none(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job_id = learner.import(cohort).await.job_id;
        let worker = house.worker("worker").await;
        worker.claim().await.client.finish(failed_for_user()).await.unwrap();
        learner.client.call(ResumeJob { job_id }).await.unwrap();
        let held = worker.claim().await;
        held.client.succeed(&held.lease).await.unwrap();
        let target = format!("/api/v1/jobs/{job_id}/events/stream");
        let reply = learner.client.send("GET", &target, &[], "").await;
        let text = String::from_utf8(reply.body).unwrap();
        let events = learner.client.call(ListJobEvents { job_id, after: None, limit: None }).await.unwrap().events;
        assert_eq!(text.matches("data:").count(), events.len());
        let ends = events.iter().filter(|event| matches!(event.event, JobEvent::StateChanged { state, .. } if state.has_ended()));
        assert_eq!(ends.count(), 2);
    }
}
