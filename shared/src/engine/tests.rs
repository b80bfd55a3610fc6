//! Whatever page and worker say arrives as it was said.

use super::*;
use crate::artifacts::{ArtifactFile, FileName, Sha256};
use crate::documents::{ChatRole, Message};
use crate::spec::GgufFormat;
use crate::spec::presets::Preset;

fn name(text: &str) -> FileName {
    FileName::try_from(text.to_owned()).unwrap()
}

fn sha256() -> Sha256 {
    Sha256::try_from("0123456789abcdef".repeat(4)).unwrap()
}

fn file() -> ArtifactFile {
    ArtifactFile { name: name("model.safetensors"), sha256: sha256(), size_bytes: 5 << 32 }
}

fn commands() -> Vec<Command> {
    let sampling = Sampling { temperature: 0.8, top_p: 0.95 };
    let question = Message { role: ChatRole::User, content: "\"안녕\"\n😀".to_owned() };
    let base_url = "/api/v1/artifacts/12/files".to_owned();
    vec![
        Command::Load {
            files: vec![file()],
            base_url: base_url.clone(),
            engine: EngineChoice::Automatic,
            weights: WeightChoice::Automatic,
        },
        Command::Load {
            files: vec![],
            base_url: String::new(),
            engine: EngineChoice::WasmSimd,
            weights: WeightChoice::Q4_1,
        },
        Command::Generate {
            prompt: Prompt::Text("옛날 옛적에 ".to_owned()),
            sampling,
            seed: u64::MAX,
            maximum_tokens: 1,
            next_tokens: true,
        },
        Command::Generate {
            prompt: Prompt::Messages(vec![question.clone()]),
            sampling,
            seed: 0,
            maximum_tokens: 200,
            next_tokens: false,
        },
        Command::PredictNext { prompt: Prompt::Messages(vec![question]), sampling },
        Command::Stop { request: RequestNumber(7) },
        Command::OpenTokenizer {
            slot: TokenizerSlot::Opened(2),
            source: TokenizerSource::File { file: file(), base_url },
        },
        Command::OpenTokenizer {
            slot: TokenizerSlot::Opened(0),
            source: TokenizerSource::Json("{}".to_owned()),
        },
        Command::Tokenize { slot: TokenizerSlot::Model, text: "가\u{0}".to_owned() },
        Command::Encode { slot: TokenizerSlot::Opened(1), texts: vec![String::new(), "나".to_owned()] },
        Command::Score { ids: vec![0, u32::MAX] },
        Command::Attend { text: "나무가 자랐다".to_owned() },
        Command::MeasureMemory,
        Command::Close,
    ]
}

fn errors() -> Vec<EngineError> {
    let file = || name("config.json");
    let problem = || "어떤 문제".to_owned();
    vec![
        EngineError::NotFound { file: file() },
        EngineError::Refused { file: file(), status: 401 },
        EngineError::Server { file: file(), status: 503 },
        EngineError::Network { file: file(), problem: problem() },
        EngineError::WrongBytes { file: file(), expected: sha256(), found: sha256() },
        EngineError::StorageFull { needed_bytes: 1 << 40, available_bytes: None },
        EngineError::NoStorage { problem: problem() },
        EngineError::MissingFile { name: "tokenizer.json".to_owned() },
        EngineError::NotAModel { problem: problem() },
        EngineError::NotATokenizer { problem: problem() },
        EngineError::NoModel,
        EngineError::NoTokenizer,
        EngineError::NoChat,
        EngineError::Input { problem: problem() },
        EngineError::TooLong { tokens: 300, room_tokens: 128 },
        EngineError::Gpu { problem: problem() },
        EngineError::Stopped,
        EngineError::Version { problem: problem() },
        EngineError::NotStarted { problem: problem() },
        EngineError::Crashed { problem: problem() },
    ]
}

fn events() -> Vec<Event> {
    let memory = Memory { wasm_bytes: 1 << 33, gpu_bytes: 0 };
    let statistics =
        Statistics { tokens: 2, tokens_per_second: Some(0.1 + 0.2), seconds_to_first_token: None, memory };
    let engine = Engine::WebGpu { adapter: "SwiftShader".to_owned() };
    let choice = Choice {
        id: 3,
        token: "Ġê°Ģ".to_owned(),
        text: " 가".to_owned(),
        probability: 1.0 / 3.0,
        drawn_probability: 0.0,
    };
    let next = NextToken { choices: vec![choice], candidates: 12 };
    let tokenizer = LoadedTokenizer { vocabulary_size: 4000, lossless: true };
    let piece = Piece {
        id: 9,
        token: "ê°".to_owned(),
        text: "\u{fffd}".to_owned(),
        byte_start: 0,
        byte_end: 2,
        text_start: 0,
        text_end: 1,
    };
    let slot = TokenizerSlot::Opened(1);
    let loaded = LoadedModel {
        engine: Engine::WasmSimd { why: None },
        architecture: Preset::Tiny.pretrain().model,
        parameters: 2_391_744,
        weights: GgufFormat::Q8_0,
        context_length: 256,
        tokenizer: tokenizer.clone(),
        chats: true,
        fetched_bytes: 0,
        seconds: 1.5,
        memory,
    };
    let mut events = vec![
        Event::Ready,
        Event::Progress { stage: LoadStage::Fetching, file: Some(name("a")), done_bytes: 1, total_bytes: 2 },
        Event::Retrying {
            file: name("a"),
            attempt: 2,
            attempts: 5,
            wait_seconds: 1,
            problem: "nothing came for 30 s".to_owned(),
        },
        Event::Loaded(Box::new(loaded)),
        Event::Started { prompt_tokens: 3, dropped_tokens: 2, dropped_messages: 1 },
        Event::Delta { number: 1, id: 5, text: "가".to_owned(), next_token: Some(next.clone()) },
        Event::Statistics(statistics),
        Event::Finished { ending: Ending::ContextFull, text: String::new(), statistics },
        Event::NextToken(next),
        Event::TokenizerOpened { slot, tokenizer },
        Event::Pieces { slot, pieces: vec![piece.clone()] },
        Event::Encoded { slot: TokenizerSlot::Model, ids: vec![vec![], vec![1]] },
        Event::Logits { rows: vec![vec![0.1, -f32::MAX, f32::MIN_POSITIVE]] },
        Event::Attention(Attention {
            pieces: vec![piece],
            layers: 1,
            heads: 2,
            weights: vec![10_000, 10_000],
        }),
        Event::Memory(memory),
        Event::DeviceLost { problem: "closed".to_owned() },
        Event::Rebuilt { engine },
        Event::Closed,
    ];
    events.extend(errors().into_iter().map(|error| Event::Failed { error }));
    events
}

#[test]
fn requests_arrive_as_they_were_sent() {
    for (number, command) in (0..).map(RequestNumber).zip(commands()) {
        let request = Request { number, command };
        let text = to_text(&request).unwrap();
        assert_eq!(from_text::<Request>(&text).unwrap(), request, "{text}");
    }
}

#[test]
fn reports_arrive_as_they_were_sent() {
    for event in events() {
        for request in [None, Some(RequestNumber(3))] {
            let report = Report { request, event: event.clone() };
            let text = to_text(&report).unwrap();
            assert_eq!(from_text::<Report>(&text).unwrap(), report, "{text}");
        }
    }
}

#[test]
fn every_error_says_what_to_do() {
    let without = [EngineError::Stopped, EngineError::Input { problem: "어떤 문제".to_owned() }];
    for error in errors().into_iter().filter(|error| !without.contains(error)) {
        let text = error.to_string();
        let (wrong, advice) = text.split_once(": ").unwrap_or_else(|| panic!("{text}"));
        assert!(!wrong.is_empty() && advice.split(' ').count() > 1, "{text}");
    }
}

#[test]
fn a_message_of_another_version_is_an_error() {
    assert!(from_text::<Request>(r#"{"number":1,"command":{"type":"juggle"}}"#).is_err());
    assert!(from_text::<Report>("").is_err());
}
