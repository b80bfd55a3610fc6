//! `/new-run`: from texts to a model that writes, as one form. What is chosen is checked and estimated as
//! one types, by the same functions that the server uses.

mod earlier;
mod numbers;
mod sources;
mod submit;
mod verdict;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use shared::api::sessions::Membership;
use shared::artifacts::Artifact;
use shared::ids::{CohortId, PipelineId};
use shared::spec::presets::Preset;
use shared::spec::whole_path::{self, Change, Reading, TooLittleText};
use shared::spec::{JobSpec, PretrainSpec, Problems, TrainTokenizerSpec};

use super::SignedIn;
use crate::components::{Card, EmptyState, ErrorBox, Loading, PageTitle};
use crate::session::use_session;
use crate::texts::{fill, texts};
use earlier::Earlier;
use numbers::Numbers;
use sources::{ReadingFields, SourceChoice};
use submit::StartButton;
use verdict::{Changes, Estimates};

/// What will be trained, as the form stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub tokenizer: TrainTokenizerSpec,
    pub pretrain: PretrainSpec,
}

impl Draft {
    fn of(preset: Preset) -> Self {
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

/// Everything that the form's parts share.
#[derive(Clone, Copy)]
pub struct Form {
    pub cohort: RwSignal<CohortId>,
    pub sources: RwSignal<Vec<Artifact>>,
    pub reading: RwSignal<Reading>,
    pub licence_note: RwSignal<String>,
    pub preset: RwSignal<Preset>,
    pub draft: RwSignal<Draft>,
    pub fitted: RwSignal<Result<Vec<Change>, TooLittleText>>,
    pub problems: Memo<Problems>,
}

impl Form {
    fn new(cohort: CohortId, earlier: Option<&Earlier>) -> Self {
        let preset = RwSignal::new(Preset::Tiny);
        let draft = earlier.map_or_else(|| Draft::of(Preset::Tiny), |earlier| earlier.draft.clone());
        let draft = RwSignal::new(draft);
        let sources = earlier.map(|earlier| earlier.sources.clone()).unwrap_or_default();
        let sources = RwSignal::new(sources);
        let is_copy = earlier.is_some();
        let fitted = RwSignal::new(Ok(Vec::new()));
        let problems = Memo::new(move |_| draft.with(Draft::problems));
        // Another preset or other texts: the numbers are fitted anew.
        Effect::new(move |before: Option<()>| {
            let text_bytes = sources.with(|sources| sources.iter().map(text_bytes).sum());
            let known = sources.with(|sources| (!sources.is_empty()).then_some(text_bytes));
            let fit = whole_path::fit(preset.get(), known, None);
            if is_copy && before.is_none() {
                // The numbers of an earlier run stay until something else is chosen.
                return;
            }
            match fit {
                Ok(fit) => {
                    draft.set(Draft { tokenizer: fit.tokenizer, pretrain: fit.pretrain });
                    fitted.set(Ok(fit.changes));
                }
                Err(too_little) => fitted.set(Err(too_little)),
            }
        });
        Self {
            cohort: RwSignal::new(earlier.map_or(cohort, |earlier| earlier.cohort)),
            sources,
            reading: RwSignal::new(earlier.map(|earlier| earlier.reading.clone()).unwrap_or_default()),
            licence_note: RwSignal::new(
                earlier.map(|earlier| earlier.licence_note.clone()).unwrap_or_default(),
            ),
            preset,
            draft,
            fitted,
            problems,
        }
    }
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

#[component]
pub fn NewRun() -> impl IntoView {
    view! { <SignedIn><CohortNeeded/></SignedIn> }
}

#[component]
fn CohortNeeded() -> impl IntoView {
    let session = use_session();
    let cohorts = Memo::new(move |_| {
        session.state.with(|state| state.me().map(|me| me.memberships.clone()).unwrap_or_default())
    });
    let texts = &texts().new_run;
    view! {
        <PageTitle title=texts.title.to_owned()/>
        <p class="lead-small">{texts.lead}</p>
        {move || {
            let cohorts = cohorts.get();
            match cohorts.first() {
                None => view! { <EmptyState title=texts.no_cohort_title words=texts.no_cohort_words/> }.into_any(),
                Some(first) => view! { <Start cohort=first.cohort_id cohorts=cohorts.clone()/> }.into_any(),
            }
        }}
    }
}

/// An empty form, or the one of an earlier run.
#[component]
fn Start(cohort: CohortId, cohorts: Vec<Membership>) -> impl IntoView {
    let query = use_query_map();
    let from = query.with_untracked(|map| map.get("from").and_then(|number| number.parse().ok()));
    let Some(from) = from.map(PipelineId) else {
        return view! { <Whole form=Form::new(cohort, None) cohorts=cohorts/> }.into_any();
    };
    let texts = &texts().new_run;
    let earlier = earlier::ask(from);
    let form = move || match earlier.get() {
        None => view! { <Loading/> }.into_any(),
        Some(Err(failure)) => view! { <ErrorBox failure=failure/> }.into_any(),
        Some(Ok(earlier)) => {
            let form = Form::new(cohort, Some(&earlier));
            let deleted = (earlier.deleted_sources > 0)
                .then(|| fill(texts.from_earlier_deleted, &[("n", &earlier.deleted_sources.to_string())]));
            view! {
                <p class="reason" role="status">{texts.from_earlier} " " {deleted}</p>
                <Whole form=form cohorts=cohorts.clone()/>
            }
            .into_any()
        }
    };
    form.into_any()
}

#[component]
fn Whole(form: Form, cohorts: Vec<Membership>) -> impl IntoView {
    let texts = &texts().new_run;
    view! {
        <form class="run-body" on:submit=|event| event.prevent_default()>
            <div class="run-main new-run">
                <Card title=texts.texts_title.to_owned()>
                    <SourceChoice form=form cohorts=cohorts/>
                    <ReadingFields form=form/>
                </Card>
                <Card title=texts.size_title.to_owned()>
                    <Presets form=form/>
                    <Changes form=form/>
                    <details class="rule">
                        <summary>{texts.details}</summary>
                        <Numbers form=form/>
                    </details>
                </Card>
            </div>
            <aside class="run-side new-run-side">
                <Card title=texts.estimate_title.to_owned()>
                    <Estimates form=form/>
                    <StartButton form=form/>
                </Card>
            </aside>
        </form>
    }
}

#[component]
fn Presets(form: Form) -> impl IntoView {
    let texts = &texts().new_run;
    let choice = move |preset: Preset, name: &'static str, words: &'static str| {
        view! {
            <label class="radio">
                <input
                    type="radio"
                    name="preset"
                    prop:checked=move || form.preset.get() == preset
                    on:change=move |_| form.preset.set(preset)
                />
                <span><strong>{name}</strong><span class="soft">{words}</span></span>
            </label>
        }
    };
    view! {
        <fieldset class="field">
            <legend class="visually-hidden">{texts.size_title}</legend>
            {choice(Preset::Tiny, texts.tiny, texts.tiny_words)}
            {choice(Preset::Small, texts.small, texts.small_words)}
        </fieldset>
    }
}
