//! Checkpoint questions as they stand in `questions.toml`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifacts::ArtifactKind;
use crate::ids::ArtifactId;

/// A week's `questions.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionFile {
    pub question: Vec<Question>,
}

/// Texts are Markdown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// `[a-z0-9-]`, unique in its week; answers are kept under it.
    pub id: String,
    /// The heading of the lesson that answers it.
    pub section: String,
    pub points: u32,
    pub text: String,
    /// Nothing, where the model answer says it all.
    #[serde(default)]
    pub explanation: String,
    #[serde(flatten)]
    pub body: QuestionBody,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum QuestionBody {
    /// One option is right.
    Choice { options: Vec<Choice> },
    /// Any number of options is right, and all of them are wanted.
    Choices { options: Vec<Choice> },
    Numeric {
        answer: f64,
        /// Absolute.
        tolerance: f64,
        unit: Option<String>,
    },
    /// Marked by a person.
    Short { model_answer: String, rubric: Vec<RubricLine> },
    /// Marked by looking at what the learner made.
    Artifact {
        #[serde(flatten)]
        check: ArtifactCheck,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub text: String,
    #[serde(default)]
    pub correct: bool,
    /// What is said to whoever chose it, or should have.
    pub why: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RubricLine {
    pub points: u32,
    pub text: String,
}

/// What an artifact must be. The figures are those that workers wrote into reports; what somebody
/// uploaded has none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "check", rename_all = "kebab-case")]
pub enum ArtifactCheck {
    /// A curated corpus kept at least so much.
    CorpusKept {
        documents_at_least: u64,
        text_bytes_at_least: u64,
    },
    /// Every text that the training of the tokenizer tried came back to the byte.
    TokenizerRoundTrip,
    TokenizerBytesPerToken {
        at_least: f64,
    },
    /// Bits per byte of text that the model was not trained on.
    ModelHeldOut {
        at_most: f64,
    },
    /// Corpus and tokenizer of the model are the learner's own.
    ModelOwnParts,
    /// Every ancestor is still there, up to the sources.
    LineageWhole,
    /// No ancestor is evaluation data.
    LineageClean,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "found", rename_all = "snake_case")]
pub enum Finding {
    Passed {
        /// The figure that was asked for, where there is one.
        figure: Option<f64>,
    },
    /// The figure is on the wrong side of the bar.
    NotEnough { figure: f64 },
    /// The report does not hold what is asked for: it was made by an older worker, or nothing was held out.
    NotMeasured,
    /// It came from elsewhere, so that nothing is known of how it was made.
    NotMadeHere,
    /// A part is somebody else's.
    NotOwn { part: ArtifactKind },
    /// So many ancestors were deleted.
    Missing { ancestors: u32 },
    /// An ancestor is evaluation data.
    Contaminated { ancestor: ArtifactId },
}

impl Finding {
    pub fn passed(&self) -> bool {
        matches!(self, Self::Passed { .. })
    }
}

impl ArtifactCheck {
    /// The kind of artifact that is looked at.
    pub fn kind(self) -> ArtifactKind {
        match self {
            Self::CorpusKept { .. } => ArtifactKind::Corpus,
            Self::TokenizerRoundTrip | Self::TokenizerBytesPerToken { .. } => ArtifactKind::Tokenizer,
            Self::ModelHeldOut { .. } | Self::ModelOwnParts | Self::LineageWhole | Self::LineageClean => {
                ArtifactKind::Model
            }
        }
    }
}
