//! What stands around every lab.

use std::cell::Cell;

use leptos::prelude::*;

/// The same lab may stand on a page twice: ids are counted.
pub fn fresh_id(name: &str) -> String {
    thread_local! {
        static NEXT: Cell<u32> = const { Cell::new(1) };
    }
    let number = NEXT.replace(NEXT.get() + 1);
    format!("lab-{name}-{number}")
}

#[component]
pub fn LabFrame(title: &'static str, lead: &'static str, children: Children) -> impl IntoView {
    let heading = fresh_id("title");
    view! {
        <div class="lab" role="group" aria-labelledby=heading.clone()>
            <header class="lab-header">
                <h3 id=heading.clone()>{title}</h3>
                <p>{lead}</p>
            </header>
            {children()}
        </div>
    }
}
