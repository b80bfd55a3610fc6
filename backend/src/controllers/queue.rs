//! The queue as a whole, and workers that are set apart.

use shared::api::queue::{
    CancelReservation, CreateReservation, GetCohortQueue, GetQueue, Queue, Reservation,
};
use shared::api::sessions::Done;

use super::page;
use crate::access::{Member, Person};
use crate::app::App;
use crate::error::Result;
use crate::queue::{overview, reservations};
use crate::{audit, db};

pub async fn get(app: App, _: Person, request: GetQueue) -> Result<Queue> {
    let limit = page(request.limit, 50, 200);
    overview::read(app.database.read(), &app.config.queue, None, limit).await
}

pub async fn get_of_cohort(app: App, _: Member, request: GetCohortQueue) -> Result<Queue> {
    let limit = page(request.limit, 50, 200);
    overview::read(app.database.read(), &app.config.queue, Some(request.cohort_id), limit).await
}

pub async fn create_reservation(app: App, person: Person, request: CreateReservation) -> Result<Reservation> {
    let transaction = db::write(&app.database).await?;
    let id = reservations::create(&transaction, person.user_id, &request).await?;
    let reservation = reservations::get(&transaction, id).await?;
    let workers: Vec<String> =
        reservation.workers.iter().map(|worker| worker.worker_id.to_string()).collect();
    let subject =
        format!("reservation {id}: cohort {}, workers {}", reservation.cohort_id, workers.join(", "));
    audit::record(&transaction, Some(person.user_id), "create_reservation", &subject).await?;
    transaction.commit().await?;
    Ok(reservation)
}

pub async fn cancel_reservation(app: App, person: Person, request: CancelReservation) -> Result<Done> {
    let transaction = db::write(&app.database).await?;
    reservations::cancel(&transaction, request.reservation_id).await?;
    let subject = format!("reservation {}", request.reservation_id);
    audit::record(&transaction, Some(person.user_id), "cancel_reservation", &subject).await?;
    transaction.commit().await?;
    app.hints.job_queued();
    Ok(Done {})
}
