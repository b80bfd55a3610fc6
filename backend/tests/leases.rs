//! One attempt, from its claim to its end, and everything that can go wrong with it.

use shared::api::ErrorCode;
use shared::api::jobs::{CancelJob, JobState, ResumeJob};
use shared::api::leases::*;
use shared::api::workers::{RevokeWorker, RotateWorkerToken};

use crate::support::*;

crate::stories! {
    async fn success_registers_the_outputs(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await.job_id;
        let held = house.worker("worker").await.claim().await;
        assert_eq!(held.client.call(RenewLease {}).await.unwrap(), RenewReply::Continue);
        held.client.succeed(&held.lease).await.unwrap();
        let job = learner.client.job(job).await;
        assert_eq!((job.state, job.failures, job.reason), (JobState::Succeeded, 0, None));
        assert_eq!(job.outputs.keys().collect::<Vec<_>>(), ["dataset", "report"]);
        assert!(job.ended_at_microseconds.is_some());
        assert_eq!(held.client.refused(RenewLease {}).await, ErrorCode::LeaseLost);
    }

    async fn a_lost_reply_does_no_harm(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await.job_id;
        let held = house.worker("worker").await.claim().await;
        let outcome = held.client.upload_outputs(&held.lease, Default::default()).await.unwrap();
        let (one, two) = tokio::join!(held.client.finish(outcome.clone()), held.client.finish(outcome.clone()));
        one.unwrap();
        two.unwrap();
        held.client.finish(outcome).await.unwrap();
        assert_eq!(held.client.finish(failed_for_user()).await.unwrap_err().code, ErrorCode::LeaseLost);
        assert_eq!(learner.client.job(job).await.state, JobState::Succeeded);
        assert_eq!(house.count("SELECT COUNT(*) FROM artifacts WHERE job_id IS NOT NULL").await, 2);
    }

    async fn outputs_must_be_the_kinds_outputs_and_uploaded(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        learner.import(cohort).await;
        let held = house.worker("worker").await.claim().await;
        let whole = held.client.upload_outputs(&held.lease, Default::default()).await.unwrap();
        let AttemptOutcome::Succeeded { outputs, code_version } = whole.clone() else { unreachable!() };
        let spoil: [fn(&mut Vec<Output>); 5] = [
            |outputs| drop(outputs.pop()),
            |outputs| outputs[1].name = "model".into(),
            |outputs| outputs[0].files = vec![file("data.txt", b"never uploaded")],
            |outputs| outputs[0].files.clear(),
            |outputs| outputs[0].files[0].size_bytes += 1,
        ];
        for spoil in spoil {
            let mut outputs = outputs.clone();
            spoil(&mut outputs);
            let outcome = AttemptOutcome::Succeeded { outputs, code_version: code_version.clone() };
            assert_eq!(held.client.finish(outcome).await.unwrap_err().code, ErrorCode::Invalid);
        }
        held.client.finish(whole).await.unwrap();
    }

    async fn an_error_of_the_user_fails_at_once(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await.job_id;
        house.worker("worker").await.claim().await.client.finish(failed_for_user()).await.unwrap();
        let job = learner.client.job(job).await;
        assert_eq!((job.state, job.failures), (JobState::Failed, 1));
        assert_eq!(job.reason.unwrap(), "the file is no text");
    }

    async fn an_end_is_an_end_whatever_characters_its_worker_tells_it_in(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await.job_id;
        let held = house.worker("worker").await.claim().await;
        let message = "the file\u{0} is no text".into();
        held.client.finish(AttemptOutcome::FailedForUser { message }).await.unwrap();
        let job = learner.client.job(job).await;
        assert_eq!((job.state, job.reason.unwrap().as_str()), (JobState::Failed, "the file is no text"));
    }

    async fn a_failing_machine_is_tried_again_until_the_limit(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await.job_id;
        let worker = house.worker("worker").await;
        for failures in 1..=3 {
            let held = worker.claim().await;
            assert_eq!(held.lease.attempt, failures);
            held.client.finish(failed_transiently()).await.unwrap();
            assert_eq!(learner.client.job(job).await.failures, failures);
        }
        let job = learner.client.job(job).await;
        assert_eq!(job.state, JobState::Failed);
        assert_eq!(job.reason.unwrap(), "3 attempts failed, which is the limit; the last one: out of memory");
        assert!(worker.try_claim().await.is_none());
    }

    async fn a_failed_attempt_waits_before_the_next(house: House) {
        let house = house.with(|config| config.queue.backoff_seconds = 1000.0).await;
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await.job_id;
        let worker = house.worker("worker").await;
        worker.claim().await.client.finish(failed_transiently()).await.unwrap();
        assert_eq!(learner.client.job(job).await.state, JobState::Queued);
        assert!(worker.try_claim().await.is_none());
        house.write("UPDATE jobs SET run_at = run_at - 1201000000").await;
        assert!(worker.try_claim().await.is_some());
    }

    async fn a_job_that_kills_its_worker_every_time_stops_at_its_limit(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await.job_id;
        let worker = house.worker("worker").await;
        for _ in 0..3 {
            worker.claim().await;
            house.let_leases_run_out().await;
        }
        assert!(worker.try_claim().await.is_none());
        let job = learner.client.job(job).await;
        assert_eq!((job.state, job.attempt, job.failures), (JobState::Failed, 3, 3));
        assert!(job.reason.unwrap().contains("the worker of attempt 3 did not report in time"));
    }

    async fn giving_back_is_not_counted(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await.job_id;
        let worker = house.worker("worker").await;
        for attempt in 1..=5 {
            let held = worker.claim().await;
            assert_eq!(held.lease.attempt, attempt);
            held.client.finish(given_back()).await.unwrap();
            held.client.finish(given_back()).await.unwrap();
            assert_eq!(held.client.refused(RenewLease {}).await, ErrorCode::LeaseLost);
        }
        let job = learner.client.job(job).await;
        assert_eq!((job.state, job.attempt, job.failures), (JobState::Queued, 5, 0));
    }

    async fn a_late_waker_goes_on_when_nobody_took_over(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await.job_id;
        let held = house.worker("worker").await.claim().await;
        house.let_leases_run_out().await;
        backend::queue::sweep::sweep(&house.app).await.unwrap();
        let lost = learner.client.job(job).await;
        assert_eq!((lost.state, lost.failures), (JobState::Queued, 1));
        assert_eq!(held.client.call(RenewLease {}).await.unwrap(), RenewReply::Continue);
        let revived = learner.client.job(job).await;
        assert_eq!((revived.state, revived.attempt, revived.failures), (JobState::Running, 1, 0));
        assert!(house.worker("other").await.try_claim().await.is_none());
        held.client.succeed(&held.lease).await.unwrap();
    }

    async fn a_late_waker_may_finish_without_a_renewal(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await.job_id;
        let held = house.worker("worker").await.claim().await;
        let outcome = held.client.upload_outputs(&held.lease, Default::default()).await.unwrap();
        house.let_leases_run_out().await;
        backend::queue::sweep::sweep(&house.app).await.unwrap();
        held.client.finish(outcome).await.unwrap();
        let job = learner.client.job(job).await;
        assert_eq!((job.state, job.failures), (JobState::Succeeded, 0));
    }

    async fn a_late_waker_goes_on_although_its_silence_was_the_last_failure(house: House) {
        use JobState::*;
        let house = house.with(|config| config.queue.failure_limit = 1).await;
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await.job_id;
        let curated = learner.submit(cohort, curate(), bind("dataset", output_of(job, "dataset"))).await.unwrap().job_id;
        let tokenizer =
            learner.submit(cohort, train_tokenizer(), bind("corpus", output_of(curated, "corpus"))).await.unwrap().job_id;
        let unwanted =
            learner.submit(cohort, curate(), bind("dataset", output_of(job, "dataset"))).await.unwrap().job_id;
        learner.client.call(CancelJob { job_id: unwanted }).await.unwrap();
        let states = async || {
            let mut states = Vec::new();
            for id in [job, curated, tokenizer, unwanted] {
                states.push(learner.client.job(id).await.state);
            }
            states
        };
        let held = house.worker("worker").await.claim().await;
        let outcome = held.client.upload_outputs(&held.lease, Default::default()).await.unwrap();
        house.let_leases_run_out().await;
        backend::queue::sweep::sweep(&house.app).await.unwrap();
        assert_eq!(states().await, [Failed, Cancelled, Cancelled, Cancelled]);
        assert_eq!(held.client.call(RenewLease {}).await.unwrap(), RenewReply::Continue);
        let revived = learner.client.job(job).await;
        assert_eq!((revived.attempt, revived.failures, revived.reason, revived.ended_at_microseconds), (1, 0, None, None));
        // What a person had cancelled stays cancelled.
        assert_eq!(states().await, [Running, Waiting, Waiting, Cancelled]);
        // What it had uploaded before its silence is still its own.
        held.client.finish(outcome).await.unwrap();
        assert_eq!(states().await, [Succeeded, Queued, Waiting, Cancelled]);
    }

    async fn who_was_given_up_is_refused_once_the_job_was_resumed_and_taken_over(house: House) {
        let house = house.with(|config| config.queue.failure_limit = 1).await;
        let (learner, cohort) = house.learner("learner").await;
        let job_id = learner.import(cohort).await.job_id;
        let worker = house.worker("worker").await;
        let late = worker.claim().await;
        house.let_leases_run_out().await;
        assert!(worker.try_claim().await.is_none());
        learner.client.call(ResumeJob { job_id }).await.unwrap();
        let second = worker.claim().await;
        assert_eq!(late.client.refused(RenewLease {}).await, ErrorCode::LeaseLost);
        // A failure that its worker told is no silence: nothing revives it.
        second.client.finish(failed_transiently()).await.unwrap();
        assert_eq!(second.client.refused(RenewLease {}).await, ErrorCode::LeaseLost);
        assert_eq!(learner.client.job(job_id).await.state, JobState::Failed);
    }

    async fn a_late_waker_is_refused_when_somebody_took_over(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await.job_id;
        let worker = house.worker("worker").await;
        let late = worker.claim().await;
        house.let_leases_run_out().await;
        let second = worker.claim().await;
        assert_eq!(second.lease.attempt, 2);
        assert_eq!(late.client.refused(RenewLease {}).await, ErrorCode::LeaseLost);
        assert_eq!(late.client.refused(AppendEvents { events: vec![] }).await, ErrorCode::LeaseLost);
        assert_eq!(late.client.finish(failed_for_user()).await.unwrap_err().code, ErrorCode::LeaseLost);
        assert_eq!(late.client.upload_for_lease(b"late").await.unwrap_err().code, ErrorCode::LeaseLost);
        second.client.succeed(&second.lease).await.unwrap();
        assert_eq!(learner.client.job(job).await.state, JobState::Succeeded);
    }

    async fn a_queued_job_is_cancelled_now(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job_id = learner.import(cohort).await.job_id;
        let job = learner.client.call(CancelJob { job_id }).await.unwrap();
        assert_eq!(job.state, JobState::Cancelled);
        assert!(house.worker("worker").await.try_claim().await.is_none());
        assert_eq!(learner.client.call(CancelJob { job_id }).await.unwrap(), job);
    }

    async fn a_running_job_is_asked_to_stop(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job_id = learner.import(cohort).await.job_id;
        let held = house.worker("worker").await.claim().await;
        let job = learner.client.call(CancelJob { job_id }).await.unwrap();
        assert_eq!((job.state, job.cancel_requested), (JobState::Running, true));
        assert_eq!(held.client.call(RenewLease {}).await.unwrap(), RenewReply::Cancel);
        held.client.finish(AttemptOutcome::Cancelled).await.unwrap();
        assert_eq!(learner.client.job(job_id).await.state, JobState::Cancelled);
        assert_eq!(held.client.refused(RenewLease {}).await, ErrorCode::LeaseLost);
    }

    async fn a_cancelled_job_does_not_come_back_by_failing_or_draining(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let worker = house.worker("worker").await;
        for outcome in [failed_transiently(), given_back()] {
            let job_id = learner.import(cohort).await.job_id;
            let held = worker.claim().await;
            learner.client.call(CancelJob { job_id }).await.unwrap();
            held.client.finish(outcome).await.unwrap();
            assert_eq!(learner.client.job(job_id).await.state, JobState::Cancelled);
        }
    }

    async fn a_cancelled_job_whose_worker_is_gone_ends_with_its_lease(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job_id = learner.import(cohort).await.job_id;
        let held = house.worker("worker").await.claim().await;
        learner.client.call(CancelJob { job_id }).await.unwrap();
        house.let_leases_run_out().await;
        backend::queue::sweep::sweep(&house.app).await.unwrap();
        let job = learner.client.job(job_id).await;
        assert_eq!((job.state, job.failures), (JobState::Cancelled, 0));
        assert_eq!(held.client.refused(RenewLease {}).await, ErrorCode::LeaseLost);
    }

    async fn a_job_that_has_ended_cannot_be_cancelled(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job_id = learner.import(cohort).await.job_id;
        let held = house.worker("worker").await.claim().await;
        held.client.succeed(&held.lease).await.unwrap();
        assert_eq!(learner.client.refused(CancelJob { job_id }).await, ErrorCode::Conflict);
    }

    async fn a_worker_that_stops_unasked_has_failed(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job_id = learner.import(cohort).await.job_id;
        let held = house.worker("worker").await.claim().await;
        held.client.finish(AttemptOutcome::Cancelled).await.unwrap();
        let job = learner.client.job(job_id).await;
        assert_eq!((job.state, job.failures), (JobState::Queued, 1));
    }

    async fn a_revoked_worker_is_shut_out_with_its_leases(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        learner.import(cohort).await;
        let account = house.worker_account("worker").await;
        let worker = Worker { client: house.holding(&account.token) };
        let held = worker.claim().await;
        let rotated = house.operator.call(RotateWorkerToken { worker_id: account.worker_id }).await.unwrap();
        assert_eq!(worker.client.refused(claim_of(&shared::spec::JobKind::ALL)).await, ErrorCode::NotSignedIn);
        held.client.call(RenewLease {}).await.unwrap();
        house.operator.call(RevokeWorker { worker_id: account.worker_id }).await.unwrap();
        assert_eq!(held.client.refused(RenewLease {}).await, ErrorCode::NotSignedIn);
        let again = house.holding(&rotated.token);
        assert_eq!(again.refused(claim_of(&shared::spec::JobKind::ALL)).await, ErrorCode::NotSignedIn);
    }
}

#[test]
fn the_wait_doubles_up_to_its_limit() {
    let config = backend::config::QueueConfig {
        backoff_seconds: 10.0,
        backoff_limit_seconds: 600.0,
        ..Default::default()
    };
    let wait = |failures, share| backend::queue::finish::backoff_seconds(&config, failures, share);
    let middle: Vec<f64> = (0..9).map(|failures| wait(failures, 0.5)).collect();
    assert_eq!(middle, [10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 600.0, 600.0, 600.0]);
    assert_eq!(wait(1, 0.0), 16.0);
    assert!((wait(1, 1.0) - 24.0).abs() < 1e-9);
    assert_eq!(wait(u32::MAX, 0.5), 600.0);
}
