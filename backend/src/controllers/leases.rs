//! What a worker does with a lease.

use shared::api::leases::{AppendEvents, AppendReply, FinishAttempt, RenewLease, RenewReply, SaveCheckpoint};
use shared::api::sessions::Done;

use crate::access::LeaseHolder;
use crate::app::App;
use crate::error::Result;
use crate::events;
use crate::queue::{finish, lease};
use crate::storage::checkpoints;

pub async fn renew(app: App, holder: LeaseHolder, _: RenewLease) -> Result<RenewReply> {
    lease::renew(&app, &holder).await
}

pub async fn append_events(app: App, holder: LeaseHolder, request: AppendEvents) -> Result<AppendReply> {
    let stored_event_number = events::append(&app, &holder, &request.events).await?;
    Ok(AppendReply { stored_event_number })
}

pub async fn save_checkpoint(app: App, holder: LeaseHolder, request: SaveCheckpoint) -> Result<Done> {
    checkpoints::save(&app, &holder, request.step, &request.files).await?;
    Ok(Done {})
}

pub async fn finish(app: App, holder: LeaseHolder, request: FinishAttempt) -> Result<Done> {
    finish::finish(&app, &holder, &request.outcome).await?;
    Ok(Done {})
}
