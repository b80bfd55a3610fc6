//! Labs of the lessons: a program of its own (`labs/`), loaded when the first lab of a page is shown.

use leptos::html;
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

use crate::components::{Button, Loading};
use crate::programs::{self, Program};
use crate::texts::texts;

/// The labs of that program. Others of a lesson are the page's own.
pub const NAMES: [&str; 10] = [
    "environment-doctor",
    "cleaning-playground",
    "tokenizer-training",
    "vocabulary-sweep",
    "model-calculator",
    "scan-figure",
    "routing-figure",
    "adapter-calculator",
    "metric-workbench",
    "quantization",
];

#[wasm_bindgen]
extern "C" {
    /// What `labs/src/main.rs` exports.
    type Labs;
    #[wasm_bindgen(catch, method)]
    fn mount_lab(this: &Labs, place: &HtmlElement, name: &str, settings: &str) -> Result<Mounted, JsValue>;

    type Mounted;
    #[wasm_bindgen(method)]
    fn unmount(this: &Mounted);
}

/// Puts a lab into every element below `root` that asks for one of [`NAMES`]: `data-lab` names it, `data-settings`
/// is JSON. They stay for as long as the component or effect that calls this.
pub fn mount_all(root: &Element) {
    let Ok(found) = root.query_selector_all("[data-lab]") else { return };
    let mut labs = Vec::new();
    for index in 0..found.length() {
        let Some(Ok(place)) = found.get(index).map(JsCast::dyn_into::<HtmlElement>) else { continue };
        let name = place.get_attribute("data-lab").unwrap_or_default();
        if !NAMES.contains(&name.as_str()) {
            continue;
        }
        let settings = place.get_attribute("data-settings").unwrap_or_default();
        place.set_text_content(None);
        labs.push(mount_to(place, move || view! { <Lab name=name settings=settings/> }));
    }
    let labs = StoredValue::new_local(labs);
    on_cleanup(move || labs.update_value(Vec::clear));
}

/// One lab, with what stands there until its program has come.
#[component]
pub fn Lab(
    #[prop(into)] name: String,
    /// JSON; nothing for the lab's own.
    #[prop(optional, into)]
    settings: String,
) -> impl IntoView {
    let texts = &texts().labs;
    let place = NodeRef::<html::Div>::new();
    let state = RwSignal::new(State::Loading);
    let mounted = StoredValue::new_local(None::<Mounted>);
    let attempt = RwSignal::new(0_u32);
    Effect::new(move || {
        attempt.track();
        let Some(place) = place.get() else { return };
        let (name, settings) = (name.clone(), settings.clone());
        spawn_local(async move {
            let labs = programs::load(Program::Labs).await;
            let lab = labs.and_then(|labs| labs.unchecked_into::<Labs>().mount_lab(&place, &name, &settings));
            let reached = match lab {
                Ok(lab) if place.is_connected() => {
                    mounted.try_update_value(|mounted| *mounted = Some(lab));
                    State::Shown
                }
                // The page has been left meanwhile.
                Ok(lab) => {
                    lab.unmount();
                    return;
                }
                Err(error) => {
                    leptos::logging::warn!("the lab {name} does not start: {error:?}");
                    State::Failed
                }
            };
            state.try_set(reached);
        });
    });
    on_cleanup(move || {
        mounted.update_value(|mounted| {
            if let Some(lab) = mounted.take() {
                lab.unmount();
            }
        });
    });
    let again = move |()| {
        state.set(State::Loading);
        attempt.update(|attempt| *attempt += 1);
    };
    let waits = move || match state.get() {
        State::Loading => view! { <Loading words=texts.loading/> }.into_any(),
        State::Shown => ().into_any(),
        State::Failed => view! {
            <div class="error-box" role="alert">
                <p>{texts.failed}</p>
                <Button on_press=again>{crate::texts::texts().common.try_again}</Button>
            </div>
        }
        .into_any(),
    };
    view! {
        {waits}
        <div node_ref=place></div>
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Loading,
    Shown,
    Failed,
}
