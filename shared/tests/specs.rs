//! A spec says which field cannot work.

#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};
use shared::spec::presets::Preset;
use shared::spec::{ArchitectureSpec, CurateSpec, ImportSpec, JobSpec, SourceSpec};

fn pretrain() -> Value {
    serde_json::to_value(JobSpec::Pretrain(Preset::Tiny.pretrain())).unwrap()
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
    let ArchitectureSpec::Llama(llama) = &mut spec.model;
    (llama.vocabulary_size, llama.hidden_size, llama.layers) = (10, 8, 2);
    (llama.heads, llama.key_value_heads, llama.feed_forward_size) = (2, 1, 16);
    let per_layer = 8 * 8 + 4 * 8 + 4 * 8 + 8 * 8 + 3 * 8 * 16 + 2 * 8;
    llama.tied_embeddings = true;
    assert_eq!(llama.parameter_count(), 10 * 8 + 2 * per_layer + 8);
    llama.tied_embeddings = false;
    assert_eq!(llama.parameter_count(), 2 * 10 * 8 + 2 * per_layer + 8);
}
