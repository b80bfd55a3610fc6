//! A spec either names the field that cannot work or trains a step.

use model::Device;
use model::training::Trainer;
use model::training::packing::{Packing, TokenizedDocuments};
use model::training::schedule::learning_rate;
use proptest::prelude::*;
use shared::spec::presets::Preset;
use shared::spec::{ArchitectureSpec, JobSpec, LlamaSpec, PretrainSpec};

/// Small shapes, the impossible ones among them.
fn any_architecture() -> impl Strategy<Value = LlamaSpec> {
    let sizes = (0u32..40, 0u32..20, 0u32..26, 0u32..4, 0u32..5, 0u32..5, 0u32..20);
    let rest = (prop_oneof![Just(0.0), 1.0..1e6], prop_oneof![Just(0.0), 1e-9..1e-2], any::<bool>());
    (sizes, rest).prop_map(
        |(
            (vocabulary_size, context_length, hidden_size, layers, heads, key_value_heads, feed_forward_size),
            (rope_theta, rms_norm_epsilon, tied_embeddings),
        )| LlamaSpec {
            vocabulary_size,
            context_length,
            hidden_size,
            layers,
            heads,
            key_value_heads,
            feed_forward_size,
            rope_theta,
            rms_norm_epsilon,
            tied_embeddings,
        },
    )
}

fn any_spec() -> impl Strategy<Value = PretrainSpec> {
    // Most draws of a shape are impossible; half of them are repaired so that both sides are met.
    let architecture = (any_architecture(), any::<bool>()).prop_map(|(mut llama, repair)| {
        if repair {
            llama.key_value_heads = llama.key_value_heads.clamp(1, 2);
            llama.heads = llama.key_value_heads * llama.heads.clamp(1, 2);
            llama.hidden_size = llama.heads * 2 * llama.hidden_size.clamp(1, 4);
            llama.vocabulary_size = llama.vocabulary_size.max(2);
            llama.context_length = llama.context_length.max(2);
            llama.layers = llama.layers.max(1);
            llama.feed_forward_size = llama.feed_forward_size.max(1);
            llama.rope_theta = llama.rope_theta.max(1.0);
            llama.rms_norm_epsilon = llama.rms_norm_epsilon.max(1e-9);
        }
        llama
    });
    let training = (0u32..4, 0u32..3, prop_oneof![Just(0.0), 1e-6..1e-2], 0u64..4, 1u64..4, any::<u64>());
    (architecture, training).prop_map(
        |(llama, (rows, accumulation_steps, rate, warmup_steps, steps, seed))| {
            let mut spec = Preset::Tiny.pretrain();
            spec.model = ArchitectureSpec::Llama(llama);
            (spec.batch.rows, spec.batch.accumulation_steps) = (rows, accumulation_steps);
            (spec.steps, spec.schedule.warmup_steps, spec.seed) = (steps, warmup_steps, seed);
            spec.optimizer.learning_rate = rate;
            spec
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_spec_names_its_wrong_field_or_trains_a_step(spec in any_spec()) {
        if let Err(problems) = JobSpec::Pretrain(spec.clone()).validate() {
            let known = ["model.", "steps", "batch.", "optimizer.", "schedule."];
            for problem in problems.0 {
                prop_assert!(known.iter().any(|part| problem.field.starts_with(part)), "{problem:?}");
            }
            return Ok(());
        }
        let vocabulary = spec.model.vocabulary_size();
        let mut documents = TokenizedDocuments::default();
        for length in [1, 9, 40] {
            documents.push(&(0..length).map(|token| token % vocabulary).collect::<Vec<u32>>());
        }
        let context_length = spec.model.context_length() as usize;
        let mut packing = Packing::new(&documents, context_length, 0, spec.seed)?;
        let mut trainer = Trainer::new(&spec.model, spec.seed, &Device::Cpu)?;
        let rows = u64::from(spec.batch.rows);
        let passes: Vec<_> = (0..u64::from(spec.batch.accumulation_steps))
            .map(|pass| packing.rows(pass * rows, rows))
            .collect();
        let rate = learning_rate(&spec.schedule, spec.optimizer.learning_rate, 1, spec.steps);
        let outcome = trainer.train_step(&passes, &spec.optimizer, rate)?;
        prop_assert!(outcome.loss.is_finite() && outcome.gradient_norm.is_finite(), "{outcome:?}");
        let parameters: usize = trainer.weights().values().map(|weight| weight.elem_count()).sum();
        prop_assert_eq!(parameters as u64, spec.model.parameter_count());
    }
}
