//! A new set, from lines that are typed, pasted or read from a file.

use frontend::api::{Failure, call};
use frontend::components::toast::use_toasts;
use frontend::components::{Button, ButtonKind, ErrorBox, Field, FieldIds};
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::preferences::CreatePreferenceSet;
use shared::ids::CohortId;
use shared::preferences::{self, LineProblem, Pair};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::words::{EXAMPLE, PREFERENCES};
use crate::files;
use crate::forms::{Holds, TextField};

#[component]
pub fn Make(cohort_id: CohortId, #[prop(into)] on_made: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let (title, lines) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let found = RwSignal::new(None::<Result<Vec<Pair>, Vec<LineProblem>>>);
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let set_lines = move |text: String| {
        lines.set(text);
        found.set(None);
    };
    let read = move |()| found.set(Some(lines.with_untracked(|lines| preferences::read(lines))));
    let create = move |()| {
        let request =
            CreatePreferenceSet { cohort_id, title: title.get_untracked(), lines: lines.get_untracked() };
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let answer = call(&request).await;
            busy.try_set(false);
            match answer {
                Ok(_) => {
                    toasts.done(PREFERENCES.created);
                    title.try_set(String::new());
                    lines.try_set(String::new());
                    found.try_set(None);
                    on_made.run(());
                }
                Err(refused) => drop(failure.try_set(Some(refused))),
            }
        });
    };
    let choose = move |event: leptos::ev::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else {
            return;
        };
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        // The same file can be chosen again.
        input.set_value("");
        spawn_local(async move {
            match files::read(&file).await {
                Some(text) => set_lines(text),
                None => toasts.error(PREFERENCES.no_text.to_owned()),
            }
        });
    };
    let is_ready = Memo::new(move |_| {
        found.with(|found| matches!(found, Some(Ok(_)))) && title.with(|it| !it.trim().is_empty())
    });
    let ids = FieldIds::new("preference-lines");
    view! {
        <details class="preference-make">
            <summary>{PREFERENCES.make}</summary>
            <p class="soft">{PREFERENCES.make_lead}</p>
            <TextField id="preference-title" label=PREFERENCES.set_title holds=Holds::Text value=title/>
            <Field ids=ids.clone() label=PREFERENCES.lines hint=PREFERENCES.lines_hint>
                <textarea
                    id=ids.control.clone()
                    class="preference-lines"
                    rows="6"
                    lang="ko"
                    spellcheck="false"
                    aria-describedby=ids.described_by()
                    prop:value=move || lines.get()
                    on:input=move |event| set_lines(event_target_value(&event))
                ></textarea>
            </Field>
            <div class="buttons">
                <label class="button file-button">
                    {PREFERENCES.file}
                    <input type="file" class="visually-hidden" accept=".jsonl,.txt,.json" on:change=choose/>
                </label>
                <Button kind=ButtonKind::Quiet on_press=move |()| set_lines(EXAMPLE.to_owned())>
                    {PREFERENCES.example}
                </Button>
                <Button on_press=read>{PREFERENCES.read}</Button>
            </div>
            <div role="status">{move || found.get().map(said)}</div>
            <div class="buttons">
                <Button
                    kind=ButtonKind::Primary
                    busy=busy
                    disabled=Signal::derive(move || !is_ready.get())
                    on_press=create
                >
                    {PREFERENCES.create}
                </Button>
            </div>
            {move || failure.get().map(|failure| view! { <ErrorBox failure=failure title=PREFERENCES.failed/> })}
        </details>
    }
}

/// What was understood, or what is wrong by line.
fn said(found: Result<Vec<Pair>, Vec<LineProblem>>) -> AnyView {
    match found {
        Ok(pairs) => {
            let prompt = pairs.first().map(|pair| pair.prompt.clone()).unwrap_or_default();
            let values = [("n", &*pairs.len().to_string()), ("prompt", &*prompt)];
            view! { <p>{fill(PREFERENCES.found, &values)}</p> }.into_any()
        }
        Err(problems) => {
            let lines = problems.into_iter().map(|problem| {
                let known = PREFERENCES.problems.iter().find(|(begin, _)| problem.message.contains(begin));
                let message = known.map_or(problem.message.as_str(), |(_, words)| words);
                let words = fill(PREFERENCES.line, &[("n", &problem.line.to_string()), ("message", message)]);
                view! { <li class="field-error">{words}</li> }
            });
            view! { <ul>{lines.collect_view()}</ul> }.into_any()
        }
    }
}
