//! What pages for signed-in people show to everybody else.

use leptos::prelude::*;

use super::PasswordForm;
use crate::components::{Loading, PageTitle};
use crate::session::{SessionState, use_session};
use crate::texts::texts;

/// Shows its children to whoever is signed in, and to others how to sign in.
#[component]
pub fn SignedIn(children: ChildrenFn) -> impl IntoView {
    let session = use_session();
    // Only a change of who it is builds the page anew.
    let who = Memo::new(move |_| {
        session.state.with(|state| match state {
            SessionState::Person(me) => Who::Person(me.user_id),
            SessionState::Asking => Who::Asking,
            SessionState::Nobody => Who::Nobody,
            SessionState::Expired => Who::Expired,
        })
    });
    move || match who.get() {
        Who::Person(_) => children().into_any(),
        Who::Asking => view! { <Loading/> }.into_any(),
        Who::Nobody => view! { <HowToSignIn/> }.into_any(),
        Who::Expired => view! { <Expired/> }.into_any(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Asking,
    Nobody,
    Expired,
    Person(shared::ids::UserId),
}

#[component]
pub fn HowToSignIn() -> impl IntoView {
    let texts = &texts().sign_in;
    view! {
        <PageTitle title=texts.no_link_title.to_owned()/>
        <PasswordForm/>
        <div class="prose sign-in-words">
            <p>{texts.no_link_words}</p>
            <p>{texts.operator_command}</p>
            <pre><code>"mitbadak sign-in-link --user NAME --create"</code></pre>
        </div>
    }
}

#[component]
fn Expired() -> impl IntoView {
    let texts = &texts().sign_in;
    view! {
        <PageTitle title=texts.expired_title.to_owned()/>
        <div class="prose"><p>{texts.expired_words}</p></div>
        <PasswordForm/>
    }
}
