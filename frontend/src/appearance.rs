//! For the programs beside the page's own (labs, classroom), which do not share its [`theme`](crate::theme): canvases
//! take their colours from the theme and draw anew when the page looks different. Which theme it has, the page's own
//! program says on the root element.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{MutationObserver, MutationObserverInit};

#[derive(Clone, Copy)]
struct Appearance(RwSignal<u32>);

/// Changes whenever the page looks different.
pub fn use_appearance() -> Signal<u32> {
    expect_context::<Appearance>().0.into()
}

/// For the lab that is being shown, as long as it is.
pub fn provide_appearance() {
    let changes = RwSignal::new(0_u32);
    provide_context(Appearance(changes));
    let changed = Closure::<dyn Fn()>::new(move || {
        changes.try_update(|changes| *changes += 1);
    });
    let observer = MutationObserver::new(changed.as_ref().unchecked_ref()).ok();
    let root = document().document_element();
    if let (Some(observer), Some(root)) = (&observer, root) {
        let options = MutationObserverInit::new();
        options.set_attributes(true);
        options.set_attribute_filter(&js_sys::Array::of1(&"data-theme".into()));
        // Without it the colours come with the next drawing.
        let _ = observer.observe_with_options(&root, &options);
    }
    let query = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    if let Some(query) = &query {
        let _ = query.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
    }
    let kept = StoredValue::new_local(Some((observer, query, changed)));
    on_cleanup(move || {
        kept.update_value(|kept| {
            let Some((observer, query, changed)) = kept.take() else { return };
            if let Some(observer) = observer {
                observer.disconnect();
            }
            if let Some(query) = query {
                let changed = changed.as_ref().unchecked_ref();
                let _ = query.remove_event_listener_with_callback("change", changed);
            }
        });
    });
}
