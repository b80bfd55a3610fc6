//! From a trained model and its tokenizer to a folder for other people.

use std::collections::BTreeMap;
use std::path::Path;

use model::hugging_face::{SpecialIds, from_config, to_config};
use model::tokenizer::{Tokenizer, train};
use serde_json::{Value, json};
use shared::artifacts::{Purpose, Sha256};
use shared::datasets::SourceRecord;
use shared::ids::{ArtifactId, JobId};
use shared::provenance::{CorpusOrigin, JobOrigin, PROVENANCE_FILE, Provenance};
use shared::spec::presets::Preset;
use shared::spec::{ArchitectureSpec, ExportSpec, Gpt2Spec, LlamaSpec, TrainTokenizerSpec};

use super::run;
use crate::jobs::{JobContext, JobError, StopFlag};

fn architecture() -> ArchitectureSpec {
    ArchitectureSpec::Llama(LlamaSpec {
        vocabulary_size: 280,
        context_length: 32,
        hidden_size: 8,
        layers: 1,
        heads: 2,
        key_value_heads: 1,
        feed_forward_size: 12,
        rope_theta: 10_000.0,
        rope_scaling: None,
        rms_norm_epsilon: 1e-5,
        tied_embeddings: true,
    })
}

/// One tensor with all parameters: the header is what is looked at.
fn safetensors(parameters: u64) -> Vec<u8> {
    let header = json!({
        "__metadata__": {"format": "pt"},
        "model.embed_tokens.weight": {"dtype": "F32", "shape": [parameters], "data_offsets": [0, 4 * parameters]},
    });
    let header = header.to_string().into_bytes();
    [&(header.len() as u64).to_le_bytes()[..], &header, &vec![0; 4 * parameters as usize]].concat()
}

struct Workshop {
    model: tempfile::TempDir,
    tokenizer: tempfile::TempDir,
    output: tempfile::TempDir,
}

impl Workshop {
    fn new() -> Self {
        let workshop = Self {
            model: tempfile::tempdir().unwrap(),
            tokenizer: tempfile::tempdir().unwrap(),
            output: tempfile::tempdir().unwrap(),
        };
        let texts = (0..50).map(|n| format!("{n}번째 이야기. 할머니는 시장에 갔다."));
        let trained = train(texts, &TrainTokenizerSpec::new(280)).unwrap();
        workshop.put(&workshop.tokenizer, "tokenizer.json", &trained.tokenizer_json);
        workshop.put(&workshop.tokenizer, "tokenizer_config.json", &trained.tokenizer_config_json);
        let config = to_config(&architecture(), SpecialIds { end_of_text: 9, padding: 9 });
        workshop.put(&workshop.model, "config.json", config.to_string().as_bytes());
        workshop.put(&workshop.model, "model.safetensors", &safetensors(architecture().parameter_count()));
        let training = json!({"step": 120, "tokens": 9999, "parameters": 1, "seconds": 3.5, "training_loss": 2.5,
            "validation_loss": 2.75, "bits_per_byte": 1.25, "seed": 7});
        workshop.put(&workshop.model, "training.json", training.to_string().as_bytes());
        workshop
    }

    fn put(&self, folder: &tempfile::TempDir, name: &str, bytes: &[u8]) {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }

    fn export(&self, spec: &ExportSpec) -> Result<(), JobError> {
        let bound = |name: &str, folder: &Path| (name.to_owned(), folder.to_owned());
        let context = JobContext {
            inputs: BTreeMap::from([
                bound("model", self.model.path()),
                bound("tokenizer", self.tokenizer.path()),
            ]),
            output: self.output.path().to_owned(),
            announce: Box::new(|_| Ok(())),
            stop: StopFlag::default(),
            threads: 1,
            origin: None,
        };
        run(spec, &context)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.output.path().join("model").join(name)).unwrap()
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&self.read(name)).unwrap()
    }
}

fn sha256(digit: char) -> Sha256 {
    Sha256::try_from(digit.to_string().repeat(64)).unwrap()
}

/// What pretraining leaves beside the weights, on a server.
fn provenance() -> Provenance {
    let source = |label: &str, licence_note: &str, digit, documents| SourceRecord {
        label: label.to_owned(),
        licence_note: licence_note.to_owned(),
        purpose: Purpose::Training,
        sha256: sha256(digit),
        files: 1,
        size_bytes: 5_000,
        text_field: None,
        documents,
        text_bytes: 4_500,
    };
    Provenance {
        code_version: "0.1.0+abc".to_owned(),
        spec: Preset::Tiny.pretrain(),
        corpus: CorpusOrigin {
            sha256: sha256('c'),
            documents: 40,
            text_bytes: 9_000,
            sources: vec![
                source("할머니의 이야기", "공공누리 제1유형,\n출처 표시", 'a', 30),
                source("| 신문\n", "만든 이가 준 것", 'b', 10),
            ],
        },
        tokenizer_sha256: sha256('d'),
        job: Some(JobOrigin {
            job_id: JobId(12),
            inputs: BTreeMap::from([
                ("corpus".to_owned(), ArtifactId(3)),
                ("tokenizer".to_owned(), ArtifactId(4)),
            ]),
        }),
    }
}

fn spec() -> ExportSpec {
    ExportSpec {
        name: "이야기 모델".to_owned(),
        description: "옛이야기를 쓴다.".to_owned(),
        licence: "cc0-1.0".to_owned(),
        gguf: None,
    }
}

#[test]
fn the_folder_is_complete_and_consistent() {
    let workshop = Workshop::new();
    workshop.export(&spec()).unwrap();
    assert_eq!(from_config(&workshop.read("config.json")).unwrap(), architecture());
    let config = workshop.json("config.json");
    assert_eq!(
        (&config["eos_token_id"], &config["pad_token_id"]),
        (&json!(0), &json!(1)),
        "the tokenizer's ids"
    );
    assert_eq!(workshop.json("generation_config.json")["eos_token_id"], json!([0, 5]));
    let tokenizer_config = workshop.json("tokenizer_config.json");
    assert_eq!(tokenizer_config["model_max_length"], 32);
    assert_eq!(tokenizer_config["tokenizer_class"], "PreTrainedTokenizerFast");
    assert_eq!(Tokenizer::from_bytes(&workshop.read("tokenizer.json")).unwrap().vocabulary_size(), 280);
    assert!(workshop.read("model.safetensors") == safetensors(architecture().parameter_count()));
}

#[test]
fn a_gpt2_is_exported_as_one() {
    let workshop = Workshop::new();
    let architecture = ArchitectureSpec::Gpt2(Gpt2Spec {
        vocabulary_size: 280,
        context_length: 32,
        hidden_size: 8,
        layers: 1,
        heads: 2,
        feed_forward_size: 12,
        layer_norm_epsilon: 1e-5,
        tied_embeddings: true,
    });
    let config = to_config(&architecture, SpecialIds { end_of_text: 9, padding: 9 });
    workshop.put(&workshop.model, "config.json", config.to_string().as_bytes());
    workshop.put(&workshop.model, "model.safetensors", &safetensors(architecture.parameter_count()));
    workshop.export(&spec()).unwrap();
    assert_eq!(from_config(&workshop.read("config.json")).unwrap(), architecture);
    assert_eq!(workshop.json("config.json")["architectures"], json!(["GPT2LMHeadModel"]));
    let card = String::from_utf8(workshop.read("README.md")).unwrap();
    assert!(card.contains("GPT-2-style decoder") && card.contains("| Heads | 2 |"), "{card}");
    assert!(!card.contains("Llama"), "{card}");
}

#[test]
fn the_card_tells_the_figures_and_the_origin() {
    let workshop = Workshop::new();
    let provenance = provenance();
    workshop.put(&workshop.model, PROVENANCE_FILE, &serde_json::to_vec(&provenance).unwrap());
    workshop.export(&spec()).unwrap();
    let card = String::from_utf8(workshop.read("README.md")).unwrap();
    for part in [
        "---\nlanguage:\n- ko\nlicense: \"cc0-1.0\"\n",
        "# 이야기 모델\n",
        "옛이야기를 쓴다.",
        "| Validation bits per byte | 1.2500 |",
        "| Tokens trained on, repetitions counted | 9999 |",
        "| SHA-256 of model.safetensors | `",
        "| Code version | 0.1.0\\+abc |",
        "| Made by job | 12 |",
        "| From artifacts | corpus 3, tokenizer 4 |",
        "| Corpus | 40 documents, 9000 bytes of text |",
        &format!("| SHA-256 of the corpus | `{}` |", sha256('c')),
        &format!("| SHA-256 of the tokenizer | `{}` |", sha256('d')),
        &format!("| 할머니의 이야기 | 공공누리 제1유형, 출처 표시 | training | 30 | `{}` |", sha256('a')),
        &format!("| \\| 신문 | 만든 이가 준 것 | training | 10 | `{}` |", sha256('b')),
        "stands in `provenance.json`",
        "## Limits",
        "AutoModelForCausalLM",
    ] {
        assert!(card.contains(part), "{part:?} is missing in:\n{card}");
    }
    let carried: Provenance = serde_json::from_slice(&workshop.read(PROVENANCE_FILE)).unwrap();
    assert_eq!(carried, provenance, "the record goes with the model");
}

#[test]
fn a_name_can_neither_forge_a_field_nor_draw_a_link() {
    let workshop = Workshop::new();
    let hostile = ExportSpec {
        name: "\"]: x --- [눌러](http://evil.example) <script>alert(1)</script> | **굵게**".to_owned(),
        description: "# 제목\n---\nlicense: mit\n<img src=x onerror=y>\n\n| a | b |".to_owned(),
        licence: "mit\" # x: [".to_owned(),
        gguf: None,
    };
    workshop.export(&hostile).unwrap();
    let card = String::from_utf8(workshop.read("README.md")).unwrap();
    let front = card.split("\n---\n").next().unwrap();
    assert_eq!(front.matches("license:").count(), 1, "{front}");
    assert!(front.contains("license: \"mit\\\" # x: [\""), "{front}");
    let body = card.split_once("\n---\n").unwrap().1;
    let mut text = String::new();
    for event in pulldown_cmark::Parser::new(body.split("## Shape").next().unwrap()) {
        use pulldown_cmark::{Event, Tag};
        match event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::Strong | Tag::HtmlBlock)
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::Rule => panic!("{event:?} in {body}"),
            Event::Text(part) => text.push_str(&part),
            _ => {}
        }
    }
    assert!(
        text.contains("[눌러](http://evil.example) <script>alert(1)</script>"),
        "readers see what was typed: {text}"
    );
}

#[test]
fn weights_without_a_record_are_exported_too() {
    let workshop = Workshop::new();
    std::fs::remove_file(workshop.model.path().join("training.json")).unwrap();
    workshop.export(&spec()).unwrap();
    let card = String::from_utf8(workshop.read("README.md")).unwrap();
    assert!(card.contains("Nothing is recorded about the training"), "{card}");
    assert!(!card.contains("Sources of the corpus") && !card.contains("provenance.json"), "{card}");
}

#[test]
fn what_does_not_fit_together_is_refused_with_a_reason() {
    type Damage = fn(&Workshop);
    let cases: [(&str, Damage); 7] = [
        ("vocabulary of 280 tokens, the tokenizer one of 270", |workshop| {
            let texts = (0..50).map(|n| format!("{n}번째 이야기"));
            let other = train(texts, &TrainTokenizerSpec::new(270)).unwrap();
            workshop.put(&workshop.tokenizer, "tokenizer.json", &other.tokenizer_json);
        }),
        ("has no tokenizer.json", |workshop| {
            std::fs::remove_file(workshop.tokenizer.path().join("tokenizer.json")).unwrap();
        }),
        ("has no config.json", |workshop| {
            std::fs::remove_file(workshop.model.path().join("config.json")).unwrap();
        }),
        ("model.safetensors cannot be used: it is missing", |workshop| {
            std::fs::remove_file(workshop.model.path().join("model.safetensors")).unwrap();
        }),
        ("bytes where its header tells of", |workshop| {
            let whole = safetensors(architecture().parameter_count());
            workshop.put(&workshop.model, "model.safetensors", &whole[..whole.len() - 1]);
        }),
        ("where config.json describes", |workshop| {
            workshop.put(&workshop.model, "model.safetensors", &safetensors(5));
        }),
        ("a header of", |workshop| workshop.put(&workshop.model, "model.safetensors", &[0xff; 64])),
    ];
    for (reason, damage) in cases {
        let workshop = Workshop::new();
        damage(&workshop);
        match workshop.export(&spec()) {
            Err(JobError::User(message)) => {
                assert!(message.contains(reason), "{reason:?} is not in {message:?}")
            }
            other => panic!("{reason}: {other:?}"),
        }
    }
}
