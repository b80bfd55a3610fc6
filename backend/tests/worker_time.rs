//! How long learners keep workers busy, and what happens when that is too long.

use shared::api::worker_time::*;
use shared::api::{ErrorCode, Role};

use crate::support::*;

/// Moves the begin of the newest attempt of a job's owner so many minutes back.
async fn let_it_run(house: &House, minutes: i64) {
    let sql = format!(
        "UPDATE attempts SET started_at = started_at - {} WHERE id = (SELECT MAX(id) FROM attempts)",
        minutes * 60_000_000
    );
    house.write(&sql).await;
}

crate::stories! {
    async fn a_learner_whose_time_is_used_up_submits_nothing_more(house: House) {
        let class = house.cohort("class").await;
        let learner = house.member("learner", class, Role::Learner).await;
        let instructor = house.member("instructor", class, Role::Instructor).await;
        let worker = house.worker("worker").await;
        let mine = GetMyWorkerTime { cohort_id: class };
        let time = learner.client.call(mine.clone()).await.unwrap();
        assert_eq!(time, WorkerTime { used_seconds: 0, allowed_seconds: None });

        let limit = SetWorkerTimeLimit { cohort_id: class, minutes_per_learner: Some(60) };
        instructor.client.call(limit).await.unwrap();
        learner.import(class).await;
        let held = worker.claim().await;
        let_it_run(&house, 61).await;
        let source = learner.source(class, "글", Default::default()).await.artifact_id;
        let inputs = bind("text", shared::api::jobs::InputBinding::Artifact(source));
        let submit = async || learner.submit(class, import(Default::default()), inputs.clone()).await;
        // Also what runs just now counts, and it is not stopped.
        let error = submit().await.unwrap_err();
        assert_eq!(error.code, ErrorCode::QuotaExceeded);
        assert!(error.message.starts_with("you have used 61 of 60 minutes of worker time"), "{}", error.message);
        held.client.succeed(&held.lease).await.unwrap();
        let time = learner.client.call(mine.clone()).await.unwrap();
        assert_eq!((time.used_seconds / 60, time.allowed_seconds), (61, Some(3600)));

        // Staff has no limit, and gives more.
        instructor.import(class).await;
        let grant = GrantWorkerTime { cohort_id: class, user_id: learner.id, minutes: 30 };
        instructor.client.call(grant).await.unwrap();
        submit().await.unwrap();
        let list = instructor.client.call(ListWorkerTime { cohort_id: class }).await.unwrap();
        assert_eq!(list.minutes_per_learner, Some(60));
        let row = &list.members[0];
        assert_eq!((row.user_id, row.used_seconds / 60, row.granted_minutes), (learner.id, 61, 30));
        assert_eq!(list.members.len(), 2);

        // What was granted long ago, and what ran long ago, no longer counts.
        house.write("UPDATE worker_time_grants SET granted_at = 1").await;
        assert_eq!(submit().await.unwrap_err().code, ErrorCode::QuotaExceeded);
        house.write("UPDATE attempts SET started_at = 1, ended_at = 2 WHERE ended_at IS NOT NULL").await;
        submit().await.unwrap();
        let time = learner.client.call(mine).await.unwrap();
        assert_eq!((time.used_seconds, time.allowed_seconds), (0, Some(3600)));
    }

    async fn a_machine_counts_once_and_every_gpu_of_it_counts(house: House) {
        let (learner, class) = house.learner("learner").await;
        let mine = GetMyWorkerTime { cohort_id: class };
        for (gpus, cuda, minutes) in [(0, false, 10), (3, true, 40), (3, false, 50)] {
            learner.import(class).await;
            let worker = house.worker(&format!("{gpus} GPUs, {cuda}")).await;
            let mut claim = claim_of(&shared::spec::JobKind::ALL);
            let gpu = shared::api::workers::Gpu { name: "gpu".into(), memory_bytes: 1, free_memory_bytes: 1 };
            claim.capabilities.gpus = vec![gpu; gpus];
            claim.capabilities.cuda = cuda;
            let lease = worker.client.call(claim).await.unwrap().lease.unwrap();
            let_it_run(&house, 10).await;
            house.holding(&lease.token).succeed(&lease).await.unwrap();
            assert_eq!(learner.client.call(mine.clone()).await.unwrap().used_seconds / 60, minutes);
        }
    }

    async fn a_worker_that_fell_silent_costs_its_owner_nothing(house: House) {
        let (learner, class) = house.learner("learner").await;
        learner.import(class).await;
        let worker = house.worker("worker").await;
        worker.claim().await;
        let_it_run(&house, 10).await;
        house.let_leases_run_out().await;
        worker.claim().await;
        assert_eq!(learner.client.call(GetMyWorkerTime { cohort_id: class }).await.unwrap().used_seconds / 60, 0);
    }

    async fn another_class_has_time_of_its_own(house: House) {
        let (learner, class) = house.learner("learner").await;
        let other = house.cohort("other").await;
        house.operator.call(shared::api::cohorts::SetMember { cohort_id: other, user_id: learner.id, role: Role::Learner }).await.unwrap();
        for cohort_id in [class, other] {
            house.operator.call(SetWorkerTimeLimit { cohort_id, minutes_per_learner: Some(5) }).await.unwrap();
        }
        learner.import(class).await;
        house.worker("worker").await.claim().await;
        let_it_run(&house, 10).await;
        learner.import(other).await;
        let over = SetWorkerTimeLimit { cohort_id: class, minutes_per_learner: Some(MINUTES_LIMIT + 1) };
        assert_eq!(house.operator.refused(over).await, ErrorCode::Invalid);
        let stranger = house.person("stranger").await.id;
        let grant = GrantWorkerTime { cohort_id: class, user_id: stranger, minutes: 5 };
        assert_eq!(house.operator.refused(grant).await, ErrorCode::NotFound);
    }
}
