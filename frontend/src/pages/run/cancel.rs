//! Cancelling a job, after a question.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::jobs::{CancelJob, Job, JobState};

use crate::api;
use crate::components::toast::use_toasts;
use crate::components::{Button, ButtonKind, Dialog};
use crate::texts::texts;

#[component]
pub fn CancelButton(job: Memo<Option<Job>>, state: Memo<JobState>) -> impl IntoView {
    let texts = &texts().run;
    let toasts = use_toasts();
    let asks = RwSignal::new(false);
    let is_busy = RwSignal::new(false);
    let is_asked_for =
        Memo::new(move |_| job.with(|job| job.as_ref().is_some_and(|job| job.cancel_requested)));
    let cancel = move |()| {
        let Some(job_id) = job.with_untracked(|job| job.as_ref().map(|job| job.job_id)) else { return };
        is_busy.set(true);
        spawn_local(async move {
            let result = api::call(&CancelJob { job_id }).await;
            // The person may have left the page meanwhile.
            is_busy.try_set(false);
            asks.try_set(false);
            match result {
                Ok(_) => toasts.done(texts.cancel_sent),
                Err(failure) => toasts.error(failure.words()),
            }
        });
    };
    view! {
        <Show when=move || !state.get().has_ended()>
            <Show
                when=move || !is_asked_for.get()
                fallback=move || view! { <span class="soft">{texts.cancelling}</span> }
            >
                <Button kind=ButtonKind::Quiet on_press=Callback::new(move |()| asks.set(true))>{texts.cancel}</Button>
            </Show>
        </Show>
        <Dialog open=asks title=texts.cancel_title>
            <p>{texts.cancel_words}</p>
            <div class="dialog-buttons">
                <Button kind=ButtonKind::Plain on_press=Callback::new(move |()| asks.set(false))>{texts.cancel_no}</Button>
                <Button kind=ButtonKind::Danger busy=is_busy on_press=Callback::new(cancel)>{texts.cancel_yes}</Button>
            </div>
        </Dialog>
    }
}
