//! Typed row numbers. They are small integers because people read them aloud ("job 12"); knowing
//! one grants nothing, every query also asks for ownership.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// A person with an account.
    UserId,
    /// A class: people with roles, and the jobs they run in it.
    CohortId,
    /// A row in the queue.
    JobId,
    /// Jobs that were submitted together.
    PipelineId,
    /// Content-addressed bytes with a kind and a lineage.
    ArtifactId,
    /// A machine that claims jobs.
    WorkerId,
    /// Workers set apart for a class for some hours.
    ReservationId,
    /// What a learner answered to a checkpoint question, once.
    AnswerId,
    /// A link by which people come into a class.
    InvitationId,
    /// What a class is told.
    AnnouncementId,
    /// What a person is told about their own things.
    NotificationId,
    /// Pairs of answers that a class judges.
    PreferenceSetId,
    /// Two answers to one prompt.
    PairId,
    /// A line of who did what that cannot be undone.
    AuditEntryId,
}
