//! The marking queue: one answer after the other, line by line of its rubric, also by keyboard alone.

use frontend::api::poll::poll;
use frontend::api::{Failure, call};
use frontend::components::toast::use_toasts;
use frontend::components::{Ago, Arrived, Button, ButtonKind, EmptyState, ErrorBox, PageTitle};
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::questions::{AnswerToMark, ListAnswersToMark, MarkAnswer, RubricNote};
use shared::ids::{AnswerId, CohortId};

use crate::words::MARKING;

#[component]
pub fn Marking(cohort_id: CohortId) -> impl IntoView {
    // Answers that are left for later stay behind those that are not.
    let after = RwSignal::new(None::<AnswerId>);
    let polled =
        poll(move || ListAnswersToMark { cohort_id, week: None, after: after.get(), limit: Some(1) });
    let first = Memo::new(move |_| polled.reply.with(|reply| reply.as_ref()?.answers.first().cloned()));
    let waiting = move || {
        let waiting = polled.reply.with(|reply| reply.as_ref().map_or(0, |reply| reply.waiting));
        fill(MARKING.waiting, &[("n", &waiting.to_string())])
    };
    // The end of the queue: what was left for later comes again.
    Effect::new(move || {
        let is_empty = polled
            .reply
            .with(|reply| reply.as_ref().is_some_and(|reply| reply.answers.is_empty() && reply.waiting > 0));
        if is_empty && !polled.is_stale.get() && after.with_untracked(Option::is_some) {
            after.set(None);
        }
    });
    view! {
        <PageTitle title=MARKING.title.to_owned()/>
        <p class="lead-small">{MARKING.lead}</p>
        <Arrived polled=polled>
            <p role="status">{waiting}</p>
            {move || match first.get() {
                None => view! { <EmptyState title=MARKING.empty_title words=MARKING.empty_words/> }.into_any(),
                Some(answer) => {
                    let id = answer.answer_id;
                    view! {
                        <OneAnswer
                            cohort_id=cohort_id
                            answer=answer
                            on_marked=move |()| polled.ask_again()
                            on_skip=move |()| after.set(Some(id))
                        />
                    }
                    .into_any()
                }
            }}
        </Arrived>
    }
}

#[component]
fn OneAnswer(
    cohort_id: CohortId,
    answer: AnswerToMark,
    #[prop(into)] on_marked: Callback<()>,
    #[prop(into)] on_skip: Callback<()>,
) -> impl IntoView {
    let toasts = use_toasts();
    let points: Vec<RwSignal<Option<u32>>> = answer.rubric.iter().map(|_| RwSignal::new(None)).collect();
    let comment = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let most: Vec<u32> = answer.rubric.iter().map(|line| line.points).collect();
    let all = StoredValue::new(points.clone());
    let given = Memo::new(move |_| {
        all.with_value(|points| points.iter().map(|points| points.get()).collect::<Option<Vec<u32>>>())
    });
    let name = answer.learner_name.clone();
    let give = move || {
        let Some(rubric_points) = given.get_untracked().filter(|_| !busy.get_untracked()) else { return };
        let sum: u32 = rubric_points.iter().sum();
        let comment = comment.get_untracked();
        let request = MarkAnswer { cohort_id, answer_id: answer.answer_id, rubric_points, comment };
        let name = name.clone();
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let result = call(&request).await;
            busy.try_set(false);
            match result {
                Ok(_) => {
                    toasts.done(fill(MARKING.given, &[("name", &name), ("points", &sum.to_string())]));
                    on_marked.run(());
                }
                Err(error) => {
                    failure.try_set(Some(error));
                }
            }
        });
    };
    let give_by_key = give.clone();
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if !event.alt_key() {
            return;
        }
        if event.key() == "Enter" {
            event.prevent_default();
            give_by_key();
        } else if let Ok(digit) = event.key().parse::<u32>() {
            event.prevent_default();
            all.with_value(|points| {
                let open = points.iter().zip(&most).find(|(points, _)| points.get_untracked().is_none());
                if let Some((points, _)) = open.filter(|(_, most)| digit <= **most) {
                    points.set(Some(digit));
                }
            });
        }
    });
    on_cleanup(move || keys.remove());
    let number = |number: u32| number.to_string();
    let of_week = fill(MARKING.of_week, &[("week", &number(answer.week)), ("name", &answer.learner_name)]);
    let late = (answer.days_late > 0).then(|| fill(MARKING.late, &[("n", &number(answer.days_late))]));
    let attempt = (answer.attempt > 1).then(|| fill(MARKING.attempt, &[("n", &number(answer.attempt))]));
    let lines = answer.rubric.into_iter().zip(points).enumerate();
    let lines = lines.map(|(index, (line, points))| view! { <Line index=index line=line points=points/> });
    view! {
        <article class="marking">
            <header>
                <h2>{of_week}</h2>
                <p class="soft">
                    <Ago at_microseconds=answer.submitted_at_microseconds/>
                    {late.map(|words| format!(" · {words}"))}
                    {attempt.map(|words| format!(" · {words}"))}
                </p>
            </header>
            <div class="marking-question" inner_html=answer.text_html></div>
            <div class="marking-sides">
                <section>
                    <h3>{MARKING.answer}</h3>
                    <p class="given" lang="ko">{answer.text}</p>
                </section>
                <section>
                    <h3>{MARKING.model_answer}</h3>
                    <div inner_html=answer.model_answer_html></div>
                </section>
            </div>
            <h3>{MARKING.rubric}</h3>
            {lines.collect_view()}
            <div class="field">
                <label for="marking-comment">{MARKING.comment}</label>
                <textarea
                    id="marking-comment"
                    rows="3"
                    lang="ko"
                    maxlength="8000"
                    aria-describedby="marking-comment-hint"
                    prop:value=move || comment.get()
                    on:input=move |event| comment.set(event_target_value(&event))
                ></textarea>
                <p class="field-hint" id="marking-comment-hint">{MARKING.comment_hint}</p>
            </div>
            <div class="answer-end">
                <Button
                    kind=ButtonKind::Primary
                    busy=busy
                    disabled=Signal::derive(move || given.with(Option::is_none))
                    on_press=move |()| give()
                >
                    {MARKING.give}
                </Button>
                <Button kind=ButtonKind::Quiet on_press=on_skip>{MARKING.skip}</Button>
            </div>
            {move || failure.get().map(|failure| view! { <ErrorBox failure=failure title=MARKING.failed/> })}
            <p class="soft">{MARKING.keys}</p>
        </article>
    }
}

/// A line of the rubric: as many buttons as it has points, and none.
#[component]
fn Line(index: usize, line: RubricNote, points: RwSignal<Option<u32>>) -> impl IntoView {
    let id = format!("rubric-{index}");
    let labelled_by = id.clone();
    let of = fill(MARKING.points_of, &[("points", &line.points.to_string())]);
    let choices = (0..=line.points).map(|value| {
        view! {
            <button
                type="button"
                class="choice"
                aria-pressed=move || (points.get() == Some(value)).to_string()
                on:click=move |_| points.set(Some(value))
            >
                {value.to_string()}
            </button>
        }
    });
    view! {
        <div class="rubric-line" role="group" aria-labelledby=labelled_by>
            <div id=id><div inner_html=line.text_html></div><span class="soft">{of}</span></div>
            <div class="choices">{choices.collect_view()}</div>
        </div>
    }
}
