//! Cohorts and their members.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::jobs::JobList;
use super::sessions::Done;
use super::users::SignInLink;
use super::{Access, Endpoint, Method, Role};
use crate::ids::{CohortId, JobId, UserId};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateCohort {
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cohort {
    pub cohort_id: CohortId,
    pub name: String,
    pub created_at_microseconds: i64,
    /// An archived class can be read; it takes no new people, jobs and answers.
    pub archived_at_microseconds: Option<i64>,
}

impl Endpoint for CreateCohort {
    type Reply = Cohort;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/cohorts";
    const ACCESS: Access = Access::Operator;
}

/// All classes for operators, one's own for others; by number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListCohorts {
    /// Rows after this one, for paging.
    pub after: Option<CohortId>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CohortList {
    pub cohorts: Vec<CohortSummary>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CohortSummary {
    pub cohort: Cohort,
    pub learners: u32,
    /// Assistants and instructors.
    pub staff: u32,
    /// The caller's; absent for an operator who is no member.
    pub role: Option<Role>,
}

impl Endpoint for ListCohorts {
    type Reply = CohortList;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts";
    const ACCESS: Access = Access::SignedIn;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CohortState {
    Active,
    Archived,
}

/// Another name, or an end, or a new beginning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateCohort {
    pub cohort_id: CohortId,
    pub name: String,
    pub state: CohortState,
}

impl Endpoint for UpdateCohort {
    type Reply = Cohort;
    const METHOD: Method = Method::Put;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}";
    const ACCESS: Access = Access::Operator;
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetCohort {
    pub cohort_id: CohortId,
}

impl Endpoint for GetCohort {
    type Reply = Cohort;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}";
    const ACCESS: Access = Access::Cohort(Role::Learner);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListMembers {
    pub cohort_id: CohortId,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Member {
    pub user_id: UserId,
    pub name: String,
    pub role: Role,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MemberList {
    pub members: Vec<Member>,
}

impl Endpoint for ListMembers {
    type Reply = MemberList;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/members";
    const ACCESS: Access = Access::Cohort(Role::Assistant);
}

/// Changes a member's role; operators also bring somebody in. Nobody gives a role above their own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetMember {
    pub cohort_id: CohortId,
    pub user_id: UserId,
    pub role: Role,
}

impl Endpoint for SetMember {
    type Reply = Member;
    const METHOD: Method = Method::Put;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/members/{user_id}";
    const ACCESS: Access = Access::Cohort(Role::Instructor);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RemoveMember {
    pub cohort_id: CohortId,
    pub user_id: UserId,
}

impl Endpoint for RemoveMember {
    type Reply = Done;
    const METHOD: Method = Method::Delete;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/members/{user_id}";
    const ACCESS: Access = Access::Cohort(Role::Instructor);
}

/// A one-time link with which a member sets a new password; shown once, valid 24 hours. Whoever has rights that the
/// caller lacks (operators, instructors, members of classes that the caller does not teach) asks an operator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateMemberPasswordLink {
    pub cohort_id: CohortId,
    pub user_id: UserId,
}

impl Endpoint for CreateMemberPasswordLink {
    type Reply = SignInLink;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/members/{user_id}/password-links";
    const ACCESS: Access = Access::Cohort(Role::Instructor);
}

/// The jobs of everybody in the cohort, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListCohortJobs {
    pub cohort_id: CohortId,
    pub before: Option<JobId>,
    pub limit: Option<u32>,
}

impl Endpoint for ListCohortJobs {
    type Reply = JobList;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/jobs";
    const ACCESS: Access = Access::Cohort(Role::Assistant);
}
