//! How people come into a class: by a link for many, or by one of their own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::sessions::{Done, Membership, SessionTransport, SignInReply};
use super::{Access, Endpoint, Method, Role};
use crate::ids::{CohortId, InvitationId};
use crate::spec::Problem;

/// How long a link may be good for.
pub const DAYS_AT_MOST: u32 = 90;
/// How many may come by one link, and how many one list may name.
pub const PEOPLE_AT_MOST: u32 = 500;

/// A link by which people come into the class. Nobody gives a role above their own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateInvitation {
    pub cohort_id: CohortId,
    pub role: Role,
    /// 1 to [`DAYS_AT_MOST`].
    pub valid_days: u32,
    /// 1 to [`PEOPLE_AT_MOST`].
    pub uses_at_most: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Invitation {
    pub invitation_id: InvitationId,
    pub role: Role,
    /// Who made it; absent when that account was deleted.
    pub created_by: Option<String>,
    pub created_at_microseconds: i64,
    pub expires_at_microseconds: i64,
    pub uses: u32,
    pub uses_at_most: u32,
    pub revoked_at_microseconds: Option<i64>,
    /// Whether somebody can still come by it.
    pub open: bool,
}

/// Shown once; only the token's hash is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InvitationLink {
    pub invitation: Invitation,
    /// `https://…/join#token`: the fragment never reaches a server's log.
    pub url: String,
    pub token: String,
}

impl Endpoint for CreateInvitation {
    type Reply = InvitationLink;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/invitations";
    const ACCESS: Access = Access::Cohort(Role::Instructor);
}

/// The class's invitations, newest first, at most 200.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListInvitations {
    pub cohort_id: CohortId,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InvitationList {
    pub invitations: Vec<Invitation>,
}

impl Endpoint for ListInvitations {
    type Reply = InvitationList;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/invitations";
    const ACCESS: Access = Access::Cohort(Role::Instructor);
}

/// Nobody comes by this link any more; who came stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RevokeInvitation {
    pub cohort_id: CohortId,
    pub invitation_id: InvitationId,
}

impl Endpoint for RevokeInvitation {
    type Reply = Done;
    const METHOD: Method = Method::Delete;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/invitations/{invitation_id}";
    const ACCESS: Access = Access::Cohort(Role::Instructor);
}

/// What a link is good for, before it is used. A POST, so that the token stands in no address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LookUpLink {
    pub token: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LinkMeaning {
    /// Into a class.
    Invitation { cohort_name: String, role: Role, expires_at_microseconds: i64 },
    /// One's own: sets a password and signs in.
    Password { name: String, expires_at_microseconds: i64 },
}

impl Endpoint for LookUpLink {
    type Reply = LinkMeaning;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/links";
    const ACCESS: Access = Access::Public;
}

/// Makes an account with a password, a membership and a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AcceptInvitation {
    pub token: String,
    /// Shown to others; unique, 1–100 characters.
    pub name: String,
    /// [`super::sessions::PASSWORD_CHARACTERS`].
    pub password: String,
    pub session: SessionTransport,
}

impl Endpoint for AcceptInvitation {
    type Reply = SignInReply;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/invitations/accept";
    const ACCESS: Access = Access::Public;
}

/// The same for who has an account. A role that one has already does not become less.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JoinCohort {
    pub token: String,
}

impl Endpoint for JoinCohort {
    type Reply = Membership;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/invitations/join";
    const ACCESS: Access = Access::SignedIn;
}

/// What [`InvitePeople`] would do. Nothing is made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PreviewPeople {
    pub cohort_id: CohortId,
    /// Columns `name` (or `이름`) and `role` (or `역할`); without a role one is a learner. A first line that
    /// names no column is a person.
    pub csv: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PersonToInvite {
    pub line: u32,
    pub name: String,
    pub role: Role,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PeoplePreview {
    pub people: Vec<PersonToInvite>,
    /// By line: `csv.line 3`.
    pub problems: Vec<Problem>,
}

impl Endpoint for PreviewPeople {
    type Reply = PeoplePreview;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/people/preview";
    const ACCESS: Access = Access::Cohort(Role::Instructor);
}

/// Makes an account, a membership and a personal link for everybody on the list, or for nobody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InvitePeople {
    pub cohort_id: CohortId,
    pub csv: String,
    /// How long the links are good for; 1 to [`DAYS_AT_MOST`].
    pub valid_days: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InvitedPeople {
    pub people: u32,
    /// UTF-8 with a byte order mark; columns `name`, `role`, `link`. The links are shown only here.
    pub csv: String,
}

impl Endpoint for InvitePeople {
    type Reply = InvitedPeople;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/people";
    const ACCESS: Access = Access::Cohort(Role::Instructor);
}
