//! Every spec that validates trains a step; a spec with one wrong field names that field and no other.

use std::collections::BTreeSet;

use model::architectures::random_weights;
use model::training::packing::{Packing, TokenizedDocuments};
use model::training::schedule::learning_rate;
use model::training::{Trainer, TrainerSettings};
use model::{DType, Device};
use proptest::prelude::*;
use serde_json::Value;
use shared::spec::{
    Activations, AdamWSpec, ArchitectureSpec, BatchSpec, CheckpointSpec, Decay, Gpt2Spec, JobSpec, LlamaSpec,
    MuonSpec, Precision, PreflightSpec, PretrainSpec, RopeScaling, SampleSpec, ScheduleSpec, StatisticsSpec,
    ValidationSpec, WeightAverageSpec,
};

fn any_scaling() -> impl Strategy<Value = Option<RopeScaling>> {
    let llama3 = (1.0..1e6, 1e-3..1e3, 1.01..1e3, 2u32..(1 << 20));
    prop_oneof![
        Just(None),
        (1.0..1e6).prop_map(|factor| Some(RopeScaling::Linear { factor })),
        llama3.prop_map(|(factor, low_freq_factor, ratio, original_context_length)| {
            let high_freq_factor = low_freq_factor * ratio;
            Some(RopeScaling::Llama3 { factor, low_freq_factor, high_freq_factor, original_context_length })
        }),
    ]
}

fn any_llama() -> impl Strategy<Value = ArchitectureSpec> {
    let sizes = (2u32..40, 2u32..20, 1u32..5, 1u32..4, 1u32..3, 1u32..3, 1u32..20);
    (sizes, 1.0..1e12, any_scaling(), 1e-12..1e-1, any::<bool>()).prop_map(
        |(
            (vocabulary_size, context_length, half_head, layers, group, key_value_heads, feed_forward_size),
            rope_theta,
            rope_scaling,
            rms_norm_epsilon,
            tied_embeddings,
        )| {
            ArchitectureSpec::Llama(LlamaSpec {
                vocabulary_size,
                context_length,
                hidden_size: 2 * half_head * group * key_value_heads,
                layers,
                heads: group * key_value_heads,
                key_value_heads,
                feed_forward_size,
                rope_theta,
                rope_scaling,
                rms_norm_epsilon,
                tied_embeddings,
            })
        },
    )
}

fn any_gpt2() -> impl Strategy<Value = ArchitectureSpec> {
    let sizes = (2u32..40, 2u32..20, 2u32..6, 1u32..4, 1u32..5, 1u32..20);
    (sizes, 1e-12..1e-1, any::<bool>()).prop_map(
        |(
            (vocabulary_size, context_length, head_size, layers, heads, feed_forward_size),
            layer_norm_epsilon,
            tied_embeddings,
        )| {
            ArchitectureSpec::Gpt2(Gpt2Spec {
                vocabulary_size,
                context_length,
                hidden_size: head_size * heads,
                layers,
                heads,
                feed_forward_size,
                layer_norm_epsilon,
                tied_embeddings,
            })
        },
    )
}

fn any_architecture() -> impl Strategy<Value = ArchitectureSpec> {
    prop_oneof![any_llama(), any_gpt2()]
}

fn any_optimizer() -> impl Strategy<Value = AdamWSpec> {
    (1e-9..=1.0, 0.0..=0.9999, 0.0..=0.999_999, 1e-15..=1e-2, 0.0..=10.0, 1e-6..=1e6).prop_map(
        |(learning_rate, beta1, beta2, epsilon, weight_decay, gradient_clip_norm)| AdamWSpec {
            learning_rate,
            beta1,
            beta2,
            epsilon,
            weight_decay,
            gradient_clip_norm,
        },
    )
}

fn any_muon() -> impl Strategy<Value = MuonSpec> {
    (1e-9..=1.0, 0.0..=0.9999, 0.0..=10.0, 1u32..=20).prop_map(
        |(learning_rate, momentum, weight_decay, iterations)| MuonSpec {
            learning_rate,
            momentum,
            weight_decay,
            iterations,
        },
    )
}

/// What a spec may leave out, and how often statistics are taken.
type Extras =
    (Option<MuonSpec>, Option<WeightAverageSpec>, Activations, StatisticsSpec, Option<PreflightSpec>);

fn any_extras() -> impl Strategy<Value = Extras> {
    let average = (0.0..=0.999_999).prop_map(|decay| WeightAverageSpec { decay });
    let activations = prop_oneof![Just(Activations::Kept), Just(Activations::Recomputed)];
    let statistics = (1u64..=100_000_000).prop_map(|every_steps| StatisticsSpec { every_steps });
    let preflight = (1u32..=10_000).prop_map(|steps| PreflightSpec { steps });
    (
        prop::option::of(any_muon()),
        prop::option::of(average),
        activations,
        statistics,
        prop::option::of(preflight),
    )
}

/// Steps, and a warm-up and a fall that fit into them.
fn any_course() -> impl Strategy<Value = (u64, u64, Decay)> {
    let steps = 1u64..=100_000_000;
    let warmed_up = steps.prop_flat_map(|steps| (Just(steps), 0..=steps));
    warmed_up.prop_flat_map(|(steps, warmup_steps)| {
        let stable =
            (0..=steps - warmup_steps).prop_map(|decay_steps| Decay::WarmupStableDecay { decay_steps });
        (Just(steps), Just(warmup_steps), prop_oneof![Just(Decay::Cosine), stable])
    })
}

fn any_samples() -> impl Strategy<Value = SampleSpec> {
    let prompts = prop::collection::vec("[가-힣 ]{1,20}", 1..=16);
    (prompts, 1u32..=4096, 0.0..=10.0, 1e-6..=1.0).prop_map(
        |(prompts, maximum_tokens, temperature, top_p)| SampleSpec {
            prompts,
            maximum_tokens,
            temperature,
            top_p,
        },
    )
}

/// Every field drawn from all that it may be; sizes from what a test can hold.
fn any_spec() -> impl Strategy<Value = PretrainSpec> {
    let batch =
        (1u32..4, 1u32..3).prop_map(|(rows, accumulation_steps)| BatchSpec { rows, accumulation_steps });
    let validation = (0.0..=0.5, 1u64..=100_000_000, 1u32..=1_000_000).prop_map(
        |(document_share, every_steps, rows_limit)| ValidationSpec {
            document_share,
            every_steps,
            rows_limit,
        },
    );
    let precision = prop_oneof![Just(Precision::F32), Just(Precision::Bf16)];
    let rest = (0.0..=1.0, 1u64..=100_000_000, precision, any::<u64>(), any_extras());
    (any_architecture(), batch, any_optimizer(), any_course(), validation, any_samples(), rest).prop_map(
        |(
            model,
            batch,
            optimizer,
            (steps, warmup_steps, decay),
            validation,
            samples,
            (final_learning_rate_ratio, every_steps, precision, seed, extras),
        )| PretrainSpec {
            model,
            steps,
            batch,
            optimizer,
            schedule: ScheduleSpec { warmup_steps, final_learning_rate_ratio, decay },
            validation,
            checkpoint: CheckpointSpec { every_steps },
            samples,
            precision,
            muon: extras.0,
            weight_average: extras.1,
            activations: extras.2,
            statistics: extras.3,
            preflight: extras.4,
            seed,
        },
    )
}

/// In which way a value is wrong.
#[derive(Debug, Clone, Copy)]
enum Wrong {
    Low,
    High,
    NotANumber,
}

impl Wrong {
    const ALL: [Self; 3] = [Self::Low, Self::High, Self::NotANumber];

    fn real(self, low: f64, high: f64) -> f64 {
        match self {
            Self::Low => low,
            Self::High => high,
            Self::NotANumber => f64::NAN,
        }
    }

    fn whole<T>(self, low: T, high: T) -> T {
        match self {
            Self::High => high,
            Self::Low | Self::NotANumber => low,
        }
    }
}

fn llama3(
    factor: f64,
    low_freq_factor: f64,
    high_freq_factor: f64,
    original_context_length: u32,
) -> RopeScaling {
    RopeScaling::Llama3 { factor, low_freq_factor, high_freq_factor, original_context_length }
}

fn llama(spec: &mut PretrainSpec) -> &mut LlamaSpec {
    match &mut spec.model {
        ArchitectureSpec::Llama(llama) => llama,
        other => panic!("a llama was asked for: {other:?}"),
    }
}

fn gpt2(spec: &mut PretrainSpec) -> &mut Gpt2Spec {
    match &mut spec.model {
        ArchitectureSpec::Gpt2(gpt2) => gpt2,
        other => panic!("a gpt2 was asked for: {other:?}"),
    }
}

/// A field by the name that its problem must carry, and how it is broken.
type Break = (&'static str, fn(&mut PretrainSpec, Wrong));

const LLAMA: [Break; 14] = [
    ("model.vocabulary_size", |spec, wrong| llama(spec).vocabulary_size = wrong.whole(1, (1 << 20) + 1)),
    ("model.context_length", |spec, wrong| llama(spec).context_length = wrong.whole(1, (1 << 20) + 1)),
    ("model.hidden_size", |spec, wrong| {
        let even = 2 * llama(spec).heads;
        llama(spec).hidden_size = wrong.whole(1, even * ((1 << 16) / even + 1));
    }),
    ("model.layers", |spec, wrong| llama(spec).layers = wrong.whole(0, 513)),
    ("model.heads", |spec, wrong| {
        let (hidden, shared) = (llama(spec).hidden_size, llama(spec).key_value_heads);
        // None, or more than split evenly.
        llama(spec).heads = wrong.whole(0, shared * (hidden + 1));
    }),
    ("model.key_value_heads", |spec, wrong| {
        llama(spec).key_value_heads = wrong.whole(0, llama(spec).heads + 1);
    }),
    ("model.feed_forward_size", |spec, wrong| llama(spec).feed_forward_size = wrong.whole(0, (1 << 20) + 1)),
    ("model.rope_theta", |spec, wrong| llama(spec).rope_theta = wrong.real(0.5, 2e12)),
    ("model.rope_scaling.factor", |spec, wrong| {
        llama(spec).rope_scaling = Some(RopeScaling::Linear { factor: wrong.real(0.5, 2e6) });
    }),
    ("model.rope_scaling.factor", |spec, wrong| {
        llama(spec).rope_scaling = Some(llama3(wrong.real(0.5, 2e6), 1.0, 4.0, 8192));
    }),
    ("model.rope_scaling.low_freq_factor", |spec, wrong| {
        llama(spec).rope_scaling = Some(llama3(8.0, wrong.real(0.0, 2e6), 4.0, 8192));
    }),
    ("model.rope_scaling.high_freq_factor", |spec, wrong| {
        llama(spec).rope_scaling = Some(llama3(8.0, 1.0, wrong.real(1.0, 2e6), 8192));
    }),
    ("model.rope_scaling.original_context_length", |spec, wrong| {
        llama(spec).rope_scaling = Some(llama3(8.0, 1.0, 4.0, wrong.whole(1, (1 << 20) + 1)));
    }),
    ("model.rms_norm_epsilon", |spec, wrong| llama(spec).rms_norm_epsilon = wrong.real(0.0, 0.2)),
];

const GPT2: [Break; 7] = [
    ("model.vocabulary_size", |spec, wrong| gpt2(spec).vocabulary_size = wrong.whole(1, (1 << 20) + 1)),
    ("model.context_length", |spec, wrong| gpt2(spec).context_length = wrong.whole(1, (1 << 20) + 1)),
    ("model.hidden_size", |spec, wrong| {
        let heads = gpt2(spec).heads;
        gpt2(spec).hidden_size = wrong.whole(1, heads * ((1 << 16) / heads + 1));
    }),
    ("model.layers", |spec, wrong| gpt2(spec).layers = wrong.whole(0, 513)),
    ("model.heads", |spec, wrong| gpt2(spec).heads = wrong.whole(0, gpt2(spec).hidden_size + 1)),
    ("model.feed_forward_size", |spec, wrong| gpt2(spec).feed_forward_size = wrong.whole(0, (1 << 20) + 1)),
    ("model.layer_norm_epsilon", |spec, wrong| gpt2(spec).layer_norm_epsilon = wrong.real(0.0, 0.2)),
];

fn muon(spec: &mut PretrainSpec) -> &mut MuonSpec {
    match &mut spec.muon {
        Some(muon) => muon,
        None => panic!("a spec with muon was asked for"),
    }
}

const MUON: [Break; 5] = [
    ("muon.learning_rate", |spec, wrong| muon(spec).learning_rate = wrong.real(0.0, 1.5)),
    ("muon.learning_rate", |spec, wrong| muon(spec).learning_rate = wrong.real(-1e-3, f64::INFINITY)),
    ("muon.momentum", |spec, wrong| muon(spec).momentum = wrong.real(-0.1, 1.0)),
    ("muon.weight_decay", |spec, wrong| muon(spec).weight_decay = wrong.real(-0.1, 11.0)),
    ("muon.iterations", |spec, wrong| muon(spec).iterations = wrong.whole(0, 21)),
];

const AVERAGE: [Break; 1] = [("weight_average.decay", |spec, wrong| {
    spec.weight_average = Some(WeightAverageSpec { decay: wrong.real(-0.1, 1.0) });
})];

const PREFLIGHT: [Break; 1] = [("preflight.steps", |spec, wrong| {
    spec.preflight = Some(PreflightSpec { steps: wrong.whole(0, 10_001) });
})];

const STABLE: [Break; 1] = [("schedule.decay.decay_steps", |spec, wrong| {
    let room = spec.steps - spec.schedule.warmup_steps;
    spec.schedule.decay = Decay::WarmupStableDecay { decay_steps: wrong.whole(room + 1, u64::MAX) };
})];

/// What is the same for every architecture.
const TRAINING: [Break; 23] = [
    ("steps", |spec, wrong| spec.steps = wrong.whole(0, 100_000_001)),
    ("batch.rows", |spec, wrong| spec.batch.rows = wrong.whole(0, 65_537)),
    ("batch.accumulation_steps", |spec, wrong| spec.batch.accumulation_steps = wrong.whole(0, 65_537)),
    ("optimizer.learning_rate", |spec, wrong| spec.optimizer.learning_rate = wrong.real(0.0, 1.5)),
    ("optimizer.beta1", |spec, wrong| spec.optimizer.beta1 = wrong.real(-0.1, 1.0)),
    ("optimizer.beta2", |spec, wrong| spec.optimizer.beta2 = wrong.real(-0.1, 1.0)),
    ("optimizer.epsilon", |spec, wrong| spec.optimizer.epsilon = wrong.real(0.0, 0.1)),
    ("optimizer.weight_decay", |spec, wrong| spec.optimizer.weight_decay = wrong.real(-0.1, 11.0)),
    ("optimizer.gradient_clip_norm", |spec, wrong| spec.optimizer.gradient_clip_norm = wrong.real(0.0, 1e7)),
    ("schedule.warmup_steps", |spec, _| spec.schedule.warmup_steps = spec.steps + 1),
    ("schedule.final_learning_rate_ratio", |spec, wrong| {
        spec.schedule.final_learning_rate_ratio = wrong.real(-0.1, 1.1);
    }),
    ("validation.document_share", |spec, wrong| spec.validation.document_share = wrong.real(-0.1, 0.6)),
    ("validation.every_steps", |spec, wrong| spec.validation.every_steps = wrong.whole(0, 100_000_001)),
    ("validation.rows_limit", |spec, wrong| spec.validation.rows_limit = wrong.whole(0, 1_000_001)),
    ("checkpoint.every_steps", |spec, wrong| spec.checkpoint.every_steps = wrong.whole(0, 100_000_001)),
    ("statistics.every_steps", |spec, wrong| spec.statistics.every_steps = wrong.whole(0, 100_000_001)),
    ("samples.prompts", |spec, _| spec.samples.prompts = vec!["옛날에".to_owned(); 17]),
    ("samples.prompts.0", |spec, wrong| {
        spec.samples.prompts[0] = wrong.whole(String::new(), "a".repeat(4097))
    }),
    ("samples.maximum_tokens", |spec, wrong| spec.samples.maximum_tokens = wrong.whole(0, 4097)),
    ("samples.temperature", |spec, wrong| spec.samples.temperature = wrong.real(-0.1, 11.0)),
    ("samples.top_p", |spec, wrong| spec.samples.top_p = wrong.real(0.0, 1.1)),
    ("samples.top_p", |spec, wrong| spec.samples.top_p = wrong.real(-1.0, f64::INFINITY)),
    ("optimizer.learning_rate", |spec, wrong| {
        spec.optimizer.learning_rate = wrong.real(-1e-3, f64::INFINITY)
    }),
];

/// Of what the spec holds.
fn breaks(spec: &PretrainSpec) -> Vec<Break> {
    let of_model: &[Break] = match spec.model {
        ArchitectureSpec::Llama(_) => &LLAMA,
        ArchitectureSpec::Gpt2(_) => &GPT2,
    };
    let parts: [(bool, &[Break]); 6] = [
        (true, of_model),
        (true, &TRAINING),
        (spec.muon.is_some(), &MUON),
        (spec.weight_average.is_some(), &AVERAGE),
        (spec.preflight.is_some(), &PREFLIGHT),
        (spec.schedule.decay != Decay::Cosine, &STABLE),
    ];
    parts.iter().filter(|(is_there, _)| *is_there).flat_map(|(_, part)| part.iter().copied()).collect()
}

/// The dotted paths of everything in a spec that is a number or a text.
fn leaves(path: &str, value: &Value, found: &mut BTreeSet<String>) {
    let at = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| leaves(&at(name), value, found)),
        Value::Array(items) => {
            found.insert(path.to_owned());
            items.iter().enumerate().for_each(|(index, item)| leaves(&at(&index.to_string()), item, found));
        }
        Value::Number(_) | Value::String(_) => {
            found.insert(path.to_owned());
        }
        Value::Bool(_) | Value::Null => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..Default::default() })]

    #[test]
    fn every_field_of_a_spec_is_broken_by_this_file(mut spec in any_spec()) {
        spec.samples.prompts.truncate(1);
        if let ArchitectureSpec::Llama(llama) = &mut spec.model {
            llama.rope_scaling = Some(llama3(8.0, 1.0, 4.0, 8192));
        }
        let mut fields = BTreeSet::new();
        leaves("", &serde_json::to_value(&spec)?, &mut fields);
        // Another type of scaling has other fields.
        fields.remove("model.rope_scaling.rope_type");
        // Any seed works; another architecture or precision is no spec at all.
        let kinds = ["seed", "precision", "activations", "model.architecture", "schedule.decay.kind"];
        fields.retain(|field| !kinds.contains(&field.as_str()));
        let broken: BTreeSet<String> = breaks(&spec).into_iter().map(|(field, _)| field.to_owned()).collect();
        prop_assert_eq!(fields, broken);
    }

    #[test]
    fn a_spec_with_one_wrong_field_names_that_field(spec in any_spec()) {
        for (field, damage) in breaks(&spec) {
            for wrong in Wrong::ALL {
                let mut broken = spec.clone();
                damage(&mut broken, wrong);
                let named: BTreeSet<String> = match JobSpec::Pretrain(broken).validate() {
                    Ok(()) => BTreeSet::new(),
                    Err(problems) => problems.0.into_iter().map(|problem| problem.field).collect(),
                };
                prop_assert_eq!(named, BTreeSet::from([field.to_owned()]), "{:?}", wrong);
            }
        }
    }

    #[test]
    fn a_spec_that_validates_trains_a_step(spec in any_spec()) {
        prop_assert_eq!(JobSpec::Pretrain(spec.clone()).validate(), Ok(()));
        let vocabulary = spec.model.vocabulary_size();
        let mut documents = TokenizedDocuments::default();
        for length in [1, 9, 40] {
            documents.push(&(0..length).map(|token| token % vocabulary).collect::<Vec<u32>>());
        }
        let context_length = spec.model.context_length() as usize;
        let mut packing = Packing::new(&documents, context_length, 0, spec.seed)?;
        let weights = random_weights(&spec.model, spec.seed, DType::F32, &Device::Cpu)?;
        let settings = TrainerSettings {
            forms: spec.precision.into(),
            muon: spec.muon.clone(),
            weight_average: spec.weight_average.clone(),
            ..TrainerSettings::default()
        };
        let mut trainer = Trainer::with_settings(&spec.model, &weights, settings, &Device::Cpu)?;
        let rows = u64::from(spec.batch.rows);
        let passes: Vec<_> = (0..u64::from(spec.batch.accumulation_steps))
            .map(|pass| packing.rows(pass * rows, rows))
            .collect();
        let rate = learning_rate(&spec.schedule, spec.optimizer.learning_rate, 1, spec.steps);
        let outcome = trainer.train_step(&passes, &spec.optimizer, rate)?;
        prop_assert!(outcome.loss.is_finite() && outcome.gradient_norm.is_finite(), "{outcome:?}");
        let parameters: usize = trainer.weights().values().map(|weight| weight.elem_count()).sum();
        prop_assert_eq!(parameters as u64, spec.model.parameter_count());
        let finite = |weight: &model::Tensor| -> model::Result<bool> {
            Ok(weight.abs()?.max_all()?.to_scalar::<f32>()?.is_finite())
        };
        for (name, weight) in trainer.weights().into_iter().chain(trainer.evaluated_weights()) {
            prop_assert!(finite(&weight)?, "{} is not finite after the step", name);
        }
    }
}
