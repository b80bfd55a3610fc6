//! Programs beside the page's own, each loaded with the first thing that needs it, so that a first visit is not
//! larger for them. What they export is named where it is called.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use js_sys::{Object, Promise, Reflect};
use leptos::prelude::document;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Program {
    /// `labs/`
    Labs,
    /// `classroom/`
    Classroom,
}

impl Program {
    /// Trunk gives programs that are no page the names of their crates.
    fn name(self) -> &'static str {
        match self {
            Self::Labs => "labs",
            Self::Classroom => "classroom",
        }
    }

    /// Style sheets of what only it shows; a lesson of the classroom has labs in it.
    fn styles(self) -> &'static [&'static str] {
        match self {
            Self::Labs => &["/labs.css"],
            Self::Classroom => &["/course.css", "/desk.css", "/labs.css"],
        }
    }
}

#[wasm_bindgen]
extern "C" {
    /// Of start.js.
    #[wasm_bindgen(catch, js_name = importModule)]
    fn import_module(address: &str) -> Result<Promise, JsValue>;

    type Module;
    #[wasm_bindgen(catch, method, js_name = default)]
    fn start(this: &Module, program: &JsValue) -> Result<Promise, JsValue>;
}

thread_local! {
    /// Settled when the program is there; whatever needs it waits for the same one.
    static LOADING: RefCell<BTreeMap<Program, Promise>> = const { RefCell::new(BTreeMap::new()) };
    static ATTEMPTS: Cell<u32> = const { Cell::new(0) };
    /// By address; each is in the page once.
    static STYLES: RefCell<BTreeMap<&'static str, Promise>> = const { RefCell::new(BTreeMap::new()) };
}

/// The program's module, started. After a failure it is asked for anew.
///
/// # Errors
/// Whatever kept it from coming.
pub async fn load(program: Program) -> Result<JsValue, JsValue> {
    let loading = LOADING.with_borrow_mut(|all| all.entry(program).or_insert_with(|| begin(program)).clone());
    let loaded = JsFuture::from(loading.clone()).await;
    if loaded.is_err() {
        LOADING.with_borrow_mut(|all| {
            if all.get(&program).is_some_and(|now| Object::is(now, &loading)) {
                all.remove(&program);
            }
        });
    }
    loaded
}

fn begin(program: Program) -> Promise {
    let name = program.name();
    // A browser remembers that a module did not come; under another address it asks again.
    let attempt = ATTEMPTS.replace(ATTEMPTS.get() + 1);
    let script = if attempt == 0 { format!("/{name}.js") } else { format!("/{name}.js?attempt={attempt}") };
    let styles: Vec<Promise> = program.styles().iter().map(|address| style(address)).collect();
    future_to_promise(async move {
        let module: Module = JsFuture::from(import_module(&script)?).await?.unchecked_into();
        let options = Object::new();
        Reflect::set(&options, &"module_or_path".into(), &format!("/{name}_bg.wasm").into())?;
        JsFuture::from(module.start(&options)?).await?;
        // What it shows is not seen without them.
        for style in styles {
            JsFuture::from(style).await?;
        }
        Ok(module.into())
    })
}

/// Settled when the style sheet is there. One that did not come is asked for anew.
fn style(address: &'static str) -> Promise {
    STYLES.with_borrow_mut(|all| all.entry(address).or_insert_with(|| begin_style(address)).clone())
}

fn begin_style(address: &'static str) -> Promise {
    Promise::new(&mut |resolve, reject| {
        let Ok(link) = document().create_element("link") else { return };
        let _ = link.set_attribute("rel", "stylesheet");
        let _ = link.set_attribute("href", address);
        let failed = {
            let link = link.clone();
            Closure::once_into_js(move || {
                link.remove();
                STYLES.with_borrow_mut(|all| all.remove(address));
                let _ = reject.call0(&JsValue::NULL);
            })
        };
        let _ = link.add_event_listener_with_callback("load", &resolve);
        let _ = link.add_event_listener_with_callback("error", failed.unchecked_ref());
        if let Some(head) = document().head() {
            let _ = head.append_child(&link);
        }
    })
}
