//! Taking a job up again after its end, and starting another like it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use shared::api::jobs::{CreateJob, Job, JobState, ResumeJob};

use crate::api::call;
use crate::browser;
use crate::components::toast::use_toasts;
use crate::components::{Button, ButtonKind, Dialog, LinkButton};
use crate::texts::texts;

/// For what failed or was cancelled. `on_change` asks for the job anew.
#[component]
pub fn ResumeButton(job: Memo<Option<Job>>, state: Memo<JobState>, on_change: Callback<()>) -> impl IntoView {
    let texts = &texts().run;
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let resume = move |()| {
        let Some(job_id) = job.with_untracked(|job| job.as_ref().map(|job| job.job_id)) else { return };
        busy.set(true);
        spawn_local(async move {
            let result = call(&ResumeJob { job_id }).await;
            busy.try_set(false);
            match result {
                Ok(_) => {
                    toasts.done(texts.resume_sent);
                    on_change.try_run(());
                }
                Err(failure) => toasts.error(failure.words()),
            }
        });
    };
    let may_resume = move || matches!(state.get(), JobState::Failed | JobState::Cancelled);
    view! {
        <Show when=may_resume>
            <Button busy=busy on_press=resume>{texts.resume}</Button>
        </Show>
    }
}

/// The same job once more, or the whole pipeline as a form to change first.
#[component]
pub fn DuplicateButton(job: Memo<Option<Job>>) -> impl IntoView {
    let texts = &texts().run;
    let toasts = use_toasts();
    let navigate = StoredValue::new_local(use_navigate());
    let asks = RwSignal::new(false);
    let busy = RwSignal::new(false);
    // One question, one job: a reply that was lost makes no second one.
    let key = StoredValue::new(String::new());
    let ask = move |()| {
        key.set_value(browser::random_name());
        asks.set(true);
    };
    let duplicate = move |()| {
        let request = job.with_untracked(|job| {
            let job = job.as_ref()?;
            Some(CreateJob {
                cohort_id: job.cohort_id,
                spec: job.spec.clone(),
                inputs: job.inputs.clone(),
                idempotency_key: key.get_value(),
            })
        });
        let Some(request) = request else { return };
        busy.set(true);
        spawn_local(async move {
            let result = call(&request).await;
            busy.try_set(false);
            asks.try_set(false);
            match result {
                Ok(copy) => {
                    toasts.done(texts.duplicate_sent);
                    if let Some(navigate) = navigate.try_get_value() {
                        navigate(&format!("/runs/{}", copy.job_id), Default::default());
                    }
                }
                Err(failure) => toasts.error(failure.words()),
            }
        });
    };
    let pipeline = Memo::new(move |_| job.with(|job| job.as_ref().and_then(|job| job.pipeline_id)));
    let whole = move || {
        pipeline.get().map(|pipeline| {
            view! { <LinkButton href=format!("/new-run?from={pipeline}")>{texts.duplicate_whole}</LinkButton> }
        })
    };
    view! {
        <Button kind=ButtonKind::Quiet on_press=ask>{texts.duplicate}</Button>
        <Dialog open=asks title=texts.duplicate_title>
            <p>{texts.duplicate_words}</p>
            <div class="dialog-buttons">
                <Button kind=ButtonKind::Quiet on_press=move |()| asks.set(false)>{texts.duplicate_no}</Button>
                {whole}
                <Button kind=ButtonKind::Primary busy=busy on_press=duplicate>{texts.duplicate_yes}</Button>
            </div>
        </Dialog>
    }
}
