//! When weeks open and are due.

use frontend::api::poll::poll;
use frontend::api::{Failure, call};
use frontend::components::toast::use_toasts;
use frontend::components::{Arrived, Button, ButtonKind, Card, ErrorBox, Field, FieldIds, TableBox};
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::lessons::{LessonCard, ListLessons, SetWeekSchedule, WeekSchedule};
use shared::ids::CohortId;

use super::words::SETTINGS;
use crate::local_time;

/// A week as it stands in the form.
#[derive(Clone)]
struct Week {
    number: u32,
    title: String,
    opens: RwSignal<String>,
    due: RwSignal<String>,
    saved: RwSignal<WeekSchedule>,
}

impl Week {
    fn new(card: LessonCard) -> Self {
        let text = |at: Option<i64>| RwSignal::new(at.map(local_time::text).unwrap_or_default());
        Self {
            number: card.week,
            title: card.title,
            opens: text(card.schedule.opens_at_microseconds),
            due: text(card.schedule.due_at_microseconds),
            saved: RwSignal::new(card.schedule),
        }
    }

    /// A time that was not touched keeps its seconds.
    fn typed(&self) -> WeekSchedule {
        let saved = self.saved.get_untracked();
        let time = |typed: RwSignal<String>, saved: Option<i64>| {
            let typed = typed.get_untracked();
            match saved {
                Some(at) if local_time::text(at) == typed => Some(at),
                _ => local_time::microseconds(&typed),
            }
        };
        WeekSchedule {
            opens_at_microseconds: time(self.opens, saved.opens_at_microseconds),
            due_at_microseconds: time(self.due, saved.due_at_microseconds),
        }
    }
}

#[component]
pub fn Schedule(cohort_id: CohortId, may_change: Memo<bool>) -> impl IntoView {
    let polled = poll(move || ListLessons { cohort_id });
    view! {
        <Card title=SETTINGS.schedule.to_owned()>
            <p class="soft">{fill(SETTINGS.schedule_lead, &[("zone", &local_time::zone())])}</p>
            <Arrived polled=polled>
                {move || {
                    // What is being typed is not replaced by fresher news.
                    let cards = polled.reply.with_untracked(|reply| {
                        reply.as_ref().map(|list| list.lessons.clone()).unwrap_or_default()
                    });
                    let weeks = cards.into_iter().map(Week::new).collect();
                    view! { <Times cohort_id=cohort_id may_change=may_change weeks=weeks/> }
                }}
            </Arrived>
        </Card>
    }
}

#[component]
fn Times(cohort_id: CohortId, may_change: Memo<bool>, weeks: Vec<Week>) -> impl IntoView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<(u32, Failure)>);
    let weeks = StoredValue::new(weeks);
    let save = move |()| {
        let changed = weeks.with_value(|weeks| {
            let typed = weeks.iter().map(|week| (week.clone(), week.typed()));
            typed.filter(|(week, typed)| *typed != week.saved.get_untracked()).collect::<Vec<_>>()
        });
        if changed.is_empty() {
            toasts.done(SETTINGS.unchanged);
            return;
        }
        let wrong = changed.iter().find(|(_, typed)| {
            typed
                .opens_at_microseconds
                .zip(typed.due_at_microseconds)
                .is_some_and(|(opens, due)| due <= opens)
        });
        if let Some((week, _)) = wrong {
            toasts.error(fill(SETTINGS.due_before, &[("n", &week.number.to_string())]));
            return;
        }
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let mut saved = 0;
            for (week, schedule) in changed {
                match call(&SetWeekSchedule { cohort_id, week: week.number, schedule }).await {
                    Ok(schedule) => {
                        week.saved.try_set(schedule);
                        saved += 1;
                    }
                    Err(refused) => {
                        failure.try_set(Some((week.number, refused)));
                        break;
                    }
                }
            }
            busy.try_set(false);
            if saved > 0 {
                toasts.done(fill(SETTINGS.saved_schedule, &[("n", &saved.to_string())]));
            }
        });
    };
    let rows = weeks.with_value(|weeks| weeks.iter().map(|week| row(week, may_change)).collect_view());
    view! {
        <Show when=move || may_change.get()><FillAll weeks=weeks/></Show>
        <TableBox label=SETTINGS.schedule>
            <thead>
                <tr>
                    <th scope="col">{SETTINGS.week}</th>
                    <th scope="col">{SETTINGS.opens}</th>
                    <th scope="col">{SETTINGS.due}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableBox>
        {move || failure.get().map(|(week, failure)| {
            let title = fill(SETTINGS.schedule_failed, &[("n", &week.to_string())]);
            view! { <ErrorBox failure=failure title=title/> }
        })}
        <Show when=move || may_change.get()>
            <div class="buttons">
                <Button kind=ButtonKind::Primary busy=busy on_press=save>{SETTINGS.save_schedule}</Button>
            </div>
        </Show>
    }
}

fn row(week: &Week, may_change: Memo<bool>) -> impl IntoView + use<> {
    let number = week.number.to_string();
    let input = |words, typed: RwSignal<String>| {
        let label = fill(words, &[("n", &number)]);
        view! {
            <input
                type="datetime-local"
                class="time-input"
                aria-label=label
                readonly=move || !may_change.get()
                prop:value=move || typed.get()
                on:input=move |event| typed.set(event_target_value(&event))
            />
        }
    };
    view! {
        <tr>
            <th scope="row">{number.clone()}" "<span class="soft">{week.title.clone()}</span></th>
            <td>{input(SETTINGS.opens_of, week.opens)}</td>
            <td>{input(SETTINGS.due_of, week.due)}</td>
        </tr>
    }
}

/// The weeks one after the other, from the first one's opening.
#[component]
fn FillAll(weeks: StoredValue<Vec<Week>>) -> impl IntoView {
    let toasts = use_toasts();
    let (first, days) = (RwSignal::new(String::new()), RwSignal::new("7".to_owned()));
    let ids = (FieldIds::new("schedule-first"), FieldIds::new("schedule-days"));
    let interval =
        Memo::new(move |_| days.with(|days| days.trim().parse::<u32>().ok()).filter(|days| *days > 0));
    let is_ready = Memo::new(move |_| interval.get().is_some() && first.with(|first| !first.is_empty()));
    let fill_all = move |()| {
        let Some(days) = interval.get_untracked() else { return };
        let first = first.get_untracked();
        weeks.with_value(|weeks| {
            for (index, week) in (0_u32..).zip(weeks) {
                let time = |after: u32| local_time::days_later(&first, after.saturating_mul(days));
                if let Some((opens, due)) = time(index).zip(time(index + 1)) {
                    week.opens.set(opens);
                    week.due.set(due);
                }
            }
        });
        toasts.done(SETTINGS.filled);
    };
    view! {
        <div class="fields-in-a-row">
            <Field ids=ids.0.clone() label=SETTINGS.first>
                <input
                    type="datetime-local"
                    id=ids.0.control.clone()
                    aria-describedby=ids.0.described_by()
                    on:input=move |event| first.set(event_target_value(&event))
                />
            </Field>
            <Field ids=ids.1.clone() label=SETTINGS.days hint=SETTINGS.days_hint>
                <input
                    type="number"
                    min="1"
                    max="60"
                    id=ids.1.control.clone()
                    aria-describedby=ids.1.described_by()
                    prop:value=move || days.get()
                    on:input=move |event| days.set(event_target_value(&event))
                />
            </Field>
            <Button disabled=Signal::derive(move || !is_ready.get()) on_press=fill_all>{SETTINGS.fill}</Button>
        </div>
    }
}
