//! What runs, what comes next and what waits, as tables.

use frontend::api::poll::Polled;
use frontend::components::toast::use_toasts;
use frontend::components::{Ago, Button, ButtonKind, Card, TableBox, Took};
use frontend::format;
use frontend::pages::waiting_words;
use frontend::texts::fill;
use leptos::prelude::*;
use shared::api::jobs::{CancelJob, JobState, PRIORITY_LIMIT, SetJobPriority};
use shared::api::queue::{Queue, QueueEntry, QueuePart};

use super::words::QUEUE;
use crate::asking::{Ask, act};
use crate::roles::is_operator;

/// Whose jobs are listed: where they are everybody's, the class stands with each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Class,
    Everybody,
}

/// What a row can do.
#[derive(Clone, Copy)]
struct Deeds {
    polled: Polled<Queue>,
    whose: Whose,
    may_cancel: Memo<bool>,
    may_order: Memo<bool>,
    asked: RwSignal<Option<QueueEntry>>,
}

#[component]
pub fn QueueTables(polled: Polled<Queue>, whose: Whose, may_cancel: Memo<bool>) -> impl IntoView {
    let toasts = use_toasts();
    let asked = RwSignal::new(None::<QueueEntry>);
    let deeds = Deeds { polled, whose, may_cancel, may_order: is_operator(), asked };
    let words = Signal::derive(move || {
        let entry = asked.get();
        let (number, name) =
            entry.map(|entry| (entry.job_id.to_string(), entry.owner_name)).unwrap_or_default();
        fill(QUEUE.cancel_words, &[("n", &number), ("name", &name)])
    });
    let cancel = move |entry: QueueEntry| {
        let done = fill(QUEUE.cancelled, &[("n", &entry.job_id.to_string())]);
        act(CancelJob { job_id: entry.job_id }, done, toasts, polled);
    };
    let part = move |choose: fn(&Queue) -> &QueuePart| {
        Memo::new(move |_| polled.reply.with(|queue| queue.as_ref().map(|queue| choose(queue).clone())))
    };
    view! {
        <Part state=JobState::Running part=part(|queue| &queue.running) deeds=deeds/>
        <Part state=JobState::Queued part=part(|queue| &queue.queued) deeds=deeds/>
        <Part state=JobState::Waiting part=part(|queue| &queue.waiting) deeds=deeds/>
        <Ask about=asked title=QUEUE.cancel_title words=words no=QUEUE.cancel_no yes=QUEUE.cancel_yes on_yes=cancel/>
    }
}

#[component]
fn Part(state: JobState, part: Memo<Option<QueuePart>>, deeds: Deeds) -> impl IntoView {
    let (title, empty) = match state {
        JobState::Running => (QUEUE.running, QUEUE.none_runs),
        JobState::Queued => (QUEUE.queued, QUEUE.none_queued),
        _ => (QUEUE.waiting, QUEUE.none_waits),
    };
    let count = Memo::new(move |_| part.with(|part| part.as_ref().map_or(0, |part| part.count)));
    let jobs = move || part.with(|part| part.as_ref().map(|part| part.jobs.clone()).unwrap_or_default());
    let left_out = move || {
        let listed = part.with(|part| part.as_ref().map_or(0, |part| part.jobs.len() as u64));
        let more = count.get().saturating_sub(listed);
        (more > 0).then(|| view! { <p class="soft">{fill(QUEUE.more, &[("n", &more.to_string())])}</p> })
    };
    let heading =
        Signal::derive(move || fill(QUEUE.heading, &[("name", title), ("n", &count.get().to_string())]));
    // A row that changes is built anew, the others keep the focus.
    let key = |entry: &QueueEntry| format!("{entry:?}");
    view! {
        <Card title=heading>
            <Show when=move || count.get() != 0 fallback=move || view! { <p class="soft">{empty}</p> }>
                <TableBox label=title>
                    <thead><tr>{head(state)}</tr></thead>
                    <tbody>
                        <For each=jobs key=key let:entry>
                            <Row entry=entry state=state deeds=deeds/>
                        </For>
                    </tbody>
                </TableBox>
                {left_out}
            </Show>
        </Card>
    }
}

fn head(state: JobState) -> impl IntoView {
    let names: &[&'static str] = match state {
        JobState::Running => &[QUEUE.job, QUEUE.owner, QUEUE.worker, QUEUE.runs_for, QUEUE.deeds],
        JobState::Queued => &[QUEUE.place, QUEUE.job, QUEUE.owner, QUEUE.why, QUEUE.deeds],
        _ => &[QUEUE.job, QUEUE.owner, QUEUE.submitted, QUEUE.deeds],
    };
    names.iter().map(|name| view! { <th scope="col">{*name}</th> }).collect_view()
}

#[component]
fn Row(entry: QueueEntry, state: JobState, deeds: Deeds) -> impl IntoView {
    let number = entry.job_id.to_string();
    let class = (deeds.whose == Whose::Everybody).then(|| entry.cohort_name.clone());
    let priority = (entry.priority != 0).then(|| fill(QUEUE.priority, &[("n", &entry.priority.to_string())]));
    let job = view! {
        <th scope="row">
            <a href=format!("/runs/{number}")>{format::job_in_pipeline(&entry.name)}</a>
            <span class="soft">{format!(" {number}")}</span>
            {priority.map(|words| view! { <span class="soft">{format!(" · {words}")}</span> })}
        </th>
    };
    let owner = view! {
        <td>{entry.owner_name.clone()}{class.map(|class| view! { <span class="soft">{format!(" · {class}")}</span> })}</td>
    };
    let cells = match state {
        JobState::Running => view! {
            {job}
            {owner}
            <td>{entry.worker_name.clone()}</td>
            <td>
                <Took started_at_microseconds=entry.attempt_started_at_microseconds ended_at_microseconds=None/>
            </td>
        }
        .into_any(),
        JobState::Queued => {
            let why = entry.waits_for.as_ref().map_or_else(|| QUEUE.its_turn.to_owned(), waiting_words);
            let place = entry.place.map(|place| place.to_string());
            view! { <td class="number">{place}</td>{job}{owner}<td>{why}</td> }.into_any()
        }
        _ => view! { {job}{owner}<td><Ago at_microseconds=entry.created_at_microseconds/></td> }.into_any(),
    };
    view! { <tr>{cells}<td><Buttons entry=entry state=state deeds=deeds/></td></tr> }
}

#[component]
fn Buttons(entry: QueueEntry, state: JobState, deeds: Deeds) -> impl IntoView {
    let toasts = use_toasts();
    let entry = StoredValue::new(entry);
    let number = entry.with_value(|entry| entry.job_id.to_string());
    // Buttons of different rows say which row they are of.
    let words = StoredValue::new(format!(" ({})", fill(QUEUE.job_number, &[("n", &number)])));
    let named = move || view! { <span class="visually-hidden">{words.get_value()}</span> };
    let move_by = move |step: i32| {
        let (job_id, priority) = entry.with_value(|entry| (entry.job_id, entry.priority));
        let priority = (priority + step).clamp(-PRIORITY_LIMIT, PRIORITY_LIMIT);
        let values = [("n", job_id.to_string()), ("priority", priority.to_string())];
        let done = fill(QUEUE.ordered, &values.each_ref().map(|(name, value)| (*name, value.as_str())));
        act(SetJobPriority { job_id, priority }, done, toasts, deeds.polled);
    };
    let is_cancelling = entry.with_value(|entry| entry.cancel_requested);
    view! {
        <div class="buttons">
            <Show when=move || deeds.may_order.get() && state == JobState::Queued>
                <Button kind=ButtonKind::Quiet on_press=move |()| move_by(1)>{QUEUE.sooner}{named()}</Button>
                <Button kind=ButtonKind::Quiet on_press=move |()| move_by(-1)>{QUEUE.later}{named()}</Button>
            </Show>
            {if is_cancelling {
                view! { <span class="soft">{QUEUE.is_cancelling}</span> }.into_any()
            } else {
                view! {
                    <Show when=move || deeds.may_cancel.get()>
                        <Button kind=ButtonKind::Quiet on_press=move |()| deeds.asked.set(Some(entry.get_value()))>
                            {QUEUE.cancel}{named()}
                        </Button>
                    </Show>
                }
                .into_any()
            }}
        </div>
    }
}
