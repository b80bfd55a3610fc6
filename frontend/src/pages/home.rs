//! Home: for a person what runs and what they did last, for anybody else what Mitbadak is.

use leptos::prelude::*;
use shared::api::Role;
use shared::api::jobs::{Job, JobState, ListJobs};
use shared::api::sessions::Me;

use super::run::{LiveSummary, job_name};
use crate::api::poll::poll;
use crate::browser;
use crate::components::{
    Ago, Arrived, ButtonKind, Card, EmptyState, LinkButton, Loading, PageTitle, StateTag,
};
use crate::session::{SessionState, use_session};
use crate::texts::{fill, texts};

/// Running jobs that are followed live: each holds a connection.
const FOLLOWED_JOBS: usize = 2;
const LATEST_JOBS: usize = 6;

#[component]
pub fn Home() -> impl IntoView {
    let session = use_session();
    let who = Memo::new(move |_| session.state.get());
    move || match who.get() {
        SessionState::Asking => view! { <Loading/> }.into_any(),
        SessionState::Person(me) => view! { <Desk me=me/> }.into_any(),
        SessionState::Nobody | SessionState::Expired => view! { <Welcome/> }.into_any(),
    }
}

#[component]
fn Welcome() -> impl IntoView {
    let texts = &texts().home;
    browser::set_title(crate::texts::texts().layout.name);
    let stages = [
        (texts.stage_import, texts.stage_import_words),
        (texts.stage_curate, texts.stage_curate_words),
        (texts.stage_tokenizer, texts.stage_tokenizer_words),
        (texts.stage_pretrain, texts.stage_pretrain_words),
        (texts.stage_talk, texts.stage_talk_words),
    ];
    let stages = stages.map(|(name, words)| view! { <li><h3>{name}</h3><p>{words}</p></li> });
    view! {
        <section class="hero">
            <h1>{texts.hero}</h1>
            <p class="lead">{texts.lead}</p>
            <div class="buttons">
                <LinkButton href="/sign-in" kind=ButtonKind::Primary>{texts.sign_in}</LinkButton>
                <LinkButton href="/models">{texts.public_models}</LinkButton>
            </div>
        </section>
        <section class="stages">
            <h2>{texts.stages_title}</h2>
            <ol>{stages.into_iter().collect_view()}</ol>
        </section>
    }
}

#[component]
fn Desk(me: Me) -> impl IntoView {
    let texts = &texts().home;
    let jobs = poll(|| ListJobs { state: None, before: None, limit: Some(20) });
    let running = Memo::new(move |_| {
        let is_running = |job: &&Job| job.state == JobState::Running;
        jobs.reply.with(|reply| {
            let jobs = reply.iter().flat_map(|list| &list.jobs).filter(is_running);
            jobs.take(FOLLOWED_JOBS).cloned().collect::<Vec<_>>()
        })
    });
    let latest = Memo::new(move |_| {
        jobs.reply.with(|reply| {
            reply.as_ref().map(|list| list.jobs.iter().take(LATEST_JOBS).cloned().collect::<Vec<_>>())
        })
    });
    let title = fill(texts.greeting, &[("name", &me.name)]);
    view! {
        <PageTitle title=title>
            <LinkButton href="/new-run" kind=ButtonKind::Primary>{texts.new_run}</LinkButton>
        </PageTitle>
        <div class="desk">
            <div class="desk-main">
                <Card title=texts.now_running.to_owned()>
                    <Show when=move || running.with(Vec::is_empty) && latest.with(Option::is_some)>
                        <p class="soft">{texts.nothing_runs}</p>
                    </Show>
                    <For each=move || running.get() key=|job| job.job_id let(job)>
                        <LiveSummary job=job/>
                    </For>
                </Card>
                <Card title=texts.latest.to_owned()>
                    <Arrived polled=jobs>
                        {move || {
                            let latest = latest.get().unwrap_or_default();
                            if latest.is_empty() {
                                view! { <EmptyState title=texts.no_jobs_title words=texts.no_jobs_words/> }.into_any()
                            } else {
                                view! { <JobLines jobs=latest/> }.into_any()
                            }
                        }}
                    </Arrived>
                    <p><LinkButton href="/runs" kind=ButtonKind::Quiet>{texts.all_runs}</LinkButton></p>
                </Card>
            </div>
            <Cohorts me=me/>
        </div>
    }
}

#[component]
fn JobLines(jobs: Vec<Job>) -> impl IntoView {
    let lines = jobs.into_iter().map(|job| {
        let when = job.started_at_microseconds.unwrap_or(job.created_at_microseconds);
        view! {
            <li>
                <a href=format!("/runs/{}", job.job_id)>
                    <span class="job-number">{job.job_id.to_string()}</span>
                    <span class="job-name">{job_name(&job)}</span>
                </a>
                <StateTag state=job.state/>
                <Ago at_microseconds=when/>
            </li>
        }
    });
    view! { <ul class="job-lines">{lines.collect_view()}</ul> }
}

#[component]
fn Cohorts(me: Me) -> impl IntoView {
    let texts = &texts().home;
    let role = |role| match role {
        Role::Learner => texts.role_learner,
        Role::Assistant => texts.role_assistant,
        Role::Instructor => texts.role_instructor,
    };
    let is_empty = me.memberships.is_empty();
    let cohorts = me.memberships.into_iter().map(move |membership| {
        view! { <li><strong>{membership.cohort_name}</strong><span class="soft">{role(membership.role)}</span></li> }
    });
    view! {
        <aside class="desk-side">
            <Card title=texts.cohorts.to_owned()>
                <ul class="plain-list">{cohorts.collect_view()}</ul>
                <Show when=move || is_empty><p class="soft">{texts.no_cohort}</p></Show>
                <Show when=move || me.operator><p class="soft">{texts.operator}</p></Show>
            </Card>
        </aside>
    }
}
