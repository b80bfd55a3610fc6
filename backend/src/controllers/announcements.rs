//! What a class is told.

use shared::api::announcements::{
    Announcement, AnnouncementList, CreateAnnouncement, DeleteAnnouncement, ListAnnouncements,
    UpdateAnnouncement,
};
use shared::api::notifications::Notice;
use shared::api::sessions::Done;

use super::page;
use crate::access::Member;
use crate::app::App;
use crate::course::announcements::{self, Draft};
use crate::error::Result;
use crate::{audit, db, notices};

pub async fn list(app: App, _: Member, request: ListAnnouncements) -> Result<AnnouncementList> {
    announcements::list(app.database.read(), request.cohort_id, page(request.limit, 20, 100)).await
}

pub async fn create(app: App, member: Member, request: CreateAnnouncement) -> Result<Announcement> {
    let (cohort, author) = (request.cohort_id, member.person.user_id);
    let draft = Draft::new(&request.title, &request.markdown, request.pinned)?;
    let transaction = db::write(&app.database).await?;
    let id = announcements::create(&transaction, cohort, author, &draft).await?;
    let title = request.title.trim().to_owned();
    let notice = Notice::Announced { announcement_id: id, title };
    notices::tell_class(&transaction, cohort, author, &notice).await?;
    let subject = format!("announcement {id} in cohort {cohort}");
    audit::record(&transaction, Some(author), "create_announcement", &subject).await?;
    let announcement = announcements::get(&transaction, cohort, id).await?;
    transaction.commit().await?;
    Ok(announcement)
}

pub async fn update(app: App, member: Member, request: UpdateAnnouncement) -> Result<Announcement> {
    let (cohort, id) = (request.cohort_id, request.announcement_id);
    let draft = Draft::new(&request.title, &request.markdown, request.pinned)?;
    let transaction = db::write(&app.database).await?;
    announcements::update(&transaction, cohort, id, &draft).await?;
    let subject = format!("announcement {id} in cohort {cohort}");
    audit::record(&transaction, Some(member.person.user_id), "update_announcement", &subject).await?;
    let announcement = announcements::get(&transaction, cohort, id).await?;
    transaction.commit().await?;
    Ok(announcement)
}

pub async fn delete(app: App, member: Member, request: DeleteAnnouncement) -> Result<Done> {
    let (cohort, id) = (request.cohort_id, request.announcement_id);
    let transaction = db::write(&app.database).await?;
    announcements::delete(&transaction, cohort, id).await?;
    notices::forget_announcement(&transaction, cohort, id).await?;
    let subject = format!("announcement {id} in cohort {cohort}");
    audit::record(&transaction, Some(member.person.user_id), "delete_announcement", &subject).await?;
    transaction.commit().await?;
    Ok(Done {})
}
