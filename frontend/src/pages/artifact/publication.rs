//! A model that a browser can run: talk to it, and open it to everybody or close it again.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::models::{GetPublishedModel, PublishModel, WithdrawModel};
use shared::artifacts::Artifact;
use shared::ids::ArtifactId;

use crate::api::{Failure, call};
use crate::components::toast::use_toasts;
use crate::components::{
    Button, ButtonKind, Card, Dialog, ErrorBox, Field, FieldIds, LinkButton, aria_invalid,
};
use crate::format;
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
    let publish = if is_published { texts.publish_again } else { texts.publish };
    view! {
        <Card title=texts.title.to_owned() class="publication">
            {standing}
            <div class="buttons">
                <LinkButton href=format!("/artifacts/{id}/write") kind=ButtonKind::Primary>{texts.write}</LinkButton>
                <LinkButton href=format!("/artifacts/{id}/chat")>{texts.chat}</LinkButton>
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

#[component]
fn PublishDialog(artifact: Artifact, asks: RwSignal<bool>, on_change: Callback<()>) -> impl IntoView {
    let texts = &texts().models;
    let toasts = use_toasts();
    let artifact_id = artifact.artifact_id;
    let name = RwSignal::new(format::artifact_name(&artifact));
    let description = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    if artifact.published_at_microseconds.is_some() {
        // What visitors read now; without an answer the fields begin empty.
        spawn_local(async move {
            if let Ok(published) = call(&GetPublishedModel { artifact_id }).await {
                name.try_set(published.name);
                description.try_set(published.description);
            }
        });
    }
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
            {move || elsewhere().map(|failure| view! { <ErrorBox failure=failure/> })}
            <div class="dialog-buttons">
                <Button on_press=move |()| asks.set(false)>{texts.publish_no}</Button>
                <Button kind=ButtonKind::Primary busy=busy on_press=publish>{texts.publish_yes}</Button>
            </div>
        </Dialog>
    }
}
