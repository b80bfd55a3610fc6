//! A week's text beside what learners will see of it. What is not saved yet outlives a reload of the tab.

use std::time::Duration;

use frontend::api::{Failure, call};
use frontend::browser::when_quiet;
use frontend::components::toast::use_toasts;
use frontend::components::{Button, ButtonKind, Card, ErrorBox, Field, FieldIds};
use frontend::format;
use frontend::kept;
use frontend::texts::{fill, said};
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use shared::api::lessons::{GetLessonSource, LessonSource, LessonVersion, PreviewLesson, SaveLesson};
use shared::api::{ErrorBody, ErrorCode};
use shared::ids::CohortId;

use super::words::LESSONS;
use crate::lesson::{ArrowHead, make_wide_reachable};

/// How long nothing is typed before the preview is made anew.
const PAUSE: Duration = Duration::from_millis(600);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Draft {
    markdown: String,
    based_on_version: u32,
}

#[derive(Clone, Copy)]
struct Text {
    cohort_id: CohortId,
    week: u32,
    /// As it is being written.
    now: RwSignal<String>,
    /// As it was last saved, with its version.
    saved: RwSignal<Draft>,
    versions: RwSignal<Vec<LessonVersion>>,
    /// The version that what is written goes on from.
    based_on: RwSignal<u32>,
    kept_name: StoredValue<String>,
}

impl Text {
    fn open(cohort_id: CohortId, week: u32, source: LessonSource) -> (Self, bool) {
        let kept_name = format!("lesson-text/{cohort_id}/{week}");
        let saved = Draft { markdown: source.markdown, based_on_version: source.version };
        let draft = kept::recall::<Draft>(&kept_name).filter(|draft| draft.markdown != saved.markdown);
        let was_kept = draft.is_some();
        let draft = draft.unwrap_or_else(|| saved.clone());
        let text = Self {
            cohort_id,
            week,
            now: RwSignal::new(draft.markdown),
            based_on: RwSignal::new(draft.based_on_version),
            saved: RwSignal::new(saved),
            versions: RwSignal::new(source.versions),
            kept_name: StoredValue::new(kept_name),
        };
        (text, was_kept)
    }

    fn is_changed(self) -> bool {
        self.saved.with(|saved| self.now.with(|now| *now != saved.markdown))
    }

    fn keep(self) {
        let draft = Draft { markdown: self.now.get(), based_on_version: self.based_on.get() };
        self.kept_name
            .with_value(|name| if self.is_changed() { kept::keep(name, &draft) } else { kept::forget(name) });
    }

    fn take_saved(self) {
        let saved = self.saved.get_untracked();
        self.based_on.set(saved.based_on_version);
        self.now.set(saved.markdown);
    }
}

#[component]
pub fn Editor(cohort_id: CohortId, week: u32, source: LessonSource) -> impl IntoView {
    let (text, was_kept) = Text::open(cohort_id, week, source);
    let is_kept = RwSignal::new(was_kept);
    Effect::new(move || text.keep());
    let leaving = window_event_listener(ev::beforeunload, move |event| {
        if untrack(|| text.is_changed()) {
            event.prevent_default();
        }
    });
    on_cleanup(move || leaving.remove());
    let ids = FieldIds::new("lesson-source");
    let discard = move |()| {
        text.take_saved();
        is_kept.set(false);
    };
    view! {
        <Show when=move || is_kept.get()>
            <p class="reason" role="status">
                {LESSONS.kept}" "
                <Button kind=ButtonKind::Quiet on_press=discard>{LESSONS.discard}</Button>
            </p>
        </Show>
        <div class="lesson-editor">
            <div>
                <Field ids=ids.clone() label=LESSONS.source hint=LESSONS.source_hint>
                    <textarea
                        id=ids.control.clone()
                        class="lesson-source"
                        lang="ko"
                        spellcheck="false"
                        aria-describedby=ids.described_by()
                        prop:value=move || text.now.get()
                        on:input=move |event| text.now.set(event_target_value(&event))
                    ></textarea>
                </Field>
                <Saving text=text/>
            </div>
            <Preview text=text/>
        </div>
        <Versions text=text/>
    }
}

#[component]
fn Saving(text: Text) -> impl IntoView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let save = move |based_on_version: u32| {
        let (cohort_id, week, markdown) = (text.cohort_id, text.week, text.now.get_untracked());
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let request = SaveLesson { cohort_id, week, markdown: markdown.clone(), based_on_version };
            let answer = call(&request).await;
            busy.try_set(false);
            match answer {
                Ok(version) => {
                    toasts.done(fill(LESSONS.saved, &[("n", &version.version.to_string())]));
                    text.based_on.try_set(version.version);
                    text.saved.try_set(Draft { markdown, based_on_version: version.version });
                    text.versions.try_update(|versions| versions.insert(0, version));
                }
                Err(refused) => {
                    // What came in between is listed.
                    if is_conflict(&refused)
                        && let Ok(now) = call(&GetLessonSource { cohort_id, week, version: None }).await
                    {
                        text.versions.try_set(now.versions);
                    }
                    failure.try_set(Some(refused));
                }
            }
        });
    };
    let overwrite = move |()| {
        let newest =
            text.versions.with_untracked(|versions| versions.first().map_or(0, |newest| newest.version));
        text.based_on.set(newest);
        save(newest);
    };
    let unchanged = Signal::derive(move || !text.is_changed());
    view! {
        <div class="buttons">
            <Button
                kind=ButtonKind::Primary
                busy=busy
                disabled=unchanged
                on_press=move |()| save(text.based_on.get_untracked())
            >
                {LESSONS.save}
            </Button>
            <span class="soft" role="status">{move || unchanged.get().then_some(LESSONS.unchanged)}</span>
        </div>
        {move || failure.get().map(|failure| {
            if is_conflict(&failure) {
                view! {
                    <div class="error-box" role="alert">
                        <p>{LESSONS.conflict}</p>
                        <Button on_press=overwrite>{LESSONS.overwrite}</Button>
                    </div>
                }
                .into_any()
            } else {
                view! { <ErrorBox failure=failure title=LESSONS.save_failed/> }.into_any()
            }
        })}
    }
}

fn is_conflict(failure: &Failure) -> bool {
    matches!(failure, Failure::Refused(ErrorBody { code: ErrorCode::Conflict, .. }))
}

#[component]
fn Preview(text: Text) -> impl IntoView {
    let html = RwSignal::new(None::<String>);
    let failure = RwSignal::new(None::<Failure>);
    let asked = StoredValue::new(0_u32);
    let ask = move |markdown: String| {
        let number = asked.try_update_value(|asked| {
            *asked += 1;
            *asked
        });
        spawn_local(async move {
            let request = PreviewLesson { cohort_id: text.cohort_id, week: text.week, markdown };
            let answer = call(&request).await;
            // Only what was asked last is shown.
            if number.is_none() || asked.try_get_value() != number {
                return;
            }
            match answer {
                Ok(preview) => {
                    html.try_set(Some(preview.html));
                    failure.try_set(None);
                }
                Err(refused) => drop(failure.try_set(Some(refused))),
            }
        });
    };
    when_quiet(PAUSE, move || {
        let markdown = text.now.get();
        Some(move || ask(markdown))
    });
    let place = NodeRef::<html::Div>::new();
    Effect::new(move || {
        html.track();
        if let Some(place) = place.get() {
            make_wide_reachable(&place);
        }
    });
    view! {
        <section class="preview" aria-label=LESSONS.preview tabindex="0">
            <ArrowHead/>
            {move || failure.get().map(|failure| view! { <Problems failure=failure/> })}
            {move || match html.get() {
                Some(html) => {
                    view! { <div class="lesson-text" lang="ko" node_ref=place inner_html=html></div> }.into_any()
                }
                None => view! { <p class="soft">{LESSONS.previewing}</p> }.into_any(),
            }}
        </section>
    }
}

/// By line, as the reader of lessons names them.
#[component]
fn Problems(failure: Failure) -> impl IntoView {
    let problems = failure.problems();
    if problems.is_empty() {
        return view! { <ErrorBox failure=failure/> }.into_any();
    }
    let lines = problems.iter().map(|problem| {
        view! { <li><strong>{problem.field.clone()}</strong>" "{said::problem(problem)}</li> }
    });
    view! {
        <div class="error-box" role="alert">
            <p class="error-box-title">{LESSONS.problems}</p>
            <ul>{lines.collect_view()}</ul>
        </div>
    }
    .into_any()
}

#[component]
fn Versions(text: Text) -> impl IntoView {
    let toasts = use_toasts();
    let load = move |version: u32| {
        let (cohort_id, week) = (text.cohort_id, text.week);
        spawn_local(async move {
            match call(&GetLessonSource { cohort_id, week, version: Some(version) }).await {
                Ok(source) => {
                    text.now.try_set(source.markdown);
                    toasts.done(LESSONS.restored);
                }
                Err(failure) => toasts.error(failure.words()),
            }
        });
    };
    let line = move |version: LessonVersion, is_present: bool| {
        let number = version.version;
        let words = fill(
            LESSONS.version,
            &[
                ("n", &number.to_string()),
                ("name", version.author.as_deref().unwrap_or(LESSONS.somebody)),
                ("time", &format::date_time(version.created_at_microseconds)),
            ],
        );
        entry(words, is_present, move |()| load(number))
    };
    let lines = move || {
        let versions = text.versions.get();
        let folder_is_present = versions.is_empty();
        let own =
            versions.into_iter().enumerate().map(|(place, version)| line(version, place == 0).into_any());
        let folder = entry(LESSONS.folder.to_owned(), folder_is_present, move |()| load(0)).into_any();
        own.chain([folder]).collect_view()
    };
    view! { <Card title=LESSONS.versions.to_owned()><ul class="plain-list">{lines}</ul></Card> }
}

fn entry(words: String, is_present: bool, on_load: impl Fn(()) + Send + Sync + 'static) -> impl IntoView {
    let named = StoredValue::new(format!(" ({words})"));
    view! {
        <li>
            <span>{words}{is_present.then(|| view! { " "<span class="label-mark">{LESSONS.present}</span> })}</span>
            <Button kind=ButtonKind::Quiet on_press=on_load>
                {LESSONS.restore}<span class="visually-hidden">{named.get_value()}</span>
            </Button>
        </li>
    }
}
