//! What a class is told by those who teach it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::sessions::Done;
use super::{Access, Endpoint, Method, Role};
use crate::ids::{AnnouncementId, CohortId};

pub const TITLE_CHARACTERS: std::ops::RangeInclusive<usize> = 1..=120;
pub const TEXT_LIMIT_CHARACTERS: usize = 10_000;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Announcement {
    pub announcement_id: AnnouncementId,
    pub title: String,
    /// As it was written.
    pub markdown: String,
    /// Sanitized.
    pub html: String,
    /// Absent once the author's account is gone.
    pub author: Option<String>,
    /// It stays on top.
    pub pinned: bool,
    pub created_at_microseconds: i64,
    pub edited_at_microseconds: Option<i64>,
}

/// Those that stay on top first, then the newest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListAnnouncements {
    pub cohort_id: CohortId,
    /// At most 100; 20 when absent.
    pub limit: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AnnouncementList {
    pub announcements: Vec<Announcement>,
    /// Whether there are older ones.
    pub more: bool,
}

impl Endpoint for ListAnnouncements {
    type Reply = AnnouncementList;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/announcements";
    const ACCESS: Access = Access::Cohort(Role::Learner);
}

/// Everybody in the class gets a notification but the author.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateAnnouncement {
    pub cohort_id: CohortId,
    /// [`TITLE_CHARACTERS`].
    pub title: String,
    /// At most [`TEXT_LIMIT_CHARACTERS`].
    pub markdown: String,
    pub pinned: bool,
}

impl Endpoint for CreateAnnouncement {
    type Reply = Announcement;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/announcements";
    const ACCESS: Access = Access::Cohort(Role::Instructor);
}

/// Notifies nobody again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateAnnouncement {
    pub cohort_id: CohortId,
    pub announcement_id: AnnouncementId,
    pub title: String,
    pub markdown: String,
    pub pinned: bool,
}

impl Endpoint for UpdateAnnouncement {
    type Reply = Announcement;
    const METHOD: Method = Method::Put;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/announcements/{announcement_id}";
    const ACCESS: Access = Access::Cohort(Role::Instructor);
}

/// With the notifications of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeleteAnnouncement {
    pub cohort_id: CohortId,
    pub announcement_id: AnnouncementId,
}

impl Endpoint for DeleteAnnouncement {
    type Reply = Done;
    const METHOD: Method = Method::Delete;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/announcements/{announcement_id}";
    const ACCESS: Access = Access::Cohort(Role::Instructor);
}
