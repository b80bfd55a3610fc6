//! The questions of a week below its text.

mod draft;
mod form;
mod outcome;

use frontend::api::poll::poll;
use frontend::components::Arrived;
use frontend::texts::fill;
use leptos::prelude::*;
use shared::api::questions::{AskedQuestion, ListQuestions};
use shared::ids::CohortId;

use crate::lesson::section_link;
use crate::words::QUESTIONS;

#[component]
pub fn QuestionCards(cohort_id: CohortId, week: u32, #[prop(into)] on_answer: Callback<()>) -> impl IntoView {
    let polled = poll(move || ListQuestions { cohort_id, week });
    let names = Memo::new(move |_| {
        polled.reply.with(|reply| {
            let list = reply.as_ref().map(|list| list.questions.as_slice()).unwrap_or_default();
            list.iter().map(|question| question.question.clone()).enumerate().collect::<Vec<_>>()
        })
    });
    let answered = move |asked: AskedQuestion| {
        polled.reply.update(|reply| {
            let list = reply.iter_mut().flat_map(|list| list.questions.iter_mut());
            for question in list.filter(|question| question.question == asked.question) {
                *question = asked.clone();
            }
        });
        on_answer.run(());
    };
    view! {
        <section class="card questions" id="questions">
            <h2>{QUESTIONS.title}</h2>
            <p class="soft">{QUESTIONS.lead}</p>
            <Arrived polled=polled>
                <ol class="question-list">
                    <For each=move || names.get() key=|named| named.clone() let((index, name))>
                        <QuestionCard
                            cohort_id=cohort_id
                            week=week
                            number=index + 1
                            question=Memo::new(move |_| {
                                polled.reply.with(|reply| {
                                    let mut list = reply.iter().flat_map(|list| list.questions.iter());
                                    list.find(|question| question.question == name).cloned()
                                })
                            })
                            on_answered=answered
                        />
                    </For>
                </ol>
            </Arrived>
        </section>
    }
}

#[component]
fn QuestionCard(
    cohort_id: CohortId,
    week: u32,
    number: usize,
    question: Memo<Option<AskedQuestion>>,
    #[prop(into)] on_answered: Callback<AskedQuestion>,
) -> impl IntoView {
    // What is asked stays; only what was answered changes.
    let Some(first) = question.get_untracked() else { return ().into_any() };
    let possible = first.points_possible.to_string();
    let heading = format!("question-{}", first.question);
    let labelled_by = heading.clone();
    view! {
        <li class="question" aria-labelledby=labelled_by>
            <div class="question-head">
                <h3 id=heading>{fill(QUESTIONS.number, &[("n", &number.to_string())])}</h3>
                <span class="soft">{fill(QUESTIONS.points, &[("points", &possible)])}</span>
                {section_link(first.section.clone())}
            </div>
            <div class="question-text" inner_html=first.text_html.clone()></div>
            <form::Form cohort_id=cohort_id week=week asked=first question=question on_answered=on_answered/>
            <outcome::Outcome question=question/>
        </li>
    }
    .into_any()
}
