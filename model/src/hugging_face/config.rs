//! `config.json` as `transformers` writes and reads it.

use serde::Deserialize;
use serde_json::{Value, json};
use shared::spec::{ArchitectureSpec, Gpt2Spec, LlamaSpec, RopeScaling};

use crate::{Error, Result};

/// Larger files are refused before they are parsed; those of the hub have a few KiB.
pub const CONFIG_LIMIT_BYTES: usize = 1 << 20;

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
            "rope_scaling": llama.rope_scaling.map(scaling_to_config),
            "rope_parameters": rope_parameters(llama),
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
        ArchitectureSpec::Gpt2(gpt2) => json!({
            "architectures": ["GPT2LMHeadModel"],
            "model_type": "gpt2",
            "vocab_size": gpt2.vocabulary_size,
            "n_positions": gpt2.context_length,
            "n_ctx": gpt2.context_length,
            "n_embd": gpt2.hidden_size,
            "n_layer": gpt2.layers,
            "n_head": gpt2.heads,
            "n_inner": gpt2.feed_forward_size,
            "activation_function": "gelu_new",
            "layer_norm_epsilon": gpt2.layer_norm_epsilon,
            "tie_word_embeddings": gpt2.tied_embeddings,
            "scale_attn_weights": true,
            "scale_attn_by_inverse_layer_idx": false,
            "reorder_and_upcast_attn": false,
            "attn_pdrop": 0.0,
            "embd_pdrop": 0.0,
            "resid_pdrop": 0.0,
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

fn rope_parameters(llama: &LlamaSpec) -> Value {
    let mut parameters =
        llama.rope_scaling.map_or_else(|| json!({ "rope_type": "default" }), scaling_to_config);
    parameters["rope_theta"] = llama.rope_theta.into();
    parameters
}

fn scaling_to_config(scaling: RopeScaling) -> Value {
    match scaling {
        RopeScaling::Linear { factor } => json!({ "rope_type": "linear", "factor": factor }),
        RopeScaling::Llama3 { factor, low_freq_factor, high_freq_factor, original_context_length } => json!({
            "rope_type": "llama3",
            "factor": factor,
            "low_freq_factor": low_freq_factor,
            "high_freq_factor": high_freq_factor,
            "original_max_position_embeddings": original_context_length,
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
    /// Of `transformers` 5.
    rope_parameters: Option<RopeConfig>,
    /// Of earlier versions, which have `rope_theta` beside it.
    rope_scaling: Option<RopeConfig>,
    #[serde(default = "whole")]
    partial_rotary_factor: f64,
    rms_norm_eps: f64,
    #[serde(default)]
    tie_word_embeddings: bool,
    #[serde(default)]
    attention_bias: bool,
    #[serde(default)]
    mlp_bias: bool,
}

#[derive(Deserialize)]
struct RopeConfig {
    rope_theta: Option<f64>,
    rope_type: Option<String>,
    /// Of the oldest files; some have both.
    #[serde(rename = "type")]
    old_type: Option<String>,
    factor: Option<f64>,
    low_freq_factor: Option<f64>,
    high_freq_factor: Option<f64>,
    original_max_position_embeddings: Option<u32>,
    #[serde(default = "whole")]
    partial_rotary_factor: f64,
}

fn silu() -> String {
    "silu".to_owned()
}

fn whole() -> f64 {
    1.0
}

/// The parts of a GPT-2 configuration that decide what is computed. Dropout, which only training
/// knows, is left out.
#[derive(Deserialize)]
struct Gpt2Config {
    vocab_size: u32,
    n_positions: u32,
    n_embd: u32,
    n_layer: u32,
    n_head: u32,
    /// Absent or null: four times `n_embd`.
    n_inner: Option<u32>,
    #[serde(default = "gelu_new")]
    activation_function: String,
    #[serde(default = "default_epsilon")]
    layer_norm_epsilon: f64,
    #[serde(default = "yes")]
    tie_word_embeddings: bool,
    #[serde(default = "yes")]
    scale_attn_weights: bool,
    #[serde(default)]
    scale_attn_by_inverse_layer_idx: bool,
    #[serde(default)]
    reorder_and_upcast_attn: bool,
    #[serde(default)]
    add_cross_attention: bool,
}

fn gelu_new() -> String {
    "gelu_new".to_owned()
}

fn default_epsilon() -> f64 {
    1e-5
}

fn yes() -> bool {
    true
}

/// The architecture that a `config.json` describes.
///
/// # Errors
/// [`Error::Configuration`] when it is of another architecture or uses an option that we do not
/// compute.
pub fn from_config(bytes: &[u8]) -> Result<ArchitectureSpec> {
    let value = parsed(bytes)?;
    let is_quantized = value.get("quantization_config").is_some_and(|how| !how.is_null());
    refuse(&[(is_quantized, "a quantized checkpoint (quantization_config), other than as a GGUF file,")])?;
    let model_type = value.get("model_type").and_then(Value::as_str).unwrap_or("none");
    let spec = match model_type {
        "llama" => llama(value)?,
        "gpt2" => gpt2(value)?,
        other => {
            let known = "\"llama\" and \"gpt2\" are";
            return Err(problem(format!("model_type {other:?} is not supported: only {known}")));
        }
    };
    spec.validate().map_err(|problems| problem(problems.to_string()))?;
    Ok(spec)
}

/// The special tokens that a `config.json` names: beginning and end of a text, and what fills rows. Where
/// it names several ends, the first.
///
/// # Errors
/// [`Error::Configuration`] when it is no JSON or too large.
pub fn special_ids(bytes: &[u8]) -> Result<[Option<u32>; 3]> {
    let value = parsed(bytes)?;
    let id = |key: &str| {
        let value = value.get(key)?;
        let first = value.as_array().map_or(Some(value), |several| several.first())?;
        first.as_u64().and_then(|id| u32::try_from(id).ok())
    };
    Ok([id("bos_token_id"), id("eos_token_id"), id("pad_token_id")])
}

fn parsed(bytes: &[u8]) -> Result<Value> {
    if bytes.len() > CONFIG_LIMIT_BYTES {
        return Err(problem(format!("it has {} bytes; at most {CONFIG_LIMIT_BYTES} are read", bytes.len())));
    }
    serde_json::from_slice(bytes).map_err(|error| problem(error.to_string()))
}

fn problem(problem: String) -> Error {
    Error::Configuration { file: "config.json", problem }
}

/// The first option that is used although we do not compute it.
fn refuse(unsupported: &[(bool, &str)]) -> Result<()> {
    match unsupported.iter().find(|(is_used, _)| *is_used) {
        Some((_, what)) => Err(problem(format!("{what} is not supported"))),
        None => Ok(()),
    }
}

fn gpt2(value: Value) -> Result<ArchitectureSpec> {
    let config: Gpt2Config = serde_json::from_value(value).map_err(|error| problem(error.to_string()))?;
    refuse(&[
        (
            !["gelu_new", "gelu_pytorch_tanh"].contains(&config.activation_function.as_str()),
            "an activation_function other than gelu_new",
        ),
        (!config.scale_attn_weights, "scale_attn_weights false"),
        (config.scale_attn_by_inverse_layer_idx, "scale_attn_by_inverse_layer_idx"),
        (config.reorder_and_upcast_attn, "reorder_and_upcast_attn"),
        (config.add_cross_attention, "add_cross_attention"),
    ])?;
    Ok(ArchitectureSpec::Gpt2(Gpt2Spec {
        vocabulary_size: config.vocab_size,
        context_length: config.n_positions,
        hidden_size: config.n_embd,
        layers: config.n_layer,
        heads: config.n_head,
        feed_forward_size: config.n_inner.unwrap_or_else(|| config.n_embd.saturating_mul(4)),
        layer_norm_epsilon: config.layer_norm_epsilon,
        tied_embeddings: config.tie_word_embeddings,
    }))
}

fn llama(value: Value) -> Result<ArchitectureSpec> {
    let config: LlamaConfig = serde_json::from_value(value).map_err(|error| problem(error.to_string()))?;
    let ropes = [&config.rope_scaling, &config.rope_parameters];
    let ropes: Vec<&RopeConfig> = ropes.into_iter().flatten().collect();
    let turns_a_part = config.partial_rotary_factor != 1.0;
    let turns_a_part = turns_a_part || ropes.iter().any(|rope| rope.partial_rotary_factor != 1.0);
    let head_dim = config.hidden_size / config.num_attention_heads.max(1);
    refuse(&[
        (config.hidden_act != "silu", "hidden_act other than silu"),
        (config.attention_bias, "attention_bias (biases of queries, keys and values)"),
        (config.mlp_bias, "mlp_bias (biases of the feed-forward layers)"),
        (turns_a_part, "a partial_rotary_factor"),
        (config.head_dim.is_some_and(|size| size != head_dim), "a head_dim other than hidden_size / heads"),
    ])?;
    let rope_scaling = ropes.iter().map(|rope| scaling(rope)).collect::<Result<Vec<_>>>()?;
    let rope_theta = ropes.iter().find_map(|rope| rope.rope_theta).or(config.rope_theta);
    Ok(ArchitectureSpec::Llama(LlamaSpec {
        vocabulary_size: config.vocab_size,
        context_length: config.max_position_embeddings,
        hidden_size: config.hidden_size,
        layers: config.num_hidden_layers,
        heads: config.num_attention_heads,
        key_value_heads: config.num_key_value_heads.unwrap_or(config.num_attention_heads),
        feed_forward_size: config.intermediate_size,
        rope_theta: rope_theta.unwrap_or(10_000.0),
        rope_scaling: rope_scaling.into_iter().flatten().next(),
        rms_norm_epsilon: config.rms_norm_eps,
        tied_embeddings: config.tie_word_embeddings,
    }))
}

/// # Errors
/// [`Error::Configuration`] for a type that we do not compute or that lacks a number.
fn scaling(rope: &RopeConfig) -> Result<Option<RopeScaling>> {
    let kind = rope.rope_type.as_deref().or(rope.old_type.as_deref()).unwrap_or("default");
    let missing = |name: &str| problem(format!("rope_scaling of the type {kind:?} needs the number {name}"));
    let factor = || rope.factor.ok_or_else(|| missing("factor"));
    match kind {
        "default" => Ok(None),
        "linear" => Ok(Some(RopeScaling::Linear { factor: factor()? })),
        "llama3" => Ok(Some(RopeScaling::Llama3 {
            factor: factor()?,
            low_freq_factor: rope.low_freq_factor.ok_or_else(|| missing("low_freq_factor"))?,
            high_freq_factor: rope.high_freq_factor.ok_or_else(|| missing("high_freq_factor"))?,
            original_context_length: rope
                .original_max_position_embeddings
                .ok_or_else(|| missing("original_max_position_embeddings"))?,
        })),
        other => {
            let known = "\"linear\" and \"llama3\" are";
            Err(problem(format!("rope_scaling of the type {other:?} is not supported: only {known}")))
        }
    }
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
            rope_scaling: None,
            rms_norm_epsilon: 1e-5,
            tied_embeddings: true,
        })
    }

    fn gpt2_spec() -> ArchitectureSpec {
        ArchitectureSpec::Gpt2(Gpt2Spec {
            vocabulary_size: 1000,
            context_length: 128,
            hidden_size: 64,
            layers: 2,
            heads: 4,
            feed_forward_size: 200,
            layer_norm_epsilon: 1e-5,
            tied_embeddings: false,
        })
    }

    const LLAMA3: RopeScaling = RopeScaling::Llama3 {
        factor: 32.0,
        low_freq_factor: 1.0,
        high_freq_factor: 4.0,
        original_context_length: 64,
    };

    fn scaled(rope_scaling: RopeScaling) -> ArchitectureSpec {
        let ArchitectureSpec::Llama(llama) = spec() else { unreachable!() };
        ArchitectureSpec::Llama(LlamaSpec { rope_scaling: Some(rope_scaling), ..llama })
    }

    #[test]
    fn a_configuration_survives_the_round_trip() {
        for spec in [spec(), gpt2_spec(), scaled(LLAMA3), scaled(RopeScaling::Linear { factor: 2.5 })] {
            let config = to_config(&spec, SpecialIds { end_of_text: 0, padding: 1 });
            assert_eq!(from_config(config.to_string().as_bytes()).unwrap(), spec);
        }
    }

    #[test]
    fn scaled_positions_are_read_as_every_version_of_transformers_writes_them() {
        let llama3 = json!({"rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0,
            "high_freq_factor": 4.0, "original_max_position_embeddings": 64});
        let mut with_theta = llama3.clone();
        with_theta["rope_theta"] = json!(10_000.0);
        let mut oldest = llama3.clone();
        oldest["type"] = json!("llama3");
        let ways = [
            json!({"rope_scaling": llama3, "rope_theta": 10_000.0}),
            json!({"rope_scaling": oldest, "rope_theta": 10_000.0}),
            json!({"rope_parameters": with_theta}),
            json!({"rope_scaling": null, "rope_parameters": with_theta}),
        ];
        for way in ways {
            let mut config = to_config(&spec(), SpecialIds { end_of_text: 0, padding: 1 });
            for key in ["rope_scaling", "rope_parameters", "rope_theta"] {
                config.as_object_mut().unwrap().remove(key);
            }
            config.as_object_mut().unwrap().extend(way.as_object().unwrap().clone());
            assert_eq!(from_config(config.to_string().as_bytes()).unwrap(), scaled(LLAMA3), "{way}");
        }
    }

    #[test]
    fn special_tokens_are_named_by_one_id_or_by_several() {
        let ids = |config: Value| special_ids(config.to_string().as_bytes()).unwrap();
        assert_eq!(ids(json!({"bos_token_id": 1, "eos_token_id": [2, 3]})), [Some(1), Some(2), None]);
        assert_eq!(ids(json!({"bos_token_id": "x", "eos_token_id": [], "pad_token_id": -1})), [None; 3]);
        assert_eq!(ids(json!([])), [None; 3]);
    }

    #[test]
    fn a_configuration_without_end_is_not_parsed() {
        let long = format!("{{\"model_type\": \"{}\"}}", "x".repeat(CONFIG_LIMIT_BYTES));
        let error = from_config(long.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("at most"), "{error}");
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(from_config(deep.as_bytes()).is_err());
    }

    #[test]
    fn what_a_gpt2_leaves_out_has_the_default_of_transformers() {
        let config = json!({"model_type": "gpt2", "vocab_size": 1000, "n_positions": 128, "n_embd": 64,
            "n_layer": 2, "n_head": 4, "n_inner": null, "resid_pdrop": 0.1});
        let ArchitectureSpec::Gpt2(mut expected) = gpt2_spec() else { unreachable!() };
        (expected.feed_forward_size, expected.tied_embeddings) = (4 * 64, true);
        assert_eq!(from_config(config.to_string().as_bytes()).unwrap(), ArchitectureSpec::Gpt2(expected));
    }

    #[test]
    fn what_we_do_not_compute_is_refused_by_name() {
        let of_llama = [
            ("model_type", json!("mamba"), "mamba"),
            ("hidden_act", json!("gelu"), "hidden_act"),
            ("attention_bias", json!(true), "attention_bias"),
            ("mlp_bias", json!(true), "mlp_bias"),
            ("rope_scaling", json!({"type": "dynamic", "factor": 2.0}), "dynamic"),
            ("rope_scaling", json!({"rope_type": "yarn", "factor": 2.0}), "yarn"),
            ("rope_scaling", json!({"type": "linear"}), "factor"),
            ("rope_scaling", json!({"type": "linear", "factor": 0.5}), "rope_scaling.factor"),
            ("rope_parameters", json!({"rope_type": "llama3", "factor": 8.0}), "low_freq_factor"),
            ("partial_rotary_factor", json!(0.5), "partial_rotary_factor"),
            ("quantization_config", json!({"quant_method": "gptq"}), "quantized checkpoint"),
            ("vocab_size", json!(-1), "-1"),
            ("hidden_size", json!(1e300), "floating point"),
            ("num_attention_heads", json!(0), "heads"),
            ("head_dim", json!(8), "head_dim"),
            ("num_hidden_layers", json!(0), "layers"),
        ];
        let of_gpt2 = [
            ("activation_function", json!("gelu"), "activation_function"),
            ("scale_attn_weights", json!(false), "scale_attn_weights"),
            ("scale_attn_by_inverse_layer_idx", json!(true), "scale_attn_by_inverse_layer_idx"),
            ("reorder_and_upcast_attn", json!(true), "reorder_and_upcast_attn"),
            ("add_cross_attention", json!(true), "add_cross_attention"),
            ("n_head", json!(5), "heads"),
        ];
        for (spec, cases) in [(spec(), &of_llama[..]), (gpt2_spec(), &of_gpt2[..])] {
            let config = to_config(&spec, SpecialIds { end_of_text: 0, padding: 1 });
            for (key, value, word) in cases {
                let mut changed = config.clone();
                changed[*key] = value.clone();
                let error = from_config(changed.to_string().as_bytes()).unwrap_err().to_string();
                assert!(error.contains(word), "{key}: {error}");
            }
        }
    }
}
