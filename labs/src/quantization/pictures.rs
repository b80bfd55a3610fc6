//! A block's weights on their way to its levels, and all weights over the same levels.

use std::sync::Arc;

use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;

use super::formats::Kind;
use super::words;

const WIDTH: f64 = 440.0;
const MARGIN: f64 = 14.0;
const HEIGHT: f64 = 170.0;
const WEIGHTS_TOP: f64 = 26.0;
const LEVELS_TOP: f64 = 120.0;
const BINS: usize = 64;
const HISTOGRAM_HEIGHT: f64 = 190.0;
const HISTOGRAM_BOTTOM: f64 = 26.0;

#[component]
pub fn BlockPicture(
    #[prop(into)] kind: Signal<Kind>,
    weights: Memo<Arc<Vec<f32>>>,
    place: Memo<usize>,
) -> impl IntoView {
    let block = Memo::new(move |_| {
        let (kind, weights) = (kind.get(), weights.get());
        let block = weights.chunks(kind.block()).nth(place.get()).unwrap_or_default().to_vec();
        let (rounded, levels) = (kind.rounded(&block), kind.levels(&block));
        (block, rounded, levels)
    });
    let drawn = move || {
        let (block, rounded, levels) = block.get();
        let all = block.iter().chain(&levels);
        let far = all.fold(f32::MIN_POSITIVE, |far, value| value.abs().max(far));
        let left = move |value: f32| {
            let share = (f64::from(value / far) + 1.0) / 2.0;
            MARGIN + share * (WIDTH - 2.0 * MARGIN)
        };
        let level = |value: &f32| {
            let at = left(*value);
            view! { <line class="level" x1=at x2=at y1=LEVELS_TOP y2=LEVELS_TOP + 18.0></line> }
        };
        let way = |(weight, rounded): (&f32, &f32)| {
            let (from, to) = (left(*weight), left(*rounded));
            view! {
                <line class="level-way" x1=from x2=to y1=WEIGHTS_TOP y2=LEVELS_TOP></line>
                <circle class="weight" cx=from cy=WEIGHTS_TOP r="4"></circle>
            }
        };
        let mark = |value: f32, anchor: &'static str| {
            let text = format::significant(f64::from(value), 2);
            view! {
                <text class="chart-tick" x=left(value) y=HEIGHT - 8.0 text-anchor=anchor>{text}</text>
            }
        };
        (
            view! {
                <line class="chart-grid" x1=MARGIN x2=WIDTH - MARGIN y1=WEIGHTS_TOP y2=WEIGHTS_TOP></line>
                <line class="chart-grid" x1=left(0.0) x2=left(0.0) y1=WEIGHTS_TOP - 12.0 y2=LEVELS_TOP + 18.0></line>
            },
            levels.iter().map(level).collect_view(),
            block.iter().zip(&rounded).map(way).collect_view(),
            (mark(-far, "start"), mark(0.0, "middle"), mark(far, "end")),
        )
    };
    let summary = move || {
        block.with(|(block, _, levels)| {
            let number = |value: f32| format::significant(f64::from(value), 3);
            let low = block.iter().copied().fold(f32::INFINITY, f32::min);
            let high = block.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            fill(
                words::BLOCK_SUMMARY,
                &[
                    ("n", &(place.get() + 1).to_string()),
                    ("weights", &block.len().to_string()),
                    ("levels", &levels.len().to_string()),
                    ("low", &number(low)),
                    ("high", &number(high)),
                ],
            )
        })
    };
    view! {
        <figure class="lab-chart">
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=summary>{drawn}</svg>
        </figure>
    }
}

/// How many weights lie in each part of −1 to 1, each divided by its block's largest.
fn histogram(weights: &[f32], block: usize) -> Vec<usize> {
    let mut bins = vec![0; BINS];
    for block in weights.chunks(block) {
        let far = block.iter().fold(f32::MIN_POSITIVE, |far, value| value.abs().max(far));
        for value in block {
            let at = ((f64::from(value / far) + 1.0) / 2.0 * BINS as f64) as usize;
            bins[at.min(BINS - 1)] += 1;
        }
    }
    bins
}

#[component]
pub fn Histogram(
    #[prop(into)] kind: Signal<Kind>,
    weights: Memo<Arc<Vec<f32>>>,
    place: Memo<usize>,
) -> impl IntoView {
    let bins = Memo::new(move |_| histogram(&weights.get(), kind.get().block()));
    let levels = Memo::new(move |_| {
        let (kind, weights) = (kind.get(), weights.get());
        let block = weights.chunks(kind.block()).nth(place.get()).unwrap_or_default().to_vec();
        let far = block.iter().fold(f32::MIN_POSITIVE, |far, value| value.abs().max(far));
        kind.levels(&block).into_iter().map(|level| level / far).collect::<Vec<_>>()
    });
    let left = |share: f64| MARGIN + (share + 1.0) / 2.0 * (WIDTH - 2.0 * MARGIN);
    let bottom = HISTOGRAM_HEIGHT - HISTOGRAM_BOTTOM;
    let bars = move || {
        let bins = bins.get();
        let most = bins.iter().copied().max().unwrap_or(1).max(1) as f64;
        let wide = (WIDTH - 2.0 * MARGIN) / BINS as f64;
        let bar = |(at, count): (usize, usize)| {
            let high = count as f64 / most * (bottom - 12.0);
            view! {
                <rect
                    class="histogram-bar"
                    x=MARGIN + at as f64 * wide
                    y=bottom - high
                    width=wide - 1.0
                    height=high
                ></rect>
            }
        };
        bins.into_iter().enumerate().map(bar).collect_view()
    };
    let lines = move || {
        let line = |level: f32| {
            let at = left(f64::from(level));
            view! { <line class="level" x1=at x2=at y1="8" y2=bottom></line> }
        };
        levels.get().into_iter().map(line).collect_view()
    };
    let marks = [(-1.0, "start"), (0.0, "middle"), (1.0, "end")].map(|(value, anchor)| {
        view! {
            <text class="chart-tick" x=left(value) y=HISTOGRAM_HEIGHT - 8.0 text-anchor=anchor>
                {format::significant(value, 1)}
            </text>
        }
    });
    let summary = move || {
        let levels = levels.with(Vec::len).to_string();
        fill(words::HISTOGRAM_SUMMARY, &[("format", kind.get().name()), ("levels", &levels)])
    };
    view! {
        <figure class="lab-chart">
            <svg viewBox=format!("0 0 {WIDTH} {HISTOGRAM_HEIGHT}") role="img" aria-label=summary>
                {bars}
                {lines}
                {marks.collect_view()}
            </svg>
        </figure>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{BINS, histogram};

    #[wasm_bindgen_test]
    fn every_weight_is_counted_where_it_lies() {
        let bins = histogram(&[-2.0, 0.0, 1.0, 2.0], 4);
        assert_eq!(bins.iter().sum::<usize>(), 4);
        assert_eq!((bins[0], bins[BINS / 2], bins[BINS - 1]), (1, 1, 1));
        assert_eq!(histogram(&[0.0; 64], 32)[BINS / 2], 64);
    }
}
