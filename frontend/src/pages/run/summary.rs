//! Where a job stands, in a strip: progress, the latest numbers, time left.

use leptos::prelude::*;
use shared::api::jobs::{Job, JobState, WaitsFor};
use shared::events::Series;

use super::{follow, job_name};
use crate::api::stream::Flow;
use crate::components::{ErrorBox, Facts, ProgressBar, StateTag};
use crate::format;
use crate::run::RunRecord;
use crate::texts::{fill, said, texts};

#[component]
pub fn Standing(
    job: Memo<Option<Job>>,
    record: RwSignal<RunRecord>,
    state: Memo<JobState>,
    flow: RwSignal<Flow>,
    /// For a stream that does not come back by itself.
    on_retry: Callback<()>,
) -> impl IntoView {
    let texts = &texts().run;
    let reason = Memo::new(move |_| {
        let told = record.with(|record| record.reason.clone());
        told.or_else(|| job.with(|job| job.as_ref()?.reason.clone()))
    });
    // Polled with the job; the stream knows first that it has begun.
    let waits_for = Memo::new(move |_| {
        let is_queued = state.get() == JobState::Queued;
        is_queued.then(|| job.with(|job| job.as_ref()?.waits_for.as_ref().map(waiting_words))).flatten()
    });
    view! {
        <section class="standing" aria-label=texts.live>
            {move || match flow.get() {
                Flow::Connecting if record.with(|record| record.state.is_some()) => {
                    view! { <p class="soft" role="status">{texts.reconnecting}</p> }.into_any()
                }
                Flow::Failed(failure) => view! { <ErrorBox failure=failure on_retry=on_retry/> }.into_any(),
                _ => ().into_any(),
            }}
            <Show when=move || reason.with(Option::is_some)>
                <p class="reason" data-state=move || state.get().as_str()>
                    <strong>{texts.reason}</strong>
                    " "
                    {move || reason.get().map(|reason| said::report(&reason))}
                </p>
            </Show>
            <p class="soft" role="status">{move || waits_for.get()}</p>
            <ProgressLine record=record state=state/>
            <Numbers record=record/>
        </section>
    }
}

/// Why a queued job has not begun.
pub fn waiting_words(waits_for: &WaitsFor) -> String {
    let texts = &texts().run;
    match waits_for {
        WaitsFor::Pause { until_microseconds } => {
            fill(texts.waits_pause, &[("time", &format::clock(*until_microseconds))])
        }
        WaitsFor::Worker => texts.waits_worker.to_owned(),
        WaitsFor::Memory { needed_bytes, largest_worker_bytes } => {
            let bytes = |number: u64| format::bytes(number as f64);
            let values = [("needed", &*bytes(*needed_bytes)), ("largest", &*bytes(*largest_worker_bytes))];
            fill(texts.waits_memory, &values)
        }
        WaitsFor::OwnersOtherJobs { running_limit } => {
            fill(texts.waits_others, &[("n", &running_limit.to_string())])
        }
        WaitsFor::Reservation { until_microseconds } => {
            fill(texts.waits_reservation, &[("time", &format::date_time(*until_microseconds))])
        }
    }
}

#[component]
fn ProgressLine(record: RwSignal<RunRecord>, #[prop(into)] state: Signal<JobState>) -> impl IntoView {
    let progress = Memo::new(move |_| record.with(|record| record.progress.clone()));
    let words = move || {
        let progress = progress.get()?;
        let done = format::progress(progress.done, progress.total, progress.unit);
        let left = progress
            .seconds_left
            .filter(|_| state.get() == JobState::Running)
            .map(|seconds| fill(texts().jobs.left, &[("time", &format::duration(seconds))]));
        Some([Some(done), left].into_iter().flatten().collect::<Vec<_>>().join(" · "))
    };
    let share = Signal::derive(move || match state.get() {
        JobState::Succeeded => Some(1.0),
        _ => progress.with(|progress| progress.as_ref()?.share()),
    });
    view! {
        <Show when=move || progress.with(Option::is_some)>
            <div class="progress-line">
                <ProgressBar label=texts().runs.progress share=share/>
                <p>{words}</p>
            </div>
        </Show>
    }
}

/// The latest of each series that says how well it goes.
#[component]
fn Numbers(record: RwSignal<RunRecord>) -> impl IntoView {
    let texts = &texts().run;
    let facts = Signal::derive(move || {
        record.with(|record| {
            let number = |series, name, show: fn(f64) -> String| {
                record.last(series).map(|(_, value)| (name, show(value)))
            };
            let four = |value| format::significant(value, 4);
            [
                number(Series::TrainingLoss, texts.loss, four),
                number(Series::ValidationLoss, texts.validation_loss, four),
                number(Series::BitsPerByte, texts.bits_per_byte, four),
                number(Series::TokensPerSecond, texts.tokens_per_second, format::count),
                number(Series::MemoryBytes, texts.memory, format::bytes),
            ]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
        })
    });
    view! {
        <Show when=move || record.with(RunRecord::has_metrics)>
            <Facts facts=facts/>
        </Show>
    }
}

/// A running job on the home page, followed live.
#[component]
pub fn LiveSummary(job: Job) -> impl IntoView {
    let (record, _, _) = follow(job.job_id);
    let state = Memo::new(move |_| record.with(|record| record.state).unwrap_or(JobState::Running));
    view! {
        <article class="live-summary">
            <header>
                <h3><a href=format!("/runs/{}", job.job_id)>{job_name(&job)}</a></h3>
                <StateTag state=state/>
            </header>
            <ProgressLine record=record state=state/>
            <Numbers record=record/>
        </article>
    }
}
