//! What an endpoint is.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// One route of the backend. Implemented by its request type, see [`super::table`] for all of them.
pub trait Endpoint: Serialize + DeserializeOwned + JsonSchema + Send + 'static {
    type Reply: Serialize + DeserializeOwned + JsonSchema + Send + 'static;
    const METHOD: Method;
    /// `/api/v1/jobs/{job_id}`; the names in braces are fields of the request.
    const ROUTE: &'static str;
    const ACCESS: Access;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Put,
    Delete,
}

impl Method {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// Whether the fields outside the path travel as a JSON body.
    pub fn has_body(self) -> bool {
        matches!(self, Self::Post | Self::Put)
    }
}

/// Who may call. The router enforces it before the handler runs; which rows the caller may see is
/// part of every query (a stranger's row does not exist: 404).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Public,
    /// A person with a session.
    SignedIn,
    /// A person with at least this role in the cohort named by the request's `cohort_id`.
    Cohort(Role),
    /// A person who runs this installation.
    Operator,
    /// A worker's token.
    Worker,
    /// The token of a lease that is still the job's current one; otherwise 409.
    Lease,
}

/// What a member of a cohort may do, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Learner,
    Assistant,
    Instructor,
}
