//! The model at work: texts, what could come next, scores.

use std::ops::ControlFlow;

use model::Error;
use model::generate::{self, GenerationOptions, Utf8Stream};
use model::sampling::{Distribution, distribution};
use model::tokenizer::Tokenizer;
use shared::engine::{
    ATTENTION_TOKENS, Attention, Choice, Ending, EngineError, Event, NextToken, Prompt, Sampling, Statistics,
};

use crate::clock;
use crate::model_files::{ReadyModel, input, memory};
use crate::runner::{Runner, Text};
use crate::storage::Storage;
use crate::task::Task;

/// Tokens of a prompt between two looks at the page's messages.
const PROMPT_PIECE_TOKENS: usize = 32;
/// A GPU that is lost so often within one request will be lost again.
const LOSSES_LIMIT: u32 = 3;
const STATISTICS_PER_SECOND: f64 = 4.0;
/// Scores that are sent at once (64 MiB).
const SCORES_LIMIT: usize = 16 << 20;

/// What a page wants written.
pub struct Wish {
    pub prompt: Prompt,
    pub sampling: Sampling,
    pub seed: u64,
    pub maximum_tokens: u32,
    pub next_tokens: bool,
}

/// Writes until the text ends; a lost GPU only interrupts it.
pub async fn generate(
    task: &Task<'_>,
    storage: &Storage,
    model: &mut ReadyModel,
    wish: &Wish,
) -> Result<Event, EngineError> {
    let mut clock = Stopwatch::start();
    check(wish.sampling)?;
    let prompt = model.prompt(&wish.prompt, wish.maximum_tokens as usize)?;
    task.report(Event::Started {
        prompt_tokens: prompt.ids.len() as u32,
        dropped_tokens: prompt.dropped_tokens as u32,
        dropped_messages: prompt.dropped_messages as u32,
    });
    let options = GenerationOptions {
        maximum_tokens: wish.maximum_tokens as usize,
        sampling: wish.sampling,
        seed: wish.seed,
        stop_tokens: prompt.stop_tokens,
    };
    let mut writing =
        Writing { text: Some(model.runner.begin(&prompt.ids, &options).map_err(input)?), losses: 0 };
    let mut characters = Utf8Stream::default();
    let ending = loop {
        let logits = match writing.next_logits(task, storage, model).await {
            Ok(ControlFlow::Continue(logits)) => logits,
            Ok(ControlFlow::Break(ending)) => break ending,
            Err(EngineError::Stopped) => break Ending::Stopped,
            Err(error) => return Err(error),
        };
        let id = match writing.accept(&logits)? {
            ControlFlow::Continue(id) => id,
            ControlFlow::Break(ending) => break ending,
        };
        clock.token();
        let next_token = match wish.next_tokens {
            true => Some(next_token(&model.tokenizer, &logits, wish.sampling, Some(id))?),
            false => None,
        };
        let text = characters.push(model.tokenizer.token_bytes().get(id).unwrap_or_default());
        task.report(Event::Delta { number: clock.tokens, id, text, next_token });
        if clock.is_time() {
            task.report(Event::Statistics(clock.statistics(model)));
        }
        task.turns.turn().await;
    };
    Ok(Event::Finished { ending, text: characters.finish(), statistics: clock.statistics(model) })
}

/// What could follow a prompt.
pub async fn predict_next(
    task: &Task<'_>,
    storage: &Storage,
    model: &mut ReadyModel,
    prompt: &Prompt,
    sampling: Sampling,
) -> Result<Event, EngineError> {
    check(sampling)?;
    let prompt = model.prompt(prompt, 1)?;
    let options = GenerationOptions { maximum_tokens: 1, sampling, seed: 0, stop_tokens: Vec::new() };
    let mut writing =
        Writing { text: Some(model.runner.begin(&prompt.ids, &options).map_err(input)?), losses: 0 };
    match writing.next_logits(task, storage, model).await? {
        ControlFlow::Continue(logits) => {
            Ok(Event::NextToken(next_token(&model.tokenizer, &logits, sampling, None)?))
        }
        ControlFlow::Break(_) => Err(EngineError::Input { problem: "the context is full".to_owned() }),
    }
}

/// The scores of every next token of a given text.
pub async fn score(
    task: &Task<'_>,
    storage: &Storage,
    model: &mut ReadyModel,
    ids: &[u32],
) -> Result<Event, EngineError> {
    let width = model.runner.vocabulary_size();
    if ids.len() * width > SCORES_LIMIT {
        let problem = format!("{} tokens are too many at once: score {}", ids.len(), SCORES_LIMIT / width);
        return Err(EngineError::Input { problem });
    }
    let mut losses = 0;
    loop {
        match task.stop.or(model.runner.score(ids)).await? {
            Ok(scores) => {
                return Ok(Event::Logits { rows: scores.chunks(width).map(<[f32]>::to_vec).collect() });
            }
            Err(error) => recover(task, storage, model, error, &mut losses).await?,
        }
    }
}

/// What each head looks at while the model reads a text.
pub async fn attend(
    task: &Task<'_>,
    storage: &Storage,
    model: &mut ReadyModel,
    text: &str,
) -> Result<Event, EngineError> {
    let pieces = model.tokenizer.pieces(text).map_err(input)?;
    if pieces.is_empty() || pieces.len() > ATTENTION_TOKENS {
        let problem = format!("the text has {} tokens; write 1 to {ATTENTION_TOKENS}", pieces.len());
        return Err(EngineError::Input { problem });
    }
    let ids: Vec<u32> = pieces.iter().map(|piece| piece.id).collect();
    let mut losses = 0;
    loop {
        match task.stop.or(model.runner.attend(&ids)).await? {
            Ok(layers) => {
                let count = layers.len() as u32;
                let weights =
                    layers.concat().iter().map(|weight| (weight * 10_000.0).round() as u16).collect();
                let heads = model.runner.heads() as u32;
                return Ok(Event::Attention(Attention { pieces, layers: count, heads, weights }));
            }
            Err(error) => recover(task, storage, model, error, &mut losses).await?,
        }
    }
}

/// A text that moves with its model.
struct Writing {
    /// Absent only while it moves.
    text: Option<Text>,
    losses: u32,
}

impl Writing {
    async fn next_logits(
        &mut self,
        task: &Task<'_>,
        storage: &Storage,
        model: &mut ReadyModel,
    ) -> Result<ControlFlow<Ending, Vec<f32>>, EngineError> {
        loop {
            task.stop.check()?;
            let Some(text) = &mut self.text else { return Err(gone()) };
            match task.stop.or(read_on(task, &model.runner, text)).await? {
                Ok(ControlFlow::Continue(logits)) => return Ok(ControlFlow::Continue(logits)),
                Ok(ControlFlow::Break(ended)) => return Ok(ControlFlow::Break(ending(ended))),
                Err(error) => recover(task, storage, model, error, &mut self.losses).await?,
            }
            self.text = self.text.take().map(|text| model.runner.take_over(text));
        }
    }

    fn accept(&mut self, logits: &[f32]) -> Result<ControlFlow<Ending, u32>, EngineError> {
        let Some(text) = &mut self.text else { return Err(gone()) };
        Ok(match Runner::accept(text, logits).map_err(input)? {
            ControlFlow::Continue(id) => ControlFlow::Continue(id),
            ControlFlow::Break(ended) => ControlFlow::Break(ending(ended)),
        })
    }
}

/// What is left of the prompt piece by piece, then the scores.
async fn read_on(
    task: &Task<'_>,
    runner: &Runner,
    text: &mut Text,
) -> model::Result<ControlFlow<generate::Ending, Vec<f32>>> {
    while runner.read_ahead(text, PROMPT_PIECE_TOKENS)?.is_continue() {
        task.turns.turn().await;
    }
    runner.next_logits(text).await
}

/// Builds the model again after an error of its device; any other error ends the request.
async fn recover(
    task: &Task<'_>,
    storage: &Storage,
    model: &mut ReadyModel,
    error: Error,
    losses: &mut u32,
) -> Result<(), EngineError> {
    let Error::Device(problem) = error else { return Err(input(error)) };
    *losses += 1;
    model.rebuild(task, storage, &problem.to_string(), *losses >= LOSSES_LIMIT).await
}

fn ending(ending: generate::Ending) -> Ending {
    match ending {
        generate::Ending::StopToken => Ending::EndOfText,
        generate::Ending::MaximumTokens => Ending::MaximumTokens,
        generate::Ending::ContextFull => Ending::ContextFull,
        generate::Ending::Caller => Ending::Stopped,
    }
}

fn gone() -> EngineError {
    EngineError::Crashed { problem: "a text was lost on its way to another device".to_owned() }
}

fn check(sampling: Sampling) -> Result<(), EngineError> {
    let problem = if !(sampling.temperature >= 0.0 && sampling.temperature.is_finite()) {
        "a temperature is 0 or more"
    } else if !(sampling.top_p > 0.0 && sampling.top_p <= 1.0) {
        "top-p is above 0 and at most 1"
    } else {
        return Ok(());
    };
    Err(EngineError::Input { problem: problem.to_owned() })
}

fn next_token(
    tokenizer: &Tokenizer,
    logits: &[f32],
    sampling: Sampling,
    drawn: Option<u32>,
) -> Result<NextToken, EngineError> {
    let Distribution { choices, candidates } = distribution(logits, sampling, drawn).map_err(input)?;
    let choice = |choice: model::sampling::Choice| Choice {
        id: choice.id,
        token: tokenizer.token(choice.id).unwrap_or_default(),
        text: tokenizer.decode(&[choice.id]),
        probability: choice.probability,
        drawn_probability: choice.drawn_probability,
    };
    Ok(NextToken { choices: choices.into_iter().map(choice).collect(), candidates: candidates as u32 })
}

/// The times of one generation.
struct Stopwatch {
    start: f64,
    first: Option<f64>,
    last: f64,
    told: f64,
    tokens: u32,
}

impl Stopwatch {
    fn start() -> Self {
        let start = clock::seconds();
        Self { start, first: None, last: start, told: start, tokens: 0 }
    }

    fn token(&mut self) {
        self.last = clock::seconds();
        self.first.get_or_insert(self.last);
        self.tokens += 1;
    }

    fn is_time(&mut self) -> bool {
        let is_time = self.last - self.told >= 1.0 / STATISTICS_PER_SECOND;
        if is_time {
            self.told = self.last;
        }
        is_time
    }

    fn statistics(&self, model: &ReadyModel) -> Statistics {
        let between = self.first.map(|first| self.last - first).filter(|seconds| *seconds > 0.0);
        Statistics {
            tokens: self.tokens,
            tokens_per_second: between.map(|seconds| f64::from(self.tokens - 1) / seconds),
            seconds_to_first_token: self.first.map(|first| first - self.start),
            memory: memory(Some(model)),
        }
    }
}
