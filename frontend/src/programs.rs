//! Programs beside the page's own, each loaded with the first thing that needs it, so that a first visit is not
//! larger for them. What they export is named where it is called.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
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
    fn styles(self) -> &'static str {
        match self {
            Self::Labs => "/labs.css",
            Self::Classroom => "/course.css /desk.css /labs.css",
        }
    }
}

#[wasm_bindgen]
extern "C" {
    /// Of start.js: once its style sheets are there.
    #[wasm_bindgen(catch, js_name = importModule)]
    fn import_module(address: &str, styles: &str) -> Result<Promise, JsValue>;

    type Module;
    #[wasm_bindgen(catch, method, js_name = default)]
    fn start(this: &Module, program: &JsValue) -> Result<Promise, JsValue>;
}

thread_local! {
    /// Settled when the program is there; whatever needs it waits for the same one.
    static LOADING: RefCell<BTreeMap<Program, Promise>> = const { RefCell::new(BTreeMap::new()) };
    static ATTEMPTS: Cell<u32> = const { Cell::new(0) };
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
    future_to_promise(async move {
        let module: Module =
            JsFuture::from(import_module(&script, program.styles())?).await?.unchecked_into();
        let options = Object::new();
        Reflect::set(&options, &"module_or_path".into(), &format!("/{name}_bg.wasm").into())?;
        JsFuture::from(module.start(&options)?).await?;
        Ok(module.into())
    })
}
