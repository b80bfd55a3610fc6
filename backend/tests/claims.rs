//! Who gets which job.

use shared::api::ErrorCode;
use shared::api::jobs::{GetJob, JobState, ListJobEvents, ListJobs, PRIORITY_LIMIT, SetJobPriority};
use shared::events::JobEvent;
use shared::spec::JobKind;

use crate::support::*;

crate::stories! {
    async fn a_job_goes_to_one_worker(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await;
        let (first, second) = (house.worker("a").await, house.worker("b").await);
        let (one, two) = tokio::join!(first.try_claim(), second.try_claim());
        assert!(one.is_some() != two.is_some());
        let held = one.or(two).unwrap();
        assert_eq!((held.lease.job_id, held.lease.attempt), (job.job_id, 1));
        assert_eq!(held.lease.inputs[0].name, "text");
        let job = learner.client.job(job.job_id).await;
        assert_eq!((job.state, job.attempt, job.failures), (JobState::Running, 1, 0));
        assert!(job.started_at_microseconds.is_some());
    }

    async fn a_worker_gets_only_kinds_that_it_can_do(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        learner.import(cohort).await;
        let worker = house.worker("worker").await;
        let reply = worker.client.call(claim_of(&[JobKind::Export, JobKind::Curate])).await.unwrap();
        assert!(reply.lease.is_none());
        let reply = worker.client.call(claim_of(&[JobKind::Import])).await.unwrap();
        assert!(reply.lease.is_some());
    }

    async fn a_worker_of_another_version_is_told_to_upgrade(house: House) {
        let worker = house.worker("worker").await;
        let mut claim = claim_of(&JobKind::ALL);
        claim.spec_version += 1;
        assert_eq!(worker.client.refused(claim).await, ErrorCode::UpgradeRequired);
        let reply = worker.client.send("POST", "/api/v2/worker/claim", &[], "{}").await;
        assert_eq!(reply.status, 426);
        assert_eq!(reply.error().code, ErrorCode::UpgradeRequired);
    }

    async fn people_take_turns(house: House) {
        let (busy, cohort) = house.learner("busy").await;
        let mut expected = Vec::new();
        for _ in 0..3 {
            expected.push(busy.import(cohort).await.job_id);
        }
        let (late, cohort) = house.learner("late").await;
        // Whoever runs fewer goes first, although the other asked earlier.
        expected.insert(1, late.import(cohort).await.job_id);
        let worker = house.worker("worker").await;
        let mut order = Vec::new();
        while let Some(held) = worker.try_claim().await {
            order.push(held.lease.job_id);
        }
        assert_eq!(order, expected);
    }

    async fn priority_comes_first(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        learner.import(cohort).await;
        let urgent = learner.import(cohort).await;
        assert_eq!(urgent.priority, 0);
        let job_id = urgent.job_id;
        let set = house.operator.call(SetJobPriority { job_id, priority: 1 }).await.unwrap();
        assert_eq!((set.priority, learner.client.job(job_id).await.priority), (1, 1));
        let worker = house.worker("worker").await;
        let held = worker.claim().await;
        assert_eq!(held.lease.job_id, job_id);
        held.client.succeed(&held.lease).await.unwrap();
        assert_eq!(house.operator.refused(SetJobPriority { job_id, priority: 2 }).await, ErrorCode::Conflict);
        for priority in [PRIORITY_LIMIT + 1, -PRIORITY_LIMIT - 1, i32::MIN] {
            let error = house.operator.call(SetJobPriority { job_id, priority }).await.unwrap_err();
            assert_eq!(error.problems[0].field, "priority");
        }
    }

    async fn what_is_set_back_comes_last(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let patient = learner.import(cohort).await.job_id;
        let next = learner.import(cohort).await.job_id;
        house.operator.call(SetJobPriority { job_id: patient, priority: -1 }).await.unwrap();
        let worker = house.worker("worker").await;
        assert_eq!(worker.claim().await.lease.job_id, next);
        assert_eq!(worker.claim().await.lease.job_id, patient);
    }

    async fn one_person_runs_so_many_at_once(house: House) {
        let house = house.with(|config| config.queue.running_limit = 2).await;
        let (learner, cohort) = house.learner("learner").await;
        for _ in 0..4 {
            learner.import(cohort).await;
        }
        let mut workers = Vec::new();
        for number in 0..4 {
            workers.push(house.worker(&format!("worker {number}")).await);
        }
        let [a, b, c, d] = [&workers[0], &workers[1], &workers[2], &workers[3]];
        let claims = tokio::join!(a.try_claim(), b.try_claim(), c.try_claim(), d.try_claim());
        let held: Vec<Held> = [claims.0, claims.1, claims.2, claims.3].into_iter().flatten().collect();
        assert_eq!(held.len(), 2);
        held[0].client.succeed(&held[0].lease).await.unwrap();
        assert!(workers[0].try_claim().await.is_some());
        assert!(workers[0].try_claim().await.is_none());
    }

    async fn a_row_that_cannot_be_read_fails_and_the_queue_goes_on(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let spoiled = learner.import(cohort).await.job_id;
        let after = learner.submit(cohort, curate(), bind("dataset", output_of(spoiled, "dataset"))).await.unwrap();
        let input = learner.import(cohort).await.job_id;
        let good = learner.import(cohort).await.job_id;
        house.write(&format!("UPDATE jobs SET spec = '{{\"kind\":\"alchemy\"}}' WHERE id = {spoiled}")).await;
        house.write(&format!(
            "UPDATE artifacts SET kind = 'gold' WHERE id IN (SELECT artifact_id FROM job_inputs WHERE job_id = {input})"
        )).await;
        assert_eq!(house.worker("worker").await.claim().await.lease.job_id, good);
        let failed = learner.client.job(input).await;
        assert_eq!((failed.state, failed.failures), (JobState::Failed, 0));
        assert!(failed.reason.unwrap().contains("submit it anew"));
        assert_eq!(learner.client.job(after.job_id).await.state, JobState::Cancelled);
        // Its owner is told why, and sees the other jobs all the same.
        let events = ListJobEvents { job_id: spoiled, after: None, limit: None };
        let events = learner.client.call(events).await.unwrap().events;
        let Some(JobEvent::StateChanged { state, reason }) = events.last().map(|event| &event.event) else { unreachable!() };
        assert_eq!(*state, JobState::Failed);
        assert!(reason.as_ref().unwrap().contains("submit it anew"));
        let all = ListJobs { state: None, before: None, limit: None };
        let listed: Vec<_> = learner.client.call(all).await.unwrap().jobs.iter().map(|job| job.job_id).collect();
        assert_eq!(listed, [good, input, after.job_id]);
        let error = learner.client.call(GetJob { job_id: spoiled }).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Conflict);
        assert!(error.message.contains("submit it anew"), "{}", error.message);
    }

    async fn a_waiting_worker_is_woken_by_a_new_job(house: House) {
        // Nobody looks by themselves within this test: only the hint can answer in time.
        let house = house.with(|config| config.queue.poll_seconds = 3600.0).await;
        let (learner, cohort) = house.learner("learner").await;
        let worker = house.worker("worker").await;
        let mut claim = claim_of(&JobKind::ALL);
        claim.wait_seconds = 30;
        let waiting = tokio::spawn(worker_call(worker.client.clone(), claim));
        house.count("SELECT COUNT(*) FROM workers").await;
        let job = learner.import(cohort).await;
        assert_eq!(waiting.await.unwrap(), Some(job.job_id));
    }

    async fn a_waiting_worker_finds_a_job_without_any_hint(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await;
        house.write("UPDATE jobs SET run_at = run_at + 86400000000").await;
        let worker = house.worker("worker").await;
        let mut claim = claim_of(&JobKind::ALL);
        claim.wait_seconds = 30;
        let waiting = tokio::spawn(worker_call(worker.client.clone(), claim));
        // Another server on the same database changes it; nobody tells this one.
        house.write("UPDATE jobs SET run_at = 0").await;
        assert_eq!(waiting.await.unwrap(), Some(job.job_id));
    }
}

async fn worker_call(client: Client, claim: shared::api::workers::ClaimJob) -> Option<shared::ids::JobId> {
    client.call(claim).await.unwrap().lease.map(|lease| lease.job_id)
}
