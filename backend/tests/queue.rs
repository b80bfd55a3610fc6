//! The queue as staff and operators see it, and who stores how much.

use shared::api::Role;
use shared::api::jobs::SetJobPriority;
use shared::api::queue::{GetCohortQueue, GetQueue, QueuePart};
use shared::api::storage::{GetStorage, SetStorageQuota};
use shared::artifacts::Purpose;
use shared::ids::JobId;

use crate::support::*;

fn ids(part: &QueuePart) -> Vec<JobId> {
    part.jobs.iter().map(|job| job.job_id).collect()
}

crate::stories! {
    async fn queued_jobs_stand_in_the_order_in_which_they_are_claimed(house: House) {
        let class = house.cohort("class").await;
        let busy = house.member("busy", class, Role::Learner).await;
        let late = house.member("late", class, Role::Learner).await;
        let (guest, _) = house.learner("guest").await;
        let their_class = guest.client.call(shared::api::sessions::GetMe {}).await.unwrap().memberships[0].cohort_id;
        let first = busy.import(class).await.job_id;
        let running = house.worker("worker").await.claim().await;
        assert_eq!(running.lease.job_id, first);
        for _ in 0..3 {
            busy.import(class).await;
        }
        late.import(class).await;
        guest.import(their_class).await;
        let last = late.import(class).await.job_id;
        house.operator.call(SetJobPriority { job_id: last, priority: 3 }).await.unwrap();
        let waiting = late.submit(class, curate(), bind("dataset", output_of(last, "dataset"))).await.unwrap().job_id;

        let queue = house.operator.call(GetQueue { limit: None }).await.unwrap();
        assert_eq!((ids(&queue.running), ids(&queue.waiting)), (vec![first], vec![waiting]));
        assert_eq!(queue.running.jobs[0].worker_name.as_deref(), Some("worker"));
        assert!(queue.running.jobs[0].attempt_started_at_microseconds.is_some());
        let of_class = house.operator.call(GetCohortQueue { cohort_id: class, limit: Some(3) }).await.unwrap();
        assert_eq!((of_class.queued.count, of_class.queued.jobs.len()), (5, 3));
        assert_eq!(of_class.queued.jobs[0].job_id, last);
        assert_eq!((&*of_class.queued.jobs[0].owner_name, &*of_class.queued.jobs[0].cohort_name), ("late", "class"));
        let places: Vec<_> = queue.queued.jobs.iter().map(|job| job.place.unwrap()).collect();
        assert_eq!(places, [1, 2, 3, 4, 5, 6]);

        let mut order = Vec::new();
        for number in 0..6 {
            let worker = house.worker(&format!("worker {number}")).await;
            match worker.try_claim().await {
                Some(held) => order.push(held.lease.job_id),
                // As many of one person's jobs run as may.
                None => break,
            }
        }
        assert_eq!(order, ids(&queue.queued)[..order.len()]);
        assert!(order.len() >= 5);
    }

    async fn operators_see_who_stores_how_much(house: House) {
        let (learner, class) = house.learner("learner").await;
        let artifact = learner.source(class, "옛날 옛적에", Purpose::Training).await;
        learner.client.upload("옛날 옛적에".as_bytes()).await.unwrap();
        let quota = SetStorageQuota { user_id: learner.id, storage_quota_bytes: 5_000 };
        assert_eq!(house.operator.call(quota).await.unwrap().storage_quota_bytes, 5_000);
        let storage = house.operator.call(GetStorage { limit: Some(1) }).await.unwrap();
        let bytes = artifact.size_bytes;
        assert_eq!((storage.stored_files, storage.stored_bytes), (1, bytes));
        let person = &storage.people[0];
        assert_eq!((person.user_id, person.used_bytes, person.quota_bytes), (learner.id, bytes, 5_000));
        assert_eq!((storage.people.len(), storage.people_count), (1, 2));
        assert_eq!((storage.cohorts[0].cohort_id, storage.cohorts[0].used_bytes), (class, bytes));
        assert_eq!(storage.artifacts[0].artifact_id, artifact.artifact_id);
        assert_eq!(storage.unreferenced.files, 0);
        assert!(storage.disk.unwrap().free_bytes > 0);

        let artifact_id = artifact.artifact_id;
        learner.client.call(shared::api::artifacts::DeleteArtifact { artifact_id }).await.unwrap();
        let storage = house.operator.call(GetStorage { limit: None }).await.unwrap();
        assert_eq!((storage.unreferenced.files, storage.unreferenced.size_bytes), (1, bytes));
        assert!(storage.unreferenced.first_at_microseconds.is_some());
        assert_eq!((storage.people[0].used_bytes, storage.artifacts.len()), (0, 0));
    }
}
