//! Short messages at the edge of the page, read aloud as they come.

use std::time::Duration;

use leptos::prelude::*;

const SHOWN: Duration = Duration::from_secs(8);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tone {
    Done,
    Error,
}

#[derive(Debug, Clone)]
struct Toast {
    number: u32,
    tone: Tone,
    words: String,
}

#[derive(Clone, Copy)]
pub struct ToastList {
    toasts: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

impl ToastList {
    pub fn done(self, words: impl Into<String>) {
        self.show(Tone::Done, words.into());
    }

    /// What went wrong; for something that the person just did.
    pub fn error(self, words: impl Into<String>) {
        self.show(Tone::Error, words.into());
    }

    fn show(self, tone: Tone, words: String) {
        let number = self.next.get_value();
        self.next.set_value(number + 1);
        self.toasts.update(|toasts| toasts.push(Toast { number, tone, words }));
        set_timeout(move || self.remove(number), SHOWN);
    }

    fn remove(self, number: u32) {
        self.toasts.update(|toasts| toasts.retain(|toast| toast.number != number));
    }
}

pub fn provide_toasts() {
    provide_context(ToastList { toasts: RwSignal::new(Vec::new()), next: StoredValue::new(0) });
}

pub fn use_toasts() -> ToastList {
    expect_context::<ToastList>()
}

#[component]
pub fn Toasts() -> impl IntoView {
    let list = use_toasts();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || list.toasts.get() key=|toast| toast.number let(toast)>
                <div class="toast" class=("error", toast.tone == Tone::Error)>
                    <p>{toast.words}</p>
                    <button
                        type="button"
                        class="toast-close"
                        aria-label=crate::texts::texts().common.close
                        on:click=move |_| list.remove(toast.number)
                    >
                        "×"
                    </button>
                </div>
            </For>
        </div>
    }
}
