//! Labs that work with what the learner has on the platform: their jobs, their materials, their models. Labs that
//! compute in the browser are a program of their own (`labs/`).

mod attention;
mod job;
mod lineage;
mod materials;
mod models;
mod open_model;
mod preferences;
mod variations;
mod words;
mod workers;

use frontend::components::toast::ToastList;
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::DeserializeOwned;
use shared::ids::CohortId;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement};

/// Puts a lab of this program into every element below `root` that asks for one. The others are left for whoever
/// has them.
pub fn mount_all(root: &Element, cohort_id: CohortId) {
    let Ok(found) = root.query_selector_all("[data-lab]") else { return };
    let owner = Owner::current();
    let mut mounted = Vec::new();
    for index in 0..found.length() {
        let Some(Ok(place)) = found.get(index).map(JsCast::dyn_into::<HtmlElement>) else { continue };
        let name = place.get_attribute("data-lab").unwrap_or_default();
        let settings = place.get_attribute("data-settings").unwrap_or_else(|| "{}".to_owned());
        let Some(view) = lab(&name, &settings, cohort_id) else { continue };
        // Taken: nobody else mounts one here.
        let _ = place.remove_attribute("data-lab");
        // The lab sees what the page provides, and is gone with it.
        let owner = owner.clone();
        mounted.push(mount_to(place, move || match owner {
            Some(owner) => owner.with(view),
            None => view(),
        }));
    }
    let mounted = StoredValue::new_local(mounted);
    on_cleanup(move || mounted.update_value(Vec::clear));
}

type LabView = Box<dyn FnOnce() -> AnyView>;

fn lab(name: &str, settings: &str, cohort_id: CohortId) -> Option<LabView> {
    fn read<T: DeserializeOwned>(name: &str, settings: &str) -> Option<T> {
        serde_json::from_str(settings)
            .map_err(|error| leptos::logging::warn!("the lab {name} cannot read its settings: {error}"))
            .ok()
    }
    Some(match name {
        "job" => {
            let settings = read(name, settings)?;
            Box::new(move || view! { <job::JobLab cohort_id=cohort_id settings=settings/> }.into_any())
        }
        "corpus-report" => Box::new(|| view! { <materials::CorpusReport/> }.into_any()),
        "tokenizer-comparison" => {
            let settings = read(name, settings)?;
            Box::new(move || view! { <materials::TokenizerComparison settings=settings/> }.into_any())
        }
        "first-generation" => {
            let settings = read(name, settings)?;
            Box::new(move || view! { <models::FirstGeneration settings=settings/> }.into_any())
        }
        "prompt-variations" => {
            let settings = read(name, settings)?;
            Box::new(move || view! { <variations::PromptVariations settings=settings/> }.into_any())
        }
        "attention-maps" => {
            let settings = read(name, settings)?;
            Box::new(move || view! { <attention::AttentionMaps settings=settings/> }.into_any())
        }
        "preferences" => {
            Box::new(move || view! { <preferences::PreferencesLab cohort_id=cohort_id/> }.into_any())
        }
        "worker-doctor" => Box::new(|| view! { <workers::WorkerDoctor/> }.into_any()),
        "share" => Box::new(|| view! { <models::Share/> }.into_any()),
        "lineage" => Box::new(|| view! { <lineage::LineageLab/> }.into_any()),
        _ => return None,
    })
}

/// Hands a text to the clipboard and says so.
pub fn copy(text: &str, toasts: ToastList) {
    let copied = window().navigator().clipboard().write_text(text);
    spawn_local(async move {
        // Where a browser refuses, the text can be selected.
        if JsFuture::from(copied).await.is_ok() {
            toasts.done(words::COPIED);
        }
    });
}

/// What stands around every lab.
#[component]
fn Frame(title: &'static str, lead: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="lab-frame" role="group" aria-label=title>
            <header class="lab-header"><h3>{title}</h3><p>{lead}</p></header>
            {children()}
        </div>
    }
}
