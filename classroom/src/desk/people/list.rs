//! A list of people: looked at line by line before anybody is made of it.

use frontend::api::{Failure, call};
use frontend::components::toast::use_toasts;
use frontend::components::{Button, ButtonKind, Card, ErrorBox, Field, FieldIds, TableBox};
use frontend::texts::{fill, said};
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::invitations::{InvitePeople, PeoplePreview, PreviewPeople};
use shared::ids::CohortId;
use shared::spec::Problem;
use web_sys::HtmlInputElement;

use super::words::{INVITATIONS, LIST, PEOPLE};
use crate::forms::{self, SelectField};
use crate::words::role_name;
use crate::{files, forms::refusal};

#[component]
pub fn List(cohort_id: CohortId) -> impl IntoView {
    let toasts = use_toasts();
    let csv = RwSignal::new(String::new());
    let days = RwSignal::new("14");
    let preview = RwSignal::new(None::<PeoplePreview>);
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    // What was looked at is not what stands there now.
    let write = move |text: String| {
        csv.set(text);
        preview.set(None);
        failure.set(None);
    };
    let look = move |()| {
        let asked = csv.get_untracked();
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let answer = call(&PreviewPeople { cohort_id, csv: asked.clone() }).await;
            busy.try_set(false);
            if csv.try_get_untracked() != Some(asked) {
                return;
            }
            match answer {
                Ok(found) => drop(preview.try_set(Some(found))),
                Err(error) => drop(failure.try_set(Some(error))),
            }
        });
    };
    let open = move |event: leptos::ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        input.set_value("");
        spawn_local(async move {
            match files::read(&file).await {
                Some(text) => {
                    write(text);
                    look(());
                }
                None => toasts.error(LIST.unreadable),
            }
        });
    };
    let invite = move |()| {
        let request = InvitePeople {
            cohort_id,
            csv: csv.get_untracked(),
            valid_days: days.get_untracked().parse().unwrap_or(14),
        };
        busy.set(true);
        spawn_local(async move {
            match call(&request).await {
                Ok(invited) => {
                    files::save(&invited.csv, LIST.file_name, "text/csv;charset=utf-8");
                    toasts.done(fill(LIST.invited, &[("n", &invited.people.to_string())]));
                    write(String::new());
                }
                Err(error) => toasts.error(refusal(&error)),
            }
            busy.try_set(false);
        });
    };
    let ids = FieldIds::new("people-list");
    let days_choices =
        ["1", "7", "14", "30", "90"].map(|number| (number, fill(INVITATIONS.day, &[("n", number)]))).to_vec();
    view! {
        <Card title=LIST.title.to_owned()>
            <p class="soft">{LIST.lead}</p>
            <Field ids=ids.clone() label=LIST.csv hint=LIST.csv_hint>
                <textarea
                    id=ids.control.clone()
                    rows="6"
                    spellcheck="false"
                    aria-describedby=ids.described_by()
                    prop:value=move || csv.get()
                    on:input=move |event| write(event_target_value(&event))
                ></textarea>
            </Field>
            <div class="buttons">
                <Button
                    busy=busy
                    disabled=Signal::derive(move || csv.with(|csv| csv.trim().is_empty()))
                    on_press=look
                >
                    {LIST.preview}
                </Button>
                <label class="button quiet file-button">
                    {LIST.file}
                    <input class="visually-hidden" type="file" accept=".csv,.tsv,.txt,text/csv" on:change=open/>
                </label>
            </div>
            {move || failure.get().map(|failure| view! { <ErrorBox failure=failure/> })}
            <div class="people-preview" role="status">
                {move || preview.get().map(|preview| view! { <Preview preview=preview/> })}
            </div>
            {move || {
                let people = preview.with(|preview| {
                    preview.as_ref().filter(|preview| preview.problems.is_empty()).map(|preview| preview.people.len())
                })?;
                let words = fill(LIST.invite, &[("n", &people.to_string())]);
                let days_choices = days_choices.clone();
                Some(view! {
                    <SelectField id="list-days" label=INVITATIONS.days choices=days_choices value=days/>
                    <Button kind=ButtonKind::Primary busy=busy on_press=invite>{words}</Button>
                })
            }}
        </Card>
    }
}

#[component]
fn Preview(preview: PeoplePreview) -> impl IntoView {
    let count = preview.problems.len();
    if count > 0 {
        let lines = preview.problems.iter().map(|problem| view! { <li>{problem_words(problem)}</li> });
        return view! {
            <div class="error-box">
                <p>{fill(LIST.problems, &[("n", &count.to_string())])}</p>
                <ul>{lines.collect_view()}</ul>
            </div>
        }
        .into_any();
    }
    let count = fill(LIST.count, &[("n", &preview.people.len().to_string())]);
    let rows = preview.people.into_iter().map(|person| {
        view! { <tr><th scope="row">{person.name}</th><td>{role_name(person.role)}</td></tr> }
    });
    view! {
        <p>{count}</p>
        <TableBox label=LIST.preview>
            <thead><tr><th scope="col">{PEOPLE.name}</th><th scope="col">{PEOPLE.role}</th></tr></thead>
            <tbody>{rows.collect_view()}</tbody>
        </TableBox>
    }
    .into_any()
}

/// By its line: `csv.line 3`.
fn problem_words(problem: &Problem) -> String {
    let place = match problem.field.strip_prefix("csv.line ") {
        Some(number) => fill(LIST.line, &[("n", number)]),
        None => LIST.whole.to_owned(),
    };
    let words = forms::said(&problem.message).unwrap_or_else(|| said::problem(problem));
    format!("{place}: {words}")
}
