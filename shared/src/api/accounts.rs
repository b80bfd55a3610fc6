//! One's own account: sessions, password, what is stored about oneself, and its end.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::certificates::CertificateStanding;
use super::jobs::JobState;
use super::notifications::Notification;
use super::sessions::{Done, Membership};
use super::{Access, Endpoint, Method};
use crate::artifacts::{ArtifactFile, ArtifactKind, Purpose};
use crate::course::{Finding, Given};
use crate::ids::{AnswerId, ArtifactId, CohortId, JobId, PairId, PreferenceSetId, UserId};
use crate::preferences::Choice;
use crate::spec::JobSpec;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetAccount {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Account {
    pub profile: Profile,
    pub memberships: Vec<Membership>,
    /// The newest first.
    pub sessions: Vec<SessionFacts>,
    pub certificates: Vec<OwnCertificate>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Profile {
    pub user_id: UserId,
    pub name: String,
    pub operator: bool,
    pub has_password: bool,
    pub storage_quota_bytes: u64,
    pub storage_used_bytes: u64,
    pub created_at_microseconds: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SessionFacts {
    pub created_at_microseconds: i64,
    pub expires_at_microseconds: i64,
    /// The one that asks.
    pub current: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OwnCertificate {
    pub code: String,
    pub cohort_name: String,
    pub percent: f64,
    pub issued_at_microseconds: i64,
    pub standing: CertificateStanding,
}

impl Endpoint for GetAccount {
    type Reply = Account;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/me/account";
    const ACCESS: Access = Access::SignedIn;
}

/// A first password, or another. The caller's other sessions end, and links that were not used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChangePassword {
    /// Needed where there is one.
    pub old_password: Option<String>,
    /// [`super::sessions::PASSWORD_CHARACTERS`].
    pub new_password: String,
}

impl Endpoint for ChangePassword {
    type Reply = Done;
    const METHOD: Method = Method::Put;
    const ROUTE: &'static str = "/api/v1/me/password";
    const ACCESS: Access = Access::SignedIn;
}

/// Signs out everywhere but here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EndOtherSessions {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EndedSessions {
    pub ended: u32,
}

impl Endpoint for EndOtherSessions {
    type Reply = EndedSessions;
    const METHOD: Method = Method::Delete;
    const ROUTE: &'static str = "/api/v1/me/sessions";
    const ACCESS: Access = Access::SignedIn;
}

/// Everything that is stored about the caller.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExportMyData {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MyData {
    pub exported_at_microseconds: i64,
    pub profile: Profile,
    pub memberships: Vec<Membership>,
    pub sessions: Vec<SessionFacts>,
    pub certificates: Vec<OwnCertificate>,
    pub sections_read: Vec<SectionRead>,
    pub answers: Vec<OwnAnswer>,
    /// Points that staff set by hand.
    pub set_grades: Vec<SetGrade>,
    pub jobs: Vec<OwnJob>,
    /// What they are; the bytes are downloaded from the artifact's page.
    pub artifacts: Vec<OwnArtifact>,
    pub published_models: Vec<OwnPublication>,
    /// Minutes of workers that staff added to what everybody has.
    pub worker_time_grants: Vec<OwnGrant>,
    pub announcements: Vec<OwnAnnouncement>,
    pub notifications: Vec<Notification>,
    pub preference_sets: Vec<OwnPreferenceSet>,
    pub judgements: Vec<OwnJudgement>,
    /// What the caller did, and what was done about the caller.
    pub audit: Vec<AuditEntry>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SectionRead {
    pub cohort_id: CohortId,
    pub week: u32,
    pub section: String,
    pub read_at_microseconds: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OwnAnswer {
    pub answer_id: AnswerId,
    pub cohort_id: CohortId,
    pub week: u32,
    pub question: String,
    pub attempt: u32,
    pub given: Given,
    pub submitted_at_microseconds: i64,
    /// Points before attempts and lateness are weighed; absent while it waits.
    pub earned: Option<u32>,
    pub finding: Option<Finding>,
    pub comment: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetGrade {
    pub cohort_id: CohortId,
    pub week: u32,
    pub points: f64,
    pub set_at_microseconds: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OwnJob {
    pub job_id: JobId,
    pub cohort_id: CohortId,
    pub name: String,
    /// Of the pipeline that it belongs to.
    pub pipeline_title: Option<String>,
    pub state: JobState,
    pub spec: JobSpec,
    pub created_at_microseconds: i64,
    pub ended_at_microseconds: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OwnArtifact {
    pub artifact_id: ArtifactId,
    pub cohort_id: CohortId,
    pub kind: ArtifactKind,
    pub purpose: Purpose,
    pub label: String,
    pub files: Vec<ArtifactFile>,
    pub created_at_microseconds: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OwnPublication {
    pub artifact_id: ArtifactId,
    pub name: String,
    pub description: String,
    pub published_at_microseconds: i64,
}

/// Pairs that they handed in for a class to judge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OwnPreferenceSet {
    pub set_id: PreferenceSetId,
    pub cohort_id: CohortId,
    pub title: String,
    pub created_at_microseconds: i64,
}

/// What they chose of a pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OwnJudgement {
    pub set_id: PreferenceSetId,
    pub pair_id: PairId,
    pub choice: Choice,
    pub seconds: f64,
    pub judged_at_microseconds: i64,
}

/// What they announced to a class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OwnAnnouncement {
    pub cohort_id: CohortId,
    pub title: String,
    pub markdown: String,
    pub created_at_microseconds: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OwnGrant {
    pub cohort_id: CohortId,
    pub minutes: u32,
    pub granted_at_microseconds: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuditEntry {
    pub at_microseconds: i64,
    pub action: String,
    pub subject: String,
}

impl Endpoint for ExportMyData {
    type Reply = MyData;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/me/data";
    const ACCESS: Access = Access::SignedIn;
}

/// What [`DeleteAccount`] would take, counted, before it is decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetDeletionEffects {}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeletionEffects {
    pub memberships: u32,
    pub answers: u32,
    pub certificates: u32,
    /// They are withdrawn.
    pub published_models: u32,
    /// Their names, files and labels go; numbers stay in the lineage of what others made of them.
    pub artifacts: u32,
    /// Of these, those that others built on.
    pub artifacts_used_by_others: u32,
    pub jobs: u32,
    /// They are cancelled.
    pub unfinished_jobs: u32,
    /// Somebody has to run the installation.
    pub is_last_operator: bool,
}

impl Endpoint for GetDeletionEffects {
    type Reply = DeletionEffects;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/me/deletion";
    const ACCESS: Access = Access::SignedIn;
}

/// Deletes the caller's account at once, for ever.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeleteAccount {
    /// The caller's name, typed again.
    pub name: String,
}

impl Endpoint for DeleteAccount {
    type Reply = Done;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/me/deletion";
    const ACCESS: Access = Access::SignedIn;
}
