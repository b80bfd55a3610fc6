//! Workers that are set apart for a class on its lab day.

use shared::api::ErrorCode;
use shared::api::jobs::WaitsFor;
use shared::api::queue::{CancelReservation, CreateReservation, Reservation};
use shared::ids::{CohortId, ReservationId, WorkerId};

use crate::support::*;

const HOUR: i64 = 3_600_000_000;

/// From so many hours after now on, for two hours.
async fn reserve(
    house: &House,
    cohort_id: CohortId,
    workers: &[WorkerId],
    in_hours: i64,
) -> Result<Reservation, shared::api::ErrorBody> {
    let now = house.count("SELECT {now}").await;
    let begins_at_microseconds = now + in_hours * HOUR - HOUR / 2;
    let request = CreateReservation {
        cohort_id,
        worker_ids: workers.to_vec(),
        begins_at_microseconds,
        ends_at_microseconds: begins_at_microseconds + 2 * HOUR,
    };
    house.operator.call(request).await
}

crate::stories! {
    async fn within_its_hours_a_worker_claims_only_jobs_of_the_class(house: House) {
        let (guest, their_class) = house.learner("guest").await;
        let (learner, class) = house.learner("learner").await;
        let first = guest.import(their_class).await.job_id;
        let second = learner.import(class).await.job_id;
        let account = house.worker_account("worker").await;
        let worker = Worker { client: house.holding(&account.token) };
        let reservation = reserve(&house, class, &[account.worker_id], 0).await.unwrap();
        assert_eq!((reservation.cohort_id, &*reservation.workers[0].name), (class, "worker"));

        // The other class asked earlier.
        let held = worker.claim().await;
        assert_eq!(held.lease.job_id, second);
        held.client.succeed(&held.lease).await.unwrap();
        assert!(worker.try_claim().await.is_none());
        let until_microseconds = reservation.ends_at_microseconds;
        let waits = guest.client.job(first).await.waits_for;
        assert_eq!(waits, Some(WaitsFor::Reservation { until_microseconds }));

        // A worker that is not set apart takes it.
        let free = house.worker("free").await;
        assert_eq!(free.claim().await.lease.job_id, first);
    }

    async fn before_and_after_its_hours_everybody_is_served(house: House) {
        let (guest, their_class) = house.learner("guest").await;
        let class = house.cohort("class").await;
        let first = guest.import(their_class).await.job_id;
        let account = house.worker_account("worker").await;
        let worker = Worker { client: house.holding(&account.token) };
        reserve(&house, class, &[account.worker_id], 5).await.unwrap();
        assert_eq!(worker.claim().await.lease.job_id, first);

        let second = guest.import(their_class).await.job_id;
        let now = reserve(&house, class, &[account.worker_id], 0).await.unwrap();
        assert!(worker.try_claim().await.is_none());
        house.write("UPDATE reservations SET begins_at = 1, ends_at = 2 WHERE begins_at <= {now}").await;
        assert_eq!(worker.claim().await.lease.job_id, second);
        let over = CancelReservation { reservation_id: now.reservation_id };
        assert_eq!(house.operator.refused(over).await, ErrorCode::NotFound);
    }

    async fn what_runs_when_the_hours_begin_goes_on(house: House) {
        let (guest, their_class) = house.learner("guest").await;
        let class = house.cohort("class").await;
        guest.import(their_class).await;
        let account = house.worker_account("worker").await;
        let held = Worker { client: house.holding(&account.token) }.claim().await;
        reserve(&house, class, &[account.worker_id], 0).await.unwrap();
        held.client.succeed(&held.lease).await.unwrap();
    }

    async fn a_reservation_that_is_cancelled_binds_nobody(house: House) {
        let (guest, their_class) = house.learner("guest").await;
        let class = house.cohort("class").await;
        let job = guest.import(their_class).await.job_id;
        let account = house.worker_account("worker").await;
        let worker = Worker { client: house.holding(&account.token) };
        let reservation_id = reserve(&house, class, &[account.worker_id], 0).await.unwrap().reservation_id;
        assert!(worker.try_claim().await.is_none());
        house.operator.call(CancelReservation { reservation_id }).await.unwrap();
        assert_eq!(worker.claim().await.lease.job_id, job);
    }

    async fn within_the_class_people_take_turns_as_ever(house: House) {
        let class = house.cohort("class").await;
        let busy = house.member("busy", class, shared::api::Role::Learner).await;
        let late = house.member("late", class, shared::api::Role::Learner).await;
        let account = house.worker_account("worker").await;
        let worker = Worker { client: house.holding(&account.token) };
        reserve(&house, class, &[account.worker_id], 0).await.unwrap();
        let mut expected = Vec::new();
        for _ in 0..2 {
            expected.push(busy.import(class).await.job_id);
        }
        expected.insert(1, late.import(class).await.job_id);
        let mut order = Vec::new();
        while let Some(held) = worker.try_claim().await {
            order.push(held.lease.job_id);
        }
        assert_eq!(order, expected);
    }

    async fn a_worker_serves_one_class_at_a_time(house: House) {
        let class = house.cohort("class").await;
        let other = house.cohort("other").await;
        let worker = house.worker_account("worker").await.worker_id;
        reserve(&house, class, &[worker], 3).await.unwrap();
        let error = reserve(&house, other, &[worker], 4).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Conflict);
        reserve(&house, other, &[worker], 5).await.unwrap();
        for (in_hours, field) in [(-5, "ends_at_microseconds")] {
            let error = reserve(&house, class, &[worker], in_hours).await.unwrap_err();
            assert_eq!(error.problems[0].field, field);
        }
        let error = reserve(&house, class, &[], 8).await.unwrap_err();
        assert_eq!(error.problems[0].field, "worker_ids");
        let unknown = reserve(&house, class, &[WorkerId(77)], 8).await.unwrap_err();
        assert_eq!(unknown.code, ErrorCode::NotFound);
        let unknown = CancelReservation { reservation_id: ReservationId(77) };
        assert_eq!(house.operator.refused(unknown).await, ErrorCode::NotFound);
    }
}
