//! A model's folder: which of its files are needed, and what they make together.

use model::architectures::parameters;
use model::prompt;
use model::tokenizer::Tokenizer;
use model::tokenizer::template::TemplateConfiguration;
use model::{Error, hugging_face};
use shared::artifacts::ArtifactFile;
use shared::engine::{
    EngineChoice, EngineError, Event, LoadedModel, LoadedTokenizer, Memory, NotOnGpu, Prompt,
};
use shared::spec::{ArchitectureSpec, CHAT_TEMPLATE, SpecialToken};

use crate::clock;
use crate::files::{self, Progress};
use crate::runner::Runner;
use crate::storage::Storage;
use crate::task::Task;

/// A model, ready to write.
pub struct ReadyModel {
    pub runner: Runner,
    pub spec: ArchitectureSpec,
    pub tokenizer: Tokenizer,
    pub chats: bool,
    /// For when the GPU is lost.
    weights: ArtifactFile,
    base_url: String,
    choice: EngineChoice,
}

/// Fetches, checks and prepares.
pub async fn load(
    task: &Task<'_>,
    storage: &Storage,
    list: &[ArtifactFile],
    base_url: &str,
    choice: EngineChoice,
) -> Result<(ReadyModel, LoadedModel), EngineError> {
    let begin = clock::seconds();
    let find = |name: &str| list.iter().find(|file| file.name.as_str() == name);
    let needed = |name: &str| find(name).ok_or_else(|| EngineError::MissingFile { name: name.to_owned() });
    let (config, tokenizer, weights) =
        (needed("config.json")?, needed("tokenizer.json")?, needed("model.safetensors")?);
    let settings = find("tokenizer_config.json");
    let mut progress = Progress::of([config, tokenizer, weights].into_iter().chain(settings));

    let config = files::ensure(task, storage, config, base_url, &mut progress).await?;
    let spec = hugging_face::from_config(&files::contents(&config)?).map_err(not_a_model)?;
    let tokenizer = files::ensure(task, storage, tokenizer, base_url, &mut progress).await?;
    let tokenizer = Tokenizer::from_bytes(&files::contents(&tokenizer)?).map_err(not_a_tokenizer)?;
    if tokenizer.vocabulary_size() != spec.vocabulary_size() {
        return Err(EngineError::NotAModel {
            problem: format!(
                "it has {} tokens and its tokenizer {}: they do not belong together",
                spec.vocabulary_size(),
                tokenizer.vocabulary_size()
            ),
        });
    }
    let mut chats = false;
    if let Some(settings) = settings {
        let settings = files::ensure(task, storage, settings, base_url, &mut progress).await?;
        chats = may_chat(&files::contents(&settings)?, &tokenizer)?;
    }
    let file = files::ensure(task, storage, weights, base_url, &mut progress).await?;
    progress.report_preparing(task, weights);
    task.turns.turn().await;
    let runner = task.stop.or(Runner::open(choice, &spec, &file)).await?.map_err(not_a_model)?;

    let ready = ReadyModel {
        runner,
        spec,
        tokenizer,
        chats,
        weights: weights.clone(),
        base_url: base_url.to_owned(),
        choice,
    };
    let loaded = ready.describe(progress.fetched_bytes, clock::seconds() - begin);
    Ok((ready, loaded))
}

/// Whether the model declares our chat format. Another one would need its template run for every
/// prompt, and nothing would keep a message from posing as a special token.
fn may_chat(settings: &[u8], tokenizer: &Tokenizer) -> Result<bool, EngineError> {
    let template = TemplateConfiguration::from_bytes(settings).map_err(not_a_model)?.chat_template;
    let tokens = [SpecialToken::User, SpecialToken::Assistant, SpecialToken::EndOfTurn];
    Ok(template.as_deref() == Some(CHAT_TEMPLATE)
        && tokens.iter().all(|token| tokenizer.special_id(*token).is_ok()))
}

impl ReadyModel {
    fn describe(&self, fetched_bytes: u64, seconds: f64) -> LoadedModel {
        let count = |shape: &[usize]| shape.iter().map(|size| *size as u64).product::<u64>();
        LoadedModel {
            engine: self.runner.engine(),
            parameters: parameters(&self.spec).iter().map(|parameter| count(&parameter.shape)).sum(),
            context_length: self.spec.context_length(),
            tokenizer: LoadedTokenizer { vocabulary_size: self.tokenizer.vocabulary_size(), lossless: true },
            chats: self.chats,
            architecture: self.spec.clone(),
            fetched_bytes,
            seconds,
            memory: memory(Some(self)),
        }
    }

    /// The ids of a prompt that leaves room for so many more.
    pub fn prompt(&self, prompt: &Prompt, more_tokens: usize) -> Result<prompt::Prompt, EngineError> {
        let context_length = self.spec.context_length() as usize;
        // A short answer to a long question rather than none: at most half of the context is kept free.
        let room = context_length - more_tokens.clamp(1, context_length.div_ceil(2));
        match prompt {
            Prompt::Text(text) => prompt::continuing(&self.tokenizer, text, room).map_err(input),
            Prompt::Messages(_) if !self.chats => Err(EngineError::NoChat),
            Prompt::Messages(messages) => prompt::answering(&self.tokenizer, messages, room).map_err(input),
        }
    }

    /// Puts the model where it can run again, on the processor if the GPU stays away or may not be
    /// tried any more.
    pub async fn rebuild(
        &mut self,
        task: &Task<'_>,
        storage: &Storage,
        problem: &str,
        is_last_try: bool,
    ) -> Result<(), EngineError> {
        task.report(Event::DeviceLost { problem: problem.to_owned() });
        let mut progress = Progress::of([&self.weights]);
        let file = files::ensure(task, storage, &self.weights, &self.base_url, &mut progress).await?;
        let choice = match self.choice {
            EngineChoice::WebGpu if is_last_try => {
                return Err(EngineError::Gpu { problem: problem.to_owned() });
            }
            EngineChoice::Automatic if is_last_try => EngineChoice::WasmSimd,
            choice => choice,
        };
        self.runner = task.stop.or(Runner::open(choice, &self.spec, &file)).await?.map_err(not_a_model)?;
        if let Runner::Processor { why, .. } = &mut self.runner {
            why.get_or_insert_with(|| NotOnGpu::Lost { problem: problem.to_owned() });
        }
        task.report(Event::Rebuilt { engine: self.runner.engine() });
        Ok(())
    }
}

pub fn memory(model: Option<&ReadyModel>) -> Memory {
    Memory { wasm_bytes: clock::memory_bytes(), gpu_bytes: model.map_or(0, |model| model.runner.gpu_bytes()) }
}

fn not_a_model(error: Error) -> EngineError {
    match error {
        Error::Device(error) => EngineError::Gpu { problem: error.to_string() },
        error => EngineError::NotAModel { problem: error.to_string() },
    }
}

pub fn not_a_tokenizer(error: Error) -> EngineError {
    EngineError::NotATokenizer { problem: error.to_string() }
}

/// A text or setting that the model cannot process.
pub fn input(error: Error) -> EngineError {
    match error {
        Error::Device(error) => EngineError::Gpu { problem: error.to_string() },
        error => EngineError::Input { problem: error.to_string() },
    }
}
