//! Signing in with a name and a password.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::sessions::{SessionTransport, SignInWithPassword};

use crate::api;
use crate::components::{Field, FieldIds};
use crate::session::use_session;
use crate::texts::texts;

/// The page is loaded anew with the session: both programs that may show it learn of the person.
#[component]
pub fn PasswordForm() -> impl IntoView {
    let texts = &texts().sign_in;
    let session = use_session();
    let (name, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let refused = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        refused.set(None);
        let (name, password) = (name.get_untracked(), password.get_untracked());
        let request = SignInWithPassword { name, password, session: SessionTransport::Cookie };
        spawn_local(async move {
            match api::call(&request).await {
                Ok(reply) => {
                    session.signed_in(reply.me);
                    enter();
                }
                Err(failure) => {
                    let words =
                        if failure.is_signed_out() { texts.wrong.to_owned() } else { failure.words() };
                    refused.try_set(Some(words));
                    busy.try_set(false);
                }
            }
        });
    };
    let (name_ids, password_ids) = (FieldIds::new("sign-in-name"), FieldIds::new("sign-in-password"));
    view! {
        <form class="form" on:submit=submit>
            <Field ids=name_ids.clone() label=texts.name>
                <input
                    id=name_ids.control.clone()
                    autocomplete="username"
                    required
                    maxlength="100"
                    prop:value=move || name.get()
                    on:input=move |event| name.set(event_target_value(&event))
                />
            </Field>
            <Field ids=password_ids.clone() label=texts.password error=refused>
                <input
                    id=password_ids.control.clone()
                    type="password"
                    autocomplete="current-password"
                    required
                    maxlength="200"
                    aria-describedby=password_ids.described_by()
                    prop:value=move || password.get()
                    on:input=move |event| password.set(event_target_value(&event))
                />
            </Field>
            <button type="submit" class="button primary" aria-busy=move || busy.get().then_some("true")>
                {texts.title}
            </button>
        </form>
    }
}

/// Home from the page that is only for signing in, else to the page that asked for it.
fn enter() {
    let location = window().location();
    let is_sign_in = location.pathname().is_ok_and(|path| path == "/sign-in");
    let entered = if is_sign_in { location.replace("/") } else { location.reload() };
    if entered.is_err() {
        leptos::logging::warn!("the browser does not load the page anew");
    }
}
