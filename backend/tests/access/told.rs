//! What people are told, what they do first, and how a class is looked at.

use shared::api::announcements::*;
use shared::api::audit::ListAuditEntries;
use shared::api::class::GetClassView;
use shared::api::first_steps::GetFirstSteps;
use shared::api::notifications::*;

use super::{MEMBERS, OPERATOR, Row, SIGNED_IN, STAFF, row};

pub fn rows() -> Vec<Row> {
    vec![
        row("GetClassView", STAFF, |world, _| GetClassView { cohort_id: world.cohort }),
        row("ListAnnouncements", MEMBERS, |world, _| ListAnnouncements {
            cohort_id: world.cohort,
            limit: None,
        }),
        row("CreateAnnouncement", STAFF, |world, _| CreateAnnouncement {
            cohort_id: world.cohort,
            title: "내일".into(),
            markdown: "쉽니다.".into(),
            pinned: false,
        }),
        row("UpdateAnnouncement", STAFF, |world, _| UpdateAnnouncement {
            cohort_id: world.cohort,
            announcement_id: world.announcements[0],
            title: "내일".into(),
            markdown: "쉽니다.".into(),
            pinned: true,
        }),
        row("DeleteAnnouncement", STAFF, |world, actor| DeleteAnnouncement {
            cohort_id: world.cohort,
            announcement_id: world.announcements[actor],
        }),
        row("ListNotifications", SIGNED_IN, |_, _| ListNotifications { before: None, limit: None }),
        row("CountUnread", SIGNED_IN, |_, _| CountUnread {}),
        row("MarkNotificationsRead", SIGNED_IN, |_, _| MarkNotificationsRead {
            notification_ids: Vec::new(),
            up_to: None,
        }),
        row("ListAuditEntries", OPERATOR, |_, _| ListAuditEntries::default()),
        row("GetFirstSteps", MEMBERS, |world, _| GetFirstSteps { cohort_id: world.cohort }),
    ]
}
