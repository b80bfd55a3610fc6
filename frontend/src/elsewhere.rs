//! Pages of the class, which another program shows (`classroom/`): the router knows their addresses and hands on what
//! stands in them.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{use_location, use_params_map};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

use crate::components::{Button, Loading};
use crate::programs::{self, Program};
use crate::texts::texts;

#[wasm_bindgen]
extern "C" {
    /// What `classroom/src/main.rs` exports.
    type Classroom;
    #[wasm_bindgen(catch, method)]
    fn mount_page(this: &Classroom, place: &HtmlElement, page: &str) -> Result<Mounted, JsValue>;

    type Mounted;
    #[wasm_bindgen(method)]
    fn unmount(this: &Mounted);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Loading,
    Shown,
    Failed,
}

/// `/gallery`, `/course`, `/course/3`, `/course/3/5`, `/course/3/marking`, `/course/3/gradebook`.
#[component]
pub fn ClassroomPage() -> impl IntoView {
    let parameters = use_params_map();
    let location = use_location();
    let page = Memo::new(move |_| {
        // A page that is being left has other parameters than its own.
        location.pathname.with(|path| match path.as_str() {
            "/gallery" => Some(r#"{"page":"gallery"}"#.to_owned()),
            path if path.starts_with("/course") => {
                Some(parameters.with(|map| page(map.get_str("cohort"), map.get_str("page"))))
            }
            _ => None,
        })
    });
    let place = NodeRef::<html::Div>::new();
    let state = RwSignal::new(State::Loading);
    let mounted = StoredValue::new_local(None::<Mounted>);
    let unmount = move || {
        mounted.update_value(|mounted| {
            if let Some(page) = mounted.take() {
                page.unmount();
            }
        });
    };
    let attempt = RwSignal::new(0_u32);
    Effect::new(move || {
        attempt.track();
        let (Some(place), Some(wanted)) = (place.get(), page.get()) else { return };
        unmount();
        state.set(State::Loading);
        spawn_local(async move {
            let program = programs::load(Program::Classroom).await;
            // Somebody has gone on to another page meanwhile, or away.
            if page.try_get_untracked() != Some(Some(wanted.clone())) || !place.is_connected() {
                return;
            }
            let shown =
                program.and_then(|program| program.unchecked_into::<Classroom>().mount_page(&place, &wanted));
            let reached = match shown {
                Ok(page) => {
                    unmount();
                    mounted.update_value(|mounted| *mounted = Some(page));
                    State::Shown
                }
                Err(error) => {
                    leptos::logging::warn!("the page {wanted} does not start: {error:?}");
                    State::Failed
                }
            };
            state.try_set(reached);
        });
    });
    on_cleanup(unmount);
    let texts = &texts().elsewhere;
    let waits = move || match state.get() {
        State::Loading => view! { <Loading/> }.into_any(),
        State::Shown => ().into_any(),
        State::Failed => view! {
            <div class="error-box" role="alert">
                <p>{texts.failed}</p>
                <Button on_press=move |()| attempt.update(|attempt| *attempt += 1)>
                    {crate::texts::texts().common.try_again}
                </Button>
            </div>
        }
        .into_any(),
    };
    view! {
        {waits}
        <div node_ref=place></div>
    }
}

/// What the other program calls the page.
fn page(cohort: Option<&str>, page: Option<&str>) -> String {
    let Some(cohort) = cohort.and_then(|cohort| cohort.parse::<i64>().ok()) else {
        return r#"{"page":"course"}"#.to_owned();
    };
    match (page, page.and_then(|week| week.parse::<u32>().ok())) {
        (_, Some(week)) => format!(r#"{{"page":"lesson","cohort_id":{cohort},"week":{week}}}"#),
        (Some("marking"), _) => format!(r#"{{"page":"marking","cohort_id":{cohort}}}"#),
        (Some("gradebook"), _) => format!(r#"{{"page":"gradebook","cohort_id":{cohort}}}"#),
        _ => format!(r#"{{"page":"weeks","cohort_id":{cohort}}}"#),
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn an_address_names_a_page_of_the_class() {
        for (cohort, rest, expected) in [
            (None, None, r#"{"page":"course"}"#),
            (Some("x"), Some("3"), r#"{"page":"course"}"#),
            (Some("3"), None, r#"{"page":"weeks","cohort_id":3}"#),
            (Some("3"), Some("5"), r#"{"page":"lesson","cohort_id":3,"week":5}"#),
            (Some("3"), Some("marking"), r#"{"page":"marking","cohort_id":3}"#),
            (Some("3"), Some("gradebook"), r#"{"page":"gradebook","cohort_id":3}"#),
            (Some("3"), Some("else"), r#"{"page":"weeks","cohort_id":3}"#),
        ] {
            assert_eq!(page(cohort, rest), expected);
        }
    }
}
