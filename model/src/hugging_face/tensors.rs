//! The weights of a folder as the hub has them: in one file or in several, with or without the name of
//! the base model in front, and with buffers that older versions of `transformers` saved.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::IgnoredAny;
use shared::spec::ArchitectureSpec;

use crate::architectures::parameters;
use crate::weights::{Expected, Header, Layout, Values, missing, unexpected};
use crate::{Error, Result};

/// The file of weights that are not cut into several.
pub const SINGLE_FILE: &str = "model.safetensors";
/// Says which of several files holds which tensor.
pub const INDEX_FILE: &str = "model.safetensors.index.json";
/// Larger indices are refused before they are parsed.
pub const INDEX_LIMIT_BYTES: usize = 16 << 20;
const SHARD_LIMIT: usize = 512;
/// What is compared at a time.
const PART_BYTES: usize = 1 << 20;
const HEAD: &str = "lm_head.weight";

#[derive(Deserialize)]
struct Index {
    weight_map: BTreeMap<String, String>,
    #[serde(rename = "metadata")]
    _metadata: Option<IgnoredAny>,
}

/// The files that an index names, each once, sorted: plain names, none of which leads out of the folder.
///
/// # Errors
/// [`Error::Configuration`] when it is no index, or names what is no safetensors file beside it.
pub fn shard_files(index_json: &[u8]) -> Result<Vec<String>> {
    let problem = |problem: String| Error::Configuration { file: INDEX_FILE, problem };
    if index_json.len() > INDEX_LIMIT_BYTES {
        let size_bytes = index_json.len();
        return Err(problem(format!("it has {size_bytes} bytes; at most {INDEX_LIMIT_BYTES} are read")));
    }
    let index: Index = serde_json::from_slice(index_json).map_err(|error| problem(error.to_string()))?;
    let files: BTreeSet<String> = index.weight_map.into_values().collect();
    let is_plain = |name: &str| {
        let plain = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
        name.len() <= 255 && name.chars().all(plain) && !name.starts_with('.')
    };
    if let Some(name) = files.iter().find(|name| !is_plain(name) || !name.ends_with(".safetensors")) {
        return Err(problem(format!("{name:?} is no safetensors file of this folder")));
    }
    if files.is_empty() || files.len() > SHARD_LIMIT {
        return Err(problem(format!("it names {} files; 1 to {SHARD_LIMIT} are read", files.len())));
    }
    Ok(files.into_iter().collect())
}

/// Fills a buffer from an offset on of the file with this number.
pub type ReadAt<'a> = dyn FnMut(usize, u64, &mut [u8]) -> Result<()> + 'a;

/// Where the tensors of a model lie in its files.
#[derive(Debug)]
pub struct FolderTensors {
    headers: Vec<Header>,
    places: BTreeMap<String, Place>,
    /// A head beside an embedding that is the head already.
    copied_head: Option<(Place, Place)>,
}

/// A tensor, by the number of its file and by its name there.
#[derive(Debug, Clone)]
struct Place {
    file: usize,
    name: String,
    expected: Expected,
}

impl FolderTensors {
    /// Compares what all files hold with what the architecture has.
    ///
    /// # Errors
    /// [`Error::Weights`] when a tensor is missing, stands twice, has another shape or is not expected.
    pub fn new(spec: &ArchitectureSpec, headers: Vec<Header>) -> Result<Self> {
        let mut held: BTreeMap<String, usize> = BTreeMap::new();
        for (file, header) in headers.iter().enumerate() {
            for name in header.names() {
                if held.insert(name.clone(), file).is_some() {
                    return Err(Error::Weights(format!("the tensor {name:?} stands in two files")));
                }
            }
        }
        let holds_head = held.contains_key(HEAD);
        let mut take = |expected: Expected| -> Result<Place> {
            let short = short_name(spec, &expected.name);
            let found = held.remove_entry(&expected.name);
            let found = found.or_else(|| short.and_then(|short| held.remove_entry(short)));
            let (name, file) = found.ok_or_else(|| missing(&expected.name))?;
            headers[file].check(&name, &expected)?;
            Ok(Place { file, name, expected })
        };
        let mut places = BTreeMap::new();
        let mut embedding = None;
        for parameter in parameters(spec) {
            let place = take(parameter.into())?;
            // The embedding is the first parameter of every family.
            embedding.get_or_insert_with(|| place.clone());
            places.insert(place.expected.name.clone(), place);
        }
        let copied_head = match embedding {
            Some(embedding) if holds_head && !places.contains_key(HEAD) => {
                let shape = embedding.expected.shape.clone();
                let head = take(Expected { name: HEAD.to_owned(), shape, layout: Layout::Plain })?;
                Some((embedding, head))
            }
            _ => None,
        };
        if let Some(name) = held.keys().find(|name| !is_buffer(spec, name)) {
            return Err(unexpected(name));
        }
        Ok(Self { headers, places, copied_head })
    }

    /// That a head which is saved although the embedding is the head has the same values.
    ///
    /// # Errors
    /// [`Error::Weights`] when it has not; what `read_at` fails with.
    pub fn check_copied_head(&self, read_at: &mut ReadAt<'_>) -> Result<()> {
        let Some((embedding, head)) = &self.copied_head else { return Ok(()) };
        let differs = || {
            Error::Weights(format!(
                "config.json says that the embedding is the head (tie_word_embeddings), but {HEAD:?} has other \
                 values: correct config.json"
            ))
        };
        let (of_embedding, dtype) = self.headers[embedding.file].place_of(&embedding.name)?;
        let (of_head, head_dtype) = self.headers[head.file].place_of(&head.name)?;
        let length = of_embedding.end - of_embedding.start;
        if dtype != head_dtype || of_head.end - of_head.start != length {
            return Err(differs());
        }
        let mut parts = [vec![0; PART_BYTES], vec![0; PART_BYTES]];
        let mut done = 0;
        while done < length {
            let count = PART_BYTES.min((length - done) as usize);
            let [left, right] = &mut parts;
            read_at(embedding.file, of_embedding.start + done, &mut left[..count])?;
            read_at(head.file, of_head.start + done, &mut right[..count])?;
            if left[..count] != right[..count] {
                return Err(differs());
            }
            done += count as u64;
        }
        Ok(())
    }

    /// What `place` makes of one tensor; `read_at` fills a buffer from an offset of a file on.
    ///
    /// # Errors
    /// As [`Header::tensor`].
    pub fn tensor<T>(
        &self,
        name: &str,
        read_at: &mut ReadAt<'_>,
        place: &mut dyn FnMut(&Expected, Values<'_>) -> Result<T>,
    ) -> Result<T> {
        let Place { file, name, expected } = self.places.get(name).ok_or_else(|| missing(name))?;
        let mut read_at = |offset: u64, part: &mut [u8]| read_at(*file, offset, part);
        self.headers[*file].tensor(name, expected, &mut read_at, place)
    }

    /// [`FolderTensors::tensor`] of each, by its name.
    ///
    /// # Errors
    /// As [`FolderTensors::tensor`] and [`FolderTensors::check_copied_head`].
    pub fn read_each<T>(
        &self,
        read_at: &mut ReadAt<'_>,
        place: &mut dyn FnMut(&Expected, Values<'_>) -> Result<T>,
    ) -> Result<BTreeMap<String, T>> {
        self.check_copied_head(read_at)?;
        self.places.keys().map(|name| Ok((name.clone(), self.tensor(name, read_at, place)?))).collect()
    }
}

/// A parameter's name in a file that was saved without its head.
fn short_name<'a>(spec: &ArchitectureSpec, name: &'a str) -> Option<&'a str> {
    name.strip_prefix(match spec {
        ArchitectureSpec::Llama(_) => "model.",
        ArchitectureSpec::Gpt2(_) => "transformer.",
    })
}

/// Masks and frequencies that follow from the configuration.
fn is_buffer(spec: &ArchitectureSpec, name: &str) -> bool {
    let name = short_name(spec, name).unwrap_or(name);
    let (prefix, buffers, layers) = match spec {
        ArchitectureSpec::Llama(llama) => ("layers.", &["self_attn.rotary_emb.inv_freq"][..], llama.layers),
        ArchitectureSpec::Gpt2(gpt2) => ("h.", &["attn.bias", "attn.masked_bias"][..], gpt2.layers),
    };
    let in_layer = name.strip_prefix(prefix).and_then(|rest| rest.split_once('.'));
    in_layer.is_some_and(|(layer, rest)| {
        layer.parse().is_ok_and(|layer: u32| layer < layers) && buffers.contains(&rest)
    })
}
