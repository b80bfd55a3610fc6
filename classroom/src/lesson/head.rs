//! What stands before the text: goals, what one should know, what one has made at the end.

use frontend::texts::fill;
use leptos::prelude::*;
use shared::api::lessons::Lesson;

use crate::words::{COURSE, LESSON};

#[component]
pub fn Head(lesson: Lesson) -> impl IntoView {
    let lines = |lines: Vec<String>| lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    let deliverables = lesson.card.deliverables.iter().map(|item| item.name.clone()).collect();
    let minutes = fill(
        COURSE.minutes,
        &[
            ("reading", &lesson.card.reading_minutes.to_string()),
            ("lab", &lesson.card.lab_minutes.to_string()),
        ],
    );
    view! {
        <section class="lesson-head" aria-label=LESSON.about>
            <p class="soft">{minutes}</p>
            <div class="lesson-head-lists">
                <div><h2>{LESSON.goals}</h2><ul>{lines(lesson.goals)}</ul></div>
                <div><h2>{LESSON.prerequisites}</h2><ul>{lines(lesson.prerequisites)}</ul></div>
                <div><h2>{COURSE.deliverables}</h2><ul>{lines(deliverables)}</ul></div>
            </div>
            <details>
                <summary lang="en">{LESSON.english}</summary>
                <p lang="en">{lesson.summary_english}</p>
            </details>
        </section>
    }
}
