//! Lessons of a cohort's course, for its members, and how its instructors change them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::sessions::Done;
use super::{Access, Endpoint, Method, Role};
use crate::course::{CoursePolicy, Deliverable};
use crate::ids::CohortId;

/// The weeks of the course, with the caller's progress.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListLessons {
    pub cohort_id: CohortId,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LessonList {
    /// In the order of the weeks; empty where the server has no course.
    pub lessons: Vec<LessonCard>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LessonCard {
    pub week: u32,
    pub title: String,
    pub title_english: String,
    pub summary: String,
    pub reading_minutes: u32,
    pub lab_minutes: u32,
    pub deliverables: Vec<Deliverable>,
    pub schedule: WeekSchedule,
    /// Whether learners may read it now.
    pub open: bool,
    pub progress: WeekProgress,
}

/// When a week begins and when its answers are due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WeekSchedule {
    /// Open from the start if absent.
    pub opens_at_microseconds: Option<i64>,
    /// Never late if absent.
    pub due_at_microseconds: Option<i64>,
}

/// How far a learner is in a week.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WeekProgress {
    pub sections: u32,
    pub sections_read: u32,
    /// The section read last: where to go on.
    pub last_section: Option<String>,
    pub questions: u32,
    pub questions_answered: u32,
    /// What counts now, after attempts and lateness; what waits to be marked counts nothing yet.
    pub points: f64,
    pub points_possible: f64,
    /// Answers that wait for a person.
    pub waiting: u32,
}

impl Endpoint for ListLessons {
    type Reply = LessonList;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/lessons";
    const ACCESS: Access = Access::Cohort(Role::Learner);
}

/// A week's lesson as it is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetLesson {
    pub cohort_id: CohortId,
    pub week: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Lesson {
    pub card: LessonCard,
    pub summary_english: String,
    pub goals: Vec<String>,
    pub prerequisites: Vec<String>,
    pub in_the_field: Vec<FieldNote>,
    /// Sanitized. Labs are `<div data-lab="NAME" data-settings="JSON">`, formulas MathML, figures SVG.
    pub html: String,
    pub sections: Vec<Section>,
    /// 0 as it lies in the course's folder, from 1 on as the cohort's instructors changed it.
    pub version: u32,
}

/// A heading of the second level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Section {
    /// The `id` of the heading.
    pub name: String,
    pub title: String,
    pub read: bool,
}

/// A tool of the field; texts are sanitized HTML.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FieldNote {
    pub name: String,
    pub address: String,
    pub does_html: String,
    pub became_html: String,
    pub exchange_html: String,
}

impl Endpoint for GetLesson {
    type Reply = Lesson;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/lessons/{week}";
    const ACCESS: Access = Access::Cohort(Role::Learner);
}

/// The caller has read a section.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MarkSectionRead {
    pub cohort_id: CohortId,
    pub week: u32,
    pub section: String,
}

impl Endpoint for MarkSectionRead {
    type Reply = Done;
    const METHOD: Method = Method::Put;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/lessons/{week}/sections/{section}";
    const ACCESS: Access = Access::Cohort(Role::Learner);
}

/// The Markdown of a week and its earlier versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetLessonSource {
    pub cohort_id: CohortId,
    pub week: u32,
    /// The present one if absent; 0 is the folder's.
    pub version: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LessonSource {
    /// The whole of `lesson.md`.
    pub markdown: String,
    pub version: u32,
    /// Newest first, without the folder's.
    pub versions: Vec<LessonVersion>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LessonVersion {
    pub version: u32,
    /// Absent once the account was deleted.
    pub author: Option<String>,
    pub created_at_microseconds: i64,
}

impl Endpoint for GetLessonSource {
    type Reply = LessonSource;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/lessons/{week}/source";
    const ACCESS: Access = Access::Cohort(Role::Instructor);
}

/// How a text would look, without keeping it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PreviewLesson {
    pub cohort_id: CohortId,
    pub week: u32,
    pub markdown: String,
}

/// Refused with the problems by line if it cannot be read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LessonPreview {
    pub html: String,
}

impl Endpoint for PreviewLesson {
    type Reply = LessonPreview;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/lessons/{week}/preview";
    const ACCESS: Access = Access::Cohort(Role::Instructor);
}

/// A new version of a week for this cohort. The folder's text or an earlier version comes back by
/// being saved again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SaveLesson {
    pub cohort_id: CohortId,
    pub week: u32,
    pub markdown: String,
    /// The version that was edited: somebody else's newer one is not written over.
    pub based_on_version: u32,
}

impl Endpoint for SaveLesson {
    type Reply = LessonVersion;
    const METHOD: Method = Method::Put;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/lessons/{week}/source";
    const ACCESS: Access = Access::Cohort(Role::Instructor);
}

/// When a week opens and when it is due.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetWeekSchedule {
    pub cohort_id: CohortId,
    pub week: u32,
    pub schedule: WeekSchedule,
}

impl Endpoint for SetWeekSchedule {
    type Reply = WeekSchedule;
    const METHOD: Method = Method::Put;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/lessons/{week}/schedule";
    const ACCESS: Access = Access::Cohort(Role::Instructor);
}

/// How attempts, lateness and weeks count in this cohort.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetCoursePolicy {
    pub cohort_id: CohortId,
}

impl Endpoint for GetCoursePolicy {
    type Reply = CoursePolicy;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/course-policy";
    const ACCESS: Access = Access::Cohort(Role::Learner);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetCoursePolicy {
    pub cohort_id: CohortId,
    pub policy: CoursePolicy,
}

impl Endpoint for SetCoursePolicy {
    type Reply = CoursePolicy;
    const METHOD: Method = Method::Put;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/course-policy";
    const ACCESS: Access = Access::Cohort(Role::Instructor);
}
