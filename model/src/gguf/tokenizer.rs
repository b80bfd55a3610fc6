//! The tokenizer inside of a file ↔ `tokenizer.json` and `tokenizer_config.json`.
//!
//! llama.cpp knows byte-level BPE as `tokenizer.ggml.model = "gpt2"`: tokens, merges, a type per token,
//! and in `tokenizer.ggml.pre` the name of the regular expression that cuts texts. It has no name for
//! the expression that our tokenizers are trained with: a file of ours says the nearest, `gpt-2` (numbers
//! of more than three digits and line ends behind a mark are cut differently there), and carries the whole
//! `tokenizer.json` under the key that the format has for it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value as Json, json};
use shared::spec::SpecialToken;

use super::value::wrong;
use super::{GgufError, Header, Numbers, Value};
use crate::tokenizer::Tokenizer;
use crate::tokenizer::template::TemplateConfiguration;
use crate::{Error, Result};

const WHOLE_FILE: &str = "tokenizer.huggingface.json";
const TOKENS: &str = "tokenizer.ggml.tokens";
const TOKEN_TYPES: &str = "tokenizer.ggml.token_type";
const MERGES: &str = "tokenizer.ggml.merges";
const NORMAL: i32 = 1;
const CONTROL: i32 = 3;
const USER_DEFINED: i32 = 4;

const LLAMA3_PATTERN: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const QWEN2_PATTERN: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// The two files of a Hugging Face folder.
pub struct TokenizerFiles {
    pub tokenizer_json: Vec<u8>,
    pub tokenizer_config_json: Vec<u8>,
}

/// The tokenizer that a file carries.
///
/// # Errors
/// [`GgufError`] when it is no byte-level BPE or is cut in a way that we do not know;
/// [`Error::Configuration`] when its parts do not fit together.
pub fn from_header(header: &Header) -> Result<TokenizerFiles> {
    let model = header.text("tokenizer.ggml.model")?;
    if model != "gpt2" {
        let what = format!("a tokenizer of the kind {model:?} (\"gpt2\", byte-level BPE, is)");
        return Err(GgufError::Unsupported(what).into());
    }
    let strings = |key: &str| {
        header.metadata.get(key).and_then(Value::as_strings).ok_or_else(|| wrong(key, "a list of texts"))
    };
    let tokens = strings(TOKENS)?;
    let tokenizer_json = match header.metadata.get(WHOLE_FILE).and_then(Value::as_str) {
        Some(whole) => whole.as_bytes().to_vec(),
        None => built(header, tokens, strings(MERGES)?)?,
    };
    let tokenizer = Tokenizer::from_bytes(&tokenizer_json)?;
    let is_the_same = |(id, token): (usize, &String)| tokenizer.token(id as u32).as_ref() == Some(token);
    if tokenizer.vocabulary_size() as usize != tokens.len() || !tokens.iter().enumerate().all(is_the_same) {
        return Err(wrong(TOKENS, "the vocabulary of the tokenizer beside it").into());
    }
    let configuration = configuration(header, tokens)?;
    let tokenizer_config_json = serde_json::to_vec_pretty(&configuration).map_err(|error| {
        Error::Configuration { file: "tokenizer_config.json", problem: error.to_string() }
    })?;
    Ok(TokenizerFiles { tokenizer_json, tokenizer_config_json })
}

/// `tokenizer.json` from tokens and merges.
fn built(header: &Header, tokens: &[String], merges: &[String]) -> Result<Vec<u8>> {
    let pre_tokenizer = match header.text("tokenizer.ggml.pre")? {
        "gpt-2" => byte_level(true),
        "smollm" | "starcoder" | "refact" | "command-r" | "codeshell" => {
            json!({"type": "Sequence", "pretokenizers": [
            {"type": "Digits", "individual_digits": true}, byte_level(true)]})
        }
        "llama-bpe" | "llama3" | "llama-v3" => split(LLAMA3_PATTERN),
        "qwen2" => split(QWEN2_PATTERN),
        other => {
            let what = format!("a tokenizer that cuts texts as {other:?} does");
            return Err(GgufError::Unsupported(what).into());
        }
    };
    let types = header.metadata.get(TOKEN_TYPES).and_then(Value::as_numbers);
    let types: Vec<Option<u64>> = types.map(|types| types.unsigned().collect()).unwrap_or_default();
    if !types.is_empty() && types.len() != tokens.len() {
        return Err(wrong(TOKEN_TYPES, "as long as the list of tokens").into());
    }
    let added: Vec<Json> = (0_u32..)
        .zip(tokens)
        .zip(&types)
        .filter_map(|((id, token), kind)| {
            let special = match i32::try_from((*kind)?).ok()? {
                CONTROL => true,
                USER_DEFINED => false,
                _ => return None,
            };
            Some(json!({"id": id, "content": token, "single_word": false, "lstrip": false, "rstrip": false,
                "normalized": false, "special": special}))
        })
        .collect();
    let vocabulary: serde_json::Map<String, Json> =
        tokens.iter().enumerate().map(|(id, token)| (token.clone(), json!(id))).collect();
    let merges: Vec<Json> = merges
        .iter()
        .map(|merge| merge.split_once(' ').map(|(left, right)| json!([left, right])))
        .collect::<Option<_>>()
        .ok_or_else(|| wrong(MERGES, "pairs of tokens"))?;
    let ignores_merges = pre_tokenizer == split(LLAMA3_PATTERN);
    let file = json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": added, "normalizer": null,
        "pre_tokenizer": pre_tokenizer, "post_processor": null, "decoder": byte_level(true),
        "model": {
            "type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
            "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false,
            "ignore_merges": ignores_merges, "vocab": vocabulary, "merges": merges
        }
    });
    Ok(file.to_string().into_bytes())
}

fn byte_level(use_regex: bool) -> Json {
    json!({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": use_regex})
}

fn split(pattern: &str) -> Json {
    json!({"type": "Sequence", "pretokenizers": [
        {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": false},
        byte_level(false)]})
}

/// `tokenizer_config.json` with the special tokens by name and the chat template.
fn configuration(header: &Header, tokens: &[String]) -> Result<Json> {
    let mut fields = serde_json::Map::new();
    fields.insert("tokenizer_class".to_owned(), "PreTrainedTokenizerFast".into());
    fields.insert("clean_up_tokenization_spaces".to_owned(), false.into());
    fields.insert("add_prefix_space".to_owned(), false.into());
    for (key, field) in
        [("bos", "bos_token"), ("eos", "eos_token"), ("padding", "pad_token"), ("eot", "eot_token")]
    {
        let key = format!("tokenizer.ggml.{key}_token_id");
        let Some(value) = header.metadata.get(&key) else { continue };
        let token = value.as_u32().and_then(|id| tokens.get(id as usize));
        let token = token.ok_or_else(|| wrong(&key, "the id of a token"))?;
        fields.insert(field.to_owned(), token.as_str().into());
    }
    let adds_beginning = header.metadata.get("tokenizer.ggml.add_bos_token").and_then(Value::as_bool);
    fields.insert("add_bos_token".to_owned(), adds_beginning.unwrap_or(false).into());
    if let Some(template) = header.metadata.get("tokenizer.chat_template").and_then(Value::as_str) {
        fields.insert("chat_template".to_owned(), template.into());
    }
    Ok(Json::Object(fields))
}

#[derive(Deserialize)]
struct TokenizerFile {
    model: BytePairs,
    added_tokens: Vec<Added>,
    pre_tokenizer: Json,
}

#[derive(Deserialize)]
struct BytePairs {
    vocab: BTreeMap<String, u32>,
    merges: Vec<Merge>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Merge {
    Pair(String, String),
    Joined(String),
}

#[derive(Deserialize)]
struct Added {
    id: u32,
    content: String,
    special: bool,
}

/// The keys of a tokenizer.
pub fn to_metadata(tokenizer_json: &[u8], tokenizer_config_json: &[u8]) -> Result<BTreeMap<String, Value>> {
    let problem = |problem: String| Error::Configuration { file: "tokenizer.json", problem };
    let tokenizer = Tokenizer::from_bytes(tokenizer_json)?;
    let file: TokenizerFile = serde_json::from_slice(tokenizer_json)
        .map_err(|error| problem(format!("it is no byte-level BPE ({error}), which GGUF needs")))?;
    let configuration = TemplateConfiguration::from_bytes(tokenizer_config_json)?;
    let count = tokenizer.vocabulary_size();
    let tokens = (0..count).map(|id| tokenizer.token(id).unwrap_or_default()).collect();
    let mut types = vec![NORMAL; count as usize];
    let mut ids = file.model.vocab;
    for added in &file.added_tokens {
        if let Some(kind) = types.get_mut(added.id as usize) {
            *kind = if added.special { CONTROL } else { USER_DEFINED };
        }
        ids.insert(added.content.clone(), added.id);
    }
    let merges = file.model.merges.iter().map(|merge| match merge {
        Merge::Pair(left, right) => format!("{left} {right}"),
        Merge::Joined(joined) => joined.clone(),
    });
    let whole = String::from_utf8(tokenizer_json.to_vec()).map_err(|error| problem(error.to_string()))?;
    let mut keys: Vec<(&str, Value)> = vec![
        ("tokenizer.ggml.model", "gpt2".into()),
        ("tokenizer.ggml.pre", cutting_of(&file.pre_tokenizer).name().into()),
        (TOKENS, Value::Strings(tokens)),
        (TOKEN_TYPES, Value::Numbers(Numbers::of_i32(types))),
        (MERGES, Value::Strings(merges.collect())),
        (WHOLE_FILE, Value::String(whole)),
    ];
    let named = |token: &Option<String>| token.as_ref().and_then(|token| ids.get(token)).copied();
    let of_ours = |token: SpecialToken| tokenizer.special_id(token).ok();
    for (key, id) in [
        ("tokenizer.ggml.bos_token_id", named(&configuration.bos_token)),
        ("tokenizer.ggml.eos_token_id", named(&configuration.eos_token)),
        ("tokenizer.ggml.padding_token_id", named(&configuration.pad_token)),
        ("tokenizer.ggml.eot_token_id", named(&configuration.eot_token).or(of_ours(SpecialToken::EndOfTurn))),
    ] {
        keys.extend(id.map(|id| (key, Value::from(id))));
    }
    // Documents of ours begin with the end of the one before.
    let begins_by_itself = || of_ours(SpecialToken::EndOfTurn).is_some() || !tokenizer.beginning().is_empty();
    let adds_beginning = configuration.add_bos_token.unwrap_or_else(begins_by_itself);
    keys.push(("tokenizer.ggml.add_bos_token", adds_beginning.into()));
    keys.extend(
        configuration.chat_template.map(|template| ("tokenizer.chat_template", Value::String(template))),
    );
    Ok(keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// llama.cpp's name of how a tokenizer cuts texts before it looks for tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cutting {
    Named(&'static str),
    /// It has none: of the nearest way, by which some texts are cut differently.
    Nearest(&'static str),
}

impl Cutting {
    pub fn name(self) -> &'static str {
        match self {
            Self::Named(name) | Self::Nearest(name) => name,
        }
    }
}

/// How a file of ours says that a tokenizer cuts texts.
///
/// # Errors
/// [`Error::Configuration`] when it is no byte-level BPE.
pub fn cutting(tokenizer_json: &[u8]) -> Result<Cutting> {
    let file: TokenizerFile = serde_json::from_slice(tokenizer_json).map_err(|error| {
        let problem = format!("it is no byte-level BPE ({error}), which GGUF needs");
        Error::Configuration { file: "tokenizer.json", problem }
    })?;
    Ok(cutting_of(&file.pre_tokenizer))
}

fn cutting_of(pre_tokenizer: &Json) -> Cutting {
    let parts = match pre_tokenizer["pretokenizers"].as_array() {
        Some(parts) => parts.as_slice(),
        None => std::slice::from_ref(pre_tokenizer),
    };
    // What is left out of a file has these values.
    let cuts_by_itself = |part: &Json| {
        part["type"] == "ByteLevel" && part["add_prefix_space"] == false && part["use_regex"] != false
    };
    let cuts_digits = |part: &Json| part["type"] == "Digits" && part["individual_digits"] == true;
    match parts {
        _ if *pre_tokenizer == split(LLAMA3_PATTERN) => Cutting::Named("llama-bpe"),
        _ if *pre_tokenizer == split(QWEN2_PATTERN) => Cutting::Named("qwen2"),
        [only] if cuts_by_itself(only) => Cutting::Named("gpt-2"),
        [digits, rest] if cuts_digits(digits) && cuts_by_itself(rest) => Cutting::Named("smollm"),
        parts if parts.iter().any(|part| part["type"] == "Digits") => Cutting::Nearest("smollm"),
        _ => Cutting::Nearest("gpt-2"),
    }
}
