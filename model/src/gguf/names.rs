//! Hugging Face's names of tensors ↔ llama.cpp's, and the one order of rows that differs.

use shared::spec::ArchitectureSpec;

use crate::architectures::{Parameter, parameters};

/// A parameter and where a GGUF file has it.
pub struct Place {
    pub parameter: Parameter,
    pub name: String,
    /// Queries and keys of a llama: their heads, whose rows lie in another order.
    pub turned_heads: Option<usize>,
}

const LLAMA: [(&str, &str); 9] = [
    ("input_layernorm", "attn_norm"),
    ("self_attn.q_proj", "attn_q"),
    ("self_attn.k_proj", "attn_k"),
    ("self_attn.v_proj", "attn_v"),
    ("self_attn.o_proj", "attn_output"),
    ("post_attention_layernorm", "ffn_norm"),
    ("mlp.gate_proj", "ffn_gate"),
    ("mlp.up_proj", "ffn_up"),
    ("mlp.down_proj", "ffn_down"),
];
const GPT2: [(&str, &str); 6] = [
    ("ln_1", "attn_norm"),
    ("attn.c_attn", "attn_qkv"),
    ("attn.c_proj", "attn_output"),
    ("ln_2", "ffn_norm"),
    ("mlp.c_fc", "ffn_up"),
    ("mlp.c_proj", "ffn_down"),
];
/// What stands once, in either family.
const ONCE: [(&str, &str); 6] = [
    ("model.embed_tokens", "token_embd"),
    ("model.norm", "output_norm"),
    ("transformer.wte", "token_embd"),
    ("transformer.wpe", "position_embd"),
    ("transformer.ln_f", "output_norm"),
    ("lm_head", "output"),
];

/// Every parameter of an architecture with its place.
pub fn places(spec: &ArchitectureSpec) -> Vec<Place> {
    let (prefix, table, heads) = match spec {
        ArchitectureSpec::Llama(llama) => {
            ("model.layers.", &LLAMA[..], Some((llama.heads as usize, llama.key_value_heads as usize)))
        }
        ArchitectureSpec::Gpt2(_) => ("transformer.h.", &GPT2[..], None),
    };
    let place = |parameter: Parameter| {
        let (module, part) = parameter.name.rsplit_once('.').unwrap_or((&parameter.name, "weight"));
        let find = |table: &[(&str, &str)], ours: &str| {
            table
                .iter()
                .find(|(name, _)| *name == ours)
                .map_or(ours.to_owned(), |(_, theirs)| (*theirs).to_owned())
        };
        let in_block = module.strip_prefix(prefix).and_then(|rest| rest.split_once('.'));
        let name = match in_block {
            Some((layer, module)) => format!("blk.{layer}.{}.{part}", find(table, module)),
            None => format!("{}.{part}", find(&ONCE, module)),
        };
        let turned_heads = match (in_block, heads) {
            (Some((_, "self_attn.q_proj")), Some((heads, _))) => Some(heads),
            (Some((_, "self_attn.k_proj")), Some((_, key_value_heads))) => Some(key_value_heads),
            _ => None,
        };
        Place { name, turned_heads, parameter }
    };
    parameters(spec).into_iter().map(place).collect()
}

/// Which way rows are reordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    ToFile,
    FromFile,
}

/// llama.cpp turns neighbouring pairs of a head by their position, Hugging Face's llama those half a
/// head apart: row `2 i + j` of a head there is row `j · head / 2 + i` here.
pub fn turned(bytes: &[u8], rows: usize, heads: usize, turn: Turn) -> Vec<u8> {
    let row_bytes = bytes.len() / rows;
    let head_size = rows / heads;
    let half = head_size / 2;
    let mut turned = Vec::with_capacity(bytes.len());
    for head in 0..heads {
        for row in 0..head_size {
            let source = match turn {
                Turn::ToFile => row % 2 * half + row / 2,
                Turn::FromFile => row % half * 2 + row / half,
            };
            turned.extend_from_slice(&bytes[(head * head_size + source) * row_bytes..][..row_bytes]);
        }
    }
    turned
}
