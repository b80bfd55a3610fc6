//! What the form's parts share: what is chosen, what was fitted to it, and what is wrong with it.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::artifacts::Artifact;
use shared::ids::CohortId;
use shared::spec::depth::Size;
use shared::spec::presets::Preset;
use shared::spec::whole_path::{self, Change, Fit, Reading, TooLittleText};
use shared::spec::{
    ArchitectureKind, ExportSpec, JobSpec, PretrainSpec, Problem, Problems, TrainTokenizerSpec,
};

use super::kept::Kept;
use super::method::Method;
use super::numbers;
use crate::kept::keep;

/// What will be trained, as the form stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    pub tokenizer: TrainTokenizerSpec,
    pub pretrain: PretrainSpec,
}

impl Draft {
    pub fn of(size: Size) -> Self {
        Self { tokenizer: size.tokenizer(), pretrain: size.pretrain() }
    }

    /// Of both specs; the tokenizer's fields carry its name in front.
    fn problems(&self) -> Problems {
        let mut problems = Problems::default();
        if let Err(found) = JobSpec::TrainTokenizer(self.tokenizer.clone()).validate() {
            problems.nest("tokenizer", found);
        }
        if let Err(found) = JobSpec::Pretrain(self.pretrain.clone()).validate() {
            problems.0.extend(found.0);
        }
        problems
    }
}

/// Of the licence, which goes into the exported model.
fn licence_problems(licence_note: &str) -> Problems {
    let spec = JobSpec::Export(ExportSpec {
        name: "model".to_owned(),
        description: String::new(),
        licence: licence_note.to_owned(),
        gguf: None,
    });
    let mut problems = Problems::default();
    if let Err(found) = spec.validate() {
        problems.nest("export", found);
    }
    problems
}

/// Numbers as a person typed them, by their field.
pub type Typed = BTreeMap<String, String>;

#[derive(Clone, Copy)]
pub struct Form {
    pub cohort: RwSignal<CohortId>,
    pub sources: RwSignal<Vec<Artifact>>,
    pub reading: RwSignal<Reading>,
    pub licence_note: RwSignal<String>,
    /// None while the numbers are those of an earlier run.
    pub size: RwSignal<Option<Size>>,
    pub draft: RwSignal<Draft>,
    /// They outlast another choice of texts, not another size.
    pub typed: RwSignal<Typed>,
    pub fitted: RwSignal<Result<Vec<Change>, TooLittleText>>,
    pub problems: Memo<Problems>,
    /// What the server found, until the form changes.
    pub refused: RwSignal<Vec<Problem>>,
    /// Its name in the browser's store.
    pub name: StoredValue<String>,
}

impl Form {
    /// It is kept under `name` from the first change on.
    pub fn new(name: String, start: Kept) -> Self {
        let reading = Reading { encoding: start.encoding, text_field: start.text_field };
        let draft = RwSignal::new(start.draft);
        let licence_note = RwSignal::new(start.licence_note);
        let problems = Memo::new(move |_| {
            let mut problems = draft.with(Draft::problems);
            problems.0.extend(licence_note.with(|note| licence_problems(note)).0);
            problems
        });
        let form = Self {
            cohort: RwSignal::new(start.cohort),
            sources: RwSignal::new(start.sources),
            reading: RwSignal::new(reading),
            licence_note,
            size: RwSignal::new(start.size),
            draft,
            typed: RwSignal::new(start.typed),
            fitted: RwSignal::new(Ok(Vec::new())),
            problems,
            refused: RwSignal::new(Vec::new()),
            name: StoredValue::new(name),
        };
        form.fit_to_texts();
        form.keep();
        Effect::new(move || {
            form.draft.track();
            form.licence_note.track();
            form.reading.track();
            form.sources.track();
            form.refused.set(Vec::new());
        });
        form
    }

    /// The same size in another architecture; what was typed stays.
    pub fn choose_architecture(self, kind: ArchitectureKind) {
        self.draft.update(|draft| {
            draft.pretrain.model = draft.pretrain.model.clone().in_kind(kind);
            self.typed.with_untracked(|typed| numbers::put_all(draft, typed));
        });
    }

    /// The same model, trained otherwise; what was typed stays.
    pub fn choose_method(self, method: Method) {
        self.draft.update(|draft| {
            method.put(&mut draft.pretrain);
            self.typed.with_untracked(|typed| numbers::put_all(draft, typed));
        });
    }

    pub fn architecture(self) -> ArchitectureKind {
        self.draft.with(|draft| draft.pretrain.model.kind())
    }

    /// Another size or other texts: the numbers are fitted anew.
    fn fit_to_texts(self) {
        Effect::new(move || {
            let known = self
                .sources
                .with(|sources| (!sources.is_empty()).then(|| sources.iter().map(text_bytes).sum()));
            let typed = self.typed.get_untracked();
            let chosen = self.draft.with_untracked(|draft| Chosen::of(&draft.pretrain));
            match fitted(self.size.get(), known, chosen, &typed) {
                Ok(Fitted { draft, changes }) => {
                    if let Some(draft) = draft {
                        self.draft.set(draft);
                    }
                    self.fitted.set(Ok(changes));
                }
                Err(too_little) => self.fitted.set(Err(too_little)),
            }
        });
    }

    /// Whatever is changed is there again after a reload.
    fn keep(self) {
        Effect::new(move |before: Option<Kept>| {
            let now = Kept {
                cohort: self.cohort.get(),
                sources: self.sources.get(),
                encoding: self.reading.with(|reading| reading.encoding),
                text_field: self.reading.with(|reading| reading.text_field.clone()),
                licence_note: self.licence_note.get(),
                size: self.size.get(),
                draft: self.draft.get(),
                typed: self.typed.get(),
            };
            if before.is_some_and(|before| before != now) {
                self.name.with_value(|name| keep(name, &now));
            }
            now
        });
    }

    /// The first thing that is wrong with a field, here or by the server.
    pub fn problem_of(self, is_field: impl Fn(&str) -> bool) -> Option<Problem> {
        let find = |problems: &[Problem]| problems.iter().find(|problem| is_field(&problem.field)).cloned();
        self.problems
            .with(|problems| find(&problems.0))
            .or_else(|| self.refused.with(|refused| find(refused)))
    }
}

/// What outlasts another size and other texts.
#[derive(Debug, Clone, Copy)]
struct Chosen {
    architecture: ArchitectureKind,
    method: Method,
}

impl Chosen {
    fn of(spec: &PretrainSpec) -> Self {
        Self { architecture: spec.model.kind(), method: Method::of(spec) }
    }
}

#[derive(Debug, PartialEq)]
struct Fitted {
    /// None where the numbers stay as they are.
    draft: Option<Draft>,
    changes: Vec<Change>,
}

/// The size's numbers for so much text, and over them what a person typed.
fn fitted(
    size: Option<Size>,
    text_bytes: Option<u64>,
    chosen: Chosen,
    typed: &Typed,
) -> Result<Fitted, TooLittleText> {
    let Some(size) = size else {
        // The numbers are an earlier run's; only whether there is text enough is asked.
        whole_path::fit(Preset::Tiny, text_bytes, None)?;
        return Ok(Fitted { draft: None, changes: Vec::new() });
    };
    let fit = match text_bytes {
        Some(_) => whole_path::fit(size, text_bytes, None)?,
        // Fitted to nothing until there is text.
        None => Fit { tokenizer: size.tokenizer(), pretrain: size.pretrain(), changes: Vec::new() },
    };
    let mut draft = Draft { tokenizer: fit.tokenizer, pretrain: fit.pretrain };
    draft.pretrain.model = draft.pretrain.model.in_kind(chosen.architecture);
    chosen.method.put(&mut draft.pretrain);
    numbers::put_all(&mut draft, typed);
    let is_in_force = |change: &Change| match change {
        Change::Vocabulary { .. } => !typed.contains_key("tokenizer.vocabulary_size"),
        Change::Steps { .. } => !typed.contains_key("steps"),
        Change::HeldOut { .. } => true,
    };
    Ok(Fitted { draft: Some(draft), changes: fit.changes.into_iter().filter(is_in_force).collect() })
}

/// What compressed text unpacks to, about.
const COMPRESSION: u64 = 4;

fn text_bytes(source: &Artifact) -> u64 {
    let bytes = source.files.iter().map(|file| {
        let packed = [".gz", ".zst"].iter().any(|ending| file.name.as_str().ends_with(ending));
        if packed { file.size_bytes.saturating_mul(COMPRESSION) } else { file.size_bytes }
    });
    bytes.sum()
}

#[cfg(test)]
mod tests {
    use shared::spec::{ArchitectureSpec, Decay};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::super::method::DecayKind;
    use super::*;

    const LITTLE_TEXT: Option<u64> = Some(60_000);
    const TINY: Option<Size> = Some(Size::Preset(Preset::Tiny));

    fn plain(architecture: ArchitectureKind) -> Chosen {
        Chosen { architecture, method: Method::of(&Preset::Tiny.pretrain()) }
    }

    #[wasm_bindgen_test]
    fn what_was_typed_outlasts_another_choice_of_texts() {
        let untouched = fitted(TINY, LITTLE_TEXT, plain(ArchitectureKind::Llama), &Typed::new()).unwrap();
        assert!(untouched.changes.iter().any(|change| matches!(change, Change::Steps { .. })));
        let typed = Typed::from([("steps".to_owned(), "77".to_owned()), ("seed".to_owned(), "5".to_owned())]);
        let fit = fitted(TINY, LITTLE_TEXT, plain(ArchitectureKind::Llama), &typed).unwrap();
        let draft = fit.draft.unwrap();
        assert_eq!((draft.pretrain.steps, draft.pretrain.seed), (77, 5));
        assert_eq!(draft.tokenizer, untouched.draft.unwrap().tokenizer);
        assert!(!fit.changes.iter().any(|change| matches!(change, Change::Steps { .. })));
    }

    #[wasm_bindgen_test]
    fn the_architecture_outlasts_another_choice_of_texts() {
        let typed = Typed::from([("model.layers".to_owned(), "3".to_owned())]);
        let fit = fitted(TINY, LITTLE_TEXT, plain(ArchitectureKind::Gpt2), &typed).unwrap();
        let ArchitectureSpec::Gpt2(gpt2) = fit.draft.unwrap().pretrain.model else { panic!("a GPT-2") };
        assert_eq!((gpt2.layers, gpt2.feed_forward_size), (3, 4 * gpt2.hidden_size));
    }

    #[wasm_bindgen_test]
    fn the_way_of_training_outlasts_another_choice_of_texts_with_its_numbers_fitted_anew() {
        let mut spec = Preset::Tiny.pretrain();
        Method { decay: DecayKind::WarmupStableDecay, ..Method::of(&spec) }.put(&mut spec);
        let fit = fitted(TINY, LITTLE_TEXT, Chosen::of(&spec), &Typed::new()).unwrap();
        let pretrain = fit.draft.unwrap().pretrain;
        assert!(pretrain.steps < spec.steps);
        let decay_steps = pretrain.steps / 5;
        assert_eq!(pretrain.schedule.decay, Decay::WarmupStableDecay { decay_steps });
        let typed = Typed::from([("schedule.decay.decay_steps".to_owned(), "3".to_owned())]);
        let fit = fitted(TINY, LITTLE_TEXT, Chosen::of(&spec), &typed).unwrap();
        assert_eq!(fit.draft.unwrap().pretrain.schedule.decay, Decay::WarmupStableDecay { decay_steps: 3 });
    }

    #[wasm_bindgen_test]
    fn a_depth_is_fitted_to_the_texts_and_to_nothing_before_there_are_any() {
        let (depth, chosen) = (Some(Size::Depth(5)), plain(ArchitectureKind::Llama));
        let whole = fitted(depth, None, chosen, &Typed::new()).unwrap();
        assert_eq!(whole.draft, Some(Draft::of(Size::Depth(5))));
        let short = fitted(depth, LITTLE_TEXT, chosen, &Typed::new()).unwrap();
        assert!(short.draft.unwrap().pretrain.steps < Size::Depth(5).pretrain().steps);
        assert!(!short.changes.is_empty());
    }

    #[wasm_bindgen_test]
    fn the_numbers_of_an_earlier_run_stay_whatever_texts_it_gets() {
        let fit = fitted(None, LITTLE_TEXT, plain(ArchitectureKind::Llama), &Typed::new()).unwrap();
        assert_eq!(fit, Fitted { draft: None, changes: Vec::new() });
        assert!(fitted(None, Some(10), plain(ArchitectureKind::Llama), &Typed::new()).is_err());
    }

    #[wasm_bindgen_test]
    fn a_licence_that_no_model_can_carry_is_said_before_it_is_sent() {
        assert!(licence_problems("CC BY 4.0").0.is_empty());
        let problems = licence_problems(&"가".repeat(40));
        assert_eq!(problems.0[0].field, "export.licence");
    }
}
