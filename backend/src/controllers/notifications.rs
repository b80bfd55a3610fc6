//! What people are told about their own things.

use shared::api::notifications::{
    CountUnread, ListNotifications, MARKED_AT_MOST, MarkNotificationsRead, NotificationList, Unread,
};
use shared::api::sessions::Done;

use super::page;
use crate::access::Person;
use crate::app::App;
use crate::error::{ApiError, Result};
use crate::{db, notices};

pub async fn list(app: App, person: Person, request: ListNotifications) -> Result<NotificationList> {
    notices::list(app.database.read(), person.user_id, request.before, page(request.limit, 30, 100)).await
}

pub async fn count(app: App, person: Person, _: CountUnread) -> Result<Unread> {
    Ok(Unread { unread: notices::unread(app.database.read(), person.user_id).await? })
}

pub async fn mark_read(app: App, person: Person, request: MarkNotificationsRead) -> Result<Done> {
    if request.notification_ids.len() > MARKED_AT_MOST {
        return Err(ApiError::field("notification_ids", format!("name at most {MARKED_AT_MOST}")));
    }
    let transaction = db::write(&app.database).await?;
    notices::mark_read(&transaction, person.user_id, &request.notification_ids, request.up_to).await?;
    transaction.commit().await?;
    Ok(Done {})
}
