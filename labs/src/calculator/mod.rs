//! `model-calculator`: parameters, operations and memory of six architectures.

mod count;
mod shape;
mod view;
mod words;

use frontend::components::{Button, ButtonKind, Facts};
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use serde::Deserialize;

use crate::parts::{Choices, LabFrame, Slider};
use shape::{Architecture, Knob, Shape, knobs};
use view::{Inference, Parts, Training};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    architecture: Option<Architecture>,
}

/// Its name, and the published model that one may start from.
fn names(architecture: Architecture) -> (&'static str, &'static str) {
    match architecture {
        Architecture::Gpt2 => ("GPT-2", "GPT-2 124M"),
        Architecture::Llama => ("Llama", "TinyLlama 1.1B"),
        Architecture::Mamba => ("Mamba", "Mamba 130M"),
        Architecture::Rwkv7 => ("RWKV-7", "RWKV-7 World 0.1B"),
        Architecture::Deepseek => ("DeepSeek", "DeepSeek-V3 671B"),
        Architecture::Gru => ("GRU", "GRU 16M"),
    }
}

#[component]
pub fn ModelCalculator(settings: Settings) -> impl IntoView {
    let shape = RwSignal::new(Shape::small(settings.architecture.unwrap_or(Architecture::Gpt2)));
    let architecture = Memo::new(move |_| shape.get().architecture);
    let rows = RwSignal::new(8_u64);
    let choices = Architecture::ALL.map(|architecture| (architecture, names(architecture).0.to_owned()));
    let facts = Signal::derive(move || {
        let shape = shape.get();
        vec![
            (words::PARAMETERS, format::count(shape.parameters() as f64)),
            (words::ACTIVE, format::count(shape.active_parameters() as f64)),
            (words::FLOPS, flops(shape.training_flops_per_token())),
            (words::HIDDEN, format::count(shape.hidden() as f64)),
        ]
    });
    let summary = move || {
        let shape = shape.get();
        let memory: f64 = shape.training_bytes(rows.get()).iter().map(|(_, bytes)| bytes).sum();
        fill(
            words::FACTS_SUMMARY,
            &[("parameters", &format::count(shape.parameters() as f64)), ("memory", &format::bytes(memory))],
        )
    };
    view! {
        <LabFrame title=words::TITLE lead=words::LEAD>
            <Choices
                label=words::ARCHITECTURE
                choices=choices.to_vec()
                chosen=architecture
                on_choose=move |chosen| shape.set(Shape::small(chosen))
            />
            <div class="lab-samples">
                <span class="soft">{words::START_FROM}</span>
                <Button kind=ButtonKind::Quiet on_press=move |()| shape.set(Shape::small(architecture.get_untracked()))>
                    {words::SMALL}
                </Button>
                <Button kind=ButtonKind::Quiet on_press=move |()| shape.set(Shape::published(architecture.get_untracked()))>
                    {move || names(architecture.get()).1}
                </Button>
            </div>
            <Knobs shape=shape architecture=architecture/>
            <div class="lab-result">
                <Facts facts=facts/>
                <p class="visually-hidden" role="status">{summary}</p>
                <Parts shape=shape/>
                <Training shape=shape rows=rows/>
                <Inference shape=shape/>
            </div>
        </LabFrame>
    }
}

/// 7.4e8 → `7억 4,000만` would be long: `740 M`.
fn flops(operations: f64) -> String {
    let units = [(1e12, "TFLOP"), (1e9, "GFLOP"), (1e6, "MFLOP"), (1e3, "KFLOP")];
    let unit = units.into_iter().find(|(size, _)| operations >= *size).unwrap_or((1.0, "FLOP"));
    format!("{} {}", format::significant(operations / unit.0, 3), unit.1)
}

#[component]
fn Knobs(shape: RwSignal<Shape>, architecture: Memo<Architecture>) -> impl IntoView {
    let slider = move |knob: Knob| {
        view! {
            <Slider
                label=knob.label
                minimum=knob.bounds.0 as f64
                maximum=knob.bounds.1 as f64
                step=knob.step as f64
                value=Signal::derive(move || (knob.get)(&shape.get()) as f64)
                on_change=move |value: f64| {
                    shape.update(|shape| {
                        (knob.set)(shape, value as u64);
                        *shape = shape.fitted();
                    });
                }
                shown=Signal::derive(move || format::count((knob.get)(&shape.get()) as f64))
            />
        }
    };
    view! {
        <div class="knobs">{move || knobs(architecture.get()).into_iter().map(slider).collect_view()}</div>
        <label class="lab-switch">
            <input
                type="checkbox"
                prop:checked=move || shape.get().is_tied
                on:change=move |event| {
                    let checked = event_target_checked(&event);
                    shape.update(|shape| shape.is_tied = checked);
                }
            />
            <span>{words::TIED_SWITCH}</span>
        </label>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::flops;

    #[wasm_bindgen_test]
    fn operations_have_a_unit_that_can_be_read() {
        assert_eq!(flops(7.4e8), "740 MFLOP");
        assert_eq!(flops(2.5e11), "250 GFLOP");
        assert_eq!(flops(12.0), "12.0 FLOP");
    }
}
