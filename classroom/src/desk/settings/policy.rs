//! How attempts, lateness and weeks count.

use std::array;

use frontend::api::poll::poll;
use frontend::api::{Failure, call};
use frontend::components::toast::use_toasts;
use frontend::components::{Arrived, Button, ButtonKind, Card, ErrorBox, Field, FieldIds, aria_invalid};
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::lessons::{GetCoursePolicy, SetCoursePolicy};
use shared::course::{CoursePolicy, WEEKS};
use shared::ids::CohortId;

use super::words::SETTINGS;
use crate::weeks::points_text;

/// The numbers as they are typed.
#[derive(Clone, Copy)]
struct Typed {
    attempts: RwSignal<String>,
    retry: RwSignal<String>,
    late: RwSignal<String>,
    late_days: RwSignal<String>,
    certificate: RwSignal<String>,
    weights: [RwSignal<String>; WEEKS as usize],
}

impl Typed {
    fn new(policy: &CoursePolicy) -> Self {
        let text = |number: u32| RwSignal::new(number.to_string());
        Self {
            attempts: text(policy.attempts_at_most),
            retry: text(policy.retry_percent),
            late: text(policy.late_percent_per_day),
            late_days: text(policy.late_days_at_most),
            certificate: text(policy.certificate_percent),
            weights: array::from_fn(|week| text(policy.week_weights.get(week).copied().unwrap_or(0))),
        }
    }

    /// Nothing while some field holds no number.
    fn policy(self) -> Option<CoursePolicy> {
        Some(CoursePolicy {
            attempts_at_most: number(self.attempts)?,
            retry_percent: number(self.retry)?,
            late_percent_per_day: number(self.late)?,
            late_days_at_most: number(self.late_days)?,
            certificate_percent: number(self.certificate)?,
            week_weights: self.weights.into_iter().map(number).collect::<Option<_>>()?,
        })
    }
}

fn number(typed: RwSignal<String>) -> Option<u32> {
    typed.with(|text| text.trim().parse().ok())
}

#[component]
pub fn Policy(cohort_id: CohortId, may_change: Memo<bool>) -> impl IntoView {
    let polled = poll(move || GetCoursePolicy { cohort_id });
    view! {
        <Card title=SETTINGS.policy.to_owned()>
            <p class="soft">{SETTINGS.policy_lead}</p>
            <Arrived polled=polled>
                {move || {
                    let policy = polled.reply.with_untracked(|reply| reply.clone().unwrap_or_default());
                    view! { <Numbers cohort_id=cohort_id may_change=may_change typed=Typed::new(&policy)/> }
                }}
            </Arrived>
        </Card>
    }
}

#[component]
fn Numbers(cohort_id: CohortId, may_change: Memo<bool>, typed: Typed) -> impl IntoView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let policy = Memo::new(move |_| typed.policy());
    let problems = Memo::new(move |_| policy.get().and_then(|policy| policy.validate().err()));
    let save = move |()| {
        let Some(policy) = policy.get_untracked().filter(|policy| policy.validate().is_ok()) else { return };
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            match call(&SetCoursePolicy { cohort_id, policy }).await {
                Ok(_) => toasts.done(SETTINGS.saved_policy),
                Err(refused) => drop(failure.try_set(Some(refused))),
            }
            busy.try_set(false);
        });
    };
    let error = move |field: &'static str, typed: RwSignal<String>| {
        Signal::derive(move || {
            if number(typed).is_none() {
                return Some(SETTINGS.no_number.to_owned());
            }
            problems.with(|problems| {
                let mut all = problems.as_ref()?.0.iter();
                all.find(|problem| problem.field == field).map(frontend::texts::said::problem)
            })
        })
    };
    let field = move |id: &'static str, label, hint, name, value: RwSignal<String>| {
        let ids = FieldIds::new(id);
        let error = error(name, value);
        view! {
            <Field ids=ids.clone() label=label hint=hint error=error>
                {input(&ids, value, error, may_change)}
            </Field>
        }
    };
    let example = move || {
        let policy = policy.get()?;
        let taken = 2 <= policy.attempts_at_most && 2 <= policy.late_days_at_most;
        let points = if taken { policy.weighed(10.0, 10.0, 2, 2) } else { 0.0 };
        Some(fill(SETTINGS.example, &[("points", &points_text(points))]))
    };
    let weights_error = error("week_weights", typed.weights[0]);
    let cannot_save = Signal::derive(move || policy.with(Option::is_none) || problems.with(Option::is_some));
    view! {
        <div class="fields-in-a-row">
            {field("policy-attempts", SETTINGS.attempts, SETTINGS.attempts_hint, "attempts_at_most", typed.attempts)}
            {field("policy-retry", SETTINGS.retry, "", "retry_percent", typed.retry)}
            {field("policy-late", SETTINGS.late, "", "late_percent_per_day", typed.late)}
            {field("policy-late-days", SETTINGS.late_days, SETTINGS.late_days_hint, "late_days_at_most", typed.late_days)}
            {field("policy-certificate", SETTINGS.certificate, "", "certificate_percent", typed.certificate)}
        </div>
        <p class="policy-example" role="status">{example}</p>
        <fieldset class="policy-weights">
            <legend>{SETTINGS.weights}</legend>
            <p class="soft">{SETTINGS.weights_lead}</p>
            <div class="policy-weeks">{weights(typed, may_change)}</div>
            <p class="field-error" aria-live="polite">{move || weights_error.get()}</p>
        </fieldset>
        {move || failure.get().map(|failure| view! { <ErrorBox failure=failure title=SETTINGS.policy_failed/> })}
        <Show when=move || may_change.get()>
            <div class="buttons">
                <Button kind=ButtonKind::Primary busy=busy disabled=cannot_save on_press=save>
                    {SETTINGS.save_policy}
                </Button>
            </div>
        </Show>
    }
}

fn input(
    ids: &FieldIds,
    value: RwSignal<String>,
    error: Signal<Option<String>>,
    may_change: Memo<bool>,
) -> impl IntoView + use<> {
    view! {
        <input
            type="number"
            min="0"
            id=ids.control.clone()
            aria-describedby=ids.described_by()
            aria-invalid=aria_invalid(error)
            readonly=move || !may_change.get()
            prop:value=move || value.get()
            on:input=move |event| value.set(event_target_value(&event))
        />
    }
}

/// Each with its share of the sum.
fn weights(typed: Typed, may_change: Memo<bool>) -> impl IntoView {
    let sum = Memo::new(move |_| typed.weights.into_iter().filter_map(number).map(u64::from).sum::<u64>());
    let week = move |(week, value): (usize, RwSignal<String>)| {
        let id = format!("policy-weight-{week}");
        let share = move || {
            let weight = number(value)?;
            let percent = 100.0 * f64::from(weight) / (sum.get().max(1) as f64);
            Some(fill(SETTINGS.share, &[("percent", &points_text((percent * 10.0).round() / 10.0))]))
        };
        view! {
            <div>
                <label for=id.clone()>{fill(SETTINGS.weight, &[("n", &week.to_string())])}</label>
                <input
                    type="number"
                    min="0"
                    max="1000"
                    id=id
                    readonly=move || !may_change.get()
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                />
                <span class="soft">{share}</span>
            </div>
        }
    };
    (1..).zip(typed.weights).map(week).collect_view()
}
