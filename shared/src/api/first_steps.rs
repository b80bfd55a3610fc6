//! What somebody new to a class does first, and what of it is done: told by what is stored, never ticked by hand.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Access, Endpoint, Method, Role};
use crate::ids::CohortId;

/// One's own in the class: those of a learner, or of who teaches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetFirstSteps {
    pub cohort_id: CohortId,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FirstSteps {
    /// In the order in which they are best done.
    pub steps: Vec<StepStanding>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StepStanding {
    pub step: FirstStep,
    pub done: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FirstStep {
    /// The account has a password, so that it needs no link to come back.
    SetPassword,
    /// A section of the first week's lesson.
    ReadSection,
    /// Any question of the class.
    AnswerQuestion,
    /// A job of one's own in the class.
    SubmitJob,
    /// Somebody but the staff is in the class, or an invitation to it can still be accepted.
    InvitePeople,
    /// At least one week has a time.
    SetSchedule,
    /// A worker asked for work of late that would take the class's jobs.
    ConnectWorker,
    /// Some model is published, so that the first week has one to write with.
    PublishModel,
}

impl FirstStep {
    pub const LEARNER: [Self; 4] =
        [Self::ReadSection, Self::AnswerQuestion, Self::SubmitJob, Self::SetPassword];
    pub const STAFF: [Self; 5] =
        [Self::InvitePeople, Self::SetSchedule, Self::ConnectWorker, Self::PublishModel, Self::SetPassword];

    pub fn of(role: Role) -> &'static [Self] {
        match role {
            Role::Learner => &Self::LEARNER,
            Role::Assistant | Role::Instructor => &Self::STAFF,
        }
    }
}

impl Endpoint for GetFirstSteps {
    type Reply = FirstSteps;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/first-steps";
    const ACCESS: Access = Access::Cohort(Role::Learner);
}
