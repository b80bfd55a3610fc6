//! `scan-figure`: one number of Mamba's state, token by token. The recurrence is the reference's
//! (`selective_scan_ref`): Δ decides both what is kept and what is written.

mod words;

use frontend::components::TableBox;
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use serde::Deserialize;

use crate::parts::{ChartLine, Choices, LabFrame, LineChart, Slider};

const EVEN_DELTA: f64 = 0.4;
const LARGEST_DELTA: f64 = 2.0;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {}

/// What one token does to the state.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Step {
    keep: f64,
    write: f64,
    /// After this token.
    state: f64,
}

/// From an empty state: h = e^(−ΔA) h + Δ x for each token.
fn scan(inputs: &[f64], deltas: &[f64], forget: f64) -> Vec<Step> {
    let mut state = 0.0;
    inputs
        .iter()
        .zip(deltas)
        .map(|(input, delta)| {
            let keep = (-delta * forget).exp();
            state = keep * state + delta * input;
            Step { keep, write: *delta, state }
        })
        .collect()
}

/// How much of the state after `seen` tokens each of them is: their sum is the state.
fn shares(inputs: &[f64], steps: &[Step], seen: usize) -> Vec<f64> {
    let mut kept = 1.0;
    let mut shares = vec![0.0; inputs.len()];
    for at in (0..seen.min(steps.len())).rev() {
        shares[at] = kept * steps[at].write * inputs[at];
        kept *= steps[at].keep;
    }
    shares
}

#[component]
pub fn ScanFigure(settings: Settings) -> impl IntoView {
    let Settings {} = settings;
    let inputs = words::TOKENS.map(|(_, input, _)| input);
    let chosen = || words::TOKENS.map(|(_, _, delta)| delta).to_vec();
    let even = || vec![EVEN_DELTA; words::TOKENS.len()];
    let deltas = RwSignal::new(chosen());
    let forget = RwSignal::new(1.0_f64);
    let seen = RwSignal::new(inputs.len());
    let steps = Memo::new(move |_| deltas.with(|deltas| scan(&inputs, deltas, forget.get())));
    let rest = Memo::new(move |_| steps.with(|steps| shares(&inputs, steps, seen.get())));
    let preset = Memo::new(move |_| {
        deltas.with(|deltas| match deltas {
            deltas if *deltas == even() => Some(false),
            deltas if *deltas == chosen() => Some(true),
            _ => None,
        })
    });
    let lines = Signal::derive(move || {
        let point = |(at, step): (usize, &Step)| ((at + 1) as f64, step.state);
        vec![ChartLine {
            label: words::CHART_Y,
            class: "accent-line",
            points: steps.with(|steps| steps.iter().enumerate().map(point).collect()),
            marked: true,
        }]
    });
    let summary = move || {
        let of = |step: Option<&Step>| step.map(|step| number(step.state)).unwrap_or_default();
        steps.with(|steps| {
            fill(words::CHART_SUMMARY, &[("first", &of(steps.first())), ("last", &of(steps.last()))])
        })
    };
    let shown = move || {
        fill(words::STEP_SHOWN, &[("all", &inputs.len().to_string()), ("n", &seen.get().to_string())])
    };
    let choose = move |selects: Option<bool>| {
        deltas.set(if selects == Some(true) { chosen() } else { even() });
    };
    let row = move |at: usize| view! { <Row at=at deltas=deltas steps=steps rest=rest seen=seen/> };
    view! {
        <LabFrame title=words::TITLE lead=words::LEAD>
            <p class="formula"><code>{words::FORMULA}</code></p>
            <div class="lab-samples">
                <span class="soft">{words::PRESETS}</span>
                <Choices
                    label=words::PRESETS
                    choices=vec![
                        (Some(false), words::EVEN.to_owned()),
                        (Some(true), words::CHOSEN.to_owned()),
                    ]
                    chosen=preset
                    on_choose=choose
                />
            </div>
            <div class="knobs">
                <Slider
                    label=words::FORGET
                    minimum=0.1
                    maximum=4.0
                    step=0.1
                    value=forget
                    on_change=move |value| forget.set(value)
                    shown=Signal::derive(move || format!("{:.1}", forget.get()))
                />
                <Slider
                    label=words::STEP
                    minimum=0.0
                    maximum=inputs.len() as f64
                    value=Signal::derive(move || seen.get() as f64)
                    on_change=move |value: f64| seen.set(value as usize)
                    shown=Signal::derive(shown)
                />
            </div>
            <div class="buttons">
                <button type="button" class="button" on:click=move |_| seen.update(|seen| *seen = seen.saturating_sub(1))>
                    {words::BACK}
                </button>
                <button type="button" class="button" on:click=move |_| seen.update(|seen| *seen = (*seen + 1).min(inputs.len()))>
                    {words::FORWARD}
                </button>
            </div>
            <p class="counts" role="status">{move || said(&steps.get(), &rest.get(), seen.get())}</p>
            <TableBox label=words::TABLE>
                <thead>
                    <tr>
                        <th scope="col">{words::TOKEN}</th>
                        <th scope="col" class="number">{words::INPUT}</th>
                        <th scope="col">{words::DELTA}</th>
                        <th scope="col" class="number">{words::KEEP}</th>
                        <th scope="col" class="number">{words::WRITE}</th>
                        <th scope="col" class="number">{words::STATE}</th>
                        <th scope="col">{words::REST}</th>
                    </tr>
                </thead>
                <tbody>{(0..inputs.len()).map(row).collect_view()}</tbody>
            </TableBox>
            <LineChart
                lines=lines
                x_label=words::CHART_X
                y_label=words::CHART_Y
                marker=Signal::derive(move || seen.get().max(1) as f64)
                summary=Signal::derive(summary)
            />
            <p class="soft">{words::LESSON}</p>
        </LabFrame>
    }
}

#[component]
fn Row(
    at: usize,
    deltas: RwSignal<Vec<f64>>,
    steps: Memo<Vec<Step>>,
    rest: Memo<Vec<f64>>,
    seen: RwSignal<usize>,
) -> impl IntoView {
    let (token, input, _) = words::TOKENS[at];
    let delta = move || deltas.with(|deltas| deltas.get(at).copied().unwrap_or(0.0));
    let of = move |value: fn(&Step) -> f64| {
        let is_seen = at < seen.get();
        steps.with(|steps| steps.get(at).filter(|_| is_seen).map(|step| number(value(step))))
    };
    let width = move || {
        let (own, all) = rest.with(|rest| (rest.get(at).copied().unwrap_or(0.0), rest.iter().sum::<f64>()));
        if all > 0.0 { own / all * 100.0 } else { 0.0 }
    };
    view! {
        <tr class="scan-row" class=("unseen", move || at >= seen.get())>
            <th scope="row">{token}</th>
            <td class="number">{number(input)}</td>
            <td>
                <span class="scan-delta">
                    <input
                        type="range"
                        min="0"
                        max=LARGEST_DELTA.to_string()
                        step="0.02"
                        aria-label=fill(words::DELTA_OF, &[("token", token)])
                        prop:value=move || delta().to_string()
                        on:input=move |event| {
                            if let Ok(value) = event_target_value(&event).parse::<f64>() {
                                deltas.update(|deltas| {
                                    if let Some(delta) = deltas.get_mut(at) {
                                        *delta = value;
                                    }
                                });
                            }
                        }
                    />
                    <span>{move || number(delta())}</span>
                </span>
            </td>
            <td class="number">{move || of(|step| step.keep)}</td>
            <td class="number">{move || of(|step| step.write)}</td>
            <td class="number">{move || of(|step| step.state)}</td>
            <td>
                <svg class="lab-bar scan-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="lab-bar-all" width="100" height="4"></rect>
                    <rect class="lab-bar-part" width=width height="4"></rect>
                </svg>
                <span class="visually-hidden">{move || format!("{:.0}%", width())}</span>
            </td>
        </tr>
    }
}

fn number(value: f64) -> String {
    format!("{value:.2}")
}

fn said(steps: &[Step], rest: &[f64], seen: usize) -> String {
    let all: f64 = rest.iter().sum();
    let most = rest.iter().enumerate().max_by(|one, other| one.1.total_cmp(other.1));
    let (Some(last), Some((most, own)), true) = (seen.checked_sub(1), most, all > 0.0) else {
        return words::NOTHING.to_owned();
    };
    let token = |at: usize| words::TOKENS.get(at).map_or("", |(token, _, _)| *token);
    let state = steps.get(last).map_or(0.0, |step| step.state);
    fill(
        words::SAID,
        &[
            ("token", token(last)),
            ("state", &number(state)),
            ("most", token(most)),
            ("share", &format::significant(own / all * 100.0, 2)),
        ],
    )
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{scan, shares, words};

    #[wasm_bindgen_test]
    fn what_is_left_of_all_tokens_is_the_state() {
        let (inputs, deltas) = ([1.0, 0.5, -0.25, 2.0], [0.4, 0.1, 1.2, 0.02]);
        let steps = scan(&inputs, &deltas, 0.7);
        for seen in 1..=4 {
            let sum: f64 = shares(&inputs, &steps, seen).iter().sum();
            assert!((sum - steps[seen - 1].state).abs() < 1e-12);
        }
        assert_eq!(shares(&inputs, &steps, 0), [0.0; 4]);
    }

    #[wasm_bindgen_test]
    fn a_delta_of_zero_lets_a_token_pass_by() {
        let steps = scan(&[1.0, 9.0], &[0.5, 0.0], 1.0);
        assert_eq!(steps[0].state, steps[1].state);
        assert_eq!((steps[1].keep, steps[1].write), (1.0, 0.0));
    }

    #[wasm_bindgen_test]
    fn chosen_deltas_keep_the_first_word_longer() {
        let inputs = words::TOKENS.map(|(_, input, _)| input);
        let first = |deltas: &[f64]| {
            let shares = shares(&inputs, &scan(&inputs, deltas, 1.0), inputs.len());
            shares[0] / shares.iter().sum::<f64>()
        };
        let chosen = first(&words::TOKENS.map(|(_, _, delta)| delta));
        assert!(chosen > 5.0 * first(&[super::EVEN_DELTA; 10]), "{chosen}");
    }
}
