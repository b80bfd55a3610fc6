//! Metadata ↔ the shape of a model.

use std::collections::BTreeMap;

use shared::spec::{ArchitectureSpec, Gpt2Spec, LlamaSpec, RopeScaling};

use super::value::wrong;
use super::{GgufError, Header, Value};
use crate::kernels::rope;
use crate::{Error, Result};

/// The tensor of what each rotary frequency is divided by.
pub const ROPE_FACTORS: &str = "rope_freqs.weight";
/// Not `rope.scaling.factor`, which llama.cpp would apply beside the tensor.
const LLAMA3_FACTOR: &str = "rope.scaling.llama3_factor";

/// The architecture that a file describes.
///
/// # Errors
/// [`GgufError`] when it is another one, a key is missing or an option is used that we do not compute.
pub fn architecture(header: &Header) -> Result<ArchitectureSpec> {
    let keys = Keys { header, family: header.text("general.architecture")? };
    let tied_embeddings = header.tensor("output.weight").is_none();
    let spec = match keys.family {
        "llama" => ArchitectureSpec::Llama(llama(&keys, tied_embeddings)?),
        "gpt2" => ArchitectureSpec::Gpt2(gpt2(&keys, tied_embeddings)?),
        other => {
            let what = format!("the architecture {other:?} (\"llama\" and \"gpt2\" are)");
            return Err(GgufError::Unsupported(what).into());
        }
    };
    spec.validate().map_err(|problems| Error::Weights(problems.to_string()))?;
    Ok(spec)
}

fn llama(keys: &Keys<'_>, tied_embeddings: bool) -> Result<LlamaSpec, GgufError> {
    let heads = keys.number("attention.head_count")?;
    let spec = LlamaSpec {
        vocabulary_size: keys.vocabulary_size()?,
        context_length: keys.number("context_length")?,
        hidden_size: keys.number("embedding_length")?,
        layers: keys.number("block_count")?,
        heads,
        key_value_heads: keys.number_or("attention.head_count_kv", heads)?,
        feed_forward_size: keys.number("feed_forward_length")?,
        rope_theta: keys.float_or("rope.freq_base", 10_000.0)?,
        rope_scaling: scaling(keys)?,
        rms_norm_epsilon: keys.float("attention.layer_norm_rms_epsilon")?,
        tied_embeddings,
    };
    let head_size = spec.head_size();
    for (name, what) in [
        ("attention.key_length", "heads of another width than hidden size / heads"),
        ("attention.value_length", "heads of another width than hidden size / heads"),
        ("rope.dimension_count", "rotary positions of a part of each head"),
    ] {
        keys.refuse(keys.number_or(name, head_size)? != head_size, what)?;
    }
    keys.refuse(keys.number_or("expert_count", 0)? > 0, "a mixture of experts")?;
    Ok(spec)
}

/// Linear scaling by its name, Llama 3's by keys of ours: llama.cpp has no names for its numbers but keeps
/// what they amount to as the tensor [`ROPE_FACTORS`], with which [`with_factors`] compares them.
fn scaling(keys: &Keys<'_>) -> Result<Option<RopeScaling>, GgufError> {
    let kind = keys.get("rope.scaling.type").map_or(Some("none"), Value::as_str);
    if kind == Some("none") && keys.header.tensor(ROPE_FACTORS).is_some() {
        let numbers = |key: &str, usual: f64| keys.float_or(key, usual);
        return Ok(Some(RopeScaling::Llama3 {
            // Of a file that is not ours, known from the factors only.
            factor: numbers(LLAMA3_FACTOR, 1.0)?,
            low_freq_factor: numbers("rope.scaling.low_freq_factor", 1.0)?,
            high_freq_factor: numbers("rope.scaling.high_freq_factor", 4.0)?,
            original_context_length: keys.number_or("rope.scaling.original_context_length", 8192)?,
        }));
    }
    match kind {
        Some("none") => Ok(None),
        Some("linear") => Ok(Some(RopeScaling::Linear { factor: keys.float("rope.scaling.factor")? })),
        other => {
            let what = format!("RoPE scaling of the type {:?}", other.unwrap_or_default());
            Err(GgufError::Unsupported(what))
        }
    }
}

/// The architecture with the scaling that a file's factors say: Llama 3's, whose largest factor is that
/// of the longest waves.
///
/// # Errors
/// [`GgufError::Unsupported`] when they are no such factors.
pub fn with_factors(spec: &ArchitectureSpec, factors: &[f32]) -> Result<ArchitectureSpec> {
    let unsupported = || GgufError::Unsupported("RoPE scaling by factors that are not Llama 3's".to_owned());
    let ArchitectureSpec::Llama(llama) = spec else { return Err(unsupported().into()) };
    let Some(RopeScaling::Llama3 { low_freq_factor, high_freq_factor, original_context_length, .. }) =
        llama.rope_scaling
    else {
        return Err(unsupported().into());
    };
    let factor = factors.iter().copied().fold(1.0f32, f32::max);
    let factor = factor.to_string().parse().map_err(|_| unsupported())?;
    let rope_scaling =
        RopeScaling::Llama3 { factor, low_freq_factor, high_freq_factor, original_context_length };
    let spec = ArchitectureSpec::Llama(LlamaSpec { rope_scaling: Some(rope_scaling), ..llama.clone() });
    spec.validate().map_err(|problems| Error::Weights(problems.to_string()))?;
    let ours = factors_of(&spec);
    let is_near = |(ours, theirs): (&f32, &f32)| (ours - theirs).abs() <= 1e-5 * ours.abs();
    if ours.len() != factors.len() || !ours.iter().zip(factors).all(is_near) {
        return Err(unsupported().into());
    }
    Ok(spec)
}

/// What Llama 3's scaling divides each frequency by, `[head_size / 2]`; empty where nothing is.
pub fn factors_of(spec: &ArchitectureSpec) -> Vec<f32> {
    match spec {
        ArchitectureSpec::Llama(llama) => match llama.rope_scaling {
            Some(scaling @ RopeScaling::Llama3 { .. }) => {
                let plain = rope::frequencies(llama.head_size() as usize, llama.rope_theta, None);
                rope::scaling_factors(&plain, scaling).into_iter().map(|factor| factor as f32).collect()
            }
            Some(RopeScaling::Linear { .. }) | None => Vec::new(),
        },
        ArchitectureSpec::Gpt2(_) => Vec::new(),
    }
}

fn gpt2(keys: &Keys<'_>, tied_embeddings: bool) -> Result<Gpt2Spec, GgufError> {
    Ok(Gpt2Spec {
        vocabulary_size: keys.vocabulary_size()?,
        context_length: keys.number("context_length")?,
        hidden_size: keys.number("embedding_length")?,
        layers: keys.number("block_count")?,
        heads: keys.number("attention.head_count")?,
        feed_forward_size: keys.number("feed_forward_length")?,
        layer_norm_epsilon: keys.float("attention.layer_norm_epsilon")?,
        tied_embeddings,
    })
}

/// What a file says about a shape.
pub fn metadata(spec: &ArchitectureSpec) -> BTreeMap<String, Value> {
    let (family, keys): (&str, Vec<(&str, Value)>) = match spec {
        ArchitectureSpec::Llama(llama) => (
            "llama",
            vec![
                ("context_length", llama.context_length.into()),
                ("embedding_length", llama.hidden_size.into()),
                ("block_count", llama.layers.into()),
                ("feed_forward_length", llama.feed_forward_size.into()),
                ("attention.head_count", llama.heads.into()),
                ("attention.head_count_kv", llama.key_value_heads.into()),
                ("attention.layer_norm_rms_epsilon", (llama.rms_norm_epsilon as f32).into()),
                ("rope.freq_base", (llama.rope_theta as f32).into()),
                ("rope.dimension_count", llama.head_size().into()),
                ("vocab_size", llama.vocabulary_size.into()),
            ],
        ),
        ArchitectureSpec::Gpt2(gpt2) => (
            "gpt2",
            vec![
                ("context_length", gpt2.context_length.into()),
                ("embedding_length", gpt2.hidden_size.into()),
                ("block_count", gpt2.layers.into()),
                ("feed_forward_length", gpt2.feed_forward_size.into()),
                ("attention.head_count", gpt2.heads.into()),
                ("attention.layer_norm_epsilon", (gpt2.layer_norm_epsilon as f32).into()),
            ],
        ),
    };
    let scaling = match spec {
        ArchitectureSpec::Llama(LlamaSpec { rope_scaling: Some(scaling), .. }) => scaling_keys(*scaling),
        _ => Vec::new(),
    };
    let named = keys.into_iter().chain(scaling).map(|(key, value)| (format!("{family}.{key}"), value));
    named.chain([("general.architecture".to_owned(), Value::from(family))]).collect()
}

fn scaling_keys(scaling: RopeScaling) -> Vec<(&'static str, Value)> {
    match scaling {
        RopeScaling::Linear { factor } => {
            vec![("rope.scaling.type", "linear".into()), ("rope.scaling.factor", (factor as f32).into())]
        }
        RopeScaling::Llama3 { factor, low_freq_factor, high_freq_factor, original_context_length } => vec![
            (LLAMA3_FACTOR, (factor as f32).into()),
            ("rope.scaling.low_freq_factor", (low_freq_factor as f32).into()),
            ("rope.scaling.high_freq_factor", (high_freq_factor as f32).into()),
            ("rope.scaling.original_context_length", original_context_length.into()),
        ],
    }
}

/// The keys of a family.
struct Keys<'a> {
    header: &'a Header,
    family: &'a str,
}

impl Keys<'_> {
    fn get(&self, name: &str) -> Option<&Value> {
        self.header.metadata.get(&format!("{}.{name}", self.family))
    }

    fn wrong(&self, name: &str, expected: &str) -> GgufError {
        wrong(&format!("{}.{name}", self.family), expected)
    }

    fn number(&self, name: &str) -> Result<u32, GgufError> {
        self.get(name).and_then(Value::as_u32).ok_or_else(|| self.wrong(name, "a whole number"))
    }

    fn number_or(&self, name: &str, default: u32) -> Result<u32, GgufError> {
        if self.get(name).is_none() { Ok(default) } else { self.number(name) }
    }

    /// The number that its f32 was written as: 0.00001, not 0.000009999999747.
    fn float(&self, name: &str) -> Result<f64, GgufError> {
        let value = self.get(name).and_then(Value::as_f64).ok_or_else(|| self.wrong(name, "a number"))?;
        (value as f32).to_string().parse().map_err(|_| self.wrong(name, "a number"))
    }

    fn float_or(&self, name: &str, default: f64) -> Result<f64, GgufError> {
        if self.get(name).is_none() { Ok(default) } else { self.float(name) }
    }

    fn vocabulary_size(&self) -> Result<u32, GgufError> {
        let rows = self.header.tensor("token_embd.weight").and_then(|tensor| tensor.shape.first());
        let missing = || GgufError::Tensor {
            name: "token_embd.weight".to_owned(),
            problem: "is missing: this file holds no whole model".to_owned(),
        };
        rows.and_then(|rows| u32::try_from(*rows).ok()).ok_or_else(missing)
    }

    fn refuse(&self, is_used: bool, what: &str) -> Result<(), GgufError> {
        if is_used { Err(GgufError::Unsupported(what.to_owned())) } else { Ok(()) }
    }
}

impl Header {
    /// A text that must be there.
    pub(super) fn text(&self, key: &str) -> Result<&str, GgufError> {
        self.metadata.get(key).and_then(Value::as_str).ok_or_else(|| wrong(key, "a text"))
    }

    pub fn tensor(&self, name: &str) -> Option<&super::TensorInfo> {
        self.tensors.iter().find(|tensor| tensor.name == name)
    }
}
