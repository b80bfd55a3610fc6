//! Where the parameters are, and what memory a model takes, as bars and a chart.

use frontend::components::TableBox;
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;

use super::shape::{Architecture, Shape};
use super::{count::Part, words};
use crate::parts::{Bar, Bars, ChartLine, LineChart, Slider};

/// Of the chart's longest text.
const LONGEST_TOKENS: f64 = 32_768.0;
const CHART_POINTS: u32 = 16;
const MOST_ROWS: f64 = 64.0;

#[component]
pub fn Parts(shape: RwSignal<Shape>) -> impl IntoView {
    let bars = Signal::derive(move || {
        let of = |part: Part| {
            let shown = format::count(part.parameters as f64);
            Bar { name: part.name.to_owned(), value: part.parameters as f64, shown }
        };
        shape.get().parts().into_iter().filter(|part| part.parameters > 0).map(of).collect::<Vec<_>>()
    });
    let rows = move || {
        let shape = shape.get();
        let all = shape.parameters() as f64;
        let row = |part: Part| {
            let share = format!("{:.1}%", part.parameters as f64 / all * 100.0);
            view! {
                <tr>
                    <th scope="row">{part.name}</th>
                    <td><code>{part.formula}</code></td>
                    <td class="number">{format::count(part.parameters as f64)}</td>
                    <td class="number">{share}</td>
                </tr>
            }
        };
        shape.parts().into_iter().map(row).collect_view()
    };
    view! {
        <section>
            <h4>{words::PARTS}</h4>
            <Bars bars=bars/>
            <TableBox label=words::PARTS>
                <thead>
                    <tr>
                        <th scope="col">{words::PART}</th>
                        <th scope="col">{words::FORMULA}</th>
                        <th scope="col" class="number">{words::PARAMETERS}</th>
                        <th scope="col" class="number">{words::SHARE}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableBox>
        </section>
    }
}

#[component]
pub fn Training(shape: RwSignal<Shape>, rows: RwSignal<u64>) -> impl IntoView {
    let bars = Signal::derive(move || {
        let parts = shape.get().training_bytes(rows.get());
        let total: f64 = parts.iter().map(|(_, bytes)| bytes).sum();
        let bar = |(name, bytes): (&'static str, f64)| Bar {
            name: name.to_owned(),
            value: bytes,
            shown: format::bytes(bytes),
        };
        parts.into_iter().chain([(words::TOTAL, total)]).map(bar).collect::<Vec<_>>()
    });
    let hint = move || {
        let is_exact = shape.get().spec().is_some();
        let activations = if is_exact { words::ACTIVATIONS_EXACT } else { words::ACTIVATIONS_ABOUT };
        fill(words::TRAINING_HINT, &[("activations", activations)])
    };
    let shown = move || {
        let count = |number: u64| format::count(number as f64);
        fill(words::ROWS_SHOWN, &[("rows", &count(rows.get())), ("context", &count(shape.get().context))])
    };
    view! {
        <section>
            <h4>{words::TRAINING}</h4>
            <Slider
                label=words::ROWS
                minimum=1.0
                maximum=MOST_ROWS
                value=Signal::derive(move || rows.get() as f64)
                on_change=move |value: f64| rows.set(value as u64)
                shown=Signal::derive(shown)
            />
            <Bars bars=bars/>
            <p class="soft">{hint}</p>
        </section>
    }
}

/// The same width and layers, with keys and values of every head kept.
fn with_full_attention(shape: &Shape) -> Shape {
    let width = shape.hidden();
    Shape { heads: 1, head_size: width, width, architecture: Architecture::Gpt2, ..*shape }
}

#[component]
pub fn Inference(shape: RwSignal<Shape>) -> impl IntoView {
    let lines = Signal::derive(move || {
        let line = |label, class, shape: Shape| ChartLine {
            label,
            class,
            points: (0..=CHART_POINTS)
                .map(|at| f64::from(at) / f64::from(CHART_POINTS) * LONGEST_TOKENS)
                .map(|tokens| (tokens / 1000.0, shape.remembered_bytes(tokens) / 1e6))
                .collect(),
            marked: false,
        };
        let shape = shape.get();
        let mut lines = vec![line(words::THIS, "accent-line", shape)];
        if shape.architecture != Architecture::Gpt2 {
            lines.push(line(words::FULL, "second-line", with_full_attention(&shape)));
        }
        lines
    });
    let hint = move || {
        let shape = shape.get();
        let count = |number: u64| format::count(number as f64);
        match shape.cache_per_token() {
            0 => fill(words::INFERENCE_HINT_STATE, &[("numbers", &count(shape.fixed_state()))]),
            numbers => fill(words::INFERENCE_HINT_CACHE, &[("numbers", &count(numbers))]),
        }
    };
    let summary = move || {
        let shape = shape.get();
        fill(
            words::INFERENCE_SUMMARY,
            &[
                ("tokens", &format::count(LONGEST_TOKENS)),
                ("bytes", &format::bytes(shape.remembered_bytes(LONGEST_TOKENS))),
                ("full", &format::bytes(with_full_attention(&shape).remembered_bytes(LONGEST_TOKENS))),
            ],
        )
    };
    let bars = Signal::derive(move || {
        let shape = shape.get();
        let remembered = shape.remembered_bytes(shape.context as f64);
        let all = shape.inference_bytes(shape.context as f64);
        let bar =
            |name: &str, bytes| Bar { name: name.to_owned(), value: bytes, shown: format::bytes(bytes) };
        vec![bar(words::WEIGHTS, all - remembered), bar(words::CACHE, remembered), bar(words::TOTAL, all)]
    });
    view! {
        <section>
            <h4>{words::INFERENCE}</h4>
            <Bars bars=bars/>
            <p class="soft">{hint}</p>
            <LineChart
                lines=lines
                x_label=words::INFERENCE_X
                y_label=words::INFERENCE_Y
                summary=Signal::derive(summary)
            />
        </section>
    }
}
