//! A confusion matrix that one edits, and what the averages make of it.

use frontend::components::{Button, ButtonKind, Facts, TableBox};
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use model::metrics::classification::{Averages, ConfusionMatrix};

use super::words;
use crate::parts::{Choices, fresh_id};

type Counts = Vec<Vec<u64>>;

const SIZES: [usize; 3] = [2, 3, 4];
/// Percent between accuracy and macro F1 that want a word.
const APART: f64 = 0.05;

fn samples() -> [(&'static str, Counts); 3] {
    [
        (words::BALANCED, vec![vec![42, 8], vec![9, 41]]),
        (words::SKEWED, vec![vec![90, 3, 1], vec![8, 12, 2], vec![5, 1, 4]]),
        (words::LAZY, vec![vec![90, 0], vec![10, 0]]),
    ]
}

/// As large as asked for: what stands in it stays, what is new is right five times.
fn resized(counts: &Counts, size: usize) -> Counts {
    let cell = |row: usize, column: usize| {
        let known = counts.get(row).and_then(|cells| cells.get(column)).copied();
        known.unwrap_or(if row == column { 5 } else { 0 })
    };
    (0..size).map(|row| (0..size).map(|column| cell(row, column)).collect()).collect()
}

fn averages(counts: &Counts) -> Option<Averages> {
    ConfusionMatrix::new(counts.clone()).map(|matrix| matrix.averages())
}

fn percent(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}

fn name(class: usize) -> String {
    fill(words::CLASS, &[("n", &(class + 1).to_string())])
}

#[component]
pub fn Classes() -> impl IntoView {
    let [_, (_, first), _] = samples();
    let counts = RwSignal::new(first);
    let size = Memo::new(move |_| counts.with(Vec::len));
    let sample = move |(name, sample): (&'static str, Counts)| {
        view! { <Button kind=ButtonKind::Quiet on_press=move |()| counts.set(sample.clone())>{name}</Button> }
    };
    let facts = Signal::derive(move || {
        let Some(averages) = counts.with(averages) else { return Vec::new() };
        let share = |share| format!("{}%", percent(share));
        vec![
            (words::ACCURACY, share(averages.accuracy)),
            (words::MACRO, share(averages.macro_f1)),
            (words::MICRO, share(averages.micro_f1)),
            (words::WEIGHTED, share(averages.weighted_f1)),
        ]
    });
    view! {
        <div class="lab-samples">
            <Choices
                label=words::CLASSES
                choices=SIZES.map(|size| (size, size.to_string())).to_vec()
                chosen=size
                on_choose=move |size| counts.update(|counts| *counts = resized(counts, size))
            />
            <span class="soft">{words::SAMPLES}</span>
            {samples().map(sample).collect_view()}
        </div>
        <Matrix counts=counts size=size/>
        <Facts facts=facts/>
        <p role="status">{move || counts.with(averages).map(explanation)}</p>
        <TableBox label=words::SCORES>
            <thead>
                <tr>
                    <th scope="col">{words::REALLY}</th>
                    <th scope="col" class="number">{words::PRECISION}</th>
                    <th scope="col" class="number">{words::RECALL}</th>
                    <th scope="col" class="number">{words::F1}</th>
                    <th scope="col" class="number">{words::SUPPORT}</th>
                </tr>
            </thead>
            <tbody>{move || counts.with(rows)}</tbody>
        </TableBox>
    }
}

#[component]
fn Matrix(counts: RwSignal<Counts>, size: Memo<usize>) -> impl IntoView {
    let heading = fresh_id("matrix");

    let cell = move |row: usize, column: usize| {
        let label = fill(words::CELL, &[("really", &name(row)), ("predicted", &name(column))]);
        view! {
            <td class="matrix-cell" class=("right", row == column)>
                <input
                    type="number"
                    min="0"
                    max="100000"
                    aria-label=label
                    prop:value=move || counts.with(|counts| counts.get(row).and_then(|cells| cells.get(column)).copied().unwrap_or(0).to_string())
                    on:change=move |event| {
                        let number = event_target_value(&event).parse::<u64>().unwrap_or(0).min(100_000);
                        counts.update(|counts| {
                            if let Some(cell) = counts.get_mut(row).and_then(|cells| cells.get_mut(column)) {
                                *cell = number;
                            }
                        });
                    }
                />
            </td>
        }
    };
    let row = move |row: usize| {
        view! {
            <tr>
                <th scope="row">{name(row)}</th>
                {(0..size.get()).map(|column| cell(row, column)).collect_view()}
            </tr>
        }
    };
    let answered = |class: usize| {
        view! { <th scope="col">{fill(words::ANSWERED, &[("name", &name(class))])}</th> }
    };
    view! {
        <section>
            <h4 id=heading.clone()>{words::MATRIX}</h4>
            <p class="soft">{words::MATRIX_HINT}</p>
            <div class="table-box" role="region" tabindex="0" aria-labelledby=heading>
                <table class="matrix">
                    <thead>
                        <tr>
                            <td></td>
                            {move || (0..size.get()).map(answered).collect_view()}
                        </tr>
                    </thead>
                    <tbody>{move || (0..size.get()).map(row).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

fn rows(counts: &Counts) -> impl IntoView + use<> {
    let scores = ConfusionMatrix::new(counts.clone()).map(|matrix| matrix.scores()).unwrap_or_default();
    let row = |(class, score): (usize, &model::metrics::classification::ClassScore)| {
        let cell = |share: f64| view! { <td class="number">{format!("{}%", percent(share))}</td> };
        view! {
            <tr>
                <th scope="row">{name(class)}</th>
                {cell(score.precision)}
                {cell(score.recall)}
                {cell(score.f1)}
                <td class="number">{format::count(score.support as f64)}</td>
            </tr>
        }
    };
    scores.iter().enumerate().map(row).collect_view()
}

fn explanation(averages: Averages) -> String {
    if (averages.accuracy - averages.macro_f1).abs() < APART {
        return words::EXPLAIN_SAME.to_owned();
    }
    fill(
        words::EXPLAIN_APART,
        &[("accuracy", &percent(averages.accuracy)), ("macro", &percent(averages.macro_f1))],
    )
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{averages, explanation, resized, samples};

    #[wasm_bindgen_test]
    fn a_model_that_always_says_the_same_is_told_apart_by_macro_f1() {
        let [balanced, _, lazy] = samples();
        assert!(explanation(averages(&lazy.1).unwrap()).contains("정확도는 90.0%인데 macro F1은 47.4%"));
        assert!(explanation(averages(&balanced.1).unwrap()).starts_with("정확도와 macro F1이 비슷"));
    }

    #[wasm_bindgen_test]
    fn a_larger_matrix_keeps_what_stood_in_it() {
        let small = vec![vec![1, 2], vec![3, 4]];
        let large = resized(&small, 3);
        assert_eq!(large, [[1, 2, 0], [3, 4, 0], [0, 0, 5]]);
        assert_eq!(resized(&large, 2), small);
    }
}
