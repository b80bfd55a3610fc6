//! The labs of the lessons that compute in the browser, a program of its own: the page loads it with the first
//! lab that it shows (`frontend/src/labs.rs`), and a first visit is not larger for it.
//!
//! One folder per lab. In each, what is computed stands apart from what is shown, and `words.rs` holds every
//! word that it says. Labs are made of the page's components and of the very code that the jobs run
//! (`corpus`, `model`, `shared::spec`): what one sees here is what happens there.
//!
//! Architecture invariant: a lab keeps nothing, sends nothing, and never holds the page up for long.

mod adapters;
mod calculator;
mod cleaning;
mod doctor;
mod metrics;
mod parts;
mod quantization;
mod routing;
mod scan;
mod tokenizer;

use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

fn main() {
    console_error_panic_hook::set_once();
}

/// A lab on the page; gone when this is.
#[wasm_bindgen]
pub struct MountedLab {
    lab: Option<Box<dyn std::any::Any>>,
}

#[wasm_bindgen]
impl MountedLab {
    pub fn unmount(mut self) {
        drop(self.lab.take());
    }
}

/// Puts a lab into an element.
///
/// # Errors
/// A name that no lab has, or settings that are not the lab's.
#[wasm_bindgen]
pub fn mount_lab(place: HtmlElement, name: &str, settings: &str) -> Result<MountedLab, JsValue> {
    let settings = if settings.is_empty() { "{}" } else { settings };
    let view = lab(name, settings).map_err(|problem| JsValue::from_str(&problem))?;
    let handle = mount_to(place, move || {
        frontend::appearance::provide_appearance();
        view()
    });
    Ok(MountedLab { lab: Some(Box::new(handle)) })
}

type LabView = Box<dyn FnOnce() -> AnyView>;

/// The lab of a lesson's `lab NAME` block.
fn lab(name: &str, settings: &str) -> Result<LabView, String> {
    fn read<T: serde::de::DeserializeOwned>(settings: &str) -> Result<T, String> {
        serde_json::from_str(settings).map_err(|error| format!("its settings cannot be read: {error}"))
    }
    Ok(match name {
        "adapter-calculator" => {
            let settings = read(settings)?;
            Box::new(move || view! { <adapters::AdapterCalculator settings=settings/> }.into_any())
        }
        "cleaning-playground" => {
            let settings = read(settings)?;
            Box::new(move || view! { <cleaning::CleaningPlayground settings=settings/> }.into_any())
        }
        "model-calculator" => {
            let settings = read(settings)?;
            Box::new(move || view! { <calculator::ModelCalculator settings=settings/> }.into_any())
        }
        "environment-doctor" => {
            let settings = read(settings)?;
            Box::new(move || view! { <doctor::EnvironmentDoctor settings=settings/> }.into_any())
        }
        "metric-workbench" => {
            let settings = read(settings)?;
            Box::new(move || view! { <metrics::MetricWorkbench settings=settings/> }.into_any())
        }
        "quantization" => {
            let settings = read(settings)?;
            Box::new(move || view! { <quantization::Quantization settings=settings/> }.into_any())
        }
        "routing-figure" => {
            let settings = read(settings)?;
            Box::new(move || view! { <routing::RoutingFigure settings=settings/> }.into_any())
        }
        "scan-figure" => {
            let settings = read(settings)?;
            Box::new(move || view! { <scan::ScanFigure settings=settings/> }.into_any())
        }
        "tokenizer-training" => {
            let settings = read(settings)?;
            Box::new(move || view! { <tokenizer::TokenizerTraining settings=settings/> }.into_any())
        }
        "vocabulary-sweep" => {
            let settings = read(settings)?;
            Box::new(move || view! { <tokenizer::VocabularySweep settings=settings/> }.into_any())
        }
        _ => return Err(format!("there is no lab {name}")),
    })
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::lab;

    #[wasm_bindgen_test]
    fn every_lab_that_the_page_names_is_here() {
        for name in frontend::labs::NAMES {
            assert!(lab(name, "{}").is_ok(), "{name}");
        }
        assert!(lab("no-such-lab", "{}").is_err());
    }

    #[wasm_bindgen_test]
    fn settings_are_those_of_the_lab() {
        assert!(lab("vocabulary-sweep", r#"{"sizes": [300, 400]}"#).is_ok());
        assert!(lab("model-calculator", r#"{"architecture": "rwkv7"}"#).is_ok());
        assert!(lab("model-calculator", r#"{"architecture": "perceptron"}"#).is_err());
        assert!(lab("scan-figure", r#"{"speed": 2}"#).is_err());
    }
}
