//! What happened to a person's own things while they looked elsewhere.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::jobs::JobState;
use super::sessions::Done;
use super::{Access, Endpoint, Method};
use crate::ids::{AnnouncementId, CohortId, JobId, NotificationId};
use crate::spec::JobKind;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Notification {
    pub notification_id: NotificationId,
    pub cohort_id: CohortId,
    pub cohort_name: String,
    pub notice: Notice,
    pub created_at_microseconds: i64,
    pub read: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Notice {
    Announced {
        announcement_id: AnnouncementId,
        title: String,
    },
    /// Somebody marked an answer.
    Marked {
        week: u32,
        question: String,
    },
    /// The question was marked anew, and the answer earns something else now.
    Regraded {
        week: u32,
        question: String,
    },
    /// Of every job that failed, and of trainings that are through.
    JobEnded {
        job_id: JobId,
        job_kind: JobKind,
        state: JobState,
    },
    /// Somebody gave more time on the workers.
    WorkerTimeGranted {
        minutes: u32,
    },
}

/// One's own, the newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListNotifications {
    pub before: Option<NotificationId>,
    /// At most 100; 30 when absent.
    pub limit: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NotificationList {
    pub notifications: Vec<Notification>,
    /// Of all of them.
    pub unread: u32,
}

impl Endpoint for ListNotifications {
    type Reply = NotificationList;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/me/notifications";
    const ACCESS: Access = Access::SignedIn;
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CountUnread {}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unread {
    pub unread: u32,
}

impl Endpoint for CountUnread {
    type Reply = Unread;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/me/notifications/unread";
    const ACCESS: Access = Access::SignedIn;
}

/// Those that are named, of one's own; others are passed over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MarkNotificationsRead {
    pub notification_ids: Vec<NotificationId>,
    /// And all up to this one.
    pub up_to: Option<NotificationId>,
}

/// Of [`MarkNotificationsRead`] at once.
pub const MARKED_AT_MOST: usize = 100;

impl Endpoint for MarkNotificationsRead {
    type Reply = Done;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/me/notifications/read";
    const ACCESS: Access = Access::SignedIn;
}
