//! A model's folder: which of its files are needed, and what they make together.

use model::architectures::parameters;
use model::prompt;
use model::tokenizer::Tokenizer;
use model::tokenizer::template::TemplateConfiguration;
use model::{Error, hugging_face};
use shared::artifacts::ArtifactFile;
use shared::documents::Message;
use shared::engine::{
    EngineChoice, EngineError, Event, LoadedModel, LoadedTokenizer, Memory, NotOnGpu, Prompt,
};
use shared::spec::{ArchitectureSpec, CHAT_TEMPLATE, SpecialToken};

use crate::clock;
use crate::files::{self, Progress};
use crate::runner::{Choice, Runner};
use crate::storage::{OpenFile, Storage};
use crate::task::Task;

/// Before each attempt to open a lost GPU again.
const REOPENING_PAUSES_SECONDS: [f64; 4] = [0.0, 0.5, 1.0, 2.0];

/// A model, ready to write.
pub struct ReadyModel {
    pub runner: Runner,
    pub spec: ArchitectureSpec,
    pub tokenizer: Tokenizer,
    pub chats: bool,
    /// For when the GPU is lost.
    weights: ArtifactFile,
    base_url: String,
    choice: Choice,
}

/// Fetches, checks and prepares.
pub async fn load(
    task: &Task<'_>,
    storage: &Storage,
    list: &[ArtifactFile],
    base_url: &str,
    choice: Choice,
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

/// Whether the last message has no room even by itself: a person can mend that.
fn too_long(tokenizer: &Tokenizer, messages: &[Message], room: usize) -> Option<EngineError> {
    let ids = tokenizer.encode_messages(messages.last_chunk::<1>()?, true).ok()?;
    // The answer stands in a document, whose beginning is a token too.
    let tokens = ids.len() + 1;
    (tokens > room).then_some(EngineError::TooLong { tokens: tokens as u32, room_tokens: room as u32 })
}

impl ReadyModel {
    fn describe(&self, fetched_bytes: u64, seconds: f64) -> LoadedModel {
        let count = |shape: &[usize]| shape.iter().map(|size| *size as u64).product::<u64>();
        LoadedModel {
            engine: self.runner.engine(),
            parameters: parameters(&self.spec).iter().map(|parameter| count(&parameter.shape)).sum(),
            weights: self.runner.weights(),
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
            Prompt::Messages(messages) => prompt::answering(&self.tokenizer, messages, room)
                .map_err(|error| too_long(&self.tokenizer, messages, room).unwrap_or_else(|| input(error))),
        }
    }

    /// Puts the model where it can run again: on the GPU if that comes back and may still be tried,
    /// else on the processor if that may be taken.
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
        let reopened = match is_last_try {
            true => Err(problem.to_owned()),
            false => self.reopen(task, &file).await?,
        };
        self.runner = match reopened {
            Ok(runner) => runner,
            Err(problem) if self.choice.engine == EngineChoice::WebGpu => {
                return Err(EngineError::Gpu { problem });
            }
            Err(problem) => {
                let why = NotOnGpu::Lost { problem };
                self.runner.in_place_of_gpu(&self.spec, &file, why).map_err(not_a_model)?
            }
        };
        task.report(Event::Rebuilt { engine: self.runner.engine() });
        Ok(())
    }

    /// The model on the GPU again, or why that does not come back. A browser takes a moment to start
    /// its GPU process anew.
    async fn reopen(&self, task: &Task<'_>, file: &OpenFile) -> Result<Result<Runner, String>, EngineError> {
        let mut refused = String::new();
        let choice = Choice { engine: EngineChoice::WebGpu, ..self.choice };
        for pause_seconds in REOPENING_PAUSES_SECONDS {
            task.stop.or(clock::sleep(pause_seconds)).await?;
            match task.stop.or(Runner::open(choice, &self.spec, file)).await? {
                Ok(runner) => return Ok(Ok(runner)),
                Err(Error::Device(error)) => refused = error.to_string(),
                Err(error) => return Err(not_a_model(error)),
            }
        }
        Ok(Err(refused))
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

#[cfg(test)]
mod tests {
    use model::tokenizer::train;
    use shared::documents::ChatRole;
    use shared::spec::TrainTokenizerSpec;

    use super::*;

    #[test]
    fn a_message_is_too_long_by_itself_and_not_for_what_was_said_before() {
        let texts = (0..20).map(|number| format!("할머니가 {number}번째 밥을 먹었다. 어디 가세요?"));
        let trained = train(texts, &TrainTokenizerSpec::new(290)).unwrap();
        let tokenizer = Tokenizer::from_bytes(&trained.tokenizer_json).unwrap();
        let said = |role, content: &str| Message { role, content: content.to_owned() };
        let messages = [
            said(ChatRole::User, "할머니가 밥을 먹었다. 할머니가 밥을 먹었다."),
            said(ChatRole::Assistant, "네."),
            said(ChatRole::User, "어디 가세요?"),
        ];
        let tokens = prompt::answering(&tokenizer, &messages[2..], 1_000).unwrap().ids.len();
        assert_eq!(too_long(&tokenizer, &messages, tokens), None);
        let room_tokens = tokens as u32 - 1;
        let expected = EngineError::TooLong { tokens: tokens as u32, room_tokens };
        assert_eq!(too_long(&tokenizer, &messages, tokens - 1), Some(expected));
        assert_eq!(too_long(&tokenizer, &[], 1), None);
    }
}
