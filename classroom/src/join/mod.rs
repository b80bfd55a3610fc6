//! Where links lead that bring people in: an invitation to a class, or a link of one's own that sets a password.
//! The token stays in the address's fragment until it was used, so that a reload or a sign-in on the way loses nothing;
//! no server sees it.

mod words;

use frontend::api::{Failure, call};
use frontend::components::toast::use_toasts;
use frontend::components::{Button, ButtonKind, EmptyState, ErrorBox, Loading, PageTitle};
use frontend::format;
use frontend::pages::PasswordForm;
use frontend::session::{SessionState, use_session};
use frontend::texts::fill;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::invitations::{AcceptInvitation, JoinCohort, LinkMeaning, LookUpLink};
use shared::api::sessions::{SessionTransport, SetPasswordByLink, SignInReply};

use crate::forms::{Form, Holds, TextField};
use crate::weeks::course_address;
use crate::words::role_name;
use words::JOIN;

#[derive(Debug, Clone, PartialEq)]
enum Link {
    Asking,
    None,
    Gone,
    Failed(Failure),
    Good(LinkMeaning),
}

#[component]
pub fn JoinPage() -> impl IntoView {
    let link = RwSignal::new(Link::Asking);
    let token = RwSignal::new(String::new());
    let ask = move || {
        let fragment = window().location().hash().unwrap_or_default();
        token.set(fragment.trim_start_matches('#').to_owned());
        if token.with_untracked(String::is_empty) {
            link.set(Link::None);
            return;
        }
        link.set(Link::Asking);
        spawn_local(async move {
            let asked = token.get_untracked();
            let found = match call(&LookUpLink { token: asked.clone() }).await {
                Ok(meaning) => Link::Good(meaning),
                Err(failure) if failure.is_not_found() => Link::Gone,
                Err(failure) => Link::Failed(failure),
            };
            // Another link may have been pasted meanwhile.
            if token.try_get_untracked() == Some(asked) {
                link.set(found);
            }
        });
    };
    ask();
    let pasted = window_event_listener(ev::hashchange, move |_| ask());
    on_cleanup(move || pasted.remove());
    move || match link.get() {
        Link::Asking => view! { <PageTitle title=JOIN.title.to_owned()/><Loading/> }.into_any(),
        Link::None => view! {
            <PageTitle title=JOIN.title.to_owned()/>
            <EmptyState title=JOIN.no_link_title words=JOIN.no_link_words/>
        }
        .into_any(),
        Link::Gone => view! {
            <PageTitle title=JOIN.gone_title.to_owned()/>
            <div class="prose" role="alert"><p>{JOIN.gone_words}</p></div>
        }
        .into_any(),
        Link::Failed(failure) => view! {
            <PageTitle title=JOIN.title.to_owned()/>
            <ErrorBox failure=failure on_retry=Callback::new(move |()| ask())/>
        }
        .into_any(),
        Link::Good(LinkMeaning::Invitation { cohort_name, role, expires_at_microseconds }) => {
            let until = fill(JOIN.until, &[("time", &format::date_time(expires_at_microseconds))]);
            view! {
                <PageTitle title=fill(JOIN.invited, &[("cohort", &cohort_name)])/>
                <div class="prose join-words">
                    <p>{fill(JOIN.as_role, &[("role", role_name(role))])}</p>
                    <p class="soft">{until}</p>
                </div>
                <Invited token=token/>
            }
            .into_any()
        }
        Link::Good(LinkMeaning::Password { name, expires_at_microseconds }) => view! {
            <OwnLink name=name until=format::date_time(expires_at_microseconds) token=token/>
        }
        .into_any(),
    }
}

/// In the place of the link, which is used up: going back does not lead to it.
fn go(address: &str) {
    if window().location().replace(address).is_err() {
        leptos::logging::warn!("the browser does not open {address}");
    }
}

/// With the account that is signed in, or with a new one.
#[component]
fn Invited(token: RwSignal<String>) -> impl IntoView {
    let session = use_session();
    let who = Memo::new(move |_| match session.state.get() {
        SessionState::Asking => None,
        state => Some(state.me().map(|me| me.name.clone())),
    });
    move || match who.get() {
        None => view! { <Loading/> }.into_any(),
        Some(Some(name)) => view! { <WithThisAccount name=name token=token/> }.into_any(),
        Some(None) => view! {
            <NewAccount token=token/>
            <details class="rule">
                <summary>{JOIN.has_account}</summary>
                <PasswordForm/>
            </details>
        }
        .into_any(),
    }
}

#[component]
fn WithThisAccount(name: String, token: RwSignal<String>) -> impl IntoView {
    let session = use_session();
    let toasts = use_toasts();
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let join = move |()| {
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            match call(&JoinCohort { token: token.get_untracked() }).await {
                Ok(joined) => go(&course_address(joined.cohort_id)),
                Err(error) => {
                    failure.try_set(Some(error));
                    busy.try_set(false);
                }
            }
        });
    };
    let sign_out = move |()| {
        spawn_local(async move {
            if let Err(failure) = session.sign_out().await {
                toasts.error(failure.words());
            }
        });
    };
    let failed = move || {
        let words = |failure: Failure| {
            if failure.is_not_found() { JOIN.gone_words.to_owned() } else { failure.words() }
        };
        failure.get().map(|failure| view! { <p class="field-error">{words(failure)}</p> })
    };
    view! {
        <p class="join-words">{fill(JOIN.join_as, &[("name", &name)])}</p>
        <div role="alert">{failed}</div>
        <div class="buttons">
            <Button kind=ButtonKind::Primary busy=busy on_press=join>{JOIN.join}</Button>
            <Button kind=ButtonKind::Quiet on_press=sign_out>{JOIN.other_account}</Button>
        </div>
    }
}

#[component]
fn NewAccount(token: RwSignal<String>) -> impl IntoView {
    let session = use_session();
    let (name, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let send = move |()| {
        let request = AcceptInvitation {
            token: token.get_untracked(),
            name: name.get_untracked(),
            password: password.get_untracked(),
            session: SessionTransport::Cookie,
        };
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let result = call(&request).await;
            entered(result, failure, busy, session, "/course");
        });
    };
    view! {
        <Form send=JOIN.create busy=busy failure=failure on_send=send>
            <TextField id="join-name" label=JOIN.name hint=JOIN.name_hint holds=Holds::Name value=name/>
            <TextField
                id="join-password"
                label=JOIN.password
                hint=JOIN.password_hint
                holds=Holds::NewPassword
                value=password
            />
        </Form>
    }
}

/// Into the house with a new session, or what keeps one out.
fn entered(
    result: Result<SignInReply, Failure>,
    failure: RwSignal<Option<Failure>>,
    busy: RwSignal<bool>,
    session: frontend::session::Session,
    address: &str,
) {
    match result {
        Ok(reply) => {
            session.signed_in(reply.me);
            go(address);
        }
        Err(error) => {
            failure.try_set(Some(error));
            busy.try_set(false);
        }
    }
}

#[component]
fn OwnLink(name: String, until: String, token: RwSignal<String>) -> impl IntoView {
    let session = use_session();
    let password = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let send = move |()| {
        let request = SetPasswordByLink {
            token: token.get_untracked(),
            password: password.get_untracked(),
            session: SessionTransport::Cookie,
        };
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let result = call(&request).await;
            entered(result, failure, busy, session, "/");
        });
    };
    view! {
        <PageTitle title=fill(JOIN.own_title, &[("name", &name)])/>
        <div class="prose join-words"><p>{fill(JOIN.own_words, &[("time", &until)])}</p></div>
        <Form send=JOIN.set_password busy=busy failure=failure on_send=send>
            // Password stores of browsers keep the two together.
            <input type="text" class="visually-hidden" autocomplete="username" value=name.clone() tabindex="-1" aria-hidden="true" readonly/>
            <TextField
                id="own-password"
                label=JOIN.password
                hint=JOIN.password_hint
                holds=Holds::NewPassword
                value=password
            />
        </Form>
    }
}
