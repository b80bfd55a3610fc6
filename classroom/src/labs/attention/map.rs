//! The pictures: a small one of every head, a large one of the chosen head with its tokens, and the same as a table.

use frontend::appearance::use_appearance;
use frontend::browser;
use frontend::components::{Facts, TableBox};
use frontend::format;
use frontend::texts::fill;
use leptos::html;
use leptos::prelude::*;
use shared::engine::Attention;
use wasm_bindgen::JsCast;
use web_sys::CanvasRenderingContext2d;

use super::maps::{Pattern, pattern, row, share};
use super::words::ATTENTION;

/// Pixels of one weight in a small picture.
const CELL: f64 = 3.0;
/// What is named of what a token looks at.
const NAMED: usize = 3;

fn percent(share: f64) -> String {
    format!("{:.0}", 100.0 * share)
}

fn shares(of: Pattern) -> String {
    let values = [("previous", percent(of.previous)), ("first", percent(of.first)), ("own", percent(of.own))];
    fill(ATTENTION.shares, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}

/// What can be seen of a token: spaces have a sign.
fn token_text(attention: &Attention, place: usize) -> String {
    attention
        .pieces
        .get(place)
        .map(|piece| piece.text.replace(' ', "␣").replace('\n', "⏎"))
        .unwrap_or_default()
}

#[component]
pub fn SmallMap(attention: StoredValue<Attention>, layer: RwSignal<usize>, head: usize) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    let appearance = use_appearance();
    Effect::new(move || {
        appearance.track();
        let (layer, Some(canvas)) = (layer.get(), canvas.get()) else { return };
        attention.with_value(|attention| {
            let side = attention.pieces.len() as f64 * CELL;
            canvas.set_width(side as u32);
            canvas.set_height(side as u32);
            let context = canvas.get_context("2d").ok().flatten().map(JsCast::dyn_into);
            if let Some(Ok(context)) = context {
                draw(&context, attention, layer, head);
            }
        });
    });
    let words = move || attention.with_value(|attention| shares(pattern(attention, layer.get(), head)));
    view! {
        <canvas node_ref=canvas aria-hidden="true"></canvas>
        <span>{fill(ATTENTION.head, &[("n", &(head + 1).to_string())])}</span>
        <span class="soft">{words}</span>
    }
}

/// The page's accent, the more of it the more is looked at.
fn draw(context: &CanvasRenderingContext2d, attention: &Attention, layer: usize, head: usize) {
    let tokens = attention.pieces.len();
    let side = tokens as f64 * CELL;
    context.set_global_alpha(1.0);
    context.set_fill_style_str(&browser::token("--sunken"));
    context.fill_rect(0.0, 0.0, side, side);
    context.set_fill_style_str(&browser::token("--accent"));
    for query in 0..tokens {
        for (key, weight) in row(attention, layer, head, query).iter().enumerate() {
            context.set_global_alpha(share(*weight).sqrt());
            context.fill_rect(key as f64 * CELL, query as f64 * CELL, CELL, CELL);
        }
    }
}

#[component]
pub fn LargeMap(
    attention: StoredValue<Attention>,
    layer: RwSignal<usize>,
    head: RwSignal<usize>,
) -> impl IntoView {
    let tokens = attention.with_value(|attention| attention.pieces.len());
    let chosen = RwSignal::new(None::<usize>);
    let label = move || {
        let (layer, head) = ((layer.get() + 1).to_string(), (head.get() + 1).to_string());
        fill(ATTENTION.large, &[("layer", &layer), ("head", &head)])
    };
    let said = move || match chosen.get() {
        None => ATTENTION.point.to_owned(),
        Some(query) => attention.with_value(|attention| looks(attention, layer.get(), head.get(), query)),
    };
    let facts = Signal::derive(move || {
        let of = attention.with_value(|attention| pattern(attention, layer.get(), head.get()));
        let share = |share: f64| format!("{}%", percent(share));
        vec![
            (ATTENTION.previous, share(of.previous)),
            (ATTENTION.first, share(of.first)),
            (ATTENTION.own, share(of.own)),
            (ATTENTION.even, format::significant(of.even, 2)),
        ]
    });
    let line = move |query: usize| {
        let cells = (0..tokens).map(move |key| {
            let alpha = move || {
                let weight = attention
                    .with_value(|attention| row(attention, layer.get(), head.get(), query).get(key).copied());
                // What is later is not there at all.
                weight.map_or_else(|| "0".to_owned(), |weight| format!("{:.3}", share(weight).sqrt()))
            };
            view! { <span class="attention-cell" class=("later", key > query) style:opacity=alpha></span> }
        });
        let text = attention.with_value(|attention| token_text(attention, query));
        view! {
            <div
                class="attention-row"
                class=("chosen", move || chosen.get() == Some(query))
                on:mouseenter=move |_| chosen.set(Some(query))
            >
                <span class="attention-token" lang="ko">{text}</span>
                {cells.collect_view()}
            </div>
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let now = chosen.get_untracked();
        let next = match event.key().as_str() {
            "ArrowDown" => now.map_or(0, |now| (now + 1).min(tokens.saturating_sub(1))),
            "ArrowUp" => now.map_or(0, |now| now.saturating_sub(1)),
            _ => return,
        };
        event.prevent_default();
        chosen.set(Some(next));
    };
    view! {
        <h4>{label}</h4>
        <div class="attention-map large" role="group" tabindex="0" aria-label=label on:keydown=on_key>
            <div class="attention-grid" aria-hidden="true">{(0..tokens).map(line).collect_view()}</div>
        </div>
        <p role="status">{said}</p>
        <Facts facts=facts/>
        <p class="soft">{ATTENTION.even_words}</p>
    }
}

/// Most first.
fn looks(attention: &Attention, layer: usize, head: usize, query: usize) -> String {
    let mut seen: Vec<(usize, u16)> =
        row(attention, layer, head, query).iter().copied().enumerate().collect();
    seen.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    let named = seen
        .iter()
        .take(NAMED)
        .map(|(key, weight)| format!("‘{}’ {}%", token_text(attention, *key), percent(share(*weight))));
    let keys = named.collect::<Vec<_>>().join(", ");
    fill(ATTENTION.looks, &[("query", &token_text(attention, query)), ("keys", &keys)])
}

/// Built when it is opened: it has as many cells as the text has pairs of tokens.
#[component]
pub fn Table(
    attention: StoredValue<Attention>,
    layer: RwSignal<usize>,
    head: RwSignal<usize>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let table = move || {
        let (layer, head) = (layer.get(), head.get());
        let tokens = attention.with_value(|attention| attention.pieces.len());
        let text = move |place: usize| attention.with_value(|attention| token_text(attention, place));
        let names = (0..tokens).map(|key| view! { <th scope="col" lang="ko">{text(key)}</th> });
        let rows = (0..tokens).map(|query| {
            let shares: Vec<String> = attention.with_value(|attention| {
                let row = row(attention, layer, head, query);
                let of = |key: usize| row.get(key).map(|weight| format!("{:.2}", share(*weight)));
                (0..tokens).map(|key| of(key).unwrap_or_default()).collect()
            });
            let cells = shares.into_iter().map(|text| view! { <td class="number">{text}</td> });
            view! { <tr><th scope="row" lang="ko">{text(query)}</th>{cells.collect_view()}</tr> }
        });
        let (names, rows) = (names.collect_view(), rows.collect_view());
        view! {
            <TableBox label=ATTENTION.table>
                <thead><tr><th scope="col">{ATTENTION.token}</th>{names}</tr></thead>
                <tbody>{rows}</tbody>
            </TableBox>
        }
    };
    let toggle = move |event: leptos::ev::Event| {
        let is_open = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .is_some_and(|details| details.has_attribute("open"));
        open.set(is_open);
    };
    view! {
        <details class="attention-table" on:toggle=toggle>
            <summary>{ATTENTION.table}</summary>
            <Show when=move || open.get()>{table}</Show>
        </details>
    }
}
