//! `generate`: a model continues a prompt, or whatever is typed at the terminal.

use std::io::{self, BufRead, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use model::generate::{Ending, GenerationOptions, Utf8Stream, generate};
use model::prompt::{self, Prompt};
use model::sampling::Sampling;
use model::tokenizer::Tokenizer;
use serde::Serialize;
use shared::documents::{ChatRole, Message};
use shared::spec::SpecialToken;

use crate::jobs::JobError;
use crate::model_folder::ModelFolder;

#[derive(Debug, clap::Args)]
pub struct GenerateArguments {
    /// A model folder as an export job writes it, or a GGUF file.
    #[arg(long, value_name = "DIR|FILE")]
    model: PathBuf,
    /// Text to continue; without it lines are read from the terminal until an empty one.
    #[arg(long, value_name = "TEXT")]
    prompt: Option<String>,
    /// Prompts are questions of a user, put into the model's chat format.
    #[arg(long)]
    chat: bool,
    #[arg(long, value_name = "N", default_value_t = 120)]
    maximum_tokens: usize,
    /// 0 picks the likeliest token.
    #[arg(long, value_name = "X", default_value_t = 0.8)]
    temperature: f64,
    /// Draw from the likeliest tokens whose probability reaches this.
    #[arg(long, value_name = "X", default_value_t = 0.95)]
    top_p: f64,
    /// The same seed writes the same text.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Print one JSON object per prompt instead of streaming text.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Output<'a> {
    prompt: &'a str,
    text: &'a str,
    tokens: usize,
    ending: &'static str,
}

pub fn run(arguments: &GenerateArguments) -> Result<(), JobError> {
    if arguments.top_p.is_nan() || arguments.top_p <= 0.0 || arguments.top_p > 1.0 {
        return Err(JobError::user("--top-p takes a value above 0 and at most 1"));
    }
    if arguments.temperature.is_nan() || arguments.temperature < 0.0 {
        return Err(JobError::user("--temperature takes 0 or more"));
    }
    let folder = ModelFolder::open(&arguments.model)?;
    let tokenizer = folder.tokenizer()?;
    if let Some(prompt) = &arguments.prompt {
        return answer(arguments, &folder, &tokenizer, prompt, arguments.seed);
    }
    converse(arguments, &folder, &tokenizer)
}

/// Answers line after line; an empty line or the end of the input ends it.
fn converse(
    arguments: &GenerateArguments,
    folder: &ModelFolder,
    tokenizer: &Tokenizer,
) -> Result<(), JobError> {
    let is_terminal = io::stdin().is_terminal();
    let mut lines = io::stdin().lock().lines();
    for number in 0.. {
        if is_terminal {
            write_out("> ")?;
        }
        let Some(line) = lines.next() else { break };
        let prompt = line.map_err(JobError::io("reading the prompt"))?;
        if prompt.trim().is_empty() {
            break;
        }
        answer(arguments, folder, tokenizer, &prompt, arguments.seed.wrapping_add(number))?;
    }
    Ok(())
}

fn answer(
    arguments: &GenerateArguments,
    folder: &ModelFolder,
    tokenizer: &Tokenizer,
    prompt: &str,
    seed: u64,
) -> Result<(), JobError> {
    // The model must have room for one token of its own.
    let room = folder.model.context_length() - 1;
    let question = || [Message { role: ChatRole::User, content: prompt.to_owned() }];
    // A tokenizer of ours marks turns with tokens of its own; another one comes with a template.
    let is_ours = tokenizer.special_id(SpecialToken::EndOfTurn).is_ok();
    let prompt_ids = match (arguments.chat, is_ours) {
        (true, true) => prompt::answering(tokenizer, &question(), room),
        (false, true) => prompt::continuing(tokenizer, prompt, room),
        (true, false) => {
            prompt::answering_by_template(tokenizer, &folder.configuration()?, &question(), room)
        }
        (false, false) => prompt::continuing_as_configured(tokenizer, &folder.configuration()?, prompt, room),
    };
    let Prompt { ids, stop_tokens, dropped_tokens, .. } = prompt_ids.map_err(user)?;
    if dropped_tokens > 0 {
        eprintln!(
            "The text is longer than the model's context: its first {dropped_tokens} tokens are left out."
        );
    }
    let options = GenerationOptions {
        maximum_tokens: arguments.maximum_tokens,
        sampling: Sampling { temperature: arguments.temperature, top_p: arguments.top_p },
        seed,
        stop_tokens,
    };

    let streams = !arguments.json;
    if streams && !arguments.chat {
        write_out(prompt)?;
    }
    let mut stream = Utf8Stream::default();
    let mut text = String::new();
    let mut broken_pipe = None;
    let (tokens, ending) = generate(&folder.model, &folder.ops, &ids, &options, |token| {
        let piece = stream.push(tokenizer.token_bytes().get(token).unwrap_or_default());
        text.push_str(&piece);
        match write_out(if streams { &piece } else { "" }) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                broken_pipe = Some(error);
                ControlFlow::Break(())
            }
        }
    })
    .map_err(user)?;
    if let Some(error) = broken_pipe {
        return Err(error);
    }
    let rest = stream.finish();
    text.push_str(&rest);
    if streams {
        return write_out(&format!("{rest}\n"));
    }
    let output = Output { prompt, text: &text, tokens: tokens.len(), ending: ending_word(ending) };
    let json = serde_json::to_string(&output)
        .map_err(|error| JobError::transient(format!("writing JSON: {error}")))?;
    write_out(&format!("{json}\n"))
}

fn ending_word(ending: Ending) -> &'static str {
    match ending {
        Ending::StopToken => "end_of_text",
        Ending::MaximumTokens => "maximum_tokens",
        Ending::ContextFull => "context_full",
        Ending::Caller => "caller",
    }
}

fn write_out(text: &str) -> Result<(), JobError> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(JobError::io("writing to the terminal"))
}

fn user(error: model::Error) -> JobError {
    JobError::user(error.to_string())
}
