//! A number between two others, with its value beside its name.

use frontend::components::{Field, FieldIds};
use leptos::prelude::*;

use super::fresh_id;

#[component]
pub fn Slider(
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    #[prop(into)] minimum: Signal<f64>,
    #[prop(into)] maximum: Signal<f64>,
    #[prop(default = 1.0)] step: f64,
    #[prop(into)] value: Signal<f64>,
    #[prop(into)] on_change: Callback<f64>,
    /// The value in words, also for screen readers.
    #[prop(into)]
    shown: Signal<String>,
) -> impl IntoView {
    let ids = FieldIds::new(&fresh_id("slider"));
    view! {
        <div class="lab-slider">
            <Field ids=ids.clone() label=label hint=hint>
                <output for=ids.control.clone()>{move || shown.get()}</output>
                <input
                    type="range"
                    id=ids.control.clone()
                    aria-describedby=ids.described_by()
                    aria-valuetext=move || shown.get()
                    min=move || minimum.get().to_string()
                    max=move || maximum.get().to_string()
                    step=step.to_string()
                    prop:value=move || {
                        // The browser cuts a value to the bounds that it has: those first.
                        let _ = (minimum.get(), maximum.get());
                        value.get().to_string()
                    }
                    on:input=move |event| {
                        if let Ok(number) = event_target_value(&event).parse() {
                            on_change.run(number);
                        }
                    }
                />
            </Field>
        </div>
    }
}
