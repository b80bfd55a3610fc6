//! Pages of the class, which another program shows (`classroom/`): the router knows their addresses and hands on what
//! stands in them.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;
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

/// First parts of addresses; `app.rs` routes the same.
const ELSEWHERE: [&str; 7] =
    ["course", "desk", "gallery", "account", "certificates", "join", "notifications"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Loading,
    Shown,
    Failed,
}

/// Whatever the router has below `/course`, `/desk` and the like: the other program reads the address
/// (`classroom/src/address.rs`).
#[component]
pub fn ClassroomPage() -> impl IntoView {
    let location = use_location();
    let page = location.pathname;
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
        let (Some(place), wanted) = (place.get(), page.get()) else { return };
        if !is_elsewhere(&wanted) {
            // Being left.
            return;
        }
        unmount();
        state.set(State::Loading);
        spawn_local(async move {
            let program = programs::load(Program::Classroom).await;
            // Somebody has gone on to another page meanwhile, or away.
            if page.try_get_untracked().as_ref() != Some(&wanted) || !place.is_connected() {
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

/// Whether the other program shows this address.
fn is_elsewhere(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    ELSEWHERE.contains(&first)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn the_first_part_of_an_address_says_which_program_shows_it() {
        for (path, expected) in
            [("/course", true), ("/course/3/5", true), ("/gallery", true), ("/", false), ("/courses", false)]
        {
            assert_eq!(is_elsewhere(path), expected, "{path}");
        }
    }
}
