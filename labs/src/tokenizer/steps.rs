//! Going through the merges of a training: by a slider, by buttons, or by itself.

use std::sync::Arc;
use std::time::Duration;

use frontend::components::{Field, FieldIds};
use frontend::format;
use frontend::texts::fill;
use leptos::leptos_dom::helpers::IntervalHandle;
use leptos::prelude::*;
use model::tokenizer::replay::Replay;

use super::learned::{Candidate, Learned};
use super::training::Training;
use super::words;
use crate::parts::{ChartLine, LineChart, Slider, fresh_id};

const PLAY_EVERY: Duration = Duration::from_millis(450);
const CANDIDATES: usize = 8;
const LATEST: usize = 12;

#[component]
pub fn Steps(training: RwSignal<Training>) -> impl IntoView {
    let learned = Memo::new_with_compare(
        move |_| training.with(|training| training.clone()?.ok()),
        |before, after| match (before, after) {
            (Some(Some(before)), Some(Some(after))) => !Arc::ptr_eq(before, after),
            (Some(None), Some(None)) => false,
            _ => true,
        },
    );
    let wanted = RwSignal::new(0_usize);
    let steps =
        Memo::new(move |_| learned.with(|learned| learned.as_ref().map_or(0, |learned| learned.steps())));
    let step = Memo::new(move |_| wanted.get().min(steps.get()));
    let sentence = RwSignal::new(words::SENTENCE_SAMPLE.to_owned());
    let ids = FieldIds::new(&fresh_id("tokenizer-sentence"));
    let pieces = Memo::new(move |_| {
        learned.with(|learned| {
            let learned = learned.as_ref()?;
            Some(sentence.with(|sentence| learned.pieces(sentence, step.get())))
        })
    });
    let pieces = move || pieces.get().unwrap_or_default();
    let chart = Signal::derive(move || {
        let points = learned.with(|learned| {
            let learned = learned.as_ref()?;
            let point = |step| Some((step as f64, learned.bytes_per_token(step)?));
            Some((0..=learned.steps()).filter_map(point).collect())
        });
        vec![ChartLine {
            label: words::CHART_Y,
            class: "accent-line",
            points: points.unwrap_or_default(),
            marked: false,
        }]
    });
    view! {
        <div class="lab-result">
            <Controls step=step steps=steps wanted=wanted/>
            <Field ids=ids.clone() label=words::SENTENCE>
                <input
                    type="text"
                    id=ids.control.clone()
                    aria-describedby=ids.described_by()
                    prop:value=move || sentence.get()
                    on:input=move |event| sentence.set(event_target_value(&event))
                />
            </Field>
            <p class="pieces playground-pieces" lang="ko">
                {move || {
                    let piece = |(text, _)| view! { <span class="piece">{text}</span> };
                    pieces().into_iter().map(piece).collect_view()
                }}
            </p>
            <p class="counts">{move || counts(&pieces())}</p>
            <div class="lab-columns">
                <Merged learned=learned step=step/>
                <Candidates learned=learned step=step/>
                <LineChart
                    lines=chart
                    x_label=words::CHART_X
                    y_label=words::CHART_Y
                    marker=Signal::derive(move || step.get() as f64)
                    summary=Signal::derive(move || learned.with(|learned| summary(learned.as_deref())))
                />
            </div>
        </div>
    }
}

#[component]
fn Controls(step: Memo<usize>, steps: Memo<usize>, wanted: RwSignal<usize>) -> impl IntoView {
    let timer = StoredValue::new_local(None::<IntervalHandle>);
    let plays = RwSignal::new(false);
    let stop = move || {
        plays.try_set(false);
        timer.try_update_value(|timer| {
            if let Some(timer) = timer.take() {
                timer.clear();
            }
        });
    };
    let forward = move || {
        if step.get_untracked() < steps.get_untracked() {
            wanted.set(step.get_untracked() + 1);
        } else {
            stop();
        }
    };
    let toggle = move |_| {
        if plays.get_untracked() {
            return stop();
        }
        if step.get_untracked() == steps.get_untracked() {
            wanted.set(0);
        }
        plays.set(true);
        timer.set_value(set_interval_with_handle(forward, PLAY_EVERY).ok());
    };
    on_cleanup(stop);
    let go = move |to: usize| {
        stop();
        wanted.set(to);
    };
    view! {
        <Slider
            label=words::STEP
            minimum=0.0
            maximum=Signal::derive(move || steps.get() as f64)
            value=Signal::derive(move || step.get() as f64)
            on_change=move |value: f64| go(value as usize)
            shown=Signal::derive(move || {
                let number = |number: usize| format::count(number as f64);
                fill(words::STEP_SHOWN, &[("all", &number(steps.get())), ("n", &number(step.get()))])
            })
        />
        <div class="buttons">
            <button type="button" class="button quiet" on:click=move |_| go(0)>{words::FIRST}</button>
            <button type="button" class="button" on:click=move |_| go(step.get_untracked().saturating_sub(1))>
                {words::BACK}
            </button>
            <button type="button" class="button" on:click=toggle>
                {move || if plays.get() { words::PAUSE } else { words::PLAY }}
            </button>
            <button type="button" class="button" on:click=move |_| go(step.get_untracked() + 1)>
                {words::FORWARD}
            </button>
            <button type="button" class="button quiet" on:click=move |_| go(steps.get_untracked())>
                {words::LAST}
            </button>
        </div>
    }
}

#[component]
fn Merged(learned: Memo<Option<Arc<Learned>>>, step: Memo<usize>) -> impl IntoView {
    let merge = move || {
        learned.with(|learned| {
            let learned = learned.as_ref()?;
            let (merge, places) = learned.merge(step.get())?;
            let said = fill(
                words::MERGED,
                &[("n", &format::count(places as f64)), ("id", &format::count(f64::from(merge.id)))],
            );
            Some(view! {
                <p class="merge">
                    <code class="token">{learned.shown(merge.left)}</code>" + "
                    <code class="token">{learned.shown(merge.right)}</code>" → "
                    <code class="token new">{learned.shown(merge.id)}</code>
                </p>
                <p class="soft">{said}</p>
            })
        })
    };
    let latest = move || {
        learned.with(|learned| {
            let learned = learned.as_ref()?;
            let last = step.get();
            let tokens = (1..=last).rev().take(LATEST).filter_map(|step| learned.merge(step));
            let token = |(merge, _): (model::tokenizer::replay::Merge, u64)| {
                view! { <li><code class="token">{learned.shown(merge.id)}</code></li> }
            };
            Some(tokens.map(token).collect_view())
        })
    };
    view! {
        <section>
            <h4>{words::THIS_MERGE}</h4>
            {move || merge().map_or_else(|| view! { <p class="soft">{words::NO_MERGE}</p> }.into_any(), |merge| merge.into_any())}
            <h4 class="lab-second">{words::LATEST}</h4>
            <ol class="token-list" reversed>{latest}</ol>
        </section>
    }
}

#[component]
fn Candidates(learned: Memo<Option<Arc<Learned>>>, step: Memo<usize>) -> impl IntoView {
    // Going on is quicker than beginning anew; another training begins anew.
    let kept = StoredValue::new(None::<(Arc<Learned>, Replay)>);
    let candidates = Memo::new(move |_| {
        let learned = learned.get()?;
        let step = step.get();
        let last = kept.try_update_value(Option::take).flatten();
        let last = last.filter(|(of, _)| Arc::ptr_eq(of, &learned)).map(|(_, replay)| replay);
        let replay = learned.at(step, last);
        let found = learned.candidates(&replay, CANDIDATES);
        kept.set_value(Some((learned, replay)));
        Some(found)
    });
    let rows = move || {
        let found = candidates.get().unwrap_or_default();
        let most = found.first().map_or(1, |first| first.count).max(1);
        let row = |candidate: Candidate| {
            let width = format!("{:.1}%", candidate.count as f64 / most as f64 * 100.0);
            view! {
                <li class="pair">
                    <span><code class="token">{candidate.left}</code>" "<code class="token">{candidate.right}</code></span>
                    <span class="pair-line" aria-hidden="true"><span class="pair-part" style:width=width></span></span>
                    <span class="pair-count">{format::count(candidate.count as f64)}</span>
                </li>
            }
        };
        match found.is_empty() {
            true => view! { <li class="soft">{words::NO_CANDIDATES}</li> }.into_any(),
            false => found.into_iter().map(row).collect_view().into_any(),
        }
    };
    view! {
        <section>
            <h4>{words::CANDIDATES}</h4>
            <ol class="pair-list">{rows}</ol>
            <p class="soft">{words::CANDIDATES_HINT}</p>
        </section>
    }
}

fn counts(pieces: &[(String, usize)]) -> String {
    let bytes: usize = pieces.iter().map(|(_, bytes)| bytes).sum();
    let per = bytes as f64 / pieces.len().max(1) as f64;
    fill(
        words::PIECES,
        &[
            ("tokens", &format::count(pieces.len() as f64)),
            ("bytes", &format::count(bytes as f64)),
            ("per", &format::significant(per, 3)),
        ],
    )
}

fn summary(learned: Option<&Learned>) -> String {
    let Some(learned) = learned else { return words::LEARNING.to_owned() };
    let per = |step| format::significant(learned.bytes_per_token(step).unwrap_or(0.0), 3);
    fill(
        words::CHART_SUMMARY,
        &[
            ("merges", &format::count(learned.steps() as f64)),
            ("before", &per(0)),
            ("after", &per(learned.steps())),
        ],
    )
}
