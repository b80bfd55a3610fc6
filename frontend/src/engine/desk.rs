//! A model on the visitor's device: loading it, what it writes, and its figures. Pages draw this.

use leptos::prelude::*;
use shared::artifacts::ArtifactFile;
use shared::engine::{
    Command, Ending, Engine, EngineChoice, EngineError, Event, LoadStage, LoadedModel, NextToken, Prompt,
    RequestNumber, Sampling, Statistics,
};

use super::EngineWorker;
use crate::browser;

/// Where a model's files are.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    pub name: String,
    /// The model's own page; `{page}/write` and `{page}/chat` are below it.
    pub page: String,
    pub files: Vec<ArtifactFile>,
    /// A file is fetched from `{base_url}/{name}`.
    pub base_url: String,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Loading {
    /// The engine's program is on its way.
    Starting,
    Moving {
        stage: LoadStage,
        done_bytes: u64,
        total_bytes: u64,
    },
    Retrying {
        attempt: u32,
        attempts: u32,
    },
    Ready(Box<LoadedModel>),
    Failed(EngineError),
}

/// How text is drawn, as the sliders stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    pub temperature: f64,
    pub top_p: f64,
    pub maximum_tokens: u32,
    pub seed: u64,
    /// Whether every text gets a seed of its own.
    pub new_seed_each_time: bool,
}

impl Settings {
    pub fn sampling(&self) -> Sampling {
        Sampling { temperature: self.temperature, top_p: self.top_p }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self { temperature: 0.8, top_p: 0.95, maximum_tokens: 200, seed: 1, new_seed_each_time: true }
    }
}

/// How the text in the making stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Progress {
    pub statistics: Option<Statistics>,
    pub ending: Option<Ending>,
    pub failure: Option<EngineError>,
    /// Tokens, and messages of an exchange, that the context has no room for.
    pub dropped_tokens: u32,
    pub dropped_messages: u32,
}

#[derive(Clone, Copy)]
pub struct Desk {
    worker: EngineWorker,
    source: StoredValue<Source>,
    pub choice: RwSignal<EngineChoice>,
    pub loading: RwSignal<Loading>,
    /// What it runs on now; it may move when the GPU is lost.
    pub engine: RwSignal<Option<Engine>>,
    pub settings: RwSignal<Settings>,
    pub progress: RwSignal<Progress>,
    /// The text that is being written.
    writing: RwSignal<Option<RequestNumber>>,
    predicting: StoredValue<Option<RequestNumber>>,
}

impl Desk {
    /// Begins to load at once.
    pub fn open(source: Source) -> Self {
        let desk = Self {
            worker: EngineWorker::start(),
            source: StoredValue::new(source),
            choice: RwSignal::new(EngineChoice::Automatic),
            loading: RwSignal::new(Loading::Starting),
            engine: RwSignal::new(None),
            settings: RwSignal::new(Settings::default()),
            progress: RwSignal::new(Progress::default()),
            writing: RwSignal::new(None),
            predicting: StoredValue::new(None),
        };
        desk.load();
        desk
    }

    pub fn source(self) -> Source {
        self.source.get_value()
    }

    pub fn is_ready(self) -> bool {
        self.loading.with(|loading| matches!(loading, Loading::Ready(_)))
    }

    pub fn is_writing(self) -> bool {
        self.writing.with(Option::is_some)
    }

    /// Loads the model, again if need be: after a failure, or for another engine.
    pub fn load(self) {
        if self.worker.crashed.with_untracked(Option::is_some) {
            self.worker.start_again();
        }
        self.stop();
        self.loading.set(Loading::Starting);
        self.engine.set(None);
        let Source { files, base_url, .. } = self.source();
        let command = Command::Load { files, base_url, engine: self.choice.get_untracked() };
        self.worker.send(command, move |event| self.hear_loading(event));
    }

    fn hear_loading(self, event: Event) {
        let loading = match event {
            Event::Progress { stage, done_bytes, total_bytes, .. } => {
                Loading::Moving { stage, done_bytes, total_bytes }
            }
            Event::Retrying { attempt, attempts, .. } => Loading::Retrying { attempt, attempts },
            Event::Loaded(model) => {
                self.engine.try_set(Some(model.engine.clone()));
                Loading::Ready(model)
            }
            Event::Failed { error } => Loading::Failed(error),
            _ => return,
        };
        self.loading.try_set(loading);
    }

    /// Lets the model write; `on_text` gets whole characters, and what each token was drawn from if
    /// that was asked for.
    pub fn write(
        self,
        prompt: Prompt,
        next_tokens: bool,
        mut on_text: impl FnMut(&str, Option<NextToken>) + 'static,
    ) {
        self.stop();
        self.progress.set(Progress::default());
        if self.settings.with_untracked(|settings| settings.new_seed_each_time) {
            self.settings.update(|settings| settings.seed = browser::random_seed());
        }
        let settings = self.settings.get_untracked();
        let command = Command::Generate {
            prompt,
            sampling: settings.sampling(),
            seed: settings.seed,
            maximum_tokens: settings.maximum_tokens,
            next_tokens,
        };
        let number = self.worker.send(command, move |event| match event {
            Event::Delta { text, next_token, .. } => on_text(&text, next_token),
            Event::Finished { text, ending, statistics } => {
                on_text(&text, None);
                self.tell(|progress| {
                    progress.statistics = Some(statistics);
                    progress.ending = Some(ending);
                });
                self.writing.try_set(None);
            }
            event => self.hear_writing(event),
        });
        self.writing.set(Some(number));
    }

    fn hear_writing(self, event: Event) {
        match event {
            Event::Started { dropped_tokens, dropped_messages, .. } => self.tell(|progress| {
                progress.dropped_tokens = dropped_tokens;
                progress.dropped_messages = dropped_messages;
            }),
            Event::Statistics(statistics) => self.tell(|progress| progress.statistics = Some(statistics)),
            Event::Rebuilt { engine } => {
                self.engine.try_set(Some(engine));
            }
            Event::Failed { error } => {
                self.tell(|progress| progress.failure = Some(error));
                self.writing.try_set(None);
            }
            _ => {}
        }
    }

    fn tell(self, change: impl FnOnce(&mut Progress)) {
        // The person may have left the page.
        self.progress.try_update(change);
    }

    /// Ends the text in the making, if there is one.
    pub fn stop(self) {
        if let Some(number) = self.writing.get_untracked() {
            self.worker.stop(number);
        }
    }

    /// What could follow; only the answer to the latest question is heard.
    pub fn predict(self, prompt: Prompt, on_answer: impl Fn(Result<NextToken, EngineError>) + 'static) {
        if let Some(earlier) = self.predicting.get_value() {
            self.worker.stop(earlier);
        }
        let sampling = self.settings.with_untracked(Settings::sampling);
        let command = Command::PredictNext { prompt, sampling };
        let number = self.worker.send(command, move |event| match event {
            Event::NextToken(next) => on_answer(Ok(next)),
            Event::Failed { error: EngineError::Stopped } => {}
            Event::Failed { error } => on_answer(Err(error)),
            _ => {}
        });
        self.predicting.set_value(Some(number));
    }
}
