//! What somebody new to a class does first, above the path of weeks. It goes by itself once everything is done, or when
//! it is closed.

mod words;

use frontend::api::call;
use frontend::browser;
use frontend::components::{Button, ButtonKind};
use frontend::session::use_session;
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::first_steps::{FirstStep, GetFirstSteps, StepStanding};
use shared::ids::{CohortId, UserId};

use crate::address::{ClassPart, class_address};
use crate::weeks::lesson_address;
use words::{FIRST_STEPS, step as words_of};

/// `None` until it is known what to show; nothing where there is nothing to do or nobody wants to see it.
pub type Asked = RwSignal<Option<Vec<StepStanding>>>;

/// The weeks wait for this, so that they do not move when it comes.
pub fn ask(cohort_id: CohortId) -> Asked {
    let asked = RwSignal::new(None);
    if is_closed(cohort_id) {
        asked.set(Some(Vec::new()));
        return asked;
    }
    spawn_local(async move {
        // The weeks are what the page is about: without this answer it only lacks a help.
        let steps = call(&GetFirstSteps { cohort_id }).await.map(|answer| answer.steps).unwrap_or_default();
        let nothing_left = steps.iter().all(|step| step.done);
        asked.try_set(Some(if nothing_left { Vec::new() } else { steps }));
    });
    asked
}

fn kept_name(user: UserId, cohort: CohortId) -> String {
    format!("first-steps-closed-{user}-{cohort}")
}

fn name_of_mine(cohort: CohortId) -> Option<String> {
    let me = use_session().state.with_untracked(|state| state.me().map(|me| me.user_id))?;
    Some(kept_name(me, cohort))
}

fn is_closed(cohort: CohortId) -> bool {
    name_of_mine(cohort).is_some_and(|name| browser::stored(&name).is_some())
}

#[component]
pub fn FirstSteps(cohort_id: CohortId, asked: Asked) -> impl IntoView {
    let name = name_of_mine(cohort_id);
    let close = move |()| {
        if let Some(name) = &name {
            browser::store(name, Some("closed"));
        }
        asked.set(Some(Vec::new()));
    };
    let close = Callback::new(close);
    move || {
        let steps = asked.get().filter(|steps| !steps.is_empty())?;
        let done = steps.iter().filter(|step| step.done).count().to_string();
        let count = fill(FIRST_STEPS.count, &[("done", &done), ("all", &steps.len().to_string())]);
        let next = steps.iter().find(|step| !step.done).map(|step| step.step);
        let lines = steps.into_iter().map(|standing| line(cohort_id, standing, next));
        Some(view! {
            <section class="card first-steps" aria-labelledby="first-steps-title">
                <div class="first-steps-head">
                    <h2 id="first-steps-title">{FIRST_STEPS.title}</h2>
                    <Button kind=ButtonKind::Quiet on_press=close>{FIRST_STEPS.close}</Button>
                </div>
                <p>{FIRST_STEPS.lead}" "<span class="soft">{count}</span></p>
                <ol>{lines.collect_view()}</ol>
            </section>
        })
    }
}

fn line(cohort: CohortId, standing: StepStanding, next: Option<FirstStep>) -> impl IntoView {
    let (title, why) = words_of(standing.step);
    let is_next = next == Some(standing.step);
    let mark = if standing.done { FIRST_STEPS.done } else { FIRST_STEPS.next };
    view! {
        <li class="first-step" class=("done", standing.done) class=("next", is_next)>
            <p>
                <a href=address_of(cohort, standing.step)>{title}</a>
                {(standing.done || is_next).then(|| view! { <span class="first-step-mark">{mark}</span> })}
            </p>
            {(!standing.done).then(|| view! { <p class="soft">{why}</p> })}
        </li>
    }
}

fn address_of(cohort: CohortId, step: FirstStep) -> String {
    match step {
        FirstStep::SetPassword => "/account".to_owned(),
        FirstStep::ReadSection => lesson_address(cohort, 1),
        FirstStep::AnswerQuestion => format!("{}#questions", lesson_address(cohort, 1)),
        FirstStep::SubmitJob => lesson_address(cohort, 2),
        FirstStep::InvitePeople => class_address(cohort, ClassPart::People),
        FirstStep::SetSchedule => class_address(cohort, ClassPart::Settings),
        FirstStep::ConnectWorker => class_address(cohort, ClassPart::Queue),
        FirstStep::PublishModel => "/artifacts".to_owned(),
    }
}
