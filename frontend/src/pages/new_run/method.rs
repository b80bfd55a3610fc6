//! How it is trained: what has no number of its own.

use leptos::prelude::*;
use shared::spec::{Activations, Decay, MuonSpec, Precision, PreflightSpec, PretrainSpec, WeightAverageSpec};

use super::form::Form;
use crate::components::{Legend, Radio};
use crate::texts::texts;

/// What a person chose, apart from the numbers that go with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Method {
    pub optimizer: Optimizer,
    pub decay: DecayKind,
    pub average: Use,
    pub activations: Activations,
    pub precision: Precision,
    pub preflight: Use,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Optimizer {
    AdamW,
    Muon,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecayKind {
    Cosine,
    WarmupStableDecay,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    With,
    Without,
}

impl Use {
    fn of<T>(setting: &Option<T>) -> Self {
        if setting.is_some() { Self::With } else { Self::Without }
    }

    /// What was set stays as it was.
    fn put<T>(self, setting: &mut Option<T>, usual: T) {
        match self {
            Self::With => drop(setting.get_or_insert(usual)),
            Self::Without => *setting = None,
        }
    }
}

/// Jordan et al.'s rate; matrices get it scaled by their shape.
const MUON: MuonSpec = MuonSpec { learning_rate: 0.02, momentum: 0.95, weight_decay: 0.01, iterations: 5 };
/// Looks back over about two hundred steps: a course's runs have some hundred to some thousand.
const AVERAGE: WeightAverageSpec = WeightAverageSpec { decay: 0.995 };
/// A model that can learn has learned one batch by heart well before.
const PREFLIGHT: PreflightSpec = PreflightSpec { steps: 400 };

impl Method {
    pub fn of(spec: &PretrainSpec) -> Self {
        Self {
            optimizer: if spec.muon.is_some() { Optimizer::Muon } else { Optimizer::AdamW },
            decay: match spec.schedule.decay {
                Decay::Cosine => DecayKind::Cosine,
                Decay::WarmupStableDecay { .. } => DecayKind::WarmupStableDecay,
            },
            average: Use::of(&spec.weight_average),
            activations: spec.activations,
            precision: spec.precision,
            preflight: Use::of(&spec.preflight),
        }
    }

    /// Numbers that only one of the ways has get their usual value, unless they have one.
    pub fn put(self, spec: &mut PretrainSpec) {
        match self.optimizer {
            Optimizer::AdamW => spec.muon = None,
            Optimizer::Muon => drop(spec.muon.get_or_insert(MUON)),
        }
        match (self.decay, &spec.schedule.decay) {
            (DecayKind::Cosine, _) => spec.schedule.decay = Decay::Cosine,
            (DecayKind::WarmupStableDecay, Decay::WarmupStableDecay { .. }) => {}
            (DecayKind::WarmupStableDecay, Decay::Cosine) => {
                // The last fifth, as Hu et al. found enough.
                let decay_steps = (spec.steps / 5).max(1);
                spec.schedule.decay = Decay::WarmupStableDecay { decay_steps };
            }
        }
        self.average.put(&mut spec.weight_average, AVERAGE);
        self.preflight.put(&mut spec.preflight, PREFLIGHT);
        (spec.activations, spec.precision) = (self.activations, self.precision);
    }
}

#[component]
pub fn Methods(form: Form) -> impl IntoView {
    let texts = &texts().new_run;
    let method = Memo::new(move |_| form.draft.with(|draft| Method::of(&draft.pretrain)));
    // One field of the method, as a choice.
    macro_rules! choose {
        ($name:literal, $legend:ident, $field:ident, [$(($value:expr, $title:ident, $words:ident)),* $(,)?]) => {
            view! {
                <Radio
                    name=$name
                    legend=Legend::Shown(texts.$legend)
                    choices=vec![$(($value, texts.$title, texts.$words)),*]
                    chosen=Signal::derive(move || Some(method.get().$field))
                    on_choose=move |$field| form.choose_method(Method { $field, ..method.get_untracked() })
                />
            }
        };
    }
    view! {
        <div class="methods">
            {choose!("optimizer", optimizer, optimizer, [
                (Optimizer::AdamW, adamw, adamw_words),
                (Optimizer::Muon, muon, muon_words),
            ])}
            {choose!("decay", decay, decay, [
                (DecayKind::Cosine, cosine, cosine_words),
                (DecayKind::WarmupStableDecay, stable, stable_words),
            ])}
            {choose!("precision", precision, precision, [
                (Precision::F32, f32, f32_words),
                (Precision::Bf16, bf16, bf16_words),
            ])}
            {choose!("activations", activations, activations, [
                (Activations::Kept, activations_kept, activations_kept_words),
                (Activations::Recomputed, activations_recomputed, activations_recomputed_words),
            ])}
            {choose!("average", average, average, [
                (Use::Without, average_without, average_without_words),
                (Use::With, average_with, average_with_words),
            ])}
            {choose!("preflight", preflight, preflight, [
                (Use::Without, preflight_without, preflight_without_words),
                (Use::With, preflight_with, preflight_with_words),
            ])}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use shared::spec::JobSpec;
    use shared::spec::presets::Preset;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const EVERYTHING: Method = Method {
        optimizer: Optimizer::Muon,
        decay: DecayKind::WarmupStableDecay,
        average: Use::With,
        activations: Activations::Recomputed,
        precision: Precision::Bf16,
        preflight: Use::With,
    };

    #[wasm_bindgen_test]
    fn what_was_chosen_stands_in_the_spec_and_can_be_taken_back() {
        for preset in [Preset::Tiny, Preset::Small] {
            let plain = preset.pretrain();
            let mut spec = plain.clone();
            EVERYTHING.put(&mut spec);
            assert_eq!(Method::of(&spec), EVERYTHING);
            JobSpec::Pretrain(spec.clone()).validate().unwrap();
            Method::of(&plain).put(&mut spec);
            assert_eq!(spec, plain);
        }
    }

    #[wasm_bindgen_test]
    fn another_choice_leaves_the_numbers_of_the_others() {
        let mut spec = Preset::Tiny.pretrain();
        EVERYTHING.put(&mut spec);
        spec.schedule.decay = Decay::WarmupStableDecay { decay_steps: 7 };
        spec.muon.as_mut().unwrap().learning_rate = 0.5;
        Method { precision: Precision::F32, ..EVERYTHING }.put(&mut spec);
        assert_eq!(spec.schedule.decay, Decay::WarmupStableDecay { decay_steps: 7 });
        assert_eq!(spec.muon.unwrap().learning_rate, 0.5);
    }
}
