//! My jobs, newest first.

use leptos::prelude::*;
use shared::api::jobs::{Job, JobState, ListJobs};
use shared::ids::JobId;

use super::SignedIn;
use super::run::job_name;
use crate::api::poll::poll;
use crate::components::{
    Ago, Arrived, ButtonKind, EmptyState, LinkButton, PageTitle, Pager, StateTag, TableBox, Took,
};
use crate::format;
use crate::texts::{fill, texts};

const PAGE_JOBS: usize = 20;

#[component]
pub fn Runs() -> impl IntoView {
    view! { <SignedIn><RunList/></SignedIn> }
}

#[component]
fn RunList() -> impl IntoView {
    let texts = &texts().runs;
    let state = RwSignal::new(None::<JobState>);
    // The last job of each page before this one.
    let pages = RwSignal::new(Vec::<JobId>::new());
    let jobs = poll(move || ListJobs {
        state: state.get(),
        before: pages.with(|pages| pages.last().copied()),
        // One more than is shown tells whether there is another page.
        limit: Some(PAGE_JOBS as u32 + 1),
    });
    let shown = Memo::new(move |_| {
        jobs.reply.with(|reply| {
            reply.as_ref().map(|list| list.jobs.iter().take(PAGE_JOBS).cloned().collect::<Vec<_>>())
        })
    });
    let has_older = Memo::new(move |_| {
        jobs.reply.with(|reply| reply.as_ref().is_some_and(|list| list.jobs.len() > PAGE_JOBS))
    });
    let older = move |()| {
        if jobs.is_stale.get_untracked() {
            // The page that is shown is not the one that was asked for: its last row leads elsewhere.
            return;
        }
        let last = shown.with_untracked(|shown| shown.as_ref()?.last().map(|job| job.job_id));
        pages.update(|pages| pages.extend(last));
    };
    let newer = move |()| {
        pages.update(|pages| {
            pages.pop();
        });
    };
    let choices = std::iter::once(None).chain(JobState::ALL.map(Some)).map(|choice| {
        let name = choice.map_or(texts.all, format::state);
        let choose = move |_| {
            pages.set(Vec::new());
            state.set(choice);
        };
        view! {
            <button type="button" class="choice" aria-pressed=move || (state.get() == choice).to_string() on:click=choose>
                {name}
            </button>
        }
    });
    view! {
        <PageTitle title=texts.title.to_owned()>
            <LinkButton href="/new-run" kind=ButtonKind::Primary>{texts.new_run}</LinkButton>
        </PageTitle>
        <p class="lead-small">{texts.lead}</p>
        <div class="choices" role="group" aria-label=texts.show_state>{choices.collect_view()}</div>
        <div aria-busy=jobs.aria_busy()>
            <Arrived polled=jobs>
                {move || {
                    let jobs = shown.get().unwrap_or_default();
                    if !jobs.is_empty() {
                        view! { <JobTable jobs=jobs/> }.into_any()
                    } else if state.with(Option::is_some) {
                        view! { <EmptyState title=texts.empty_filter words=texts.empty_filter_words/> }.into_any()
                    } else {
                        view! {
                            <EmptyState title=texts.empty_title words=texts.empty_words>
                                <p>{texts.start_words}</p>
                            </EmptyState>
                        }
                        .into_any()
                    }
                }}
            </Arrived>
        </div>
        <Pager
            has_newer=Signal::derive(move || pages.with(|pages| !pages.is_empty()))
            has_older=has_older
            on_newer=Callback::new(newer)
            on_older=Callback::new(older)
        />
    }
}

#[component]
fn JobTable(jobs: Vec<Job>) -> impl IntoView {
    let texts = &texts().runs;
    let rows = jobs.into_iter().map(|job| {
        let pipeline = job.pipeline_id.map(|id| fill(texts.pipeline, &[("n", &id.to_string())]));
        let (started, ended) = (job.started_at_microseconds, job.ended_at_microseconds);
        view! {
            <tr>
                <td class="number">{job.job_id.to_string()}</td>
                <th scope="row">
                    <a href=format!("/runs/{}", job.job_id)>{job_name(&job)}</a>
                    <span class="soft">{pipeline}</span>
                </th>
                <td><StateTag state=job.state/></td>
                <td>{started.map(|at| view! { <Ago at_microseconds=at/> })}</td>
                <td class="number"><Took started_at_microseconds=started ended_at_microseconds=ended/></td>
            </tr>
        }
    });
    view! {
        <TableBox label=texts.title>
            <thead>
                <tr>
                    <th scope="col" class="number">{texts.number}</th>
                    <th scope="col">{texts.name}</th>
                    <th scope="col">{texts.state}</th>
                    <th scope="col">{texts.started}</th>
                    <th scope="col" class="number">{texts.duration}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </TableBox>
    }
}
