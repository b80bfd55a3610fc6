//! Two answers side by side, judged with four keys. A choice that could not be sent is kept and sent again.

use std::collections::VecDeque;
use std::time::Duration;

use frontend::api::{Failure, call};
use frontend::browser;
use frontend::components::{Button, ButtonKind, ErrorBox, ProgressBar};
use frontend::texts::fill;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::preferences::{JudgePair, NextPairs, PairToJudge};
use shared::ids::{CohortId, PairId, PreferenceSetId};
use shared::preferences::Picked;

use super::words::PREFERENCES;

const AGAIN: Duration = Duration::from_secs(3);

const CHOICES: [(&str, Picked, &str); 4] = [
    ("1", Picked::First, PREFERENCES.left_better),
    ("2", Picked::Second, PREFERENCES.right_better),
    ("3", Picked::Tie, PREFERENCES.tie),
    ("4", Picked::Neither, PREFERENCES.neither),
];

#[derive(Clone, Copy)]
struct Work {
    cohort_id: CohortId,
    set_id: PreferenceSetId,
    /// Those that were fetched and not judged yet, the first of them shown.
    pairs: RwSignal<VecDeque<PairToJudge>>,
    /// Judged, but not with the server yet.
    unsent: RwSignal<VecDeque<JudgePair>>,
    sending: RwSignal<bool>,
    asking: RwSignal<bool>,
    judged: RwSignal<u32>,
    all: RwSignal<Option<u32>>,
    failure: RwSignal<Option<Failure>>,
    shown_at: StoredValue<f64>,
}

impl Work {
    fn begin(cohort_id: CohortId, set_id: PreferenceSetId) -> Self {
        let work = Self {
            cohort_id,
            set_id,
            pairs: RwSignal::new(VecDeque::new()),
            unsent: RwSignal::new(VecDeque::new()),
            sending: RwSignal::new(false),
            asking: RwSignal::new(false),
            judged: RwSignal::new(0),
            all: RwSignal::new(None),
            failure: RwSignal::new(None),
            shown_at: StoredValue::new(browser::now_milliseconds()),
        };
        work.ask();
        work
    }

    /// What is already here, or judged and not sent, is not taken twice.
    fn ask(self) {
        if self.asking.get_untracked() {
            return;
        }
        self.asking.set(true);
        self.failure.set(None);
        spawn_local(async move {
            let answer = call(&NextPairs { cohort_id: self.cohort_id, set_id: self.set_id }).await;
            self.asking.try_set(false);
            match answer {
                Ok(next) => {
                    let Some(unsent) = self.unsent.try_get_untracked() else { return };
                    let waits = |id: PairId| unsent.iter().any(|judged| judged.pair_id == id);
                    self.judged.try_set(next.judged + unsent.len() as u32);
                    self.all.try_set(Some(next.all));
                    self.pairs.try_update(|pairs| {
                        for pair in next.pairs {
                            if !waits(pair.pair_id) && pairs.iter().all(|known| known.pair_id != pair.pair_id)
                            {
                                pairs.push_back(pair);
                            }
                        }
                    });
                }
                Err(failure) => drop(self.failure.try_set(Some(failure))),
            }
        });
    }

    fn pick(self, picked: Picked) {
        let Some(pair) = self.pairs.try_update(VecDeque::pop_front).flatten() else { return };
        let now = browser::now_milliseconds();
        let milliseconds = (now - self.shown_at.get_value()).clamp(0.0, f64::from(u32::MAX)) as u32;
        self.shown_at.set_value(now);
        let Self { cohort_id, set_id, .. } = self;
        let judged = JudgePair { cohort_id, set_id, pair_id: pair.pair_id, picked, milliseconds };
        self.unsent.update(|unsent| unsent.push_back(judged));
        self.judged.update(|judged| *judged += 1);
        self.send();
    }

    /// One after the other; the next few pairs come once these are with the server.
    fn send(self) {
        if self.sending.get_untracked() {
            return;
        }
        let Some(judged) = self.unsent.with_untracked(|unsent| unsent.front().cloned()) else {
            if self.pairs.with_untracked(|pairs| pairs.len() < 2) {
                self.ask();
            }
            return;
        };
        self.sending.set(true);
        spawn_local(async move {
            let answer = call(&judged).await;
            match answer {
                Err(Failure::Refused(_)) | Ok(_) => {
                    if let Err(failure) = answer {
                        // It will never be taken, e.g. because the set was closed meanwhile.
                        self.failure.try_set(Some(failure));
                    }
                    self.unsent.try_update(VecDeque::pop_front);
                    self.sending.try_set(false);
                    if self.unsent.try_with_untracked(|_| ()).is_some() {
                        self.send();
                    }
                }
                Err(_) => {
                    let again = move || {
                        if self.sending.try_set(false).is_none() {
                            self.send();
                        }
                    };
                    set_timeout(again, AGAIN);
                }
            }
        });
    }
}

#[component]
pub fn Judge(
    cohort_id: CohortId,
    set_id: PreferenceSetId,
    title: String,
    #[prop(into)] on_end: Callback<()>,
) -> impl IntoView {
    let work = Work::begin(cohort_id, set_id);
    let place = NodeRef::<html::Section>::new();
    // Whoever begins with the keyboard goes on with it.
    Effect::new(move || {
        if let Some(place) = place.get() {
            let _ = place.focus();
        }
    });
    let now = Memo::new(move |_| work.pairs.with(|pairs| pairs.front().cloned()));
    Effect::new(move |before: Option<Option<PairId>>| {
        let id = now.with(|now| now.as_ref().map(|now| now.pair_id));
        if before.is_some_and(|before| before != id) {
            work.shown_at.set_value(browser::now_milliseconds());
        }
        id
    });
    let on_key = move |event: ev::KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() || event.repeat() {
            return;
        }
        if let Some((_, picked, _)) = CHOICES.iter().find(|(key, ..)| *key == event.key()) {
            event.prevent_default();
            work.pick(*picked);
        }
    };
    let progress = move || {
        let all = work.all.get()?;
        let values = [("judged", &*work.judged.get().to_string()), ("all", &*all.to_string())];
        Some(fill(PREFERENCES.progress, &values))
    };
    let share = Signal::derive(move || {
        work.all.get().map(|all| f64::from(work.judged.get()) / f64::from(all.max(1)))
    });
    let is_over = Memo::new(move |_| {
        now.with(Option::is_none)
            && work.all.get().is_some_and(|all| work.judged.get() >= all)
            && work.unsent.with(VecDeque::is_empty)
    });
    let pair = move || match now.get() {
        Some(pair) => shown(pair, work).into_any(),
        None if is_over.get() => view! { <p role="status">{PREFERENCES.all_judged}</p> }.into_any(),
        None => view! { <p class="soft">{PREFERENCES.waiting}</p> }.into_any(),
    };
    view! {
        <section
            id="preference-judging"
            class="preference-judging"
            tabindex="-1"
            aria-label=fill(PREFERENCES.judging, &[("title", &title)])
            node_ref=place
            on:keydown=on_key
        >
            <h4>{fill(PREFERENCES.judging, &[("title", &title)])}</h4>
            <p class="soft">{PREFERENCES.rules}</p>
            <p role="status">{progress}</p>
            <ProgressBar label=PREFERENCES.judging share=share/>
            {pair}
            <Show when=move || work.unsent.with(|unsent| unsent.len() > 1)>
                <p class="field-error" role="status">{PREFERENCES.not_sent}</p>
            </Show>
            {move || work.failure.get().map(|failure| view! {
                <ErrorBox failure=failure on_retry=Callback::new(move |()| work.ask())/>
            })}
            <div class="buttons">
                <Button kind=ButtonKind::Quiet on_press=move |()| on_end.run(())>{PREFERENCES.stop}</Button>
            </div>
        </section>
    }
}

fn shown(pair: PairToJudge, work: Work) -> impl IntoView {
    let buttons = CHOICES.map(|(_, picked, words)| {
        view! { <Button on_press=move |()| work.pick(picked)>{words}</Button> }
    });
    view! {
        <div class="preference-prompt"><p class="soft">{PREFERENCES.prompt}</p><p lang="ko">{pair.prompt}</p></div>
        <div class="preference-sides">
            <div><p class="soft">{PREFERENCES.left}</p><p class="given" lang="ko">{pair.first}</p></div>
            <div><p class="soft">{PREFERENCES.right}</p><p class="given" lang="ko">{pair.second}</p></div>
        </div>
        <div class="buttons preference-choices">{buttons.into_iter().collect_view()}</div>
    }
}
