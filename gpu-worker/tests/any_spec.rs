//! A spec with one wrong field names that field and no other; one that validates runs on three documents,
//! or says in words which of its own limits leaves nothing to do. (Pretraining: `model/tests/any_spec.rs`.)

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use gpu_worker::jobs::{self, JobContext, JobError, StopFlag};
use gpu_worker::model_folder::ModelFolder;
use gpu_worker::shards::{ShardWriter, read_manifest};
use model::architectures::{parameters, random_weights};
use model::hugging_face::{SpecialIds, to_config};
use model::tokenizer::Tokenizer;
use model::weights::{Expected, to_bytes};
use model::{DType, Device};
use proptest::prelude::*;
use shared::artifacts::Purpose;
use shared::documents::{Content, Document};
use shared::spec::presets::Preset;
use shared::spec::{
    ArchitectureSpec, CurateRule, CurateSpec, Encoding, ExportSpec, GgufFormat, ImportSpec, JobSpec,
    SourceSpec, TrainTokenizerSpec,
};

const TEXTS: [&str; 3] = [
    "할머니는 시장에 가서 생선을 사 오셨다.",
    "민수는 할머니께 인사를 드리고 학교에 갔다.",
    "The market closed, 그래서 할머니는 집으로 돌아오셨다.",
];

fn write_documents(folder: &Path) {
    let mut writer = ShardWriter::new(folder, 1 << 20);
    for (number, text) in TEXTS.iter().enumerate() {
        let content = Content::Text((*text).to_owned());
        let (id, source) = (number.to_string(), "시험".to_owned());
        writer.push(&Document { id, source, split: None, content }).unwrap();
    }
    writer.finish(Purpose::Training, Vec::new()).unwrap();
}

/// Runs a job on inputs that `prepare` writes into folders of their names; `look` sees the output folder.
fn run<T>(
    spec: &JobSpec,
    inputs: &[&str],
    prepare: impl Fn(&Path),
    look: impl FnOnce(&Path) -> T,
) -> Result<T, JobError> {
    let house = tempfile::tempdir().unwrap();
    let path = |name: &str| house.path().join(name);
    inputs.iter().for_each(|name| std::fs::create_dir(path(name)).unwrap());
    prepare(house.path());
    let context = JobContext {
        inputs: inputs.iter().map(|name| ((*name).to_owned(), path(name))).collect::<BTreeMap<_, _>>(),
        output: path("out"),
        announce: Box::new(|_| Ok(())),
        stop: StopFlag::default(),
        threads: 1,
        origin: None,
    };
    jobs::run(spec, &context).map(|()| look(&path("out")))
}

/// One field by the name that its problem must carry, and a way to break it.
type Break<S> = (&'static str, fn(&mut S));

/// Each break of a spec that validates is told under its own field's name and under no other.
fn names_each<S: Clone>(spec: &S, wrap: fn(S) -> JobSpec, breaks: &[Break<S>]) -> Result<(), TestCaseError> {
    prop_assert_eq!(wrap(spec.clone()).validate(), Ok(()));
    for (field, damage) in breaks {
        let mut broken = spec.clone();
        damage(&mut broken);
        let named: BTreeSet<String> = match wrap(broken).validate() {
            Ok(()) => BTreeSet::new(),
            Err(problems) => problems.0.into_iter().map(|problem| problem.field).collect(),
        };
        prop_assert_eq!(named, BTreeSet::from([(*field).to_owned()]));
    }
    Ok(())
}

fn source(input: &str) -> SourceSpec {
    SourceSpec {
        input: input.to_owned(),
        label: "이야기".to_owned(),
        licence_note: "CC0".to_owned(),
        purpose: Purpose::Training,
        encoding: Encoding::Utf8,
        text_field: None,
    }
}

fn any_import() -> impl Strategy<Value = ImportSpec> {
    // Near the files' own sizes, where limits bite, and anywhere else.
    let line = prop_oneof![1u64..200, 1u64..=64 << 20];
    let unpacked = prop_oneof![1u64..400, 1u64..=1 << 42];
    (
        "[가-힣a-z ]{1,30}".prop_filter("a label has letters", |label| !label.trim().is_empty()),
        line,
        unpacked,
        1u64 << 10..=4 << 30,
    )
        .prop_map(|(label, line_limit_bytes, unpacked_limit_bytes, shard_size_bytes)| ImportSpec {
            sources: vec![SourceSpec { label, ..source("texts") }],
            shard_size_bytes,
            line_limit_bytes,
            unpacked_limit_bytes,
        })
}

const IMPORT_BREAKS: [Break<ImportSpec>; 15] = [
    ("sources", |spec| spec.sources.clear()),
    ("sources", |spec| spec.sources = (0..257).map(|number| source(&format!("texts{number}"))).collect()),
    ("sources.0.input", |spec| spec.sources[0].input.clear()),
    ("sources.0.input", |spec| spec.sources[0].input = "../etc".to_owned()),
    ("sources.1.input", |spec| spec.sources.push(spec.sources[0].clone())),
    ("sources.0.label", |spec| spec.sources[0].label = " ".to_owned()),
    ("sources.0.label", |spec| spec.sources[0].label = "a".repeat(401)),
    ("sources.0.licence_note", |spec| spec.sources[0].licence_note = "a".repeat(4_001)),
    ("sources.0.text_field", |spec| spec.sources[0].text_field = Some(String::new())),
    ("shard_size_bytes", |spec| spec.shard_size_bytes = (1 << 10) - 1),
    ("shard_size_bytes", |spec| spec.shard_size_bytes = (4 << 30) + 1),
    ("line_limit_bytes", |spec| spec.line_limit_bytes = 0),
    ("line_limit_bytes", |spec| spec.line_limit_bytes = (64 << 20) + 1),
    ("unpacked_limit_bytes", |spec| spec.unpacked_limit_bytes = 0),
    ("unpacked_limit_bytes", |spec| spec.unpacked_limit_bytes = (1 << 42) + 1),
];

fn any_rule() -> impl Strategy<Value = CurateRule> {
    prop_oneof![
        Just(CurateRule::NormalizeNfc),
        Just(CurateRule::RemoveControlCharacters),
        Just(CurateRule::RemoveHtml),
        Just(CurateRule::RemoveMarkdown),
        Just(CurateRule::NormalizeWhitespace),
        Just(CurateRule::ExactDuplicates),
        (0.0..=1.0).prop_map(|minimum| CurateRule::HangulShare { minimum }),
        (0u64..40, 1u64..200)
            .prop_map(|(minimum, more)| CurateRule::Length { minimum, maximum: minimum + more }),
    ]
}

const CURATE_BREAKS: [Break<CurateSpec>; 6] = [
    ("rules", |spec| spec.rules = vec![CurateRule::NormalizeNfc; 65]),
    ("rules.0.maximum", |spec| spec.rules.insert(0, CurateRule::Length { minimum: 0, maximum: 0 })),
    ("rules.0.maximum", |spec| spec.rules.insert(0, CurateRule::Length { minimum: 5, maximum: 4 })),
    ("rules.0.minimum", |spec| spec.rules.insert(0, CurateRule::HangulShare { minimum: -0.1 })),
    ("rules.0.minimum", |spec| spec.rules.insert(0, CurateRule::HangulShare { minimum: 1.1 })),
    ("rules.0.minimum", |spec| spec.rules.insert(0, CurateRule::HangulShare { minimum: f64::NAN })),
];

fn any_tokenizer() -> impl Strategy<Value = TrainTokenizerSpec> {
    let frequency = prop_oneof![1u32..4, 1u32..=1 << 20];
    (TrainTokenizerSpec::SMALLEST..280, frequency, 1u64 << 10..=64 << 30).prop_map(
        |(vocabulary_size, minimum_frequency, text_limit_bytes)| TrainTokenizerSpec {
            vocabulary_size,
            minimum_frequency,
            text_limit_bytes,
        },
    )
}

const TOKENIZER_BREAKS: [Break<TrainTokenizerSpec>; 6] = [
    ("vocabulary_size", |spec| spec.vocabulary_size = TrainTokenizerSpec::SMALLEST - 1),
    ("vocabulary_size", |spec| spec.vocabulary_size = (1 << 20) + 1),
    ("minimum_frequency", |spec| spec.minimum_frequency = 0),
    ("minimum_frequency", |spec| spec.minimum_frequency = (1 << 20) + 1),
    ("text_limit_bytes", |spec| spec.text_limit_bytes = (1 << 10) - 1),
    ("text_limit_bytes", |spec| spec.text_limit_bytes = (64 << 30) + 1),
];

fn any_format() -> impl Strategy<Value = Option<GgufFormat>> {
    use GgufFormat::*;
    prop_oneof![Just(None), prop::sample::select(vec![F32, F16, Bf16, Q8_0, Q4_0, Q4_1]).prop_map(Some)]
}

fn any_export() -> impl Strategy<Value = ExportSpec> {
    let name = "[가-힣a-z|<`\"*]{1,60}";
    (name, "[가-힣\n#|<`]{0,200}", "[a-z0-9.-]{0,100}").prop_flat_map(|(name, description, licence)| {
        any_format().prop_map(move |gguf| ExportSpec {
            name: name.clone(),
            description: description.clone(),
            licence: licence.clone(),
            gguf,
        })
    })
}

const EXPORT_BREAKS: [Break<ExportSpec>; 6] = [
    ("name", |spec| spec.name = " ".to_owned()),
    ("name", |spec| spec.name = "a".repeat(201)),
    ("name", |spec| spec.name = "이야기\n모델".to_owned()),
    ("description", |spec| spec.description = "a".repeat(20_001)),
    ("licence", |spec| spec.licence = "a".repeat(101)),
    ("licence", |spec| spec.licence = "mit\nor".to_owned()),
];

/// A model of random weights and a tokenizer of as many tokens.
fn write_model(house: &Path) {
    let tokenizer = TrainTokenizerSpec::new(270);
    let trained = model::tokenizer::train(TEXTS.map(str::to_owned).into_iter(), &tokenizer).unwrap();
    let mut architecture = Preset::Tiny.pretrain().model;
    let ArchitectureSpec::Llama(llama) = &mut architecture else { unreachable!("the presets are Llamas") };
    (llama.vocabulary_size, llama.layers) = (270, 1);
    let weights = random_weights(&architecture, 1, DType::F32, &Device::Cpu).unwrap();
    let expected: Vec<Expected> = parameters(&architecture).into_iter().map(Expected::from).collect();
    let config = to_config(&architecture, SpecialIds { end_of_text: 0, padding: 1 });
    let files = [
        ("model/config.json", config.to_string().into_bytes()),
        ("model/model.safetensors", to_bytes(&weights, &expected, BTreeMap::new()).unwrap()),
        ("tokenizer/tokenizer.json", trained.tokenizer_json),
        ("tokenizer/tokenizer_config.json", trained.tokenizer_config_json),
    ];
    files.into_iter().for_each(|(name, bytes)| std::fs::write(house.join(name), bytes).unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..Default::default() })]

    #[test]
    fn an_import(spec in any_import()) {
        names_each(&spec, JobSpec::Import, &IMPORT_BREAKS)?;
        let rows = TEXTS.map(|text| format!("{{\"text\":\"{text}\"}}\n"));
        let write = |house: &Path| std::fs::write(house.join("texts/all.jsonl"), rows.concat()).unwrap();
        let documents = |out: &Path| read_manifest(&out.join("dataset")).unwrap().documents;
        let longest = rows.iter().map(String::len).max().unwrap() as u64;
        let is_free = spec.line_limit_bytes >= longest && spec.unpacked_limit_bytes >= rows.concat().len() as u64;
        match run(&JobSpec::Import(spec), &["texts"], write, documents) {
            Ok(documents) => prop_assert!(documents == 3 || !is_free && documents >= 1),
            Err(JobError::User(message)) => {
                let names_limit = message.contains("line_too_long") || message.contains("unpacked_too_large");
                prop_assert!(!is_free && names_limit, "{}", message);
            }
            Err(error) => prop_assert!(false, "{}", error),
        }
    }

    #[test]
    fn a_curation(rules in prop::collection::vec(any_rule(), 0..8)) {
        let spec = CurateSpec { rules };
        names_each(&spec, JobSpec::Curate, &CURATE_BREAKS)?;
        let write = |house: &Path| write_documents(&house.join("dataset"));
        let counts = |out: &Path| ["corpus", "dropped"].map(|name| read_manifest(&out.join(name)).unwrap().documents);
        let drops = spec.rules.iter().any(|rule| matches!(rule, CurateRule::Length { .. } | CurateRule::HangulShare { .. }));
        match run(&JobSpec::Curate(spec), &["dataset"], write, counts) {
            Ok([kept, dropped]) => prop_assert!(kept + dropped == 3 && (drops || dropped == 0)),
            Err(JobError::User(message)) => {
                prop_assert!(drops && message.contains("no document is left of 3"), "{}", message);
            }
            Err(error) => prop_assert!(false, "{}", error),
        }
    }

    #[test]
    fn a_tokenizer(spec in any_tokenizer()) {
        names_each(&spec, JobSpec::TrainTokenizer, &TOKENIZER_BREAKS)?;
        let write = |house: &Path| write_documents(&house.join("corpus"));
        let size = |out: &Path| {
            let bytes = std::fs::read(out.join("tokenizer/tokenizer.json")).unwrap();
            Tokenizer::from_bytes(&bytes).unwrap().vocabulary_size()
        };
        let (wanted, frequency) = (spec.vocabulary_size, spec.minimum_frequency);
        match run(&JobSpec::TrainTokenizer(spec), &["corpus"], write, size) {
            Ok(size) => prop_assert_eq!(size, wanted),
            Err(JobError::User(message)) => {
                // Each pair occurs at least once, but not as often as any spec may ask.
                prop_assert!(frequency > 1 && message.contains("the corpus allows a vocabulary of"), "{}", message);
            }
            Err(error) => prop_assert!(false, "{}", error),
        }
    }

    #[test]
    fn an_export(spec in any_export()) {
        names_each(&spec, JobSpec::Export, &EXPORT_BREAKS)?;
        let wants_gguf = spec.gguf.is_some();
        let card = |out: &Path| {
            assert_eq!(out.join("model/model.gguf").exists(), wants_gguf);
            if wants_gguf {
                ModelFolder::open(&out.join("model/model.gguf")).unwrap().tokenizer().unwrap();
            }
            std::fs::read_to_string(out.join("model/README.md")).unwrap()
        };
        match run(&JobSpec::Export(spec), &["model", "tokenizer"], write_model, card) {
            Ok(card) => prop_assert!(card.starts_with("---\nlanguage:\n- ko\n"), "{}", card),
            Err(error) => prop_assert!(false, "{}", error),
        }
    }
}
