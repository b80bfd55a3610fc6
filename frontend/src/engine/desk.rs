//! A model on the visitor's device: loading it, what it writes, and its figures. Pages draw this.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::artifacts::ArtifactFile;
use shared::engine::{
    Attention, Command, Ending, Engine, EngineChoice, EngineError, Event, LoadStage, LoadedModel, NextToken,
    Prompt, RequestNumber, Sampling, Statistics, WeightChoice,
};

use super::EngineWorker;
use crate::browser;
use crate::kept::{keep, recall};

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
    /// By the person; what has come is kept.
    Stopped,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GpuStanding {
    /// Or the model does not run on it.
    Steady,
    /// It was lost and is being opened again; the text waits.
    Reopening,
}

/// How text is drawn, as the sliders stand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    pub weights: RwSignal<WeightChoice>,
    pub loading: RwSignal<Loading>,
    /// What it runs on now; it may move when the GPU is lost.
    pub engine: RwSignal<Option<Engine>>,
    pub gpu: RwSignal<GpuStanding>,
    pub settings: RwSignal<Settings>,
    pub progress: RwSignal<Progress>,
    /// The text that is being written.
    writing: RwSignal<Option<RequestNumber>>,
    predicting: StoredValue<Option<RequestNumber>>,
    /// The latest load.
    load_request: StoredValue<Option<RequestNumber>>,
}

impl Desk {
    /// Begins to load at once, with the settings that this tab last had for this model.
    pub fn open(source: Source) -> Self {
        let kept_name = format!("settings {}", source.page);
        let (settings, choice, weights) =
            recall::<(Settings, EngineChoice, WeightChoice)>(&kept_name).unwrap_or_default();
        let desk = Self {
            worker: EngineWorker::start(),
            source: StoredValue::new(source),
            choice: RwSignal::new(choice),
            weights: RwSignal::new(weights),
            loading: RwSignal::new(Loading::Starting),
            engine: RwSignal::new(None),
            gpu: RwSignal::new(GpuStanding::Steady),
            settings: RwSignal::new(settings),
            progress: RwSignal::new(Progress::default()),
            writing: RwSignal::new(None),
            predicting: StoredValue::new(None),
            load_request: StoredValue::new(None),
        };
        desk.load();
        Effect::new(move || desk.hear_worker(desk.worker.crashed.get()));
        Effect::new(move || {
            keep(&kept_name, &(desk.settings.get(), desk.choice.get(), desk.weights.get()));
        });
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
        if self.worker.has_crashed() {
            self.worker.start_again();
        }
        self.stop();
        self.abandon_load();
        self.loading.set(Loading::Starting);
        self.engine.set(None);
        self.gpu.set(GpuStanding::Steady);
        self.tell(|progress| progress.failure = None);
        let Source { files, base_url, .. } = self.source();
        let (engine, weights) = (self.choice.get_untracked(), self.weights.get_untracked());
        let command = Command::Load { files, base_url, engine, weights };
        let number = self.worker.send(command, move |event| self.hear_loading(event));
        self.load_request.set_value(Some(number));
    }

    pub fn stop_loading(self) {
        self.abandon_load();
        self.loading.set(Loading::Stopped);
    }

    fn abandon_load(self) {
        if let Some(earlier) = self.load_request.try_update_value(Option::take).flatten() {
            self.worker.abandon(earlier);
        }
    }

    /// With the worker its model is gone, whatever was being done.
    fn hear_worker(self, crashed: Option<EngineError>) {
        match (crashed, self.loading.get_untracked()) {
            (Some(_), Loading::Stopped) => {}
            (Some(error), _) => {
                self.loading.set(Loading::Failed(error));
                self.engine.set(None);
                self.gpu.set(GpuStanding::Steady);
                self.writing.set(None);
            }
            // It was only slow.
            (None, Loading::Failed(EngineError::NotStarted { .. })) => self.load(),
            (None, _) => {}
        }
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
        self.stop_predicting();
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
        let number = self.worker.send(command, move |event| {
            self.hear_gpu(&event);
            match event {
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
            }
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
            Event::Failed { error } => {
                self.tell(|progress| progress.failure = Some(error));
                self.writing.try_set(None);
            }
            _ => {}
        }
    }

    fn hear_gpu(self, event: &Event) {
        let standing = match event {
            Event::DeviceLost { .. } => GpuStanding::Reopening,
            Event::Rebuilt { engine } => {
                self.engine.try_set(Some(engine.clone()));
                GpuStanding::Steady
            }
            event if event.is_last() => GpuStanding::Steady,
            _ => return,
        };
        if self.gpu.try_get_untracked().is_some_and(|known| known != standing) {
            self.gpu.set(standing);
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
        self.stop_predicting();
        let sampling = self.settings.with_untracked(Settings::sampling);
        let command = Command::PredictNext { prompt, sampling };
        let number = self.worker.send(command, move |event| {
            self.hear_gpu(&event);
            match event {
                Event::NextToken(next) => on_answer(Ok(next)),
                Event::Failed { error: EngineError::Stopped } => {}
                Event::Failed { error } => on_answer(Err(error)),
                _ => {}
            }
        });
        self.predicting.set_value(Some(number));
    }

    /// What each head looks at while the model reads a text.
    pub fn attend(self, text: String, on_answer: impl Fn(Result<Attention, EngineError>) + 'static) {
        self.worker.send(Command::Attend { text }, move |event| {
            self.hear_gpu(&event);
            match event {
                Event::Attention(attention) => on_answer(Ok(attention)),
                Event::Failed { error } => on_answer(Err(error)),
                _ => {}
            }
        });
    }

    fn stop_predicting(self) {
        if let Some(earlier) = self.predicting.try_update_value(Option::take).flatten() {
            self.worker.stop(earlier);
        }
    }
}
