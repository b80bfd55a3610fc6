//! `routing-figure`: which tokens go to which experts, and what a bias does about crowds.

mod router;
mod words;

use frontend::components::{Button, ButtonKind};
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use serde::Deserialize;

use crate::parts::{Bar, Bars, ChartLine, HeatMap, LabFrame, LineChart, Matrix, Slider};
use router::{Plan, Router, TOKENS};

const MANY: usize = 50;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    experts: Option<usize>,
    chosen: Option<usize>,
}

#[component]
pub fn RoutingFigure(settings: Settings) -> impl IntoView {
    let experts = settings.experts.unwrap_or(8).clamp(2, 32);
    let plan = RwSignal::new(Plan {
        experts,
        chosen: settings.chosen.unwrap_or(2).clamp(1, experts),
        skew: 1.0,
        rate: 0.02,
        is_balanced: true,
    });
    let router = RwSignal::new(Router::new(plan.get_untracked()));
    let run = move |steps: usize| router.update(|router| (0..steps).for_each(|_| router.step()));
    // Rate and balancing may change on the way; another number of experts begins anew.
    Effect::new(move |before: Option<Plan>| {
        let plan = plan.get();
        router.update(|router| {
            let goes_on = before.is_some_and(|before| {
                (before.experts, before.chosen, before.skew) == (plan.experts, plan.chosen, plan.skew)
            });
            if goes_on {
                router.plan = plan;
            } else {
                *router = Router::new(plan);
                router.step();
            }
        });
        plan
    });
    let bars = Signal::derive(move || {
        router.with(|router| {
            let bar = |(expert, (load, bias)): (usize, (usize, &f64))| Bar {
                name: fill(words::EXPERT, &[("n", &(expert + 1).to_string())]),
                value: load as f64,
                shown: fill(
                    words::EXPERT_SHOWN,
                    &[("load", &load.to_string()), ("bias", &format!("{bias:+.2}"))],
                ),
            };
            router.loads().into_iter().zip(&router.biases).enumerate().map(bar).collect::<Vec<_>>()
        })
    });
    let matrix = Signal::derive(move || router.with(picture));
    let lines = Signal::derive(move || {
        let point = |(at, value): (usize, &f64)| ((at + 1) as f64, *value);
        vec![ChartLine {
            label: words::CHART_Y,
            class: "accent-line",
            points: router.with(|router| router.imbalance.iter().enumerate().map(point).collect()),
            marked: false,
        }]
    });
    let restart = move |()| {
        router.set(Router::new(plan.get_untracked()));
        run(1);
    };
    view! {
        <LabFrame title=words::TITLE lead=words::LEAD>
            <p class="formula">
                <code>{move || fill(words::FORMULA, &[("chosen", &plan.get().chosen.to_string())])}</code>
            </p>
            <Knobs plan=plan/>
            <div class="buttons">
                <Button on_press=move |()| run(1)>{words::ONE}</Button>
                <Button on_press=move |()| run(MANY)>{words::MANY}</Button>
                <Button kind=ButtonKind::Quiet on_press=restart>{words::AGAIN}</Button>
            </div>
            <p class="counts" role="status">{move || router.with(said)}</p>
            <div class="lab-columns">
                <section>
                    <h4>{words::LOAD}</h4>
                    <div class="even-bars"><Bars bars=bars/></div>
                </section>
                <LineChart
                    lines=lines
                    x_label=words::CHART_X
                    y_label=words::CHART_Y
                    summary=Signal::derive(move || router.with(chart_summary))
                />
            </div>
            <section>
                <h4>{words::TOKENS}</h4>
                <div class="wide-map">
                    <HeatMap matrix=matrix summary=Signal::derive(move || router.with(picture_summary))/>
                </div>
                <p class="soft">{words::TOKENS_HINT}</p>
            </section>
            <p class="soft">{words::LESSON}</p>
        </LabFrame>
    }
}

#[component]
fn Knobs(plan: RwSignal<Plan>) -> impl IntoView {
    view! {
        <div class="knobs">
            <Slider
                label=words::EXPERTS
                minimum=2.0
                maximum=32.0
                value=Signal::derive(move || plan.get().experts as f64)
                on_change=move |value: f64| {
                    plan.update(|plan| {
                        plan.experts = value as usize;
                        plan.chosen = plan.chosen.min(plan.experts);
                    });
                }
                shown=Signal::derive(move || plan.get().experts.to_string())
            />
            <Slider
                label=words::CHOSEN
                minimum=1.0
                maximum=8.0
                value=Signal::derive(move || plan.get().chosen as f64)
                on_change=move |value: f64| {
                    plan.update(|plan| plan.chosen = (value as usize).min(plan.experts));
                }
                shown=Signal::derive(move || plan.get().chosen.to_string())
            />
            <Slider
                label=words::SKEW
                minimum=0.0
                maximum=3.0
                step=0.1
                value=Signal::derive(move || plan.get().skew)
                on_change=move |value| plan.update(|plan| plan.skew = value)
                shown=Signal::derive(move || format!("{:.1}", plan.get().skew))
            />
            <Slider
                label=words::RATE
                minimum=0.001
                maximum=0.1
                step=0.001
                value=Signal::derive(move || plan.get().rate)
                on_change=move |value| plan.update(|plan| plan.rate = value)
                shown=Signal::derive(move || format!("{:.3}", plan.get().rate))
            />
        </div>
        <label class="lab-switch">
            <input
                type="checkbox"
                prop:checked=move || plan.get().is_balanced
                on:change=move |event| {
                    let checked = event_target_checked(&event);
                    plan.update(|plan| plan.is_balanced = checked);
                }
            />
            <span>{words::BALANCE}</span>
        </label>
    }
}

fn picture(router: &Router) -> Matrix {
    let mut matrix = Matrix::new(router.plan.experts, TOKENS);
    for (token, route) in router.routes.iter().enumerate() {
        for (expert, weight) in route {
            matrix.values[expert * TOKENS + token] = *weight;
        }
    }
    matrix
}

fn picture_summary(router: &Router) -> String {
    let loads = router.loads();
    let busy = loads.iter().enumerate().max_by_key(|(_, load)| **load);
    let (busy, load) = busy.map_or((0, 0), |(expert, load)| (expert + 1, *load));
    fill(
        words::TOKENS_SUMMARY,
        &[
            ("tokens", &TOKENS.to_string()),
            ("experts", &router.plan.experts.to_string()),
            ("busy", &busy.to_string()),
            ("load", &load.to_string()),
        ],
    )
}

fn said(router: &Router) -> String {
    let idle = router.loads().iter().filter(|load| **load == 0).count();
    let ratio = router.imbalance.last().copied().unwrap_or(1.0);
    fill(
        words::SAID,
        &[
            ("steps", &format::count(router.imbalance.len() as f64)),
            ("ratio", &format::significant(ratio, 3)),
            ("idle", &idle.to_string()),
        ],
    )
}

fn chart_summary(router: &Router) -> String {
    let of = |value: Option<&f64>| value.map(|value| format::significant(*value, 3)).unwrap_or_default();
    fill(
        words::CHART_SUMMARY,
        &[
            ("steps", &router.imbalance.len().to_string()),
            ("first", &of(router.imbalance.first())),
            ("last", &of(router.imbalance.last())),
        ],
    )
}
