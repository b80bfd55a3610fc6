//! A model that a browser can run: talk to it, and open it to everybody or close it again.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::models::{GetPublishedModel, PublishModel, WithdrawModel};
use shared::artifacts::Artifact;
use shared::ids::ArtifactId;

use crate::api::{Failure, call, files_address};
use crate::components::toast::use_toasts;
use crate::components::{
    Button, ButtonKind, Card, Dialog, ErrorBox, Field, FieldIds, LinkButton, Loading, aria_invalid,
};
use crate::format;
use crate::pages::talk::ChatLink;
use crate::texts::texts;

const NAME_LIMIT: &str = "100";
const DESCRIPTION_LIMIT: &str = "2000";

#[component]
pub fn Publication(artifact: Artifact, on_change: Callback<()>) -> impl IntoView {
    let texts = &texts().models;
    let id = artifact.artifact_id;
    let is_published = artifact.published_at_microseconds.is_some();
    let asks = RwSignal::new(false);
    let standing = is_published.then(|| {
        view! {
            <p>
                <strong>{texts.is_published}</strong>
                " "
                {texts.withdraw_words}
                " "
                <a href=format!("/models/{id}")>{texts.see_public}</a>
            </p>
        }
    });
    let files = artifact.files.clone();
    let publish = if is_published { texts.publish_again } else { texts.publish };
    view! {
        <Card title=texts.title.to_owned() class="publication">
            {standing}
            <div class="buttons">
                <LinkButton href=format!("/artifacts/{id}/write") kind=ButtonKind::Primary>{texts.write}</LinkButton>
                <ChatLink page=format!("/artifacts/{id}") files=files base_url=files_address(id)/>
                <Button on_press=move |()| asks.set(true)>{publish}</Button>
                {is_published.then(|| view! { <WithdrawButton artifact_id=id on_change=on_change/> })}
            </div>
        </Card>
        <PublishDialog artifact=artifact asks=asks on_change=on_change/>
    }
}

#[component]
fn WithdrawButton(artifact_id: ArtifactId, on_change: Callback<()>) -> impl IntoView {
    let texts = &texts().models;
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let withdraw = move |()| {
        busy.set(true);
        spawn_local(async move {
            let result = call(&WithdrawModel { artifact_id }).await;
            busy.try_set(false);
            match result {
                Ok(_) => {
                    toasts.done(texts.withdrawn);
                    on_change.try_run(());
                }
                Err(failure) => toasts.error(failure.words()),
            }
        });
    };
    view! { <Button kind=ButtonKind::Quiet busy=busy on_press=withdraw>{texts.withdraw}</Button> }
}

/// Whether the dialog knows what it would overwrite.
#[derive(Debug, Clone, PartialEq)]
enum Standing {
    Known,
    Asking,
    Unknown(Failure),
}

#[component]
fn PublishDialog(artifact: Artifact, asks: RwSignal<bool>, on_change: Callback<()>) -> impl IntoView {
    let texts = &texts().models;
    let toasts = use_toasts();
    let artifact_id = artifact.artifact_id;
    let name = RwSignal::new(format::artifact_name(&artifact));
    let description = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let standing = RwSignal::new(Standing::Known);
    // What visitors read now: nobody should publish an empty description in its place.
    let ask = move || {
        standing.set(Standing::Asking);
        spawn_local(async move {
            match call(&GetPublishedModel { artifact_id }).await {
                Ok(published) => {
                    name.try_set(published.name);
                    description.try_set(published.description);
                    standing.try_set(Standing::Known);
                }
                Err(failure) => {
                    standing.try_set(Standing::Unknown(failure));
                }
            }
        });
    };
    if artifact.published_at_microseconds.is_some() {
        ask();
    }
    let is_known = Memo::new(move |_| standing.with(|standing| *standing == Standing::Known));
    let cannot_publish = Signal::derive(move || busy.get() || !is_known.get());
    let asking = move || match standing.get() {
        Standing::Known => None,
        Standing::Asking => Some(view! { <Loading/> }.into_any()),
        Standing::Unknown(failure) => {
            let retry = Callback::new(move |()| ask());
            Some(view! { <ErrorBox failure=failure title=texts.published_unread on_retry=retry/> }.into_any())
        }
    };
    let publish = move |()| {
        let request = PublishModel {
            artifact_id,
            name: name.get_untracked(),
            description: description.get_untracked(),
        };
        failure.set(None);
        busy.set(true);
        spawn_local(async move {
            let result = call(&request).await;
            busy.try_set(false);
            match result {
                Ok(_) => {
                    asks.try_set(false);
                    toasts.done(texts.published);
                    on_change.try_run(());
                }
                Err(failed) => {
                    failure.try_set(Some(failed));
                }
            }
        });
    };
    let error = move |field: &'static str| {
        Signal::derive(move || failure.with(|failure| failure.as_ref()?.problem_of(field)))
    };
    let (wrong_name, wrong_description) = (error("name"), error("description"));
    // What is about no field stands below them.
    let elsewhere = move || failure.get().filter(|failure| failure.problems().is_empty());
    let (name_ids, description_ids) = (FieldIds::new("model-name"), FieldIds::new("model-description"));
    view! {
        <Dialog open=asks title=texts.publish_title>
            <p>{texts.publish_words}</p>
            {asking}
            <div class="dialog-fields" hidden=move || !is_known.get()>
                <Field ids=name_ids.clone() label=texts.name hint=texts.name_hint error=wrong_name>
                    <input
                        type="text"
                        maxlength=NAME_LIMIT
                        id=name_ids.control.clone()
                        aria-describedby=name_ids.described_by()
                        aria-invalid=aria_invalid(wrong_name)
                        prop:value=move || name.get()
                        on:input=move |event| name.set(event_target_value(&event))
                    />
                </Field>
                <Field ids=description_ids.clone() label=texts.description hint=texts.description_hint error=wrong_description>
                    <textarea
                        rows="5"
                        maxlength=DESCRIPTION_LIMIT
                        id=description_ids.control.clone()
                        aria-describedby=description_ids.described_by()
                        aria-invalid=aria_invalid(wrong_description)
                        prop:value=move || description.get()
                        on:input=move |event| description.set(event_target_value(&event))
                    ></textarea>
                </Field>
            </div>
            {move || elsewhere().map(|failure| view! { <ErrorBox failure=failure/> })}
            <div class="dialog-buttons">
                <Button on_press=move |()| asks.set(false)>{texts.publish_no}</Button>
                <Button kind=ButtonKind::Primary busy=cannot_publish on_press=publish>{texts.publish_yes}</Button>
            </div>
        </Dialog>
    }
}
