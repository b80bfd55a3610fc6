//! Follows the eyes: a section is read once its heading and its end have both been on the screen. Whoever jumps over
//! it by the contents has not read it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use frontend::api::call;
use frontend::browser;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::lessons::MarkSectionRead;
use shared::ids::CohortId;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry};

use crate::labs;

/// Puts the labs into the text, lets what is wide be scrolled by keyboard, goes to the section of the address, and
/// tells the server of every section that is read.
pub fn follow(article: NodeRef<html::Article>, cohort_id: CohortId, week: u32, on_read: Callback<()>) {
    // A phone that is turned has another width.
    let resized = window_event_listener(leptos::ev::resize, move |_| {
        if let Some(article) = article.get_untracked() {
            make_wide_reachable(&article);
        }
    });
    on_cleanup(move || resized.remove());
    Effect::new(move |done: Option<bool>| {
        let Some(article) = article.get() else { return false };
        if done == Some(true) {
            return true;
        }
        let article: Element = article.unchecked_into();
        labs::mount_all(&article, cohort_id);
        frontend::labs::mount_all(&article);
        make_wide_reachable(&article);
        let tell = move |section: String| {
            spawn_local(async move {
                // A mark that was lost on the way is made at the next reading.
                if call(&MarkSectionRead { cohort_id, week, section }).await.is_ok() {
                    on_read.run(());
                }
            });
        };
        watch(&article, tell);
        if let Ok(hash) = window().location().hash()
            && let Some(name) = hash.strip_prefix('#').filter(|name| !name.is_empty())
        {
            let name = js_sys::decode_uri_component(name).map_or_else(|_| name.to_owned(), String::from);
            scroll_to(&name);
        }
        true
    });
}

/// The router takes links to a fragment for pages, so the jump is made here.
pub fn jump(name: String) -> impl Fn(leptos::ev::MouseEvent) + 'static {
    move |event| {
        event.prevent_default();
        scroll_to(&name);
        if let Ok(history) = window().history() {
            // An address that cannot be shown is only not shown.
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("#{name}")));
        }
    }
}

fn scroll_to(name: &str) {
    let Some(element) = document().get_element_by_id(name) else { return };
    element.scroll_into_view();
    // Headings take no focus by themselves.
    let _ = element.set_attribute("tabindex", "-1");
    browser::focus(name);
}

/// What is wider than its place is scrolled by keyboard too.
pub fn make_wide_reachable(article: &Element) {
    let Ok(found) = article.query_selector_all("pre, .table-scroll, .formula, p, ul, ol") else { return };
    for index in 0..found.length() {
        let Some(Ok(element)) = found.get(index).map(JsCast::dyn_into::<Element>) else { continue };
        if element.scroll_width() > element.client_width() {
            let _ = element.set_attribute("tabindex", "0");
        }
    }
}

/// Headings of the second level in order, and which of them were seen.
#[derive(Debug, Default)]
struct Seen {
    sections: Vec<String>,
    headings: BTreeSet<usize>,
    told: BTreeSet<usize>,
}

impl Seen {
    /// The heading with this number, or behind the last one the end of the text, is on the screen. Answers the
    /// section that is read by that.
    fn see(&mut self, number: usize) -> Option<String> {
        self.headings.insert(number);
        let ended = number.checked_sub(1)?;
        let is_read = self.headings.contains(&ended) && self.told.insert(ended);
        is_read.then(|| self.sections.get(ended).cloned()).flatten()
    }
}

fn watch(article: &Element, tell: impl Fn(String) + 'static) {
    let Ok(headings) = article.query_selector_all("h2[id]") else { return };
    let headings: Vec<Element> =
        (0..headings.length()).filter_map(|index| headings.get(index)?.dyn_into().ok()).collect();
    let Ok(end) = document().create_element("div") else { return };
    if article.append_child(&end).is_err() {
        return;
    }
    let sections = headings.iter().map(Element::id).collect();
    let seen = Rc::new(RefCell::new(Seen { sections, ..Seen::default() }));
    let places: Vec<Element> = headings.into_iter().chain([end]).collect();
    let watched = places.clone();
    let on_seen = Closure::<dyn Fn(js_sys::Array)>::new(move |entries: js_sys::Array| {
        for entry in entries.iter() {
            let Ok(entry) = entry.dyn_into::<IntersectionObserverEntry>() else { continue };
            if !entry.is_intersecting() {
                continue;
            }
            let number = watched.iter().position(|place| *place == entry.target());
            if let Some(section) = number.and_then(|number| seen.borrow_mut().see(number)) {
                tell(section);
            }
        }
    });
    // Without an observer nothing is marked as read; the text is there all the same.
    let Ok(observer) = IntersectionObserver::new(on_seen.as_ref().unchecked_ref()) else { return };
    for place in &places {
        observer.observe(place);
    }
    let kept = StoredValue::new_local(Some((observer, on_seen)));
    on_cleanup(move || {
        kept.update_value(|kept| {
            if let Some((observer, _)) = kept.take() {
                observer.disconnect();
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_section_is_read_once_its_heading_and_its_end_were_seen() {
        let sections = ["하나", "둘", "셋"].map(str::to_owned).to_vec();
        let mut seen = Seen { sections, ..Seen::default() };
        assert_eq!(seen.see(0), None);
        assert_eq!(seen.see(1).as_deref(), Some("하나"));
        // Told once.
        assert_eq!(seen.see(1), None);
        // Jumped over the second: only the third's end tells of the third.
        let mut seen = Seen { sections: seen.sections, ..Seen::default() };
        assert_eq!(seen.see(2), None);
        assert_eq!(seen.see(3).as_deref(), Some("셋"));
        // Back to the second: its end was on the screen before, and is again.
        assert_eq!(seen.see(1), None);
        assert_eq!(seen.see(2).as_deref(), Some("둘"));
    }
}
