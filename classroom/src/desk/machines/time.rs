//! How long each member kept workers busy, the class's limit, and more for whoever needs it.

use frontend::api::poll::{Polled, poll};
use frontend::components::toast::use_toasts;
use frontend::components::{Arrived, Button, ButtonKind, Card, Field, FieldIds, TableBox};
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use shared::api::Role;
use shared::api::worker_time::{
    GrantWorkerTime, ListWorkerTime, MINUTES_LIMIT, MemberWorkerTime, SetWorkerTimeLimit, WorkerTimeList,
};
use shared::ids::CohortId;

use super::words::TIME;
use crate::asking::act;

/// What one press gives.
const GRANT_MINUTES: u32 = 60;

#[component]
pub fn ClassTime(cohort_id: CohortId, may_change: Memo<bool>) -> impl IntoView {
    let polled = poll(move || ListWorkerTime { cohort_id });
    view! {
        <Card title=TIME.title.to_owned()>
            <p class="soft">{TIME.lead}</p>
            <Arrived polled=polled>
                <Limit cohort_id=cohort_id polled=polled may_change=may_change/>
                <Members cohort_id=cohort_id polled=polled may_change=may_change/>
            </Arrived>
        </Card>
    }
}

fn limit_of(polled: Polled<WorkerTimeList>) -> Memo<Option<u32>> {
    Memo::new(move |_| polled.reply.with(|reply| reply.as_ref()?.minutes_per_learner))
}

#[component]
fn Limit(cohort_id: CohortId, polled: Polled<WorkerTimeList>, may_change: Memo<bool>) -> impl IntoView {
    let toasts = use_toasts();
    let limit = limit_of(polled);
    let words = move || match limit.get() {
        None => TIME.no_limit.to_owned(),
        Some(minutes) => fill(TIME.limit, &[("n", &format::count(f64::from(minutes)))]),
    };
    let typed = RwSignal::new(String::new());
    let minutes =
        Memo::new(move |_| typed.with(|text| text.trim().parse().ok()).filter(|n| *n <= MINUTES_LIMIT));
    let set = move |minutes_per_learner: Option<u32>| {
        let done = match minutes_per_learner {
            None => TIME.limit_removed.to_owned(),
            Some(minutes) => fill(TIME.limit_set, &[("n", &minutes.to_string())]),
        };
        act(SetWorkerTimeLimit { cohort_id, minutes_per_learner }, done, toasts, polled);
    };
    let ids = StoredValue::new(FieldIds::new("worker-time-limit"));
    view! {
        <p role="status">{words}</p>
        <Show when=move || may_change.get()>
            <Field ids=ids.get_value() label=TIME.new_limit hint=TIME.new_limit_hint>
                <input
                    type="number"
                    min="0"
                    max=MINUTES_LIMIT.to_string()
                    id=ids.with_value(|ids| ids.control.clone())
                    aria-describedby=ids.with_value(FieldIds::described_by)
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                />
            </Field>
            <div class="buttons">
                <Button
                    disabled=Signal::derive(move || minutes.with(Option::is_none))
                    on_press=move |()| set(minutes.get_untracked())
                >
                    {TIME.set_limit}
                </Button>
                <Button
                    kind=ButtonKind::Quiet
                    disabled=Signal::derive(move || limit.with(Option::is_none))
                    on_press=move |()| set(None)
                >
                    {TIME.remove_limit}
                </Button>
            </div>
        </Show>
    }
}

#[component]
fn Members(cohort_id: CohortId, polled: Polled<WorkerTimeList>, may_change: Memo<bool>) -> impl IntoView {
    let toasts = use_toasts();
    let limit = limit_of(polled);
    let members = move || {
        polled.reply.with(|reply| reply.as_ref().map(|reply| reply.members.clone()).unwrap_or_default())
    };
    let row = move |member: MemberWorkerTime| {
        let is_learner = member.role == Role::Learner;
        let granted = member.granted_minutes;
        let granted_words =
            (granted > 0).then(|| fill(TIME.minutes, &[("n", &format::count(granted as f64))]));
        let left = move || match limit.get().filter(|_| is_learner) {
            None => TIME.unlimited.to_owned(),
            Some(limit) => {
                let allowed = (u64::from(limit) + granted) * 60;
                match allowed.saturating_sub(member.used_seconds) {
                    0 => TIME.used_up.to_owned(),
                    seconds => format::duration(seconds as f64),
                }
            }
        };
        let (user_id, name) = (member.user_id, StoredValue::new(member.name.clone()));
        let grant = move |()| {
            let request = GrantWorkerTime { cohort_id, user_id, minutes: GRANT_MINUTES };
            let name = name.get_value();
            let done = fill(TIME.granted, &[("name", &name), ("n", &GRANT_MINUTES.to_string())]);
            act(request, done, toasts, polled);
        };
        view! {
            <tr>
                <th scope="row">{member.name}</th>
                <td class="number">{format::duration(member.used_seconds as f64)}</td>
                <td class="number">{granted_words}</td>
                <td class="number">{left}</td>
                <td>
                    <Show when=move || may_change.get() && is_learner && limit.with(Option::is_some)>
                        <Button kind=ButtonKind::Quiet on_press=grant>
                            {fill(TIME.grant, &[("n", &GRANT_MINUTES.to_string())])}
                            <span class="visually-hidden">{move || format!(" ({})", name.get_value())}</span>
                        </Button>
                    </Show>
                </td>
            </tr>
        }
    };
    view! {
        <TableBox label=TIME.title>
            <thead>
                <tr>
                    <th scope="col">{TIME.name}</th>
                    <th scope="col" class="number">{TIME.used}</th>
                    <th scope="col" class="number">{TIME.extra}</th>
                    <th scope="col" class="number">{TIME.left}</th>
                    <th scope="col">{TIME.deeds}</th>
                </tr>
            </thead>
            <tbody><For each=members key=|member| format!("{member:?}") children=row/></tbody>
        </TableBox>
    }
}
