//! The hours for which workers are set apart for a class.

use frontend::api::poll::{Polled, poll};
use frontend::api::{Failure, call};
use frontend::components::toast::use_toasts;
use frontend::components::{Button, ButtonKind, Card, ErrorBox, Field, FieldIds};
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::cohorts::ListCohorts;
use shared::api::queue::{CancelReservation, CreateReservation, Queue, Reservation};
use shared::api::workers::WorkerList;
use shared::ids::{CohortId, WorkerId};

use super::words::RESERVATIONS;
use crate::asking::{Ask, act};
use crate::local_time::microseconds;
use crate::roles::is_operator;

/// Those that have not ended, with a way to cancel for operators.
#[component]
pub fn Reservations(polled: Polled<Queue>) -> impl IntoView {
    let toasts = use_toasts();
    let may_cancel = is_operator();
    let asked = RwSignal::new(None::<Reservation>);
    let reservations = Memo::new(move |_| {
        polled.reply.with(|queue| queue.as_ref().map(|queue| queue.reservations.clone()).unwrap_or_default())
    });
    let words = Signal::derive(move || {
        let class =
            asked.with(|asked| asked.as_ref().map(|asked| asked.cohort_name.clone()).unwrap_or_default());
        fill(RESERVATIONS.cancel_words, &[("name", &class)])
    });
    let cancel = move |reservation: Reservation| {
        let request = CancelReservation { reservation_id: reservation.reservation_id };
        act(request, RESERVATIONS.cancelled.to_owned(), toasts, polled);
    };
    let row = move |reservation: Reservation| {
        let workers: Vec<String> = reservation.workers.iter().map(|worker| worker.name.clone()).collect();
        let values = [
            ("workers", workers.join(", ")),
            ("begin", format::date_time(reservation.begins_at_microseconds)),
            ("end", format::date_time(reservation.ends_at_microseconds)),
            ("name", reservation.cohort_name.clone()),
        ];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        let line = fill(RESERVATIONS.line, &values);
        view! {
            <li>
                {line}
                <Show when=move || may_cancel.get()>
                    {
                        let reservation = reservation.clone();
                        view! {
                            <Button kind=ButtonKind::Quiet on_press=move |()| asked.set(Some(reservation.clone()))>
                                {RESERVATIONS.cancel}
                            </Button>
                        }
                    }
                </Show>
            </li>
        }
    };
    view! {
        <Card title=RESERVATIONS.title.to_owned()>
            <Show
                when=move || reservations.with(|all| !all.is_empty())
                fallback=|| view! { <p class="soft">{RESERVATIONS.none}</p> }
            >
                <ul class="plain-list">
                    <For each=move || reservations.get() key=|reservation| format!("{reservation:?}") children=row/>
                </ul>
            </Show>
        </Card>
        <Ask
            about=asked
            title=RESERVATIONS.cancel_title
            words=words
            no=RESERVATIONS.cancel_no
            yes=RESERVATIONS.cancel_yes
            on_yes=cancel
        />
    }
}

#[component]
pub fn NewReservation(queue: Polled<Queue>, workers: Polled<WorkerList>) -> impl IntoView {
    let toasts = use_toasts();
    let class = RwSignal::new(String::new());
    let (begin, end) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let chosen = RwSignal::new(Vec::<WorkerId>::new());
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let classes = every_class();
    let request = Memo::new(move |_| {
        let cohort_id = CohortId(class.with(|class| class.parse().ok())?);
        let begins_at_microseconds = begin.with(|text| microseconds(text))?;
        let ends_at_microseconds = end.with(|text| microseconds(text))?;
        let worker_ids = chosen.get();
        let request =
            CreateReservation { cohort_id, worker_ids, begins_at_microseconds, ends_at_microseconds };
        (!request.worker_ids.is_empty()).then_some(request)
    });
    let create = move |()| {
        let Some(request) = request.get_untracked() else { return };
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let result = call(&request).await;
            busy.try_set(false);
            match result {
                Ok(_) => {
                    toasts.done(RESERVATIONS.created);
                    queue.ask_again();
                }
                Err(error) => {
                    failure.try_set(Some(error));
                }
            }
        });
    };
    let options = move || {
        let options = classes.get().into_iter().map(|(id, name)| {
            view! { <option value=id.to_string()>{name}</option> }
        });
        options.collect_view()
    };
    let usable = Memo::new(move |_| {
        workers.reply.with(|reply| {
            let all = reply.as_ref().map(|reply| reply.workers.as_slice()).unwrap_or_default();
            let all = all.iter().filter(|worker| !worker.revoked);
            all.map(|worker| (worker.worker_id, worker.name.clone())).collect::<Vec<_>>()
        })
    });
    let choice = move |(worker, name): (WorkerId, String)| {
        let toggle = move |event| {
            let wanted = event_target_checked(&event);
            chosen.update(|chosen| {
                chosen.retain(|other| *other != worker);
                if wanted {
                    chosen.push(worker);
                }
            });
        };
        view! {
            <label class="radio">
                <input type="checkbox" on:change=toggle/>
                <span>{name}</span>
            </label>
        }
    };
    let (class_ids, begin_ids, end_ids) =
        (FieldIds::new("reserve-class"), FieldIds::new("reserve-begin"), FieldIds::new("reserve-end"));
    view! {
        <Card title=RESERVATIONS.new_title.to_owned()>
            <p class="soft">{RESERVATIONS.new_lead}</p>
            <Field ids=class_ids.clone() label=RESERVATIONS.class>
                <select
                    id=class_ids.control.clone()
                    aria-describedby=class_ids.described_by()
                    on:change=move |event| class.set(event_target_value(&event))
                >
                    <option value="">{RESERVATIONS.choose_class}</option>
                    {options}
                </select>
            </Field>
            <Field ids=begin_ids.clone() label=RESERVATIONS.begin>
                <input
                    type="datetime-local"
                    id=begin_ids.control.clone()
                    aria-describedby=begin_ids.described_by()
                    on:input=move |event| begin.set(event_target_value(&event))
                />
            </Field>
            <Field ids=end_ids.clone() label=RESERVATIONS.end hint=RESERVATIONS.end_hint>
                <input
                    type="datetime-local"
                    id=end_ids.control.clone()
                    aria-describedby=end_ids.described_by()
                    on:input=move |event| end.set(event_target_value(&event))
                />
            </Field>
            <fieldset class="field">
                <legend>{RESERVATIONS.workers}</legend>
                <For each=move || usable.get() key=|worker| worker.clone() children=choice/>
            </fieldset>
            <Button busy=busy disabled=Signal::derive(move || request.with(Option::is_none)) on_press=create>
                {RESERVATIONS.create}
            </Button>
            {move || failure.get().map(|failure| view! { <ErrorBox failure=failure title=RESERVATIONS.failed/> })}
        </Card>
    }
}

/// All classes by name.
fn every_class() -> Memo<Vec<(CohortId, String)>> {
    let polled = poll(|| ListCohorts { after: None, limit: Some(200) });
    Memo::new(move |_| {
        polled.reply.with(|reply| {
            let all = reply.as_ref().map(|reply| reply.cohorts.as_slice()).unwrap_or_default();
            let all = all.iter().map(|summary| &summary.cohort);
            let mut classes: Vec<_> = all.map(|class| (class.cohort_id, class.name.clone())).collect();
            classes.sort_by(|left, right| left.1.cmp(&right.1));
            classes
        })
    })
}
