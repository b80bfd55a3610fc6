//! Workers that leave: what they run is finished or given back, and they take nothing more.

use shared::api::ErrorCode;
use shared::api::jobs::{JobState, WaitsFor};
use shared::api::leases::{RenewLease, RenewReply};
use shared::api::workers::{Drain, ListWorkers, SetWorkerDrain};
use shared::ids::WorkerId;

use crate::support::*;

async fn drain(house: &House, worker_id: WorkerId, drain: Option<Drain>) {
    house.operator.call(SetWorkerDrain { worker_id, drain }).await.unwrap();
}

crate::stories! {
    async fn a_worker_that_is_drained_finishes_its_job_and_takes_no_other(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let first = learner.import(cohort).await.job_id;
        let second = learner.import(cohort).await.job_id;
        let account = house.worker_account("worker").await;
        let worker = Worker { client: house.holding(&account.token) };
        let held = worker.claim().await;
        drain(&house, account.worker_id, Some(Drain::Finish)).await;
        let workers = house.operator.call(ListWorkers {}).await.unwrap().workers;
        assert_eq!((workers[0].drain, workers[0].running_job), (Some(Drain::Finish), Some(first)));

        assert_eq!(held.client.call(RenewLease {}).await.unwrap(), RenewReply::Continue);
        held.client.succeed(&held.lease).await.unwrap();
        assert!(worker.try_claim().await.is_none());
        // Nobody else is there: that is what its owner is told.
        assert_eq!(learner.client.job(second).await.waits_for, Some(WaitsFor::Worker));

        drain(&house, account.worker_id, None).await;
        assert_eq!(learner.client.job(second).await.waits_for, None);
        assert_eq!(worker.claim().await.lease.job_id, second);
    }

    async fn a_worker_that_leaves_now_gives_its_job_back_uncounted(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await.job_id;
        let account = house.worker_account("leaving").await;
        let leaving = Worker { client: house.holding(&account.token) };
        let held = leaving.claim().await;
        drain(&house, account.worker_id, Some(Drain::Now)).await;
        assert_eq!(held.client.call(RenewLease {}).await.unwrap(), RenewReply::GiveBack);
        held.client.finish(given_back()).await.unwrap();
        let given = learner.client.job(job).await;
        assert_eq!((given.state, given.failures), (JobState::Queued, 0));
        assert!(leaving.try_claim().await.is_none());
        assert_eq!(house.worker("staying").await.claim().await.lease.job_id, job);
    }

    async fn a_job_that_is_cancelled_is_not_given_back(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job_id = learner.import(cohort).await.job_id;
        let account = house.worker_account("worker").await;
        let held = Worker { client: house.holding(&account.token) }.claim().await;
        drain(&house, account.worker_id, Some(Drain::Now)).await;
        learner.client.call(shared::api::jobs::CancelJob { job_id }).await.unwrap();
        assert_eq!(held.client.call(RenewLease {}).await.unwrap(), RenewReply::Cancel);
    }

    async fn nobody_drains_a_worker_that_does_not_exist(house: House) {
        let request = SetWorkerDrain { worker_id: WorkerId(77), drain: Some(Drain::Now) };
        assert_eq!(house.operator.refused(request).await, ErrorCode::NotFound);
    }
}
