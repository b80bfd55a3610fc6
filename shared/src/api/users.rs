//! Accounts, for operators.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Access, Endpoint, Method};
use crate::ids::UserId;

/// Makes an account. People sign in by a link ([`CreateSignInLink`]).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateUser {
    /// Shown to others; unique, 1–100 characters.
    pub name: String,
    pub operator: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct User {
    pub user_id: UserId,
    pub name: String,
    pub operator: bool,
    pub storage_quota_bytes: u64,
    pub storage_used_bytes: u64,
    pub created_at_microseconds: i64,
}

impl Endpoint for CreateUser {
    type Reply = User;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/users";
    const ACCESS: Access = Access::Operator;
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListUsers {
    /// Rows after this one, for paging.
    pub after: Option<UserId>,
    pub limit: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UserList {
    pub users: Vec<User>,
}

impl Endpoint for ListUsers {
    type Reply = UserList;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/users";
    const ACCESS: Access = Access::Operator;
}

/// A one-time token that signs this person in; shown once, stored hashed, valid 15 minutes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateSignInLink {
    pub user_id: UserId,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SignInLink {
    /// `https://…/sign-in#token`: the fragment never reaches a server's log.
    pub url: String,
    pub token: String,
    pub expires_at_microseconds: i64,
}

impl Endpoint for CreateSignInLink {
    type Reply = SignInLink;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/users/{user_id}/sign-in-links";
    const ACCESS: Access = Access::Operator;
}

/// A one-time link with which this person sets a new password; shown once, stored hashed, valid 24 hours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreatePasswordLink {
    pub user_id: UserId,
}

impl Endpoint for CreatePasswordLink {
    type Reply = SignInLink;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/users/{user_id}/password-links";
    const ACCESS: Access = Access::Operator;
}

/// Makes a person an operator of this installation, or no longer. The last one stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetOperator {
    pub user_id: UserId,
    pub operator: bool,
}

impl Endpoint for SetOperator {
    type Reply = User;
    const METHOD: Method = Method::Put;
    const ROUTE: &'static str = "/api/v1/users/{user_id}/operator";
    const ACCESS: Access = Access::Operator;
}
