//! The architectures by name, and what one of them looks like in the size of another.

use serde::{Deserialize, Serialize};

use super::{ArchitectureSpec, Gpt2Spec, LlamaSpec};

/// Which architecture, without its shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArchitectureKind {
    Llama,
    Gpt2,
}

impl ArchitectureSpec {
    pub fn kind(&self) -> ArchitectureKind {
        match self {
            Self::Llama(_) => ArchitectureKind::Llama,
            Self::Gpt2(_) => ArchitectureKind::Gpt2,
        }
    }

    /// The other architecture of the same width, depth, heads and context. Its feed-forward width is what
    /// is usual there: GELU has two matrices of four times the width, SwiGLU three of eight thirds,
    /// which are as many weights.
    pub fn in_kind(self, kind: ArchitectureKind) -> Self {
        match (self, kind) {
            (Self::Llama(llama), ArchitectureKind::Gpt2) => Self::Gpt2(Gpt2Spec {
                vocabulary_size: llama.vocabulary_size,
                context_length: llama.context_length,
                hidden_size: llama.hidden_size,
                layers: llama.layers,
                heads: llama.heads,
                feed_forward_size: llama.hidden_size.saturating_mul(4),
                layer_norm_epsilon: 1e-5,
                tied_embeddings: llama.tied_embeddings,
            }),
            (Self::Gpt2(gpt2), ArchitectureKind::Llama) => Self::Llama(LlamaSpec {
                vocabulary_size: gpt2.vocabulary_size,
                context_length: gpt2.context_length,
                hidden_size: gpt2.hidden_size,
                layers: gpt2.layers,
                heads: gpt2.heads,
                key_value_heads: if gpt2.heads.is_multiple_of(2) { gpt2.heads / 2 } else { gpt2.heads },
                feed_forward_size: (gpt2.hidden_size.saturating_mul(8) / 3).next_multiple_of(4),
                rope_theta: 10_000.0,
                rope_scaling: None,
                rms_norm_epsilon: 1e-5,
                tied_embeddings: gpt2.tied_embeddings,
            }),
            (same, _) => same,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::presets::Preset;

    #[test]
    fn a_preset_in_the_other_architecture_works_and_is_about_as_large() {
        for preset in [Preset::Tiny, Preset::Small] {
            let llama = preset.pretrain().model;
            let gpt2 = llama.clone().in_kind(ArchitectureKind::Gpt2);
            assert_eq!(gpt2.kind(), ArchitectureKind::Gpt2);
            gpt2.validate().unwrap();
            let ratio = gpt2.parameter_count() as f64 / llama.parameter_count() as f64;
            assert!((0.9..1.2).contains(&ratio), "{ratio}");
            assert_eq!(gpt2.in_kind(ArchitectureKind::Llama), llama);
        }
    }
}
