//! What the form's parts share: what is chosen, what was fitted to it, and what is wrong with it.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::artifacts::Artifact;
use shared::ids::CohortId;
use shared::spec::presets::Preset;
use shared::spec::whole_path::{self, Change, Reading, TooLittleText};
use shared::spec::{
    ArchitectureKind, ExportSpec, JobSpec, PretrainSpec, Problem, Problems, TrainTokenizerSpec,
};

use super::kept::Kept;
use super::numbers;
use crate::kept::keep;

/// What will be trained, as the form stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    pub tokenizer: TrainTokenizerSpec,
    pub pretrain: PretrainSpec,
}

impl Draft {
    pub fn of(preset: Preset) -> Self {
        Self { tokenizer: preset.tokenizer(), pretrain: preset.pretrain() }
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
    pub preset: RwSignal<Option<Preset>>,
    pub draft: RwSignal<Draft>,
    /// They outlast another choice of texts, not another preset.
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
            preset: RwSignal::new(start.preset),
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

    pub fn architecture(self) -> ArchitectureKind {
        self.draft.with(|draft| draft.pretrain.model.kind())
    }

    /// Another preset or other texts: the numbers are fitted anew.
    fn fit_to_texts(self) {
        Effect::new(move || {
            let known = self
                .sources
                .with(|sources| (!sources.is_empty()).then(|| sources.iter().map(text_bytes).sum()));
            let typed = self.typed.get_untracked();
            let kind = untrack(|| self.architecture());
            match fitted(self.preset.get(), known, kind, &typed) {
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
                preset: self.preset.get(),
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

#[derive(Debug, PartialEq)]
struct Fitted {
    /// None where the numbers stay as they are.
    draft: Option<Draft>,
    changes: Vec<Change>,
}

/// The preset's numbers for so much text, and over them what a person typed.
fn fitted(
    preset: Option<Preset>,
    text_bytes: Option<u64>,
    kind: ArchitectureKind,
    typed: &Typed,
) -> Result<Fitted, TooLittleText> {
    let Some(preset) = preset else {
        // The numbers are an earlier run's; only whether there is text enough is asked.
        whole_path::fit(Preset::Tiny, text_bytes, None)?;
        return Ok(Fitted { draft: None, changes: Vec::new() });
    };
    let fit = whole_path::fit(preset, text_bytes, None)?;
    let mut draft = Draft { tokenizer: fit.tokenizer, pretrain: fit.pretrain };
    draft.pretrain.model = draft.pretrain.model.in_kind(kind);
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
    use shared::spec::ArchitectureSpec;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const LITTLE_TEXT: Option<u64> = Some(60_000);

    #[wasm_bindgen_test]
    fn what_was_typed_outlasts_another_choice_of_texts() {
        let plain = fitted(Some(Preset::Tiny), LITTLE_TEXT, ArchitectureKind::Llama, &Typed::new()).unwrap();
        assert!(plain.changes.iter().any(|change| matches!(change, Change::Steps { .. })));
        let typed = Typed::from([("steps".to_owned(), "77".to_owned()), ("seed".to_owned(), "5".to_owned())]);
        let fit = fitted(Some(Preset::Tiny), LITTLE_TEXT, ArchitectureKind::Llama, &typed).unwrap();
        let draft = fit.draft.unwrap();
        assert_eq!((draft.pretrain.steps, draft.pretrain.seed), (77, 5));
        assert_eq!(draft.tokenizer, plain.draft.unwrap().tokenizer);
        assert!(!fit.changes.iter().any(|change| matches!(change, Change::Steps { .. })));
    }

    #[wasm_bindgen_test]
    fn the_architecture_outlasts_another_choice_of_texts() {
        let typed = Typed::from([("model.layers".to_owned(), "3".to_owned())]);
        let fit = fitted(Some(Preset::Tiny), LITTLE_TEXT, ArchitectureKind::Gpt2, &typed).unwrap();
        let ArchitectureSpec::Gpt2(gpt2) = fit.draft.unwrap().pretrain.model else { panic!("a GPT-2") };
        assert_eq!((gpt2.layers, gpt2.feed_forward_size), (3, 4 * gpt2.hidden_size));
    }

    #[wasm_bindgen_test]
    fn the_numbers_of_an_earlier_run_stay_whatever_texts_it_gets() {
        let fit = fitted(None, LITTLE_TEXT, ArchitectureKind::Llama, &Typed::new()).unwrap();
        assert_eq!(fit, Fitted { draft: None, changes: Vec::new() });
        assert!(fitted(None, Some(10), ArchitectureKind::Llama, &Typed::new()).is_err());
    }

    #[wasm_bindgen_test]
    fn a_licence_that_no_model_can_carry_is_said_before_it_is_sent() {
        assert!(licence_problems("CC BY 4.0").0.is_empty());
        let problems = licence_problems(&"가".repeat(40));
        assert_eq!(problems.0[0].field, "export.licence");
    }
}
