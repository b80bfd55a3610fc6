//! `config.json` as `transformers` writes and reads it.

use serde::Deserialize;
use serde_json::{Value, json};
use shared::spec::{ArchitectureSpec, LlamaSpec};

use crate::{Error, Result};

/// The ids of special tokens that a model folder names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpecialIds {
    /// Begins and ends every document (`bos_token_id` and `eos_token_id`).
    pub end_of_text: u32,
    pub padding: u32,
}

/// The `config.json` of a model with f32 weights. Keys of `transformers` 4 and 5 stand side by side
/// where they differ (`torch_dtype`/`dtype`, `rope_theta`/`rope_parameters`).
pub fn to_config(spec: &ArchitectureSpec, special: SpecialIds) -> Value {
    match spec {
        ArchitectureSpec::Llama(llama) => json!({
            "architectures": ["LlamaForCausalLM"],
            "model_type": "llama",
            "vocab_size": llama.vocabulary_size,
            "max_position_embeddings": llama.context_length,
            "hidden_size": llama.hidden_size,
            "num_hidden_layers": llama.layers,
            "num_attention_heads": llama.heads,
            "num_key_value_heads": llama.key_value_heads,
            "head_dim": llama.head_size(),
            "intermediate_size": llama.feed_forward_size,
            "hidden_act": "silu",
            "rope_theta": llama.rope_theta,
            "rope_scaling": null,
            "rope_parameters": { "rope_type": "default", "rope_theta": llama.rope_theta },
            "rms_norm_eps": llama.rms_norm_epsilon,
            "tie_word_embeddings": llama.tied_embeddings,
            "attention_bias": false,
            "attention_dropout": 0.0,
            "mlp_bias": false,
            "initializer_range": 0.02,
            "use_cache": true,
            "bos_token_id": special.end_of_text,
            "eos_token_id": special.end_of_text,
            "pad_token_id": special.padding,
            "torch_dtype": "float32",
            "dtype": "float32",
        }),
    }
}

/// The parts of a Llama configuration that decide what is computed.
#[derive(Deserialize)]
struct LlamaConfig {
    vocab_size: u32,
    max_position_embeddings: u32,
    hidden_size: u32,
    num_hidden_layers: u32,
    num_attention_heads: u32,
    num_key_value_heads: Option<u32>,
    head_dim: Option<u32>,
    intermediate_size: u32,
    #[serde(default = "silu")]
    hidden_act: String,
    rope_theta: Option<f64>,
    rope_parameters: Option<RopeParameters>,
    rope_scaling: Option<Value>,
    rms_norm_eps: f64,
    #[serde(default)]
    tie_word_embeddings: bool,
    #[serde(default)]
    attention_bias: bool,
    #[serde(default)]
    mlp_bias: bool,
}

#[derive(Deserialize)]
struct RopeParameters {
    rope_theta: Option<f64>,
    #[serde(default = "default_rope")]
    rope_type: String,
}

fn silu() -> String {
    "silu".to_owned()
}

fn default_rope() -> String {
    "default".to_owned()
}

/// The architecture that a `config.json` describes.
///
/// # Errors
/// [`Error::Configuration`] when it is of another architecture or uses an option that we do not
/// compute.
pub fn from_config(bytes: &[u8]) -> Result<ArchitectureSpec> {
    let problem = |problem: String| Error::Configuration { file: "config.json", problem };
    let value: Value = serde_json::from_slice(bytes).map_err(|error| problem(error.to_string()))?;
    let model_type = value.get("model_type").and_then(Value::as_str).unwrap_or("none");
    if model_type != "llama" {
        return Err(problem(format!("model_type {model_type:?} is not supported: only \"llama\" is")));
    }
    let config: LlamaConfig = serde_json::from_value(value).map_err(|error| problem(error.to_string()))?;
    let rope_type = config.rope_parameters.as_ref().map_or("default", |rope| rope.rope_type.as_str());
    let head_dim = config.hidden_size / config.num_attention_heads.max(1);
    let unsupported = [
        (config.hidden_act != "silu", "hidden_act other than silu"),
        (config.attention_bias || config.mlp_bias, "biases"),
        (config.rope_scaling.is_some_and(|scaling| !scaling.is_null()), "rope_scaling"),
        (rope_type != "default", "scaled rotary positions"),
        (config.head_dim.is_some_and(|size| size != head_dim), "a head_dim other than hidden_size / heads"),
    ];
    if let Some((_, what)) = unsupported.iter().find(|(holds, _)| *holds) {
        return Err(problem(format!("{what} is not supported")));
    }
    let spec = ArchitectureSpec::Llama(LlamaSpec {
        vocabulary_size: config.vocab_size,
        context_length: config.max_position_embeddings,
        hidden_size: config.hidden_size,
        layers: config.num_hidden_layers,
        heads: config.num_attention_heads,
        key_value_heads: config.num_key_value_heads.unwrap_or(config.num_attention_heads),
        feed_forward_size: config.intermediate_size,
        rope_theta: config
            .rope_parameters
            .and_then(|rope| rope.rope_theta)
            .or(config.rope_theta)
            .unwrap_or(10_000.0),
        rms_norm_epsilon: config.rms_norm_eps,
        tied_embeddings: config.tie_word_embeddings,
    });
    spec.validate().map_err(|problems| problem(problems.to_string()))?;
    Ok(spec)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> ArchitectureSpec {
        ArchitectureSpec::Llama(LlamaSpec {
            vocabulary_size: 1000,
            context_length: 128,
            hidden_size: 64,
            layers: 2,
            heads: 4,
            key_value_heads: 2,
            feed_forward_size: 172,
            rope_theta: 10_000.0,
            rms_norm_epsilon: 1e-5,
            tied_embeddings: true,
        })
    }

    #[test]
    fn a_configuration_survives_the_round_trip() {
        let config = to_config(&spec(), SpecialIds { end_of_text: 0, padding: 1 });
        assert_eq!(from_config(config.to_string().as_bytes()).unwrap(), spec());
    }

    #[test]
    fn what_we_do_not_compute_is_refused_by_name() {
        let config = to_config(&spec(), SpecialIds { end_of_text: 0, padding: 1 });
        let cases = [
            ("model_type", json!("gpt2"), "gpt2"),
            ("hidden_act", json!("gelu"), "hidden_act"),
            ("attention_bias", json!(true), "biases"),
            ("rope_scaling", json!({"type": "linear"}), "rope_scaling"),
            ("rope_parameters", json!({"rope_type": "llama3"}), "rotary"),
            ("head_dim", json!(8), "head_dim"),
            ("num_hidden_layers", json!(0), "layers"),
        ];
        for (key, value, word) in cases {
            let mut changed = config.clone();
            changed[key] = value;
            let error = from_config(changed.to_string().as_bytes()).unwrap_err().to_string();
            assert!(error.contains(word), "{key}: {error}");
        }
    }
}
