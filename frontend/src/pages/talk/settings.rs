//! How the model writes: temperature, top-p, length, seed, and where it runs.

use leptos::prelude::*;
use shared::engine::{EngineChoice, WeightChoice};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement};

use crate::components::{Field, FieldIds};
use crate::engine::{Desk, Settings};
use crate::texts::texts;

const CHOICES: [EngineChoice; 3] = [EngineChoice::Automatic, EngineChoice::WebGpu, EngineChoice::WasmSimd];
const WEIGHT_CHOICES: [WeightChoice; 4] =
    [WeightChoice::Automatic, WeightChoice::Exact, WeightChoice::Q8_0, WeightChoice::Q4_1];
const LENGTH_LIMIT: u32 = 2_000;

#[component]
pub fn SettingFields(desk: Desk) -> impl IntoView {
    let texts = &texts().engine;
    let temperature = Slider {
        id: "temperature",
        name: texts.temperature,
        hint: texts.temperature_hint,
        least: "0",
        most: "2",
        step: "0.05",
        read: |settings| settings.temperature,
        write: |settings, value| settings.temperature = value,
    };
    let top_p = Slider {
        id: "top-p",
        name: texts.top_p,
        hint: texts.top_p_hint,
        least: "0.05",
        most: "1",
        step: "0.05",
        read: |settings| settings.top_p,
        write: |settings, value| settings.top_p = value,
    };
    view! {
        <details class="rule talk-settings">
            <summary>{texts.settings}</summary>
            <div class="numbers">
                {temperature.view(desk)}
                {top_p.view(desk)}
                <Length desk=desk/>
                <Seed desk=desk/>
                <EngineField desk=desk/>
                <WeightField desk=desk/>
            </div>
        </details>
    }
}

struct Slider {
    id: &'static str,
    name: &'static str,
    hint: &'static str,
    least: &'static str,
    most: &'static str,
    step: &'static str,
    read: fn(&Settings) -> f64,
    write: fn(&mut Settings, f64),
}

impl Slider {
    fn view(self, desk: Desk) -> impl IntoView {
        let ids = FieldIds::new(self.id);
        let (read, write) = (self.read, self.write);
        let value = move || desk.settings.with(read);
        let slide = move |event| {
            if let Ok(value) = event_target_value(&event).parse() {
                desk.settings.update(|settings| write(settings, value));
            }
        };
        view! {
            <Field ids=ids.clone() label=self.name hint=self.hint>
                <span class="slider">
                    <input
                        type="range"
                        min=self.least
                        max=self.most
                        step=self.step
                        id=ids.control.clone()
                        aria-describedby=ids.described_by()
                        prop:value=move || value().to_string()
                        on:input=slide
                    />
                    <output for=ids.control>{move || format!("{:.2}", value())}</output>
                </span>
            </Field>
        }
    }
}

/// What was taken of what was typed. The field itself would not know when that is what stood before.
fn show(event: &Event, value: String) {
    let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    if let Some(field) = field {
        field.set_value(&value);
    }
}

#[component]
fn Length(desk: Desk) -> impl IntoView {
    let texts = &texts().engine;
    let ids = FieldIds::new("length");
    let change = move |event: Event| {
        if let Ok(tokens) = event_target_value(&event).parse::<u32>() {
            let tokens = tokens.clamp(1, LENGTH_LIMIT);
            desk.settings.update(|settings| settings.maximum_tokens = tokens);
        }
        show(&event, desk.settings.with_untracked(|settings| settings.maximum_tokens.to_string()));
    };
    view! {
        <Field ids=ids.clone() label=texts.length hint=texts.length_hint>
            <input
                type="number"
                min="1"
                max=LENGTH_LIMIT.to_string()
                id=ids.control.clone()
                aria-describedby=ids.described_by()
                prop:value=move || desk.settings.with(|settings| settings.maximum_tokens.to_string())
                on:change=change
            />
        </Field>
    }
}

#[component]
fn Seed(desk: Desk) -> impl IntoView {
    let texts = &texts().engine;
    let ids = FieldIds::new("seed");
    let change = move |event: Event| {
        if let Ok(seed) = event_target_value(&event).parse() {
            desk.settings.update(|settings| {
                settings.seed = seed;
                settings.new_seed_each_time = false;
            });
        }
        show(&event, desk.settings.with_untracked(|settings| settings.seed.to_string()));
    };
    let toggle = move |event| {
        let wanted = event_target_checked(&event);
        desk.settings.update(|settings| settings.new_seed_each_time = wanted);
    };
    view! {
        <Field ids=ids.clone() label=texts.seed hint=texts.seed_hint>
            <input
                type="number"
                min="0"
                id=ids.control.clone()
                aria-describedby=ids.described_by()
                prop:value=move || desk.settings.with(|settings| settings.seed.to_string())
                on:change=change
            />
            <label class="radio">
                <input
                    type="checkbox"
                    prop:checked=move || desk.settings.with(|settings| settings.new_seed_each_time)
                    on:change=toggle
                />
                <span>{texts.new_seed}</span>
            </label>
        </Field>
    }
}

#[component]
fn EngineField(desk: Desk) -> impl IntoView {
    let texts = &texts().engine;
    let names = [texts.automatic, texts.web_gpu, texts.processor];
    let options = CHOICES.into_iter().zip(names).collect();
    let choice = desk.choice;
    view! { <Choice desk=desk id="engine-choice" label=texts.choice hint="" options=options choice=choice/> }
}

#[component]
fn WeightField(desk: Desk) -> impl IntoView {
    let texts = &texts().engine;
    let names = [texts.weights_automatic, texts.weights_exact, texts.weights_8_bits, texts.weights_4_bits];
    let options = WEIGHT_CHOICES.into_iter().zip(names).collect();
    let (label, hint, choice) = (texts.weights, texts.weights_hint, desk.weights);
    view! { <Choice desk=desk id="weight-choice" label=label hint=hint options=options choice=choice/> }
}

/// Another choice loads the model anew.
#[component]
fn Choice<T: Copy + PartialEq + Send + Sync + 'static>(
    desk: Desk,
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    options: Vec<(T, &'static str)>,
    choice: RwSignal<T>,
) -> impl IntoView {
    let ids = FieldIds::new(id);
    let values: Vec<T> = options.iter().map(|(value, _)| *value).collect();
    let options = options.into_iter().enumerate().map(move |(index, (value, name))| {
        let is_chosen = move || choice.get() == value;
        view! { <option value=index.to_string() selected=is_chosen>{name}</option> }
    });
    let choose = move |event| {
        let index = event_target_value(&event).parse::<usize>().unwrap_or(0);
        if let Some(value) = values.get(index) {
            choice.set(*value);
            desk.load();
        }
    };
    view! {
        <Field ids=ids.clone() label=label hint=hint>
            <select id=ids.control.clone() aria-describedby=ids.described_by() on:change=choose>
                {options.collect_view()}
            </select>
        </Field>
    }
}
