//! Checkpoint questions: asked, answered, marked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::sessions::Done;
use super::{Access, Endpoint, Method, Role};
use crate::course::{ArtifactCheck, Finding, Given};
use crate::ids::{AnswerId, CohortId, UserId};

/// A week's questions with the caller's answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListQuestions {
    pub cohort_id: CohortId,
    pub week: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct QuestionList {
    pub questions: Vec<AskedQuestion>,
}

/// A question without what gives it away. Texts are sanitized HTML.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AskedQuestion {
    pub question: String,
    /// The heading that answers it.
    pub section: String,
    pub points_possible: f64,
    pub text_html: String,
    pub asked: Asked,
    /// Absent where any number may be given.
    pub attempts_left: Option<u32>,
    /// The answer that counts: the best of the marked ones, otherwise the one that waits.
    pub counts: Option<MarkedAnswer>,
    /// The latest answer.
    pub latest: Option<MarkedAnswer>,
    /// Once it was answered rightly, or no attempt is left, or a person marked it.
    pub solution: Option<Solution>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Asked {
    Choice { options: Vec<AskedOption> },
    Choices { options: Vec<AskedOption> },
    Numeric { unit: Option<String> },
    Short { rubric: Vec<RubricNote> },
    Artifact { check: ArtifactCheck },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AskedOption {
    /// What an answer names it by.
    pub option: u32,
    pub text_html: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RubricNote {
    pub points: u32,
    pub text_html: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MarkedAnswer {
    pub answer_id: AnswerId,
    pub attempt: u32,
    pub given: Given,
    pub submitted_at_microseconds: i64,
    pub days_late: u32,
    /// Absent while it waits for a person.
    pub mark: Option<Mark>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Mark {
    /// As earned, before attempts and lateness.
    pub earned: f64,
    /// What counts.
    pub points: f64,
    /// What the marker says; plain text.
    pub comment: String,
    /// What a check of an artifact found.
    pub finding: Option<Finding>,
    /// Points of each line of the rubric, where a person marked it.
    pub rubric_points: Vec<u32>,
    /// Why what was chosen is wrong or right; sanitized HTML.
    pub why_html: Vec<String>,
}

/// What the right answer is. Texts are sanitized HTML.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Solution {
    pub explanation_html: String,
    /// Of every option.
    pub options: Vec<SolvedOption>,
    pub number: Option<f64>,
    pub model_answer_html: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SolvedOption {
    pub option: u32,
    pub correct: bool,
    pub why_html: String,
}

impl Endpoint for ListQuestions {
    type Reply = QuestionList;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/lessons/{week}/questions";
    const ACCESS: Access = Access::Cohort(Role::Learner);
}

/// One more attempt. The same key again is the same attempt, so that a broken connection neither
/// loses nor doubles one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AnswerQuestion {
    pub cohort_id: CohortId,
    pub week: u32,
    pub question: String,
    pub given: Given,
    pub idempotency_key: String,
}

impl Endpoint for AnswerQuestion {
    type Reply = AskedQuestion;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/lessons/{week}/questions/{question}/answers";
    const ACCESS: Access = Access::Cohort(Role::Learner);
}

/// Answers that wait for a person, the oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListAnswersToMark {
    pub cohort_id: CohortId,
    pub week: Option<u32>,
    /// Rows after this one, for paging.
    pub after: Option<AnswerId>,
    pub limit: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AnswersToMark {
    pub answers: Vec<AnswerToMark>,
    /// Of the cohort, of all weeks.
    pub waiting: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AnswerToMark {
    pub answer_id: AnswerId,
    pub week: u32,
    pub question: String,
    pub learner: UserId,
    pub learner_name: String,
    pub attempt: u32,
    pub days_late: u32,
    pub submitted_at_microseconds: i64,
    /// Plain text, as it was written.
    pub text: String,
    /// Of the question; sanitized HTML.
    pub text_html: String,
    pub model_answer_html: String,
    pub rubric: Vec<RubricNote>,
}

impl Endpoint for ListAnswersToMark {
    type Reply = AnswersToMark;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/answers-to-mark";
    const ACCESS: Access = Access::Cohort(Role::Assistant);
}

/// Marks a short answer, or marks it anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MarkAnswer {
    pub cohort_id: CohortId,
    pub answer_id: AnswerId,
    /// Points of each line of the rubric.
    pub rubric_points: Vec<u32>,
    /// Read by the learner.
    pub comment: String,
}

impl Endpoint for MarkAnswer {
    type Reply = Done;
    const METHOD: Method = Method::Put;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/answers/{answer_id}/mark";
    const ACCESS: Access = Access::Cohort(Role::Assistant);
}

/// Marks all answers to a question again, by the question as it stands now. A person's marks stay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RegradeQuestion {
    pub cohort_id: CohortId,
    pub week: u32,
    pub question: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Regraded {
    pub answers: u32,
    /// Whose points are others now.
    pub changed: u32,
}

impl Endpoint for RegradeQuestion {
    type Reply = Regraded;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/lessons/{week}/questions/{question}/regrade";
    const ACCESS: Access = Access::Cohort(Role::Instructor);
}
