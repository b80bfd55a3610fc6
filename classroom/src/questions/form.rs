//! How a question is answered.

use frontend::api::poll::poll;
use frontend::api::{Failure, call};
use frontend::components::{Button, ErrorBox};
use frontend::format;
use frontend::kept;
use frontend::session::use_session;
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::artifacts::ListArtifacts;
use shared::api::questions::{AnswerQuestion, Asked, AskedOption, AskedQuestion, RubricNote};
use shared::course::ArtifactCheck;
use shared::ids::CohortId;

use super::draft::{self, Draft, Typed};
use crate::words::QUESTIONS;

#[component]
pub fn Form(
    cohort_id: CohortId,
    week: u32,
    asked: AskedQuestion,
    question: Memo<Option<AskedQuestion>>,
    #[prop(into)] on_answered: Callback<AskedQuestion>,
) -> impl IntoView {
    let session = use_session();
    let name = asked.question.clone();
    let kept_name = session
        .state
        .with_untracked(|state| state.me().map(|me| draft::name(me.user_id, cohort_id, week, &name)))
        .unwrap_or_default();
    let empty = empty(&asked.asked);
    let draft = RwSignal::new(draft::recall(&kept_name, &empty).unwrap_or_else(|| Draft::new(empty.clone())));
    let typed = Typing { draft, kept_name: StoredValue::new(kept_name.clone()) };
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let is_over = Memo::new(move |_| {
        question.with(|question| question.as_ref().is_some_and(|question| question.attempts_left == Some(0)))
    });
    let has_answered = Memo::new(move |_| {
        question.with(|question| question.as_ref().is_some_and(|question| question.latest.is_some()))
    });
    let given = Memo::new(move |_| draft.with(|draft| draft.given.given()));
    let unread_number = move || {
        let is_unread = draft.with(|draft| match &draft.given {
            Typed::Number(text) => !text.trim().is_empty() && draft.given.given().is_none(),
            _ => false,
        });
        is_unread.then_some(QUESTIONS.no_number)
    };
    let is_artifact = matches!(asked.asked, Asked::Artifact { .. });
    let send = move |()| {
        let Some(given) = given.get_untracked() else { return };
        let request = AnswerQuestion {
            cohort_id,
            week,
            question: name.clone(),
            given,
            idempotency_key: draft.with_untracked(|draft| draft.idempotency_key.clone()),
        };
        let kept_name = kept_name.clone();
        let fresh =
            if is_artifact { draft.with_untracked(|draft| draft.given.clone()) } else { empty.clone() };
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let result = call(&request).await;
            busy.try_set(false);
            match result {
                Ok(asked) => {
                    kept::forget(&kept_name);
                    draft.try_set(Draft::new(fresh));
                    on_answered.run(asked);
                }
                Err(error) => {
                    failure.try_set(Some(error));
                }
            }
        });
    };
    let words = move || match (is_artifact, has_answered.get()) {
        (true, _) => QUESTIONS.check,
        (false, true) => QUESTIONS.submit_again,
        (false, false) => QUESTIONS.submit,
    };
    let attempts = move || {
        let left = question.with(|question| question.as_ref().and_then(|question| question.attempts_left));
        left.filter(|left| *left > 0).map(|left| fill(QUESTIONS.attempts_left, &[("n", &left.to_string())]))
    };
    let can_send = Memo::new(move |_| given.with(Option::is_some));
    view! {
        <Show when=move || !is_over.get() fallback=move || view! { <p class="soft">{QUESTIONS.no_attempt_left}</p> }>
            <div class="answer-form">
                <Control asked=asked.clone() typed=typed/>
                <p class="field-error" aria-live="polite">{unread_number}</p>
                <div class="answer-end">
                    <Button
                        busy=busy
                        disabled=Signal::derive(move || !can_send.get())
                        on_press=send.clone()
                    >
                        {words}
                    </Button>
                    <span class="soft">{attempts}</span>
                </div>
                {move || {
                    failure.get().map(|failure| view! { <ErrorBox failure=failure title=QUESTIONS.failed/> })
                }}
            </div>
        </Show>
    }
}

fn empty(asked: &Asked) -> Typed {
    match asked {
        Asked::Choice { .. } => Typed::Choice(None),
        Asked::Choices { .. } => Typed::Choices(Vec::new()),
        Asked::Numeric { .. } => Typed::Number(String::new()),
        Asked::Short { .. } => Typed::Words(String::new()),
        Asked::Artifact { .. } => Typed::Artifact(None),
    }
}

/// What is being written, kept at every key.
#[derive(Clone, Copy)]
struct Typing {
    draft: RwSignal<Draft>,
    kept_name: StoredValue<String>,
}

impl Typing {
    fn set(self, given: Typed) {
        self.draft.update(|draft| draft.given = given);
        self.kept_name.with_value(|name| self.draft.with_untracked(|draft| kept::keep(name, draft)));
    }
}

#[component]
fn Control(asked: AskedQuestion, typed: Typing) -> impl IntoView {
    let id = format!("answer-{}", asked.question);
    match asked.asked {
        Asked::Choice { options } => {
            view! { <Options name=id options=options many=false typed=typed/> }.into_any()
        }
        Asked::Choices { options } => {
            view! { <Options name=id options=options many=true typed=typed/> }.into_any()
        }
        Asked::Numeric { unit } => view! { <Number id=id unit=unit typed=typed/> }.into_any(),
        Asked::Short { rubric } => view! { <Words id=id rubric=rubric typed=typed/> }.into_any(),
        Asked::Artifact { check } => view! { <Artifacts id=id check=check typed=typed/> }.into_any(),
    }
}

#[component]
fn Options(name: String, options: Vec<AskedOption>, many: bool, typed: Typing) -> impl IntoView {
    let chosen = move |option: u32| {
        typed.draft.with(|draft| match &draft.given {
            Typed::Choice(chosen) => *chosen == Some(option),
            Typed::Choices(chosen) => chosen.contains(&option),
            _ => false,
        })
    };
    let choose = move |option: u32| {
        let now = typed.draft.with_untracked(|draft| draft.given.clone());
        typed.set(match now {
            Typed::Choices(mut chosen) => {
                if let Some(place) = chosen.iter().position(|other| *other == option) {
                    chosen.remove(place);
                } else {
                    chosen.push(option);
                }
                Typed::Choices(chosen)
            }
            _ => Typed::Choice(Some(option)),
        });
    };
    let legend = if many { QUESTIONS.kind_choices } else { QUESTIONS.answer };
    let line = |offered: AskedOption| {
        let option = offered.option;
        view! {
            <label class="option">
                <input
                    type=if many { "checkbox" } else { "radio" }
                    name=name.clone()
                    prop:checked=move || chosen(option)
                    on:change=move |_| choose(option)
                />
                <div inner_html=offered.text_html></div>
            </label>
        }
    };
    view! {
        <fieldset class="options">
            <legend class=if many { "soft" } else { "visually-hidden" }>{legend}</legend>
            {options.into_iter().map(line).collect_view()}
        </fieldset>
    }
}

#[component]
fn Number(id: String, unit: Option<String>, typed: Typing) -> impl IntoView {
    let value = move || {
        typed.draft.with(|draft| match &draft.given {
            Typed::Number(text) => text.clone(),
            _ => String::new(),
        })
    };
    view! {
        <div class="answer-number">
            <label class="visually-hidden" for=id.clone()>{QUESTIONS.number_hint}</label>
            <input
                id=id
                type="text"
                inputmode="decimal"
                autocomplete="off"
                prop:value=value
                on:input=move |event| typed.set(Typed::Number(event_target_value(&event)))
            />
            <span>{unit}</span>
        </div>
    }
}

#[component]
fn Words(id: String, rubric: Vec<RubricNote>, typed: Typing) -> impl IntoView {
    let value = move || {
        typed.draft.with(|draft| match &draft.given {
            Typed::Words(text) => text.clone(),
            _ => String::new(),
        })
    };
    view! {
        <div class="answer-words">
            <label class="soft" for=id.clone()>{QUESTIONS.kind_short}</label>
            <textarea
                id=id
                rows="6"
                lang="ko"
                maxlength="8000"
                prop:value=value
                on:input=move |event| typed.set(Typed::Words(event_target_value(&event)))
            ></textarea>
            <Rubric rubric=rubric/>
        </div>
    }
}

/// What the points are given for.
#[component]
pub fn Rubric(rubric: Vec<RubricNote>) -> impl IntoView {
    let line = |note: RubricNote| {
        view! {
            <li>
                <span class="soft">{fill(QUESTIONS.rubric_points, &[("points", &note.points.to_string())])}</span>
                <div inner_html=note.text_html></div>
            </li>
        }
    };
    view! {
        <details>
            <summary>{QUESTIONS.rubric}</summary>
            <ul class="rubric">{rubric.into_iter().map(line).collect_view()}</ul>
        </details>
    }
}

#[component]
fn Artifacts(id: String, check: ArtifactCheck, typed: Typing) -> impl IntoView {
    let kind = check.kind();
    let polled = poll(move || ListArtifacts { kind: Some(kind), before: None, limit: Some(100) });
    let chosen = move || {
        typed.draft.with(|draft| match &draft.given {
            Typed::Artifact(id) => id.map(|id| id.to_string()).unwrap_or_default(),
            _ => String::new(),
        })
    };
    let options = move || {
        let list =
            polled.reply.with(|reply| reply.as_ref().map(|list| list.artifacts.clone()).unwrap_or_default());
        let option = |artifact: shared::artifacts::Artifact| {
            let number = artifact.artifact_id.to_string();
            view! { <option value=number.clone()>{format!("{number} · {}", format::artifact_name(&artifact))}</option> }
        };
        list.into_iter().map(option).collect_view()
    };
    let is_empty =
        move || polled.reply.with(|reply| reply.as_ref().is_some_and(|list| list.artifacts.is_empty()));
    view! {
        <div class="answer-artifact">
            <p>{wanted(check)}</p>
            <label class="soft" for=id.clone()>{QUESTIONS.kind_artifact}</label>
            <select
                id=id
                prop:value=chosen
                on:change=move |event| typed.set(Typed::Artifact(event_target_value(&event).parse().ok()))
            >
                <option value="">{QUESTIONS.choose_artifact}</option>
                {options}
            </select>
            {move || is_empty().then(|| view! { <p class="soft">{QUESTIONS.no_artifact}</p> })}
        </div>
    }
}

/// What the check asks for.
fn wanted(check: ArtifactCheck) -> String {
    let figure = |words, figure: f64| fill(words, &[("figure", &format::significant(figure, 3))]);
    match check {
        ArtifactCheck::CorpusKept { documents_at_least, text_bytes_at_least } => fill(
            QUESTIONS.wants_corpus,
            &[
                ("documents", &format::count(documents_at_least as f64)),
                ("bytes", &format::bytes(text_bytes_at_least as f64)),
            ],
        ),
        ArtifactCheck::TokenizerRoundTrip => QUESTIONS.wants_round_trip.to_owned(),
        ArtifactCheck::TokenizerBytesPerToken { at_least } => {
            figure(QUESTIONS.wants_bytes_per_token, at_least)
        }
        ArtifactCheck::ModelHeldOut { at_most } => figure(QUESTIONS.wants_held_out, at_most),
        ArtifactCheck::ModelOwnParts => QUESTIONS.wants_own_parts.to_owned(),
        ArtifactCheck::LineageWhole => QUESTIONS.wants_whole.to_owned(),
        ArtifactCheck::LineageClean => QUESTIONS.wants_clean.to_owned(),
    }
}
