//! `/new-run`: from texts to a model that writes, as one form. What is chosen is checked and estimated as
//! one types, by the same functions that the server uses.

mod earlier;
mod form;
mod kept;
mod method;
mod numbers;
mod size;
mod sources;
mod submit;
mod verdict;

use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use shared::api::sessions::Membership;
use shared::ids::{PipelineId, UserId};
use shared::spec::ArchitectureKind;

use super::SignedIn;
use crate::components::{
    Button, ButtonKind, Card, EmptyState, ErrorBox, Legend, LinkButton, Loading, PageTitle, Radio,
};
use crate::kept::{forget, recall};
use crate::session::use_session;
use crate::texts::{fill, texts};
use earlier::{Earlier, NoCopy};
use form::Form;
use kept::Kept;
use method::Methods;
use numbers::Numbers;
use size::Sizes;
use sources::{ReadingFields, SourceChoice};
use submit::StartButton;
use verdict::{Changes, Estimates};

#[component]
pub fn NewRun() -> impl IntoView {
    view! { <SignedIn><CohortNeeded/></SignedIn> }
}

#[component]
fn CohortNeeded() -> impl IntoView {
    let session = use_session();
    let person = Memo::new(move |_| {
        session.state.with(|state| state.me().map(|me| (me.user_id, me.memberships.clone())))
    });
    let texts = &texts().new_run;
    view! {
        <PageTitle title=texts.title.to_owned()/>
        <p class="lead-small">{texts.lead}</p>
        {move || match person.get() {
            Some((user, cohorts)) if !cohorts.is_empty() => {
                view! { <Start user=user cohorts=cohorts/> }.into_any()
            }
            _ => view! { <EmptyState title=texts.no_cohort_title words=texts.no_cohort_words/> }.into_any(),
        }}
    }
}

/// The form as it was left in this tab, the one of an earlier run, or an empty one.
#[component]
fn Start(user: UserId, cohorts: Vec<Membership>) -> impl IntoView {
    let query = use_query_map();
    let from = query.with_untracked(|map| map.get("from").and_then(|number| number.parse().ok()));
    let from = from.map(PipelineId);
    let name = kept::name(user, from);
    // Counts how often one has started over.
    let begun = RwSignal::new(0_u32);
    let start_over = {
        let name = name.clone();
        Callback::new(move |()| {
            forget(&name);
            begun.update(|count| *count += 1);
        })
    };
    move || {
        begun.track();
        let (name, cohorts) = (name.clone(), cohorts.clone());
        match (recall::<Kept>(&name), from) {
            (Some(kept), _) => view! {
                <div class="reason buttons" role="status">
                    <p>{texts().kept.kept}</p>
                    <Button kind=ButtonKind::Quiet on_press=start_over>{texts().kept.start_over}</Button>
                </div>
                <Whole form=Form::new(name, kept) cohorts=cohorts/>
            }
            .into_any(),
            (None, Some(from)) => view! { <Copied name=name from=from cohorts=cohorts/> }.into_any(),
            (None, None) => {
                let empty = cohorts.first().map(|first| Kept::empty(first.cohort_id));
                empty.map(|empty| view! { <Whole form=Form::new(name, empty) cohorts=cohorts/> }).into_any()
            }
        }
    }
}

/// The form of an earlier run.
#[component]
fn Copied(name: String, from: PipelineId, cohorts: Vec<Membership>) -> impl IntoView {
    let texts = &texts().new_run;
    let earlier = RwSignal::new(None::<Result<Earlier, NoCopy>>);
    earlier::ask(from, earlier);
    let ask_again = Callback::new(move |()| earlier::ask(from, earlier));
    move || match earlier.get() {
        None => view! { <Loading/> }.into_any(),
        Some(Err(NoCopy::Failed(failure))) => {
            view! { <ErrorBox failure=failure on_retry=ask_again/> }.into_any()
        }
        Some(Err(NoCopy::NotAWholePath)) => {
            let words = &crate::texts::texts().kept;
            view! {
                <EmptyState title=words.no_copy_title words=words.no_copy_words>
                    <p><LinkButton href="/new-run">{texts.title}</LinkButton></p>
                </EmptyState>
            }
            .into_any()
        }
        Some(Ok(earlier)) => {
            let deleted = (earlier.deleted_sources > 0)
                .then(|| fill(texts.from_earlier_deleted, &[("n", &earlier.deleted_sources.to_string())]));
            view! {
                <p class="reason" role="status">{texts.from_earlier} " " {deleted}</p>
                <Whole form=Form::new(name.clone(), earlier.form) cohorts=cohorts.clone()/>
            }
            .into_any()
        }
    }
}

#[component]
fn Whole(form: Form, cohorts: Vec<Membership>) -> impl IntoView {
    let texts = &texts().new_run;
    let is_number = move |field: &str| form.draft.with(|draft| numbers::is_number(&draft.pretrain, field));
    let wrong_number = Signal::derive(move || form.problem_of(is_number).is_some());
    view! {
        <form class="run-body" on:submit=|event| event.prevent_default()>
            <div class="run-main new-run">
                <Card title=texts.texts_title.to_owned()>
                    <SourceChoice form=form cohorts=cohorts/>
                    <ReadingFields form=form/>
                </Card>
                <Card title=texts.size_title.to_owned()>
                    <Sizes form=form/>
                    <Architectures form=form/>
                    <Changes form=form/>
                    <Unfolding summary=texts.details is_wrong=wrong_number>
                        <p class="soft">{crate::texts::texts().kept.typed_words}</p>
                        <Methods form=form/>
                        <Numbers form=form/>
                    </Unfolding>
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

/// Opens by itself when something in it is wrong; the person closes it.
#[component]
fn Unfolding(summary: &'static str, is_wrong: Signal<bool>, children: Children) -> impl IntoView {
    let place = NodeRef::<html::Details>::new();
    Effect::new(move || {
        if let (true, Some(place)) = (is_wrong.get(), place.get()) {
            place.set_open(true);
        }
    });
    view! {
        <details class="rule" node_ref=place>
            <summary>{summary}</summary>
            {children()}
        </details>
    }
}

#[component]
fn Architectures(form: Form) -> impl IntoView {
    let texts = &texts().new_run;
    let choices = vec![
        (ArchitectureKind::Llama, texts.llama, texts.llama_words),
        (ArchitectureKind::Gpt2, texts.gpt2, texts.gpt2_words),
    ];
    view! {
        <Radio
            name="architecture"
            legend=Legend::Shown(texts.architecture)
            choices=choices
            chosen=Signal::derive(move || Some(form.architecture()))
            on_choose=move |kind| form.choose_architecture(kind)
        />
    }
}
