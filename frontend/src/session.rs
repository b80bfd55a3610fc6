//! Who is signed in.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::sessions::{GetMe, Me, SignOut};

use crate::api::{self, Failure, SessionNumber, Watch};
use crate::connection::Connection;
use crate::{browser, kept};

#[derive(Debug, Clone, PartialEq)]
pub enum SessionState {
    /// The server has not answered yet.
    Asking,
    Nobody,
    /// Somebody was signed in, and is no longer.
    Expired,
    Person(Me),
}

impl SessionState {
    pub fn me(&self) -> Option<&Me> {
        match self {
            Self::Person(me) => Some(me),
            _ => None,
        }
    }
}

/// Kept in this browser while somebody is signed in. The session itself is a cookie that no script
/// sees; without this mark a visitor's page need not ask for a refusal.
const MARK: &str = "signed-in";

#[derive(Clone, Copy)]
pub struct Session {
    pub state: RwSignal<SessionState>,
}

impl Session {
    /// The name, or nothing for nobody.
    pub fn name(self) -> Option<String> {
        self.state.with(|state| state.me().map(|me| me.name.clone()))
    }

    /// A link was taken: what earlier calls say about the session before counts no more.
    pub fn signed_in(self, me: Me) {
        api::session_has_changed();
        self.set_person(me);
    }

    fn set_person(self, me: Me) {
        browser::store(MARK, Some("yes"));
        self.state.set(SessionState::Person(me));
    }

    /// Asks the server; nothing changes when it cannot be reached, the banner tries again.
    pub fn ask(self) {
        spawn_local(async move {
            let session = SessionNumber::now();
            let answer = api::call(&GetMe {}).await;
            if session.is_over() {
                return;
            }
            match answer {
                Ok(me) => self.set_person(me),
                Err(Failure::Unreachable) => {}
                Err(failure) => {
                    if !failure.is_signed_out() {
                        leptos::logging::warn!("{}", failure.words());
                    }
                    if self.state.with_untracked(|state| *state == SessionState::Asking) {
                        self.state.set(SessionState::Nobody);
                    }
                }
            }
        });
    }

    pub async fn sign_out(self) -> Result<(), Failure> {
        match api::call(&SignOut {}).await {
            Err(failure) if !failure.is_signed_out() => Err(failure),
            _ => {
                api::session_has_changed();
                browser::store(MARK, None);
                kept::forget_everything();
                self.state.set(SessionState::Nobody);
                Ok(())
            }
        }
    }

    fn has_ended(self) {
        browser::store(MARK, None);
        let state = self.state.get_untracked();
        self.state.set(match state {
            SessionState::Person(_) | SessionState::Expired => SessionState::Expired,
            SessionState::Asking | SessionState::Nobody => SessionState::Nobody,
        });
    }
}

/// Asks who is signed in, and again whenever the connection comes back.
pub fn provide_session() {
    let session = Session { state: RwSignal::new(SessionState::Asking) };
    let connection = expect_context::<Connection>();
    provide_context(session);
    api::install_watch(Watch {
        on_reached: Callback::new(move |reached| connection.tell(reached)),
        on_signed_out: Callback::new(move |()| session.has_ended()),
    });
    Effect::new(move || {
        connection.regained.track();
        if browser::has_storage() && browser::stored(MARK).is_none() {
            session.state.set(SessionState::Nobody);
        } else {
            session.ask();
        }
    });
}

pub fn use_session() -> Session {
    expect_context::<Session>()
}
