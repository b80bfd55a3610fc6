//! Job specs: what is to be done, without any path. Inputs are named; the server binds the names to
//! artifacts, the command line by `--input NAME=PATH`.

mod architecture;
mod architecture_kind;
mod curate;
pub mod depth;
mod estimate;
mod export;
mod import;
mod import_model;
pub mod presets;
mod pretrain;
mod problems;
mod rope_scaling;
pub mod speeds;
mod train_tokenizer;
pub mod whole_path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use architecture::{ArchitectureSpec, Gpt2Spec, LlamaSpec};
pub use architecture_kind::ArchitectureKind;
pub use curate::{CurateRule, CurateSpec};
pub use estimate::Estimate;
pub use export::{ExportSpec, GgufFormat};
pub use import::{Encoding, ImportSpec, SourceSpec};
pub use import_model::ImportModelSpec;
pub use pretrain::{
    Activations, AdamWSpec, BatchSpec, CheckpointSpec, Decay, MuonSpec, Precision, PreflightSpec,
    PretrainSpec, SampleSpec, ScheduleSpec, StatisticsSpec, ValidationSpec, WeightAverageSpec,
};
pub use problems::{Problem, Problems};
pub use rope_scaling::RopeScaling;
pub use speeds::TrainingSpeed;
pub use train_tokenizer::{CHAT_TEMPLATE, SpecialToken, TrainTokenizerSpec};

use crate::artifacts::ArtifactKind;

/// Grows when an older worker could misread a spec; workers claim by kind and this number.
pub const SPEC_VERSION: u32 = 4;

/// What a job is to do.
#[expect(
    clippy::large_enum_variant,
    reason = "a job has one spec; a box would stand in every pattern for it"
)]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum JobSpec {
    Import(ImportSpec),
    Curate(CurateSpec),
    TrainTokenizer(TrainTokenizerSpec),
    Pretrain(PretrainSpec),
    Export(ExportSpec),
    ImportModel(ImportModelSpec),
}

/// The kinds of job, as workers name them when they claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    Import,
    Curate,
    TrainTokenizer,
    Pretrain,
    Export,
    ImportModel,
}

impl JobKind {
    pub const ALL: [Self; 6] =
        [Self::Import, Self::Curate, Self::TrainTokenizer, Self::Pretrain, Self::Export, Self::ImportModel];

    /// The name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Curate => "curate",
            Self::TrainTokenizer => "train_tokenizer",
            Self::Pretrain => "pretrain",
            Self::Export => "export",
            Self::ImportModel => "import_model",
        }
    }
}

/// A named input of a spec and what may be bound to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputSlot {
    pub name: String,
    pub kinds: &'static [ArtifactKind],
    /// Whether an artifact of evaluation purpose is refused here.
    pub trains: bool,
}

/// A named output of a spec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutputSlot {
    pub name: &'static str,
    pub kind: ArtifactKind,
}

impl JobSpec {
    pub fn kind(&self) -> JobKind {
        match self {
            Self::Import(_) => JobKind::Import,
            Self::Curate(_) => JobKind::Curate,
            Self::TrainTokenizer(_) => JobKind::TrainTokenizer,
            Self::Pretrain(_) => JobKind::Pretrain,
            Self::Export(_) => JobKind::Export,
            Self::ImportModel(_) => JobKind::ImportModel,
        }
    }

    /// Every field that cannot work, by name. The same check runs in the form, in the API and in
    /// the worker.
    pub fn validate(&self) -> Result<(), Problems> {
        match self {
            Self::Import(spec) => spec.validate(),
            Self::Curate(spec) => spec.validate(),
            Self::TrainTokenizer(spec) => spec.validate(),
            Self::Pretrain(spec) => spec.validate(),
            Self::Export(spec) => spec.validate(),
            Self::ImportModel(spec) => spec.validate(),
        }
    }

    /// What the job will need. `flops_per_second` is the sustained rate of the device that will
    /// run it; `input_bytes` the size of its inputs.
    pub fn estimate(&self, input_bytes: u64, flops_per_second: f64) -> Estimate {
        match self {
            Self::Import(spec) => spec.estimate(input_bytes),
            Self::Curate(spec) => spec.estimate(input_bytes),
            Self::TrainTokenizer(spec) => spec.estimate(input_bytes),
            Self::Pretrain(spec) => spec.estimate(flops_per_second),
            Self::Export(spec) => spec.estimate(input_bytes),
            Self::ImportModel(spec) => spec.estimate(input_bytes),
        }
    }

    /// [`JobSpec::estimate`] on a worker that has measured these speeds; without one that fits, how long it
    /// takes stays open.
    pub fn estimate_on(&self, input_bytes: u64, speeds: &[TrainingSpeed]) -> Estimate {
        let rate = match self {
            Self::Pretrain(spec) => speeds::flops_per_second(speeds, spec),
            _ => None,
        };
        self.estimate(input_bytes, rate.unwrap_or(0.0))
    }

    /// The inputs that must be bound, in order.
    pub fn inputs(&self) -> Vec<InputSlot> {
        let slot = |name: &str, kinds, trains| InputSlot { name: name.to_owned(), kinds, trains };
        const DATASET: &[ArtifactKind] = &[ArtifactKind::Dataset];
        const CORPUS: &[ArtifactKind] = &[ArtifactKind::Corpus];
        match self {
            Self::Import(spec) => spec
                .sources
                .iter()
                .map(|source| slot(&source.input, &[ArtifactKind::Source], false))
                .collect(),
            Self::Curate(_) => vec![slot("dataset", DATASET, false)],
            Self::TrainTokenizer(_) => vec![slot("corpus", CORPUS, true)],
            Self::Pretrain(_) => {
                vec![slot("corpus", CORPUS, true), slot("tokenizer", &[ArtifactKind::Tokenizer], false)]
            }
            Self::Export(_) => vec![
                slot("model", &[ArtifactKind::Model], false),
                slot("tokenizer", &[ArtifactKind::Tokenizer], false),
            ],
            Self::ImportModel(_) => vec![slot("file", &[ArtifactKind::Source], false)],
        }
    }

    /// The outputs that a successful attempt registers, in order.
    pub fn outputs(&self) -> Vec<OutputSlot> {
        let slot = |name, kind| OutputSlot { name, kind };
        let report = slot("report", ArtifactKind::Report);
        match self {
            Self::Import(_) => vec![slot("dataset", ArtifactKind::Dataset), report],
            Self::Curate(_) => {
                vec![slot("corpus", ArtifactKind::Corpus), slot("dropped", ArtifactKind::Dataset), report]
            }
            Self::TrainTokenizer(_) => vec![slot("tokenizer", ArtifactKind::Tokenizer), report],
            Self::Pretrain(_) => vec![slot("model", ArtifactKind::Model), report],
            Self::Export(_) => vec![slot("model", ArtifactKind::Model)],
            Self::ImportModel(_) => {
                vec![slot("model", ArtifactKind::Model), slot("tokenizer", ArtifactKind::Tokenizer)]
            }
        }
    }

    /// The seed that the outcome depends on, for the lineage.
    pub fn seed(&self) -> Option<u64> {
        match self {
            Self::Pretrain(spec) => Some(spec.seed),
            _ => None,
        }
    }
}
