//! Who did what that cannot be undone.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Access, Endpoint, Method};
use crate::ids::{AuditEntryId, UserId};

/// The newest first. Filters that are absent let everything through.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListAuditEntries {
    pub action: Option<String>,
    /// Of whoever did it.
    pub user_id: Option<UserId>,
    pub from_microseconds: Option<i64>,
    /// Not itself.
    pub until_microseconds: Option<i64>,
    pub before: Option<AuditEntryId>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuditList {
    pub entries: Vec<AuditLine>,
    /// Whether there are older ones.
    pub more: bool,
    /// Every action that was ever written down.
    pub actions: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuditLine {
    pub entry_id: AuditEntryId,
    pub at_microseconds: i64,
    /// Absent for the server itself and for accounts that are gone.
    pub user_id: Option<UserId>,
    pub user_name: Option<String>,
    pub action: String,
    /// Names rows by number.
    pub subject: String,
}

impl Endpoint for ListAuditEntries {
    type Reply = AuditList;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/audit";
    const ACCESS: Access = Access::Operator;
}
