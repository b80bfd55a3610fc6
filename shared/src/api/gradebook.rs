//! Points of a whole cohort.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Access, Endpoint, Method, Role};
use crate::course::CoursePolicy;
use crate::ids::{CohortId, UserId};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetGradebook {
    pub cohort_id: CohortId,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Gradebook {
    pub policy: CoursePolicy,
    /// What each week can bring, in their order.
    pub points_possible: Vec<f64>,
    /// Learners, by name.
    pub rows: Vec<GradebookRow>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GradebookRow {
    pub learner: UserId,
    pub name: String,
    /// In the order of the weeks.
    pub weeks: Vec<WeekGrade>,
    /// Percent, by the weights of the weeks.
    pub total_percent: f64,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WeekGrade {
    /// What counts: the set points if there are any.
    pub points: f64,
    /// Set by an instructor instead of what the answers came to.
    pub set_by_hand: bool,
    /// Answers that wait for a person.
    pub waiting: u32,
}

impl Endpoint for GetGradebook {
    type Reply = Gradebook;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/gradebook";
    const ACCESS: Access = Access::Cohort(Role::Assistant);
}

/// The gradebook as CSV: `learner_id,name,week_1,…,week_10,total_percent`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExportGrades {
    pub cohort_id: CohortId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GradesCsv {
    /// With a byte order mark, so that spreadsheets read the Korean; no cell is a formula.
    pub csv: String,
}

impl Endpoint for ExportGrades {
    type Reply = GradesCsv;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/gradebook/csv";
    const ACCESS: Access = Access::Cohort(Role::Assistant);
}

/// Sets points of weeks by hand. All rows are taken or none; what is refused is named by its line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ImportGrades {
    pub cohort_id: CohortId,
    /// Columns `learner_id` and any of `week_1` … `week_10`, others are passed over. An empty cell gives
    /// the week back to the answers, a cell that says what the gradebook says changes nothing.
    pub csv: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImportedGrades {
    pub rows: u32,
    /// Cells that say something new.
    pub changed: u32,
}

impl Endpoint for ImportGrades {
    type Reply = ImportedGrades;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/gradebook/csv";
    const ACCESS: Access = Access::Cohort(Role::Instructor);
}
