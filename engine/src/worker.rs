//! Requests in, reports out.

use std::collections::BTreeMap;

use model::tokenizer::AnyTokenizer;
use shared::artifacts::ArtifactFile;
use shared::engine::{
    Command, EngineError, Event, LoadedTokenizer, Request, TokenizerSlot, TokenizerSource, from_text,
};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::MessageEvent;

use crate::clock::{self, Turns};
use crate::files::{self, Progress};
use crate::inbox::Inbox;
use crate::model_files::{self, ReadyModel, input, memory, not_a_tokenizer};
use crate::port;
use crate::runner::Choice;
use crate::storage::Storage;
use crate::task::Task;
use crate::writing::{self, Wish};

/// Listens, says so, and works for as long as the page lives.
pub fn start() {
    port::announce_panics();
    let inbox = Inbox::default();
    let listener = Closure::<dyn Fn(MessageEvent)>::new({
        let inbox = inbox.clone();
        move |message: MessageEvent| receive(&inbox, &message)
    });
    clock::scope().set_onmessage(Some(listener.as_ref().unchecked_ref()));
    // The worker's whole life.
    listener.forget();
    spawn_local(work(inbox));
    port::send(None, Event::Ready);
}

fn receive(inbox: &Inbox, message: &MessageEvent) {
    let text = message.data().as_string().unwrap_or_default();
    match from_text::<Request>(&text) {
        Ok(Request { command: Command::Stop { request }, .. }) => inbox.stop(request),
        Ok(request) => inbox.add(request),
        Err(error) => {
            let error = EngineError::Version { problem: error.to_string() };
            port::send(None, Event::Failed { error });
        }
    }
}

async fn work(inbox: Inbox) {
    let turns = Turns::new();
    let mut desk = Desk::default();
    loop {
        let (request, stop) = inbox.next().await;
        let task = Task { number: request.number, stop, turns: &turns };
        let result = match task.stop.check() {
            Ok(()) => desk.answer(&task, request.command).await,
            Err(error) => Err(error),
        };
        task.report(result.unwrap_or_else(|error| Event::Failed { error }));
    }
}

/// What lies open between two requests.
#[derive(Default)]
struct Desk {
    storage: Option<Storage>,
    model: Option<ReadyModel>,
    tokenizers: BTreeMap<u8, AnyTokenizer>,
}

impl Desk {
    async fn answer(&mut self, task: &Task<'_>, command: Command) -> Result<Event, EngineError> {
        match command {
            Command::Load { files, base_url, engine, weights } => {
                self.load(task, &files, &base_url, Choice { engine, weights }).await
            }
            Command::Generate { prompt, sampling, seed, maximum_tokens, next_tokens } => {
                let wish = Wish { prompt, sampling, seed, maximum_tokens, next_tokens };
                let (storage, model) = self.model()?;
                writing::generate(task, storage, model, &wish).await
            }
            Command::PredictNext { prompt, sampling } => {
                let (storage, model) = self.model()?;
                writing::predict_next(task, storage, model, &prompt, sampling).await
            }
            Command::Score { ids } => {
                let (storage, model) = self.model()?;
                writing::score(task, storage, model, &ids).await
            }
            Command::Attend { text } => {
                let (storage, model) = self.model()?;
                writing::attend(task, storage, model, &text).await
            }
            Command::OpenTokenizer { slot, source } => self.open_tokenizer(task, slot, source).await,
            Command::Tokenize { slot, text } => {
                let pieces = match slot {
                    TokenizerSlot::Model => self.model()?.1.tokenizer.pieces(&text),
                    TokenizerSlot::Opened(number) => self.tokenizer(number)?.pieces(&text),
                };
                Ok(Event::Pieces { slot, pieces: pieces.map_err(input)? })
            }
            Command::Encode { slot, texts } => {
                let mut ids = Vec::with_capacity(texts.len());
                for text in &texts {
                    ids.push(match slot {
                        TokenizerSlot::Model => self.model()?.1.tokenizer.encode(text),
                        TokenizerSlot::Opened(number) => self.tokenizer(number)?.encode(text),
                    });
                }
                Ok(Event::Encoded { slot, ids: ids.into_iter().collect::<Result<_, _>>().map_err(input)? })
            }
            Command::MeasureMemory => Ok(Event::Memory(memory(self.model.as_ref()))),
            Command::Close => {
                *self = Self::default();
                Ok(Event::Closed)
            }
            // The message handler has it already.
            Command::Stop { .. } => Err(EngineError::Stopped),
        }
    }

    async fn load(
        &mut self,
        task: &Task<'_>,
        files: &[ArtifactFile],
        base_url: &str,
        choice: Choice,
    ) -> Result<Event, EngineError> {
        // Two models may not fit.
        self.model = None;
        let storage = self.storage().await?;
        let (ready, loaded) = model_files::load(task, storage, files, base_url, choice).await?;
        self.model = Some(ready);
        Ok(Event::Loaded(Box::new(loaded)))
    }

    async fn open_tokenizer(
        &mut self,
        task: &Task<'_>,
        slot: TokenizerSlot,
        source: TokenizerSource,
    ) -> Result<Event, EngineError> {
        let TokenizerSlot::Opened(number) = slot else {
            let problem = "the model's tokenizer comes with the model: open another in a place of its own";
            return Err(EngineError::Input { problem: problem.to_owned() });
        };
        // Whatever comes of it, nobody should take the old one for the new one.
        self.tokenizers.remove(&number);
        let json = match source {
            TokenizerSource::Json(json) => json.into_bytes(),
            TokenizerSource::File { file, base_url } => {
                let storage = self.storage().await?;
                let mut progress = Progress::of([&file]);
                files::contents(&files::ensure(task, storage, &file, &base_url, &mut progress).await?)?
            }
        };
        let tokenizer = AnyTokenizer::from_bytes(&json).map_err(not_a_tokenizer)?;
        let described = LoadedTokenizer {
            vocabulary_size: tokenizer.vocabulary_size(),
            lossless: tokenizer.is_lossless(),
        };
        self.tokenizers.insert(number, tokenizer);
        Ok(Event::TokenizerOpened { slot, tokenizer: described })
    }

    async fn storage(&mut self) -> Result<&Storage, EngineError> {
        let storage = match self.storage.take() {
            Some(storage) => storage,
            None => Storage::open().await?,
        };
        Ok(self.storage.insert(storage))
    }

    fn model(&mut self) -> Result<(&Storage, &mut ReadyModel), EngineError> {
        match (&self.storage, &mut self.model) {
            (Some(storage), Some(model)) => Ok((storage, model)),
            _ => Err(EngineError::NoModel),
        }
    }

    fn tokenizer(&self, number: u8) -> Result<&AnyTokenizer, EngineError> {
        self.tokenizers.get(&number).ok_or(EngineError::NoTokenizer)
    }
}
