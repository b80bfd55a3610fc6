//! `logits`: what a model says about given token ids, for comparing it with other implementations.

use std::path::PathBuf;

use model::batch::Batch;
use model::state::State;
use serde::Serialize;

use crate::jobs::JobError;
use crate::model_folder::ModelFolder;

#[derive(Debug, clap::Args)]
pub struct LogitsArguments {
    /// A model folder with config.json and model.safetensors, or a GGUF file.
    #[arg(long, value_name = "DIR|FILE")]
    model: PathBuf,
    /// Token ids of one or more texts as JSON, e.g. '[[0, 5, 7], [0, 3]]'.
    #[arg(long, value_name = "JSON")]
    ids: String,
}

#[derive(Serialize)]
struct Output {
    /// `[texts][tokens][vocabulary]`.
    logits: Vec<Vec<Vec<f32>>>,
}

pub fn run(arguments: &LogitsArguments) -> Result<(), JobError> {
    let texts: Vec<Vec<u32>> = serde_json::from_str(&arguments.ids).map_err(|error| {
        JobError::user(format!("--ids takes lists of token ids such as '[[0, 5, 7], [0, 3]]': {error}"))
    })?;
    let folder = ModelFolder::open(&arguments.model)?;
    let logits = texts
        .iter()
        .map(|ids| {
            let batch = Batch::stateless([&ids[..]]);
            let logits = folder.model.logits(&folder.ops, &batch, &mut State::none())?;
            Ok(logits.to_vec2::<f32>()?)
        })
        .collect::<model::Result<_>>()
        .map_err(|error| JobError::user(error.to_string()))?;
    let text = serde_json::to_string(&Output { logits })
        .map_err(|error| JobError::transient(format!("writing JSON: {error}")))?;
    println!("{text}");
    Ok(())
}
