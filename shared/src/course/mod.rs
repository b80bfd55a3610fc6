//! The course as its authors write it, and how answers are marked; `course/README.md` tells the format.

mod marks;
mod policy;
mod question;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use marks::{Given, Judged, judge};
pub use policy::{CoursePolicy, MICROSECONDS_A_DAY, days_late};
pub use question::{ArtifactCheck, Choice, Finding, Question, QuestionBody, QuestionFile, RubricLine};

use crate::artifacts::ArtifactKind;

/// Weeks of the course, numbered from 1.
pub const WEEKS: u32 = 10;

/// What stands between the `+++` lines of a lesson.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LessonHead {
    pub week: u32,
    pub title: String,
    pub title_english: String,
    pub summary: String,
    pub summary_english: String,
    pub goals: Vec<String>,
    pub prerequisites: Vec<String>,
    pub reading_minutes: u32,
    pub lab_minutes: u32,
    pub deliverables: Vec<Deliverable>,
    pub in_the_field: Vec<FieldTool>,
}

/// What a learner has made at the end of a week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deliverable {
    pub name: String,
    pub artifact: Option<ArtifactKind>,
}

/// What people elsewhere use at this step. Texts are Markdown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldTool {
    pub name: String,
    pub address: String,
    pub does: String,
    pub became: String,
    /// Nothing, where nothing is exchanged.
    #[serde(default)]
    pub exchange: String,
}

/// A lab inside a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Lab {
    EnvironmentDoctor,
    WorkerDoctor,
    FirstGeneration,
    CleaningPlayground,
    CorpusReport,
    Job,
    TokenizerTraining,
    VocabularySweep,
    TokenizerComparison,
    ModelCalculator,
    AttentionMaps,
    ScanFigure,
    RoutingFigure,
    AdapterCalculator,
    MetricWorkbench,
    PromptVariations,
    Quantization,
    Preferences,
    Lineage,
    Share,
}
