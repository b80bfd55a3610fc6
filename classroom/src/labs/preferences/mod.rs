//! `preferences`: pairs of answers that the class judges blind, and what came out.

mod judge;
mod make;
mod results;
mod words;

use frontend::api::poll::{Polled, poll};
use frontend::components::toast::use_toasts;
use frontend::components::{Arrived, Button, ButtonKind};
use frontend::texts::fill;
use leptos::prelude::*;
use shared::api::preferences::{
    DeletePreferenceSet, ListPreferenceSets, PreferenceSet, PreferenceSetList, SetPreferenceSetState,
    SetState,
};
use shared::ids::{CohortId, PreferenceSetId};

use super::Frame;
use crate::asking::{Ask, act};
use judge::Judge;
use make::Make;
use results::Results;
use words::PREFERENCES;

/// What is being done with a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    Judging(PreferenceSetId),
    Seeing(PreferenceSetId),
}

#[component]
pub fn PreferencesLab(cohort_id: CohortId) -> impl IntoView {
    let polled = poll(move || ListPreferenceSets { cohort_id });
    let doing = RwSignal::new(None::<Doing>);
    let sets = Memo::new(move |_| {
        polled.reply.with(|reply| reply.as_ref().map(|list| list.sets.clone()).unwrap_or_default())
    });
    let title_of = move |id: PreferenceSetId| {
        sets.with_untracked(|sets| sets.iter().find(|set| set.set_id == id).map(|set| set.title.clone()))
            .unwrap_or_default()
    };
    let shown = move || {
        doing.get().map(|doing_now| match doing_now {
            Doing::Judging(set_id) => view! {
                <Judge
                    cohort_id=cohort_id
                    set_id=set_id
                    title=title_of(set_id)
                    on_end=move |()| {
                        doing.set(None);
                        polled.ask_again();
                    }
                />
            }
            .into_any(),
            Doing::Seeing(set_id) => {
                let managed =
                    sets.with_untracked(|sets| sets.iter().any(|set| set.set_id == set_id && set.managed));
                view! { <Results cohort_id=cohort_id set_id=set_id title=title_of(set_id) managed=managed/> }
                    .into_any()
            }
        })
    };
    view! {
        <Frame title=PREFERENCES.title lead=PREFERENCES.lead>
            <Arrived polled=polled>
                <Sets cohort_id=cohort_id polled=polled sets=sets doing=doing/>
            </Arrived>
            {shown}
            <Make cohort_id=cohort_id on_made=move |()| polled.ask_again()/>
        </Frame>
    }
}

#[component]
fn Sets(
    cohort_id: CohortId,
    polled: Polled<PreferenceSetList>,
    sets: Memo<Vec<PreferenceSet>>,
    doing: RwSignal<Option<Doing>>,
) -> impl IntoView {
    let toasts = use_toasts();
    let asked = RwSignal::new(None::<PreferenceSet>);
    let words = Signal::derive(move || {
        let title = asked.with(|asked| asked.as_ref().map(|asked| asked.title.clone()).unwrap_or_default());
        fill(PREFERENCES.delete_words, &[("title", &title)])
    });
    let delete = move |set: PreferenceSet| {
        doing.set(None);
        let request = DeletePreferenceSet { cohort_id, set_id: set.set_id };
        act(request, PREFERENCES.deleted.to_owned(), toasts, polled);
    };
    let change = move |set_id: PreferenceSetId, state: SetState, done: &'static str| {
        act(SetPreferenceSetState { cohort_id, set_id, state }, done.to_owned(), toasts, polled);
    };
    let row = move |set: PreferenceSet| {
        let set_id = set.set_id;
        let named = StoredValue::new(format!(" ({})", set.title));
        let hidden = move || view! { <span class="visually-hidden">{named.get_value()}</span> };
        let (state, next, next_words, done) = match set.state {
            SetState::Draft => (PREFERENCES.draft, SetState::Open, PREFERENCES.offer, PREFERENCES.offered),
            SetState::Open => (PREFERENCES.open, SetState::Closed, PREFERENCES.close, PREFERENCES.closed_now),
            SetState::Closed => (PREFERENCES.closed, SetState::Open, PREFERENCES.reopen, PREFERENCES.offered),
        };
        let judging = (set.state == SetState::Open && set.judged < set.pairs).then(|| {
            let words = match set.judged {
                0 => PREFERENCES.begin.to_owned(),
                judged => {
                    let values = [("judged", &*judged.to_string()), ("all", &*set.pairs.to_string())];
                    fill(PREFERENCES.go_on, &values)
                }
            };
            view! {
                <Button kind=ButtonKind::Primary on_press=move |()| doing.set(Some(Doing::Judging(set_id)))>
                    {words}{hidden()}
                </Button>
            }
        });
        let is_seen = move || doing.get() == Some(Doing::Seeing(set_id));
        let see = move |()| doing.set(if untrack(is_seen) { None } else { Some(Doing::Seeing(set_id)) });
        let results = (set.managed || set.state == SetState::Closed).then(|| {
            view! {
                <Button on_press=see>
                    {move || if is_seen() { PREFERENCES.hide } else { PREFERENCES.results }}{hidden()}
                </Button>
            }
        });
        let managing = set.managed.then(|| {
            let deleted = set.clone();
            view! {
                <Button on_press=move |()| change(set_id, next, done)>{next_words}{hidden()}</Button>
                <Button kind=ButtonKind::Quiet on_press=move |()| asked.set(Some(deleted.clone()))>
                    {PREFERENCES.delete}{hidden()}
                </Button>
            }
        });
        let of = fill(
            PREFERENCES.of,
            &[
                ("maker", &*set.maker),
                ("pairs", &*set.pairs.to_string()),
                ("annotators", &*set.annotators.to_string()),
            ],
        );
        view! {
            <li class="preference-set">
                <p><strong>{set.title}</strong>" "<span class="label-mark">{state}</span></p>
                <p class="soft">{of}</p>
                <div class="buttons">{judging}{results}{managing}</div>
            </li>
        }
    };
    view! {
        <Show
            when=move || sets.with(|sets| !sets.is_empty())
            fallback=|| view! { <p class="soft">{PREFERENCES.none}</p> }
        >
            <ul class="preference-sets" aria-label=PREFERENCES.sets>
                <For each=move || sets.get() key=|set| format!("{set:?}") children=row/>
            </ul>
        </Show>
        <Ask
            about=asked
            title=PREFERENCES.delete_title
            words=words
            no=PREFERENCES.delete_no
            yes=PREFERENCES.delete_yes
            on_yes=delete
        />
    }
}
