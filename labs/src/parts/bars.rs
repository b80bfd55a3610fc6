//! Values beside each other, as SVG bars with their words in the text of the page.

use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    pub name: String,
    pub value: f64,
    pub shown: String,
}

#[component]
pub fn Bars(#[prop(into)] bars: Signal<Vec<Bar>>) -> impl IntoView {
    let rows = move || {
        let bars = bars.get();
        let most = bars.iter().map(|bar| bar.value).fold(f64::MIN_POSITIVE, f64::max);
        let row = |bar: Bar| {
            let width = bar.value / most * 100.0;
            view! {
                <li>
                    <span>{bar.name}</span>
                    <svg class="lab-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                        <rect class="lab-bar-all" width="100" height="4"></rect>
                        <rect class="lab-bar-part" width=width height="4"></rect>
                    </svg>
                    <span class="lab-bar-value">{bar.shown}</span>
                </li>
            }
        };
        bars.into_iter().map(row).collect_view()
    };
    view! { <ul class="lab-bars">{rows}</ul> }
}
