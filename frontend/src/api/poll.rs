//! A reply that stays fresh: asked for now, every few seconds, and when the connection comes back.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::Endpoint;

use super::{Failure, call};
use crate::connection::Connection;

const EVERY: Duration = Duration::from_secs(4);

/// The latest reply. It stays while the server cannot be reached: old news beat none.
#[derive(Debug)]
pub struct Polled<T: Send + Sync + 'static> {
    pub reply: RwSignal<Option<T>>,
    pub failure: RwSignal<Option<Failure>>,
    asked: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Clone for Polled<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Polled<T> {}

impl<T: Send + Sync + 'static> Polled<T> {
    pub fn ask_again(self) {
        self.asked.update(|count| *count += 1);
    }
}

/// `request` may read signals: when they change, what was known is dropped and asked for anew.
pub fn poll<E>(request: impl Fn() -> E + Send + Sync + 'static) -> Polled<E::Reply>
where
    E: Endpoint + PartialEq + Sync + Clone,
    E::Reply: Sync + PartialEq,
{
    let polled = Polled { reply: RwSignal::new(None), failure: RwSignal::new(None), asked: RwSignal::new(0) };
    let request = Memo::new(move |_| request());
    let regained = expect_context::<Connection>().regained;
    Effect::new(move |before: Option<E>| {
        polled.asked.track();
        regained.track();
        let wanted = request.get();
        if before.is_some_and(|before| before != wanted) {
            polled.reply.set(None);
            polled.failure.set(None);
        }
        let asked = wanted.clone();
        spawn_local(async move {
            let result = call(&asked).await;
            // Answers to what nobody asks any more are dropped, also when the page has gone.
            if request.try_get_untracked() != Some(asked) {
                return;
            }
            match result {
                Ok(reply) => {
                    polled.failure.set(None);
                    if polled.reply.with_untracked(|known| known.as_ref() != Some(&reply)) {
                        polled.reply.set(Some(reply));
                    }
                }
                Err(failure) => polled.failure.set(Some(failure)),
            }
        });
        wanted
    });
    if let Ok(ticking) = set_interval_with_handle(move || polled.ask_again(), EVERY) {
        on_cleanup(move || ticking.clear());
    }
    polled
}
