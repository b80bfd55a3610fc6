//! The class as it works now: everybody on a line, found by what is the matter or by name.

mod flags;
mod line;
mod words;

use frontend::api::poll::poll;
use frontend::browser;
use frontend::components::{Arrived, EmptyState, PageTitle};
use frontend::texts::fill;
use leptos::prelude::*;
use shared::api::class::{Flag, GetClassView, LearnerNow};
use shared::ids::{CohortId, UserId};

use crate::address::{ClassPart, class_address};
use line::Line;
use words::LIVE;

/// Whoever did something within this time is there.
const HERE_MICROSECONDS: f64 = 600e6;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filter {
    All,
    Here,
    Stuck,
    Queued,
    Failing,
    /// The training works, but something about it is off.
    Odd,
}

impl Filter {
    const ALL: [Self; 6] = [Self::All, Self::Here, Self::Stuck, Self::Queued, Self::Failing, Self::Odd];

    fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::All => ("all", LIVE.all),
            Self::Here => ("here", LIVE.here),
            Self::Stuck => ("stuck", LIVE.stuck),
            Self::Queued => ("queued", LIVE.queued),
            Self::Failing => ("failing", LIVE.failing),
            Self::Odd => ("odd", LIVE.odd),
        }
    }

    fn takes(self, learner: &LearnerNow, now_microseconds: f64) -> bool {
        let flagged = |of: fn(&Flag) -> bool| learner.flags.iter().any(of);
        match self {
            Self::All => true,
            Self::Here => learner
                .seen_at_microseconds
                .is_some_and(|at| now_microseconds - (at as f64) < HERE_MICROSECONDS),
            Self::Stuck => flagged(|flag| matches!(flag, Flag::WrongAgain { .. })),
            Self::Queued => learner.queued_jobs > 0,
            Self::Failing => flagged(|flag| matches!(flag, Flag::Failing { .. } | Flag::Diverged { .. })),
            Self::Odd => flagged(|flag| {
                matches!(
                    flag,
                    Flag::FlatGradient { .. }
                        | Flag::OtherTokenizer { .. }
                        | Flag::Contaminated { .. }
                        | Flag::Diverged { .. }
                )
            }),
        }
    }
}

#[component]
pub fn Live(cohort_id: CohortId) -> impl IntoView {
    let polled = poll(move || GetClassView { cohort_id });
    let filter = RwSignal::new(Filter::All);
    let name = RwSignal::new(String::new());
    let learners = Memo::new(move |_| {
        polled.reply.with(|reply| reply.as_ref().map(|view| view.learners.clone()).unwrap_or_default())
    });
    let now = || browser::now_milliseconds() * 1000.0;
    let shown = Memo::new(move |_| {
        let wanted = name.get().trim().to_lowercase();
        learners.with(|all| {
            let taken = all.iter().filter(|it| filter.get().takes(it, now()));
            let named = taken.filter(|it| it.name.to_lowercase().contains(&wanted));
            named.map(|it| it.learner).collect::<Vec<UserId>>()
        })
    });
    let choice = move |of: Filter| {
        let (value, words) = of.name();
        let count =
            Memo::new(move |_| learners.with(|all| all.iter().filter(|it| of.takes(it, now())).count()));
        let text = move || fill(LIVE.filter, &[("name", words), ("n", &count.get().to_string())]);
        view! {
            <button
                type="button"
                class="button filter"
                data-filter=value
                aria-pressed=move || (filter.get() == of).to_string()
                on:click=move |_| filter.set(of)
            >
                {text}
            </button>
        }
    };
    let list = move || {
        if learners.with(Vec::is_empty) {
            return view! {
                <EmptyState title=LIVE.empty_title words=LIVE.empty_words>
                    <p><a class="button" href=class_address(cohort_id, ClassPart::People)>{LIVE.invite}</a></p>
                </EmptyState>
            }
            .into_any();
        }
        view! {
            <div class="live-filters" role="group" aria-label=LIVE.filters>
                {Filter::ALL.map(choice).into_iter().collect_view()}
                <label class="live-name">
                    <span>{LIVE.name}</span>
                    <input
                        id="live-name"
                        type="text"
                        autocomplete="off"
                        prop:value=move || name.get()
                        on:input=move |event| name.set(event_target_value(&event))
                    />
                </label>
            </div>
            <p class="soft" role="status">
                {move || fill(LIVE.shown, &[("n", &shown.with(Vec::len).to_string())])}
            </p>
            <Show when=move || shown.with(Vec::is_empty)>
                <EmptyState title=LIVE.none_title words=LIVE.none_words/>
            </Show>
            <ul class="live-list" aria-label=LIVE.learners>
                // A line stays where it is while news comes: the focus and what is open with it.
                <For each=move || shown.get() key=|learner| *learner let:learner>
                    <Line cohort_id=cohort_id learner=learner learners=learners/>
                </For>
            </ul>
        }
        .into_any()
    };
    let is_empty = Memo::new(move |_| learners.with(Vec::is_empty));
    view! {
        <PageTitle title=LIVE.title.to_owned()/>
        <p class="lead-small">{LIVE.lead}</p>
        <Arrived polled=polled>
            {move || {
                is_empty.track();
                untrack(list)
            }}
        </Arrived>
    }
}
