//! Calls that a button makes: busy meanwhile, told of afterwards, and what is shown asked for again.

use frontend::api::call;
use frontend::api::poll::Polled;
use frontend::components::toast::ToastList;
use frontend::components::{Button, ButtonKind, Dialog};
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::Endpoint;

/// Calls, says that it is done or what went wrong, and asks again for what is shown.
pub fn act<E, T>(request: E, done: String, toasts: ToastList, polled: Polled<T>)
where
    E: Endpoint + 'static,
    T: Send + Sync + 'static,
{
    spawn_local(async move {
        match call(&request).await {
            Ok(_) => {
                toasts.done(done);
                polled.ask_again();
            }
            Err(failure) => toasts.error(failure.words()),
        }
    });
}

/// A question that is open while `about` holds what it is about.
#[component]
pub fn Ask<T: Clone + PartialEq + Send + Sync + 'static>(
    about: RwSignal<Option<T>>,
    #[prop(into)] title: String,
    #[prop(into)] words: Signal<String>,
    no: &'static str,
    yes: &'static str,
    #[prop(into)] on_yes: Callback<T>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || open.set(about.with(Option::is_some)));
    Effect::new(move || {
        if !open.get() && about.with_untracked(Option::is_some) {
            about.set(None);
        }
    });
    let confirm = move |()| {
        if let Some(thing) = about.get_untracked() {
            on_yes.run(thing);
        }
        about.set(None);
    };
    view! {
        <Dialog open=open title=title>
            <p>{move || words.get()}</p>
            <div class="dialog-buttons">
                <Button kind=ButtonKind::Plain on_press=move |()| about.set(None)>{no}</Button>
                <Button kind=ButtonKind::Danger on_press=confirm>{yes}</Button>
            </div>
        </Dialog>
    }
}
