//! The classes: made, called otherwise, put away.

use frontend::api::poll::poll;
use frontend::api::{Failure, call};
use frontend::components::toast::use_toasts;
use frontend::components::{Arrived, Button, ButtonKind, Card, Dialog, EmptyState, Pager, TableBox};
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::cohorts::{Cohort, CohortState, CohortSummary, CreateCohort, ListCohorts, UpdateCohort};
use shared::ids::CohortId;

use super::words::COHORTS;
use crate::address::{ClassPart, class_address};
use crate::forms::{Form, Holds, TextField, refusal};

/// Classes on a page.
const PAGE: u32 = 50;

#[derive(Debug, Clone, PartialEq)]
enum Asked {
    Rename(Cohort),
    Archive(Cohort),
}

#[component]
pub fn Classes() -> impl IntoView {
    let toasts = use_toasts();
    let after = RwSignal::new(None::<CohortId>);
    let polled = poll(move || ListCohorts { after: after.get(), limit: Some(PAGE) });
    let cohorts = Memo::new(move |_| {
        polled.reply.with(|reply| reply.as_ref().map(|list| list.cohorts.clone()).unwrap_or_default())
    });
    let asked = RwSignal::new(None::<Asked>);
    let open_again = move |cohort: Cohort| {
        let name = cohort.name.clone();
        let request =
            UpdateCohort { cohort_id: cohort.cohort_id, name: cohort.name, state: CohortState::Active };
        spawn_local(async move {
            match call(&request).await {
                Ok(_) => toasts.done(fill(COHORTS.opened_done, &[("name", &name)])),
                Err(failure) => toasts.error(refusal(&failure)),
            }
            polled.ask_again();
        });
    };
    let row = move |summary: CohortSummary| {
        let cohort = summary.cohort;
        let is_archived = cohort.archived_at_microseconds.is_some();
        let (renamed, changed) = (cohort.clone(), cohort.clone());
        let change = move |()| {
            if is_archived {
                open_again(changed.clone());
            } else {
                asked.set(Some(Asked::Archive(changed.clone())));
            }
        };
        let address = class_address(cohort.cohort_id, ClassPart::People);
        view! {
            <tr>
                <th scope="row"><a href=address>{cohort.name}</a></th>
                <td class="number">{summary.learners}</td>
                <td class="number">{summary.staff}</td>
                <td>{if is_archived { COHORTS.archived } else { COHORTS.active }}</td>
                <td>
                    <div class="buttons">
                        <Button
                            kind=ButtonKind::Quiet
                            on_press=move |()| asked.set(Some(Asked::Rename(renamed.clone())))
                        >
                            {COHORTS.rename}
                        </Button>
                        <Button kind=ButtonKind::Quiet on_press=change>
                            {if is_archived { COHORTS.open_again } else { COHORTS.archive }}
                        </Button>
                    </div>
                </td>
            </tr>
        }
    };
    let last = move || cohorts.with(|cohorts| cohorts.last().map(|last| last.cohort.cohort_id));
    view! {
        <Card title=COHORTS.classes.to_owned()>
            <NewClass on_made=move |()| polled.ask_again()/>
            <Arrived polled=polled>
                {move || {
                    let cohorts = cohorts.get();
                    if cohorts.is_empty() {
                        let (title, words) = (COHORTS.no_classes_title, COHORTS.no_classes_words);
                        return view! { <EmptyState title=title words=words/> }.into_any();
                    }
                    view! {
                        <TableBox label=COHORTS.classes>
                            <thead>
                                <tr>
                                    <th scope="col">{COHORTS.class_name}</th>
                                    <th scope="col" class="number">{COHORTS.learners}</th>
                                    <th scope="col" class="number">{COHORTS.staff}</th>
                                    <th scope="col">{COHORTS.state}</th>
                                    <th scope="col">{COHORTS.actions}</th>
                                </tr>
                            </thead>
                            <tbody>{cohorts.into_iter().map(row).collect_view()}</tbody>
                        </TableBox>
                    }
                    .into_any()
                }}
            </Arrived>
            <Pager
                newer=COHORTS.first
                older=COHORTS.more
                has_newer=Signal::derive(move || after.get().is_some())
                has_older=Signal::derive(move || cohorts.with(|cohorts| cohorts.len() as u32 == PAGE))
                on_newer=move |()| after.set(None)
                on_older=move |()| after.set(last())
            />
            <Questions asked=asked on_done=move |()| polled.ask_again()/>
        </Card>
    }
}

#[component]
fn NewClass(#[prop(into)] on_made: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let name = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let send = move |()| {
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            match call(&CreateCohort { name: name.get_untracked() }).await {
                Ok(cohort) => {
                    toasts.done(fill(COHORTS.made_class, &[("name", &cohort.name)]));
                    name.try_set(String::new());
                    on_made.run(());
                }
                Err(error) => drop(failure.try_set(Some(error))),
            }
            busy.try_set(false);
        });
    };
    view! {
        <Form send=COHORTS.make_class busy=busy failure=failure on_send=send>
            <TextField id="new-class" label=COHORTS.new_class holds=Holds::Text value=name/>
        </Form>
    }
}

#[component]
fn Questions(asked: RwSignal<Option<Asked>>, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    move || {
        let open = RwSignal::new(true);
        let (failure, busy) = (RwSignal::new(None::<Failure>), RwSignal::new(false));
        Effect::new(move || {
            if !open.get() {
                asked.set(None);
            }
        });
        let send = move |request: UpdateCohort, done: &'static str| {
            busy.set(true);
            failure.set(None);
            spawn_local(async move {
                match call(&request).await {
                    Ok(cohort) => {
                        toasts.done(fill(done, &[("name", &cohort.name)]));
                        open.try_set(false);
                    }
                    Err(error) => drop(failure.try_set(Some(error))),
                }
                busy.try_set(false);
                on_done.run(());
            });
        };
        match asked.get()? {
            Asked::Rename(cohort) => {
                let name = RwSignal::new(cohort.name.clone());
                let state = match cohort.archived_at_microseconds {
                    Some(_) => CohortState::Archived,
                    None => CohortState::Active,
                };
                let rename = move |()| {
                    let request =
                        UpdateCohort { cohort_id: cohort.cohort_id, name: name.get_untracked(), state };
                    send(request, COHORTS.renamed);
                };
                let view = view! {
                    <Dialog open=open title=COHORTS.rename_title>
                        <Form send=COHORTS.save busy=busy failure=failure on_send=rename>
                            <TextField id="class-name" label=COHORTS.class_name holds=Holds::Text value=name/>
                        </Form>
                    </Dialog>
                };
                Some(view.into_any())
            }
            Asked::Archive(cohort) => {
                let title = fill(COHORTS.archive_title, &[("name", &cohort.name)]);
                let archive = move |()| {
                    let (cohort_id, name) = (cohort.cohort_id, cohort.name.clone());
                    send(
                        UpdateCohort { cohort_id, name, state: CohortState::Archived },
                        COHORTS.archived_done,
                    );
                };
                let refused = move || {
                    failure.get().map(|failure| view! { <p class="field-error">{refusal(&failure)}</p> })
                };
                let view = view! {
                    <Dialog open=open title=title>
                        <p>{COHORTS.archive_words}</p>
                        <div role="alert">{refused}</div>
                        <div class="dialog-buttons">
                            <Button on_press=move |()| open.set(false)>{COHORTS.keep}</Button>
                            <Button kind=ButtonKind::Danger busy=busy on_press=archive>{COHORTS.archive}</Button>
                        </div>
                    </Dialog>
                };
                Some(view.into_any())
            }
        }
    }
}
