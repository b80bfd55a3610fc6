//! The weeks' texts, as the class has them.

mod editor;
mod words;

use frontend::api::poll::poll;
use frontend::api::{Failure, call};
use frontend::components::{Arrived, EmptyState, ErrorBox, Loading, PageTitle};
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::lessons::{GetLessonSource, LessonSource, ListLessons};
use shared::ids::CohortId;

use crate::address::lesson_text_address;
use crate::roles::is_instructor;
use crate::weeks::lesson_address;
use crate::words::COURSE;
use editor::Editor;
use words::LESSONS;

#[component]
pub fn Lessons(cohort_id: CohortId) -> impl IntoView {
    let may_write = is_instructor(cohort_id);
    let polled = poll(move || ListLessons { cohort_id });
    let rows = move || {
        let cards =
            polled.reply.with(|reply| reply.as_ref().map(|list| list.lessons.clone()).unwrap_or_default());
        if cards.is_empty() {
            return view! { <EmptyState title=COURSE.empty_title words=COURSE.empty_words/> }.into_any();
        }
        let rows = cards.into_iter().map(|card| {
            let week = fill(COURSE.week, &[("n", &card.week.to_string())]);
            let edit = may_write.get().then(|| {
                view! {
                    <a class="button" href=lesson_text_address(cohort_id, card.week)>
                        {LESSONS.edit}<span class="visually-hidden">{format!(" ({week})")}</span>
                    </a>
                }
            });
            view! {
                <li>
                    <span>{week.clone()}" "<a href=lesson_address(cohort_id, card.week)>{card.title}</a></span>
                    {edit}
                </li>
            }
        });
        view! { <ul class="plain-list">{rows.collect_view()}</ul> }.into_any()
    };
    view! {
        <PageTitle title=LESSONS.title.to_owned()/>
        <p class="lead-small">{LESSONS.lead}</p>
        <Show when=move || !may_write.get()><p class="soft">{LESSONS.only_instructors}</p></Show>
        <Arrived polled=polled>{rows}</Arrived>
    }
}

/// Asked once: what somebody writes is never lost to a fresher answer.
#[component]
pub fn LessonText(cohort_id: CohortId, week: u32) -> impl IntoView {
    let source = RwSignal::new(None::<Result<LessonSource, Failure>>);
    let ask = move || {
        source.set(None);
        spawn_local(async move {
            let answer = call(&GetLessonSource { cohort_id, week, version: None }).await;
            source.try_set(Some(answer));
        });
    };
    ask();
    let title = fill(LESSONS.week_title, &[("n", &week.to_string())]);
    view! {
        <PageTitle title=title>
            <a class="button" href=lesson_address(cohort_id, week)>{LESSONS.read}</a>
        </PageTitle>
        <p class="lead-small">{LESSONS.text_lead}</p>
        {move || match source.get() {
            None => view! { <Loading/> }.into_any(),
            Some(Ok(source)) => {
                view! { <Editor cohort_id=cohort_id week=week source=source/> }.into_any()
            }
            Some(Err(failure)) => {
                view! { <ErrorBox failure=failure on_retry=Callback::new(move |()| ask())/> }.into_any()
            }
        }}
    }
}
