//! `/runs/:id`: one job as it happens.

mod again;
mod cancel;
mod curves;
mod facts;
mod forecast;
mod groups;
mod log;
mod samples;
mod summary;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::api::jobs::{GetJob, Job, JobState};
use shared::ids::JobId;
use shared::spec::JobSpec;

use super::{NotFound, SignedIn};
use crate::api::poll::{Arrival, poll};
use crate::api::stream::{self, Flow, Following};
use crate::components::{ErrorBox, Loading, PageTitle, StateTag, TabPanel, Tabs};
use crate::format;
use crate::run::RunRecord;
use crate::texts::{fill, texts};
use again::{DuplicateButton, ResumeButton};
use cancel::CancelButton;
use curves::Curves;
use facts::{JobFacts, Lineage, SpecView};
use forecast::Forecast;
use groups::Groups;
use log::Log;
use samples::Samples;
use summary::Standing;
pub use summary::{LiveSummary, waiting_words};

/// A person's name for the job: its kind, and what the pipeline calls it where that says more.
pub fn job_name(job: &Job) -> String {
    let kind = job.spec.kind();
    let name = format::kind(kind);
    if job.name == kind.as_str() { name.to_owned() } else { format!("{name} ({})", job.name) }
}

#[component]
pub fn RunPage() -> impl IntoView {
    let parameters = use_params_map();
    let number = Memo::new(move |_| parameters.with(|map| map.get("id")?.parse::<i64>().ok()));
    view! {
        <SignedIn>
            {move || match number.get() {
                Some(number) => view! { <Run job_id=JobId(number)/> }.into_any(),
                None => view! { <NotFound/> }.into_any(),
            }}
        </SignedIn>
    }
}

/// Follows the job's events into a record.
pub(super) fn follow(job_id: JobId) -> (RwSignal<RunRecord>, RwSignal<Flow>, Following) {
    let record = RwSignal::new(RunRecord::default());
    let flow = RwSignal::new(Flow::Connecting);
    let take = move |events: Vec<_>| {
        record.update(|record| events.into_iter().for_each(|event| record.take(event)));
    };
    let following = stream::follow(job_id, take, move |now| {
        if flow.with_untracked(|before| *before != now) {
            flow.set(now);
        }
    });
    (record, flow, following)
}

#[component]
fn Run(job_id: JobId) -> impl IntoView {
    let texts = &texts().run;
    let polled = poll(move || GetJob { job_id });
    let (record, flow, following) = follow(job_id);
    // The stream knows a change of state first; the rest of the job is asked for then.
    let state = Memo::new(move |_| record.with(|record| record.state));
    Effect::new(move |before: Option<Option<JobState>>| {
        let state = state.get();
        if before.is_some_and(|before| before != state) {
            polled.ask_again();
        }
        state
    });
    // A job that was resumed, here or by somebody else, goes on after its end. Looked at with every reply:
    // the end of the stream may come after the reply that told of it.
    Effect::new(move || {
        polled.answered.track();
        let goes_on =
            polled.reply.with_untracked(|job| job.as_ref().is_some_and(|job| !job.state.has_ended()));
        if goes_on && flow.with_untracked(|flow| *flow == Flow::Ended) {
            following.go_on();
        }
    });
    let on_change = Callback::new(move |()| {
        polled.ask_again();
        following.go_on();
    });
    let arrival = polled.arrival();
    move || match arrival.get() {
        Arrival::Known => {
            let job = Memo::new(move |_| polled.reply.get());
            view! { <Page job=job record=record flow=flow on_change=on_change/> }.into_any()
        }
        Arrival::Failed(failure) if failure.is_not_found() => view! { <NotFound/> }.into_any(),
        Arrival::Failed(failure) => {
            view! { <ErrorBox title=texts.failed_title failure=failure on_retry=on_change/> }.into_any()
        }
        Arrival::Waiting => view! { <Loading words=texts.loading/> }.into_any(),
    }
}

#[component]
fn Page(
    job: Memo<Option<Job>>,
    record: RwSignal<RunRecord>,
    flow: RwSignal<Flow>,
    on_change: Callback<()>,
) -> impl IntoView {
    let texts = &texts().run;
    let title = Memo::new(move |_| {
        job.with(|job| {
            let job = job.as_ref()?;
            Some(format!("{} · {}", job_name(job), fill(texts.title, &[("n", &job.job_id.to_string())])))
        })
        .unwrap_or_default()
    });
    let state = Memo::new(move |_| {
        let told = record.with(|record| record.state);
        told.or_else(|| job.with(|job| job.as_ref().map(|job| job.state))).unwrap_or(JobState::Waiting)
    });
    let trains =
        job.with_untracked(|job| job.as_ref().is_some_and(|job| matches!(job.spec, JobSpec::Pretrain(_))));
    let selected = RwSignal::new(if trains { "charts" } else { "log" });
    let tabs = move || {
        let training = [("charts", texts.tab_charts.to_owned()), ("samples", texts.tab_samples.to_owned())];
        let every = [("log", texts.tab_log.to_owned()), ("spec", texts.tab_spec.to_owned())];
        training.into_iter().filter(|_| trains).chain(every).collect::<Vec<_>>()
    };
    view! {
        <PageTitle title=title>
            <StateTag state=state/>
            <CancelButton job=job state=state/>
            <ResumeButton job=job state=state on_change=on_change/>
            <DuplicateButton job=job/>
        </PageTitle>
        <Standing job=job record=record state=state flow=flow on_retry=on_change/>
        <div class="run-body">
            <div class="run-main">
                <Tabs label=texts.tabs tabs=Signal::derive(tabs) selected=selected/>
                {trains
                    .then(|| view! {
                        <TabPanel id="charts" selected=selected><Curves record=record/><Groups record=record/></TabPanel>
                        <TabPanel id="samples" selected=selected><Samples record=record/></TabPanel>
                    })}
                <TabPanel id="log" selected=selected><Log record=record/></TabPanel>
                <TabPanel id="spec" selected=selected><SpecView job=job/></TabPanel>
            </div>
            <aside class="run-side">
                <JobFacts job=job/>
                <Forecast job=job record=record/>
                <Lineage job=job/>
            </aside>
        </div>
    }
}
