//! `quantization`: weights before and after a format of few bits, and the levels that they go to.

mod formats;
mod nf4;
mod pictures;
mod words;

use std::sync::Arc;

use frontend::components::{Button, ButtonKind, Field, FieldIds, TableBox, aria_invalid};
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use serde::Deserialize;

use crate::parts::random::Random;
use crate::parts::{Choices, LabFrame, Slider, fresh_id};
use formats::{Kind, fault};
use pictures::{BlockPicture, Histogram};

/// A whole number of blocks of every format.
const WEIGHTS: usize = 4096;
/// As in a trained layer.
const SPREAD: f64 = 0.02;
/// For the table's last column.
const MODEL_WEIGHTS: f64 = 1e8;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    format: Option<Kind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Normal,
    Outliers,
    Own,
}

/// What the weights are made by.
#[derive(Debug, Clone, PartialEq)]
struct Recipe {
    source: Source,
    seed: u64,
    /// Of outliers, from 0 to 1.
    share: f64,
    strength: f64,
    numbers: String,
}

impl Recipe {
    fn weights(&self) -> Result<Vec<f32>, String> {
        if self.source == Source::Own {
            let numbers = numbers(&self.numbers)?;
            return Ok(numbers.into_iter().cycle().take(WEIGHTS).collect());
        }
        let mut random = Random::new(self.seed);
        let share = if self.source == Source::Outliers { self.share } else { 0.0 };
        let weight = |_| {
            let far = if random.even() < share { self.strength } else { 1.0 };
            (random.normal() * SPREAD * far) as f32
        };
        Ok((0..WEIGHTS).map(weight).collect())
    }
}

/// # Errors
/// In words for people.
fn numbers(text: &str) -> Result<Vec<f32>, String> {
    let mut found = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()) {
        match word.parse::<f32>() {
            Ok(number) if number.is_finite() => found.push(number),
            _ => return Err(fill(words::NUMBERS_WRONG, &[("word", word)])),
        }
    }
    if found.is_empty() { Err(words::NUMBERS_NONE.to_owned()) } else { Ok(found) }
}

#[component]
pub fn Quantization(settings: Settings) -> impl IntoView {
    let kind = RwSignal::new(settings.format.unwrap_or(Kind::Q4_0));
    let recipe = RwSignal::new(Recipe {
        source: Source::Normal,
        seed: 1,
        share: 0.01,
        strength: 8.0,
        numbers: "0.1 -0.2 0.05 0.3 -0.02 0.9".to_owned(),
    });
    let made = Memo::new(move |_| recipe.with(|recipe| recipe.weights()));
    // What cannot be read leaves the weights before it.
    let weights = Memo::new(move |before: Option<&Arc<Vec<f32>>>| match made.get() {
        Ok(weights) => Arc::new(weights),
        Err(_) => before.cloned().unwrap_or_else(|| Arc::new(vec![0.0; WEIGHTS])),
    });
    let problem = Signal::derive(move || made.with(|made| made.as_ref().err().cloned()));
    let block = RwSignal::new(0_usize);
    let blocks = Memo::new(move |_| WEIGHTS / kind.get().block());
    let place = Memo::new(move |_| block.get().min(blocks.get() - 1));
    let shown = move || {
        fill(words::BLOCK_SHOWN, &[("all", &blocks.get().to_string()), ("n", &(place.get() + 1).to_string())])
    };
    let said = move || {
        let (kind, weights) = (kind.get(), weights.get());
        let relative = fault(&weights, &kind.rounded(&weights)).relative;
        fill(
            words::SAID,
            &[
                ("format", kind.name()),
                ("bits", &kind.bits_per_weight().to_string()),
                ("relative", &format::significant(relative * 100.0, 3)),
            ],
        )
    };
    view! {
        <LabFrame title=words::TITLE lead=words::LEAD>
            <Weights recipe=recipe problem=problem/>
            <div class="lab-result">
                <Choices
                    label=words::FORMAT
                    choices=Kind::ALL.map(|kind| (kind, kind.name().to_owned())).to_vec()
                    chosen=kind
                    on_choose=move |chosen| kind.set(chosen)
                />
                <p class="counts" role="status">{said}</p>
                <div class="lab-columns">
                    <section>
                        <h4>{words::BLOCK_TITLE}</h4>
                        <Slider
                            label=words::BLOCK
                            minimum=1.0
                            maximum=Signal::derive(move || blocks.get() as f64)
                            value=Signal::derive(move || (place.get() + 1) as f64)
                            on_change=move |value: f64| block.set(value as usize - 1)
                            shown=Signal::derive(shown)
                        />
                        <BlockPicture kind=kind weights=weights place=place/>
                        <p class="soft">{words::BLOCK_HINT}</p>
                    </section>
                    <section>
                        <h4>{words::HISTOGRAM_TITLE}</h4>
                        <Histogram kind=kind weights=weights place=place/>
                        <p class="soft">{words::HISTOGRAM_HINT}</p>
                    </section>
                </div>
                <Table weights=weights/>
            </div>
        </LabFrame>
    }
}

#[component]
fn Weights(recipe: RwSignal<Recipe>, problem: Signal<Option<String>>) -> impl IntoView {
    let source = Memo::new(move |_| recipe.with(|recipe| recipe.source));
    let ids = FieldIds::new(&fresh_id("weights"));
    let outliers = move || {
        view! {
            <div class="knobs">
                <Slider
                    label=words::SHARE
                    minimum=0.0
                    maximum=5.0
                    step=0.1
                    value=Signal::derive(move || recipe.with(|recipe| recipe.share * 100.0))
                    on_change=move |value: f64| recipe.update(|recipe| recipe.share = value / 100.0)
                    shown=Signal::derive(move || recipe.with(|recipe| format!("{:.1}%", recipe.share * 100.0)))
                />
                <Slider
                    label=words::STRENGTH
                    minimum=1.0
                    maximum=40.0
                    value=Signal::derive(move || recipe.with(|recipe| recipe.strength))
                    on_change=move |value: f64| recipe.update(|recipe| recipe.strength = value)
                    shown=Signal::derive(move || {
                        recipe.with(|recipe| fill(words::TIMES, &[("n", &recipe.strength.to_string())]))
                    })
                />
            </div>
        }
    };
    let own = move || {
        let ids = ids.clone();
        view! {
            <Field ids=ids.clone() label=words::NUMBERS hint=words::NUMBERS_HINT error=problem>
                <textarea
                    id=ids.control.clone()
                    aria-describedby=ids.described_by()
                    aria-invalid=aria_invalid(problem)
                    rows="4"
                    spellcheck="false"
                    prop:value=move || recipe.with(|recipe| recipe.numbers.clone())
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        recipe.update(|recipe| recipe.numbers = text);
                    }
                ></textarea>
            </Field>
        }
    };
    let own = StoredValue::new(own);
    let choices =
        [(Source::Normal, words::NORMAL), (Source::Outliers, words::OUTLIERS), (Source::Own, words::OWN)];
    view! {
        <div class="lab-input">
            <div class="lab-samples">
                <Choices
                    label=words::SOURCE
                    choices=choices.map(|(source, name)| (source, name.to_owned())).to_vec()
                    chosen=source
                    on_choose=move |source| recipe.update(|recipe| recipe.source = source)
                />
                <Button kind=ButtonKind::Quiet on_press=move |()| recipe.update(|recipe| recipe.seed += 1)>
                    {words::DRAW_AGAIN}
                </Button>
            </div>
            {move || match source.get() {
                Source::Normal => ().into_any(),
                Source::Outliers => outliers().into_any(),
                Source::Own => own.with_value(|own| own().into_any()),
            }}
        </div>
    }
}

#[component]
fn Table(weights: Memo<Arc<Vec<f32>>>) -> impl IntoView {
    let row = move |kind: Kind| {
        let weights = weights.get();
        let fault = fault(&weights, &kind.rounded(&weights));
        let size = kind.bits_per_weight() / 8.0 * MODEL_WEIGHTS;
        view! {
            <tr>
                <th scope="row">{kind.name()}</th>
                <td class="number">{kind.bits_per_weight().to_string()}</td>
                <td class="number">{format!("{}%", format::significant(fault.relative * 100.0, 3))}</td>
                <td class="number">{format::significant(fault.rms, 3)}</td>
                <td class="number">{format::significant(fault.largest, 3)}</td>
                <td class="number">{format::bytes(size)}</td>
            </tr>
        }
    };
    view! {
        <TableBox label=words::TABLE>
            <thead>
                <tr>
                    <th scope="col">{words::FORMAT}</th>
                    <th scope="col" class="number">{words::BITS}</th>
                    <th scope="col" class="number">{words::RELATIVE}</th>
                    <th scope="col" class="number">{words::RMS}</th>
                    <th scope="col" class="number">{words::LARGEST}</th>
                    <th scope="col" class="number">{words::SIZE}</th>
                </tr>
            </thead>
            <tbody>{move || Kind::ALL.map(row).collect_view()}</tbody>
        </TableBox>
        <p class="soft">{words::DOUBLE}</p>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{Recipe, Source, WEIGHTS, numbers};

    #[wasm_bindgen_test]
    fn numbers_are_read_and_what_is_none_is_named() {
        assert_eq!(numbers("1, -2.5\n3e-1"), Ok(vec![1.0, -2.5, 0.3]));
        assert!(numbers("1 둘 3").is_err_and(|problem| problem.contains("둘")));
        assert!(numbers(" ").is_err());
        assert!(numbers("inf").is_err());
    }

    #[wasm_bindgen_test]
    fn outliers_are_as_many_and_as_far_as_asked_for() {
        let recipe = |source| Recipe { source, seed: 5, share: 0.02, strength: 20.0, numbers: String::new() };
        let far =
            |source| recipe(source).weights().unwrap().iter().filter(|weight| weight.abs() > 0.1).count();
        assert_eq!(far(Source::Normal), 0);
        assert!((40..100).contains(&far(Source::Outliers)), "{}", far(Source::Outliers));
        let own = Recipe { numbers: "1 2 3".to_owned(), ..recipe(Source::Own) }.weights().unwrap();
        assert_eq!((own.len(), own[4]), (WEIGHTS, 2.0));
    }
}
