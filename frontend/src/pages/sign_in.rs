//! Signing in by a one-time link: the token is in the fragment, which no server sees; it leaves the
//! address and the history before it is used.

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use shared::api::sessions::{SessionTransport, SignIn};

use super::PasswordForm;
use super::signed_in::HowToSignIn;
use crate::api::{self, Failure};
use crate::browser;
use crate::components::{ErrorBox, LinkButton, Loading, PageTitle};
use crate::session::use_session;
use crate::texts::texts;

#[derive(Debug, Clone, PartialEq)]
enum Step {
    Working,
    NoLink,
    Refused,
    Failed(Failure, String),
}

#[component]
pub fn SignInPage() -> impl IntoView {
    let texts = &texts().sign_in;
    let session = use_session();
    let step = RwSignal::new(Step::NoLink);
    let navigate = use_navigate();
    let sign_in = Callback::new(move |token: String| {
        step.set(Step::Working);
        let navigate = navigate.clone();
        spawn_local(async move {
            let request = SignIn { token: token.clone(), session: SessionTransport::Cookie };
            match api::call(&request).await {
                Ok(reply) => {
                    session.signed_in(reply.me);
                    navigate("/", NavigateOptions { replace: true, ..Default::default() });
                }
                Err(failure) if failure.is_signed_out() => {
                    // The link is worth nothing; the session of before may still be.
                    session.ask();
                    step.try_set(Step::Refused);
                }
                // The person may have left the page meanwhile.
                Err(failure) => drop(step.try_set(Step::Failed(failure, token))),
            }
        });
    });
    let take = move || {
        if let Some(token) = browser::take_fragment() {
            sign_in.run(token);
        }
    };
    take();
    // A link that is pasted into a tab on this page changes only what stands after `#`.
    let pasted = window_event_listener(ev::hashchange, move |_| take());
    on_cleanup(move || pasted.remove());
    // Only a change of it builds the form anew: a refused password leaves what was typed and the reason.
    let is_person = Memo::new(move |_| session.state.with(|state| state.me().is_some()));
    move || match step.get() {
        Step::Working => view! {
            <PageTitle title=texts.title.to_owned()/>
            <Loading words=texts.working.to_owned()/>
        }
        .into_any(),
        Step::NoLink | Step::Refused if is_person.get() => view! {
            <PageTitle title=texts.title.to_owned()/>
            <p>{texts.already}</p>
            <LinkButton href="/">{texts.to_home}</LinkButton>
        }
        .into_any(),
        Step::NoLink => view! { <HowToSignIn/> }.into_any(),
        Step::Refused => view! {
            <PageTitle title=texts.failed_title.to_owned()/>
            <div class="prose" role="alert"><p>{texts.ask_operator}</p></div>
            <PasswordForm/>
            <HowToAsk/>
        }
        .into_any(),
        Step::Failed(failure, token) => view! {
            <PageTitle title=texts.failed_title.to_owned()/>
            <ErrorBox failure=failure on_retry=Callback::new(move |()| sign_in.run(token.clone()))/>
        }
        .into_any(),
    }
}

#[component]
fn HowToAsk() -> impl IntoView {
    let texts = &texts().sign_in;
    view! {
        <div class="prose">
            <p>{texts.operator_command}</p>
            <pre><code>"mitbadak sign-in-link --user NAME"</code></pre>
        </div>
    }
}
