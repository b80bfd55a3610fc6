//! How far something has come.

use leptos::prelude::*;

/// Without a share it only says that something moves.
#[component]
pub fn ProgressBar(
    #[prop(into)] label: String,
    /// From 0 to 1.
    #[prop(into)]
    share: Signal<Option<f64>>,
) -> impl IntoView {
    let percent = move || share.get().map(|share| (share.clamp(0.0, 1.0) * 100.0).floor().to_string());
    let width = move || {
        share
            .get()
            .map_or_else(|| "100%".to_owned(), |share| format!("{:.2}%", share.clamp(0.0, 1.0) * 100.0))
    };
    view! {
        <div
            class="progress"
            class=("unknown", move || share.with(Option::is_none))
            role="progressbar"
            aria-label=label
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=percent
        >
            <div class="progress-done" style:width=width></div>
        </div>
    }
}
