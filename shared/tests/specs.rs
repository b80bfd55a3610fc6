//! A spec says which field cannot work.

#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};
use shared::spec::presets::Preset;
use shared::spec::{
    ArchitectureSpec, CurateSpec, Decay, ExportSpec, GgufFormat, Gpt2Spec, ImportModelSpec, ImportSpec,
    JobSpec, MuonSpec, PreflightSpec, PretrainSpec, SourceSpec, WeightAverageSpec,
};

fn pretrain() -> Value {
    serde_json::to_value(JobSpec::Pretrain(Preset::Tiny.pretrain())).unwrap()
}

/// The tiny preset as a GPT-2.
fn pretrain_gpt2() -> PretrainSpec {
    let mut spec = Preset::Tiny.pretrain();
    spec.model = ArchitectureSpec::Gpt2(Gpt2Spec {
        vocabulary_size: spec.model.vocabulary_size(),
        context_length: spec.model.context_length(),
        hidden_size: 64,
        layers: 2,
        heads: 4,
        feed_forward_size: 256,
        layer_norm_epsilon: 1e-5,
        tied_embeddings: true,
    });
    spec
}

/// The tiny preset with all that may be left out.
fn pretrain_muon() -> PretrainSpec {
    let mut spec = Preset::Tiny.pretrain();
    spec.schedule.decay = Decay::WarmupStableDecay { decay_steps: 120 };
    spec.muon = Some(MuonSpec { learning_rate: 0.02, momentum: 0.95, weight_decay: 0.1, iterations: 5 });
    spec.weight_average = Some(WeightAverageSpec { decay: 0.99 });
    spec.preflight = Some(PreflightSpec { steps: 200 });
    spec
}

/// The spec with one field changed.
fn with(mut spec: Value, pointer: &str, value: Value) -> JobSpec {
    *spec.pointer_mut(pointer).unwrap() = value;
    serde_json::from_value(spec).unwrap()
}

#[test]
fn presets_validate() {
    for preset in [Preset::Tiny, Preset::Small] {
        JobSpec::Pretrain(preset.pretrain()).validate().unwrap();
        JobSpec::TrainTokenizer(preset.tokenizer()).validate().unwrap();
    }
    JobSpec::Curate(CurateSpec::standard()).validate().unwrap();
}

#[test]
fn every_field_that_cannot_work_is_named() {
    let cases = [
        ("/model/layers", json!(0), "model.layers"),
        ("/model/heads", json!(0), "model.heads"),
        ("/model/heads", json!(3), "model.heads"),
        ("/model/heads", json!(64), "model.heads"),
        ("/model/key_value_heads", json!(3), "model.key_value_heads"),
        ("/model/hidden_size", json!(0), "model.hidden_size"),
        ("/model/vocabulary_size", json!(1), "model.vocabulary_size"),
        ("/model/context_length", json!(1), "model.context_length"),
        ("/model/rope_theta", json!(0.0), "model.rope_theta"),
        ("/steps", json!(0), "steps"),
        ("/batch/rows", json!(0), "batch.rows"),
        ("/batch/accumulation_steps", json!(0), "batch.accumulation_steps"),
        ("/optimizer/learning_rate", json!(0.0), "optimizer.learning_rate"),
        ("/optimizer/beta1", json!(1.0), "optimizer.beta1"),
        ("/optimizer/gradient_clip_norm", json!(0.0), "optimizer.gradient_clip_norm"),
        ("/schedule/warmup_steps", json!(100_000), "schedule.warmup_steps"),
        ("/validation/document_share", json!(0.9), "validation.document_share"),
        ("/validation/rows_limit", json!(0), "validation.rows_limit"),
        ("/checkpoint/every_steps", json!(0), "checkpoint.every_steps"),
        ("/samples/prompts", json!([""]), "samples.prompts.0"),
        ("/samples/top_p", json!(0.0), "samples.top_p"),
    ];
    for (pointer, value, field) in cases {
        let problems = with(pretrain(), pointer, value.clone()).validate().unwrap_err();
        assert!(
            problems.0.iter().any(|problem| problem.field == field),
            "{pointer} = {value}: {problems} does not name {field}"
        );
    }
}

#[test]
fn every_field_that_may_be_left_out_is_named_when_it_cannot_work() {
    let spec = serde_json::to_value(JobSpec::Pretrain(pretrain_muon())).unwrap();
    let cases = [
        ("schedule/decay/decay_steps", json!(571)),
        ("muon/learning_rate", json!(0.0)),
        ("muon/learning_rate", json!(1.5)),
        ("muon/momentum", json!(1.0)),
        ("muon/momentum", json!(-0.1)),
        ("muon/weight_decay", json!(-0.1)),
        ("muon/weight_decay", json!(11.0)),
        ("muon/iterations", json!(0)),
        ("muon/iterations", json!(21)),
        ("weight_average/decay", json!(-0.1)),
        ("weight_average/decay", json!(1.0)),
        ("statistics/every_steps", json!(0)),
        ("preflight/steps", json!(0)),
        ("preflight/steps", json!(10_001)),
    ];
    for (field, value) in cases {
        let problems = with(spec.clone(), &format!("/{field}"), value.clone()).validate().unwrap_err();
        let fields: Vec<String> = problems.0.iter().map(|problem| problem.field.replace('.', "/")).collect();
        assert_eq!(fields, [field], "{field} = {value}: {problems}");
    }
    let problems = with(spec, "/schedule/decay/decay_steps", json!(571)).validate().unwrap_err().to_string();
    assert!(problems.contains("a warm-up of 30 and a decay of 571 steps do not fit into 600"), "{problems}");
}

#[test]
fn every_field_of_a_gpt2_that_cannot_work_is_named() {
    let spec = serde_json::to_value(JobSpec::Pretrain(pretrain_gpt2())).unwrap();
    with(spec.clone(), "/model/heads", json!(64)).validate().unwrap();
    let cases = [
        ("vocabulary_size", json!(1), "vocabulary_size"),
        ("context_length", json!(1), "context_length"),
        ("hidden_size", json!(0), "hidden_size"),
        ("layers", json!(0), "layers"),
        ("heads", json!(0), "heads"),
        ("heads", json!(3), "heads"),
        ("heads", json!(128), "heads"),
        ("feed_forward_size", json!(0), "feed_forward_size"),
        ("layer_norm_epsilon", json!(0.0), "layer_norm_epsilon"),
    ];
    for (field, value, named) in cases {
        let problems = with(spec.clone(), &format!("/model/{field}"), value.clone()).validate().unwrap_err();
        let named = format!("model.{named}");
        assert!(problems.0.iter().any(|problem| problem.field == named), "{field} = {value}: {problems}");
    }
    let mut too_many = pretrain_gpt2();
    let ArchitectureSpec::Gpt2(gpt2) = &mut too_many.model else { unreachable!() };
    (gpt2.hidden_size, gpt2.layers) = (1 << 16, 512);
    let problems = JobSpec::Pretrain(too_many).validate().unwrap_err().to_string();
    assert!(problems.contains("20 billion"), "{problems}");
}

#[test]
fn a_field_that_nobody_knows_is_refused() {
    let mut spec = pretrain();
    spec["learning_rat"] = json!(1.0);
    let error = serde_json::from_value::<JobSpec>(spec).unwrap_err().to_string();
    assert!(error.contains("learning_rat"), "{error}");
}

#[test]
fn two_sources_cannot_share_an_input() {
    let source = |input: &str| SourceSpec {
        input: input.to_owned(),
        label: "reviews".to_owned(),
        licence_note: String::new(),
        purpose: Default::default(),
        encoding: Default::default(),
        text_field: None,
    };
    let twice = JobSpec::Import(ImportSpec::new(vec![source("a"), source("a")]));
    assert_eq!(twice.validate().unwrap_err().0[0].field, "sources.1.input");
    let path = JobSpec::Import(ImportSpec::new(vec![source("../etc/passwd")]));
    assert_eq!(path.validate().unwrap_err().0[0].field, "sources.0.input");
    assert_eq!(JobSpec::Import(ImportSpec::new(vec![])).validate().unwrap_err().0[0].field, "sources");
}

/// Counted by hand for 2 layers, width 8, 2 heads of 4, 1 key-value head, feed-forward 16, 10 tokens.
#[test]
fn parameters_are_counted_exactly() {
    let mut spec = Preset::Tiny.pretrain();
    let ArchitectureSpec::Llama(llama) = &mut spec.model else { unreachable!() };
    (llama.vocabulary_size, llama.hidden_size, llama.layers) = (10, 8, 2);
    (llama.heads, llama.key_value_heads, llama.feed_forward_size) = (2, 1, 16);
    let per_layer = 8 * 8 + 4 * 8 + 4 * 8 + 8 * 8 + 3 * 8 * 16 + 2 * 8;
    llama.tied_embeddings = true;
    assert_eq!(llama.parameter_count(), 10 * 8 + 2 * per_layer + 8);
    llama.tied_embeddings = false;
    assert_eq!(llama.parameter_count(), 2 * 10 * 8 + 2 * per_layer + 8);
}

/// Counted by hand for 2 layers, width 8, feed-forward 16, 10 tokens and 6 positions; the last is the
/// number of GPT-2's smallest model.
#[test]
fn parameters_of_a_gpt2_are_counted_exactly() {
    let mut spec = pretrain_gpt2();
    let ArchitectureSpec::Gpt2(gpt2) = &mut spec.model else { unreachable!() };
    (gpt2.vocabulary_size, gpt2.context_length, gpt2.hidden_size) = (10, 6, 8);
    (gpt2.layers, gpt2.heads, gpt2.feed_forward_size) = (2, 2, 16);
    let attention = (8 * 24 + 24) + (8 * 8 + 8);
    let feed_forward = (8 * 16 + 16) + (16 * 8 + 8);
    let norm = 8 + 8;
    let blocks = 2 * (norm + attention + norm + feed_forward) + norm;
    assert_eq!(gpt2.parameter_count(), (10 + 6) * 8 + blocks);
    gpt2.tied_embeddings = false;
    assert_eq!(gpt2.parameter_count(), (10 + 6 + 10) * 8 + blocks);

    gpt2.tied_embeddings = true;
    (gpt2.vocabulary_size, gpt2.context_length, gpt2.hidden_size) = (50_257, 1_024, 768);
    (gpt2.layers, gpt2.heads, gpt2.feed_forward_size) = (12, 12, 3_072);
    assert_eq!(gpt2.parameter_count(), 124_439_808);
}

/// The examples in docs/specs are what the presets say. `UPDATE_SNAPSHOTS=1 cargo test -p shared`
/// rewrites them.
#[test]
fn the_example_specs_are_the_presets() {
    let stories = SourceSpec {
        input: "stories".to_owned(),
        label: "generated Korean stories".to_owned(),
        licence_note: "generated by mitbadak-worker corpus; free to use".to_owned(),
        purpose: Default::default(),
        encoding: Default::default(),
        text_field: None,
    };
    let export = ExportSpec {
        name: "stories-small".to_owned(),
        description: "Continues generated Korean stories.".to_owned(),
        licence: "cc0-1.0".to_owned(),
        gguf: None,
    };
    let import_model =
        ImportModelSpec { name: "SmolLM2-135M-Instruct".to_owned(), licence_note: "Apache-2.0".to_owned() };
    let examples = [
        ("import", JobSpec::Import(ImportSpec::new(vec![stories]))),
        ("curate", JobSpec::Curate(CurateSpec::standard())),
        ("tokenizer", JobSpec::TrainTokenizer(Preset::Tiny.tokenizer())),
        ("pretrain", JobSpec::Pretrain(Preset::Tiny.pretrain())),
        ("pretrain-gpt2", JobSpec::Pretrain(pretrain_gpt2())),
        ("pretrain-muon", JobSpec::Pretrain(pretrain_muon())),
        ("tokenizer-small", JobSpec::TrainTokenizer(Preset::Small.tokenizer())),
        ("pretrain-small", JobSpec::Pretrain(Preset::Small.pretrain())),
        ("export", JobSpec::Export(export.clone())),
        ("export-gguf", JobSpec::Export(ExportSpec { gguf: Some(GgufFormat::Q8_0), ..export })),
        ("import-model", JobSpec::ImportModel(import_model)),
    ];
    for (name, spec) in examples {
        spec.validate().unwrap();
        let path = format!("{}/../docs/specs/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let text = serde_json::to_string_pretty(&spec).unwrap() + "\n";
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == text,
            "{path} is not what the preset says: run UPDATE_SNAPSHOTS=1 cargo test -p shared"
        );
    }
}
