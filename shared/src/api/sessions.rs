//! Signing in and out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Access, Endpoint, Method, Role};
use crate::ids::{CohortId, UserId};

/// Whether the server and its database answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Health {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HealthReply {
    pub status: String,
    pub code_version: String,
    pub spec_version: u32,
}

impl Endpoint for Health {
    type Reply = HealthReply;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/healthz";
    const ACCESS: Access = Access::Public;
}

/// Turns a one-time token, as it stood in a sign-in link's fragment, into a session. Once, within
/// 15 minutes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SignIn {
    pub token: String,
    pub session: SessionTransport,
}

/// How the session's token goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionTransport {
    /// A `__Host-` cookie, for browsers.
    Cookie,
    /// In the reply, for programs that send `Authorization: Bearer`.
    Bearer,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SignInReply {
    pub me: Me,
    /// Only for [`SessionTransport::Bearer`].
    pub session_token: Option<String>,
}

impl Endpoint for SignIn {
    type Reply = SignInReply;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/sign-in";
    const ACCESS: Access = Access::Public;
}

/// A session for a name and its password. Whether the name is unknown, has no password or the password is
/// wrong is one answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SignInWithPassword {
    pub name: String,
    pub password: String,
    pub session: SessionTransport,
}

impl Endpoint for SignInWithPassword {
    type Reply = SignInReply;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/sign-in/password";
    const ACCESS: Access = Access::Public;
}

/// Sets a new password with the token of a link that staff gave out, once. Sessions from before end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetPasswordByLink {
    pub token: String,
    /// [`PASSWORD_CHARACTERS`].
    pub password: String,
    pub session: SessionTransport,
}

/// How long a password may be.
pub const PASSWORD_CHARACTERS: std::ops::RangeInclusive<usize> = 10..=200;

impl Endpoint for SetPasswordByLink {
    type Reply = SignInReply;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/sign-in/new-password";
    const ACCESS: Access = Access::Public;
}

/// Ends this session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SignOut {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Done {}

impl Endpoint for SignOut {
    type Reply = Done;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/sign-out";
    const ACCESS: Access = Access::SignedIn;
}

/// Who I am and where I belong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetMe {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Me {
    pub user_id: UserId,
    pub name: String,
    pub operator: bool,
    pub memberships: Vec<Membership>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Membership {
    pub cohort_id: CohortId,
    pub cohort_name: String,
    pub role: Role,
}

impl Endpoint for GetMe {
    type Reply = Me;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/me";
    const ACCESS: Access = Access::SignedIn;
}
