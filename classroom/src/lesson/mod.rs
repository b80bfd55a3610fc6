//! A week's lesson: read, tried, answered.

mod head;
mod reading;

use frontend::api::poll::poll;
use frontend::components::{Arrived, PageTitle};
use frontend::pages::SignedIn;
use frontend::texts::fill;
use leptos::html;
use leptos::prelude::*;
use shared::api::lessons::{FieldNote, GetLesson, Lesson, Section};
use shared::course::WEEKS;
use shared::ids::CohortId;

use crate::questions::QuestionCards;
use crate::weeks::{Standing, course_address, lesson_address};
use crate::words::{COURSE, LESSON};
pub use reading::make_wide_reachable;

#[component]
pub fn LessonPage(cohort_id: CohortId, week: u32) -> impl IntoView {
    view! { <SignedIn><Opened cohort_id=cohort_id week=week/></SignedIn> }
}

#[component]
fn Opened(cohort_id: CohortId, week: u32) -> impl IntoView {
    let polled = poll(move || GetLesson { cohort_id, week });
    // The text is built once for each version of it: what is read and typed in it must not be built anew.
    let text = Memo::new_with_compare(
        move |_| polled.reply.get(),
        |before, now| before.and_then(version) != now.and_then(version),
    );
    let sections = Memo::new(move |_| {
        polled.reply.with(|reply| reply.as_ref().map(|lesson| lesson.sections.clone()).unwrap_or_default())
    });
    let standing = Memo::new(move |_| {
        polled.reply.with(|reply| reply.as_ref().map(|lesson| lesson.card.progress.clone()))
    });
    view! {
        <Arrived polled=polled>
            {move || {
                text.get().map(|lesson| view! {
                    <Shown cohort_id=cohort_id lesson=lesson sections=sections on_read=move |()| polled.ask_again()>
                        {move || standing.get().map(|progress| view! { <Standing progress=progress/> })}
                    </Shown>
                })
            }}
        </Arrived>
    }
}

fn version(lesson: &Option<Lesson>) -> Option<(u32, u32)> {
    lesson.as_ref().map(|lesson| (lesson.card.week, lesson.version))
}

#[component]
fn Shown(
    cohort_id: CohortId,
    lesson: Lesson,
    sections: Memo<Vec<Section>>,
    #[prop(into)] on_read: Callback<()>,
    children: Children,
) -> impl IntoView {
    let week = lesson.card.week;
    let article = NodeRef::<html::Article>::new();
    reading::follow(article, cohort_id, week, on_read);
    let number = fill(COURSE.week, &[("n", &week.to_string())]);
    let edited = (lesson.version > 0).then(|| fill(LESSON.edited, &[("n", &lesson.version.to_string())]));
    view! {
        <nav class="crumbs" aria-label=LESSON.to_course>
            <a href=course_address(cohort_id)>{LESSON.to_course}</a>
            <span class="soft">{number}</span>
            <span class="soft">{edited}</span>
        </nav>
        <PageTitle title=lesson.card.title.clone()/>
        <p class="lead">{lesson.card.summary.clone()}</p>
        <div class="lesson">
            <aside class="lesson-side">
                {children()}
                <Contents sections=sections/>
            </aside>
            <div class="lesson-main">
                <head::Head lesson=lesson.clone()/>
                <ArrowHead/>
                <article class="lesson-text" lang="ko" node_ref=article inner_html=lesson.html.clone()></article>
                <Field notes=lesson.in_the_field.clone()/>
                <QuestionCards cohort_id=cohort_id week=week on_answer=on_read/>
                <Neighbours cohort_id=cohort_id week=week/>
            </div>
        </div>
    }
}

/// To the section of the text above that answers a question.
pub fn section_link(section: String) -> impl IntoView {
    view! {
        <a class="soft" href=format!("#{section}") on:click=reading::jump(section)>{crate::words::QUESTIONS.section}</a>
    }
}

#[component]
fn Contents(sections: Memo<Vec<Section>>) -> impl IntoView {
    let lines = move || {
        let line = |section: Section| {
            view! {
                <li class=("read", section.read)>
                    <a href=format!("#{}", section.name) on:click=reading::jump(section.name)>{section.title}</a>
                    {section.read.then(|| view! { <span class="visually-hidden">{LESSON.read}</span> })}
                </li>
            }
        };
        sections.get().into_iter().map(line).collect_view()
    };
    view! {
        <nav class="contents" aria-label=LESSON.contents>
            <h2>{LESSON.contents}</h2>
            <ol>{lines}</ol>
            <p><a href="#questions" on:click=reading::jump("questions".to_owned())>{crate::words::QUESTIONS.title}</a></p>
        </nav>
    }
}

/// What lines of figures end in; figures have no definitions of their own.
#[component]
pub fn ArrowHead() -> impl IntoView {
    view! {
        <svg class="visually-hidden" aria-hidden="true" focusable="false">
            <defs>
                <marker
                    id="arrow-head"
                    viewBox="0 0 10 10"
                    refX="8"
                    refY="5"
                    markerWidth="7"
                    markerHeight="7"
                    orient="auto-start-reverse"
                >
                    <path class="arrow-head" d="M 0 1 L 9 5 L 0 9 z"></path>
                </marker>
            </defs>
        </svg>
    }
}

#[component]
fn Field(notes: Vec<FieldNote>) -> impl IntoView {
    let note = |note: FieldNote| {
        view! {
            <details class="field-note">
                <summary>{note.name}</summary>
                <dl>
                    <dt>{LESSON.does}</dt>
                    <dd inner_html=note.does_html></dd>
                    <dt>{LESSON.became}</dt>
                    <dd inner_html=note.became_html></dd>
                    <dt>{LESSON.exchange}</dt>
                    <dd inner_html=note.exchange_html></dd>
                </dl>
                <p><a href=note.address.clone() rel="external noopener">{note.address.clone()}</a></p>
            </details>
        }
    };
    view! {
        <section class="card field-notes">
            <h2>{LESSON.field}</h2>
            <p class="soft">{LESSON.field_lead}</p>
            {notes.into_iter().map(note).collect_view()}
        </section>
    }
}

#[component]
fn Neighbours(cohort_id: CohortId, week: u32) -> impl IntoView {
    let link =
        |number: u32, words| view! { <a class="button" href=lesson_address(cohort_id, number)>{words}</a> };
    view! {
        <nav class="pager" aria-label=LESSON.neighbours>
            {(week > 1).then(|| link(week - 1, LESSON.previous))}
            {(week < WEEKS).then(|| link(week + 1, LESSON.next))}
        </nav>
    }
}
