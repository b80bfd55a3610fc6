//! Deleting the account: first what happens, counted; then the name, typed; then once more.

use frontend::api::{Failure, call};
use frontend::components::{Button, ButtonKind, Card, Dialog, ErrorBox, Field, FieldIds, Loading};
use frontend::session::use_session;
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::accounts::{DeleteAccount, DeletionEffects, GetDeletionEffects};

use super::words::DELETION;
use crate::forms::refusal;

#[derive(Debug, Clone, PartialEq)]
enum Shown {
    Nothing,
    Asking,
    Failed(Failure),
    Effects(DeletionEffects),
}

#[component]
pub fn Deletion(#[prop(into)] name: Signal<String>) -> impl IntoView {
    let shown = RwSignal::new(Shown::Nothing);
    let ask = move |()| {
        shown.set(Shown::Asking);
        spawn_local(async move {
            let answer = call(&GetDeletionEffects {}).await;
            shown.try_set(answer.map_or_else(Shown::Failed, Shown::Effects));
        });
    };
    let body = move || match shown.get() {
        Shown::Nothing => {
            view! { <p class="account-action"><Button on_press=ask>{DELETION.show}</Button></p> }.into_any()
        }
        Shown::Asking => view! { <Loading/> }.into_any(),
        Shown::Failed(failure) => {
            view! { <ErrorBox failure=failure on_retry=Callback::new(ask)/> }.into_any()
        }
        Shown::Effects(effects) => view! {
            <Effects effects=effects/>
            {if effects.is_last_operator {
                view! { <p class="reason" role="alert">{DELETION.last_operator}</p> }.into_any()
            } else {
                view! { <Confirm name=name/> }.into_any()
            }}
        }
        .into_any(),
    };
    view! {
        <Card title=DELETION.title.to_owned()>
            <p>{DELETION.words}</p>
            {body}
        </Card>
    }
}

#[component]
fn Effects(effects: DeletionEffects) -> impl IntoView {
    let number = |words, number: u32| fill(words, &[("n", &number.to_string())]);
    let jobs = [("n", effects.jobs.to_string()), ("unfinished", effects.unfinished_jobs.to_string())];
    let jobs = fill(DELETION.jobs, &jobs.each_ref().map(|(name, value)| (*name, value.as_str())));
    let goes = [
        (1, number(DELETION.memberships, effects.memberships)),
        (effects.answers, number(DELETION.answers, effects.answers)),
        (effects.certificates, number(DELETION.certificates, effects.certificates)),
        (effects.published_models, number(DELETION.published, effects.published_models)),
        (effects.artifacts, number(DELETION.artifacts, effects.artifacts)),
        (effects.jobs, jobs),
    ];
    let used = effects.artifacts_used_by_others;
    let stays = [
        (effects.jobs + effects.artifacts, DELETION.stays_lineage.to_owned()),
        (used, number(DELETION.stays_used, used)),
        (1, DELETION.stays_copies.to_owned()),
    ];
    view! {
        <div class="prose account-effects">
            <h3>{DELETION.goes}</h3>
            {list(goes)}
            <h3>{DELETION.stays}</h3>
            {list(stays)}
        </div>
    }
}

/// What there is none of is not told.
fn list<const N: usize>(lines: [(u32, String); N]) -> impl IntoView {
    let lines = lines.into_iter().filter(|(count, _)| *count > 0);
    view! { <ul>{lines.map(|(_, words)| view! { <li>{words}</li> }).collect_view()}</ul> }
}

#[component]
fn Confirm(name: Signal<String>) -> impl IntoView {
    let session = use_session();
    let typed = RwSignal::new(String::new());
    let asks = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let refused = RwSignal::new(None::<String>);
    let is_right = Memo::new(move |_| typed.get().trim() == name.get());
    let delete = move |()| {
        busy.set(true);
        refused.set(None);
        spawn_local(async move {
            match call(&DeleteAccount { name: typed.get_untracked() }).await {
                Ok(_) => {
                    // The session is over already; this forgets what the browser kept of it.
                    if let Err(failure) = session.sign_out().await {
                        leptos::logging::warn!("{}", failure.words());
                    }
                    if window().location().replace("/").is_err() {
                        leptos::logging::warn!("the browser does not open the first page");
                    }
                }
                Err(failure) => {
                    refused.try_set(Some(refusal(&failure)));
                    asks.try_set(false);
                    busy.try_set(false);
                }
            }
        });
    };
    let ids = FieldIds::new("deletion-name");
    let hint = name.get_untracked();
    view! {
        <Field ids=ids.clone() label=DELETION.name hint=fill(DELETION.name_hint, &[("name", &hint)]) error=refused>
            <input
                id=ids.control.clone()
                autocomplete="off"
                maxlength="100"
                aria-describedby=ids.described_by()
                prop:value=move || typed.get()
                on:input=move |event| typed.set(event_target_value(&event))
            />
        </Field>
        <Button
            kind=ButtonKind::Danger
            disabled=Signal::derive(move || !is_right.get())
            on_press=move |()| asks.set(true)
        >
            {DELETION.delete}
        </Button>
        <Dialog open=asks title=DELETION.ask_title>
            <p>{DELETION.ask_words}</p>
            <div class="dialog-buttons">
                <Button kind=ButtonKind::Plain on_press=move |()| asks.set(false)>{DELETION.keep}</Button>
                <Button kind=ButtonKind::Danger busy=busy on_press=delete>{DELETION.delete}</Button>
            </div>
        </Dialog>
    }
}
