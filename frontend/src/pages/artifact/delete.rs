//! Deleting, after a question.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use shared::api::artifacts::DeleteArtifact;
use shared::ids::ArtifactId;

use crate::api::call;
use crate::components::toast::use_toasts;
use crate::components::{Button, ButtonKind, Dialog};
use crate::texts::{fill, texts};

#[component]
pub fn DeleteButton(artifact_id: ArtifactId) -> impl IntoView {
    let texts = &texts().artifact;
    let toasts = use_toasts();
    let navigate = StoredValue::new_local(use_navigate());
    let asks = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let delete = move |()| {
        busy.set(true);
        spawn_local(async move {
            let result = call(&DeleteArtifact { artifact_id }).await;
            busy.try_set(false);
            asks.try_set(false);
            match result {
                Ok(deleted) => {
                    let left = deleted.descendants.len();
                    let words = if left == 0 { texts.delete_done } else { texts.delete_done_descendants };
                    toasts.done(fill(words, &[("n", &left.to_string())]));
                    if let Some(navigate) = navigate.try_get_value() {
                        navigate("/artifacts", Default::default());
                    }
                }
                Err(failure) => toasts.error(failure.words()),
            }
        });
    };
    view! {
        <Button kind=ButtonKind::Quiet on_press=move |()| asks.set(true)>{texts.delete}</Button>
        <Dialog open=asks title=texts.delete_title>
            <p>{texts.delete_words}</p>
            <div class="dialog-buttons">
                <Button kind=ButtonKind::Plain on_press=move |()| asks.set(false)>{texts.delete_no}</Button>
                <Button kind=ButtonKind::Danger busy=busy on_press=delete>{texts.delete_yes}</Button>
            </div>
        </Dialog>
    }
}
