//! A reply that stays fresh: asked for now, every few seconds, and when the connection comes back.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::Endpoint;

use super::{Failure, call};
use crate::connection::Connection;

const EVERY: Duration = Duration::from_secs(4);

/// The latest reply. It stays while the server cannot be reached, and while a changed request is on its
/// way: old news beat none, and a list that collapses takes the focus with it.
#[derive(Debug)]
pub struct Polled<T: Send + Sync + 'static> {
    pub reply: RwSignal<Option<T>>,
    pub failure: RwSignal<Option<Failure>>,
    /// Whether the reply answers an earlier request than the one that is on its way.
    pub is_stale: RwSignal<bool>,
    /// Counts replies, also those that say nothing new.
    pub answered: RwSignal<u32>,
    asked: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Clone for Polled<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Polled<T> {}

/// Whether there is something to show.
#[derive(Debug, Clone, PartialEq)]
pub enum Arrival {
    Waiting,
    Failed(Failure),
    /// Also while later calls fail: the banner tells of a lost connection.
    Known,
}

impl<T: Send + Sync + 'static> Polled<T> {
    fn new() -> Self {
        Self {
            reply: RwSignal::new(None),
            failure: RwSignal::new(None),
            is_stale: RwSignal::new(false),
            answered: RwSignal::new(0),
            asked: RwSignal::new(0),
        }
    }

    pub fn ask_again(self) {
        self.asked.update(|count| *count += 1);
    }

    /// Changes only when something else is to be shown, so that what is shown is not built anew.
    pub fn arrival(self) -> Memo<Arrival> {
        Memo::new(move |_| {
            if self.reply.with(Option::is_some) {
                return Arrival::Known;
            }
            self.failure.get().map_or(Arrival::Waiting, Arrival::Failed)
        })
    }

    /// For the `aria-busy` of what shows the reply.
    pub fn aria_busy(self) -> impl Fn() -> Option<&'static str> + Copy + Send + Sync + 'static {
        move || self.is_stale.get().then_some("true")
    }

    fn take(self, result: Result<T, Failure>)
    where
        T: PartialEq,
    {
        match result {
            Ok(reply) => {
                set_if_new(self.failure, None);
                set_if_new(self.reply, Some(reply));
            }
            Err(failure) => {
                if self.is_stale.get_untracked() {
                    // What is shown is not what was asked for, and that will not come.
                    self.reply.set(None);
                }
                set_if_new(self.failure, Some(failure));
            }
        }
        set_if_new(self.is_stale, false);
        self.answered.update(|count| *count += 1);
    }
}

/// Those who read it are not run again by what they know.
fn set_if_new<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|known| *known != value) {
        signal.set(value);
    }
}

/// Which calls are under way, by the numbers in which they began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Calls {
    begun: u32,
    /// The latest that has come back.
    back: u32,
}

impl Calls {
    fn begin(&mut self) -> u32 {
        self.begun += 1;
        self.begun
    }

    /// Whether what this call says is news: a slow one does not overwrite a later one.
    fn end(&mut self, number: u32) -> bool {
        let is_news = number > self.back;
        self.back = self.back.max(number);
        is_news
    }

    fn are_under_way(self) -> bool {
        self.begun > self.back
    }
}

/// `request` may read signals: when they change, it is asked for anew. A tab that nobody sees asks for nothing.
pub fn poll<E>(request: impl Fn() -> E + Send + Sync + 'static) -> Polled<E::Reply>
where
    E: Endpoint + PartialEq + Sync + Clone,
    E::Reply: Sync + PartialEq,
{
    let polled = Polled::new();
    let request = Memo::new(move |_| request());
    let calls = StoredValue::new(Calls::default());
    let regained = expect_context::<Connection>().regained;
    Effect::new(move |before: Option<E>| {
        polled.asked.track();
        regained.track();
        let wanted = request.get();
        if before.is_some_and(|before| before != wanted) {
            set_if_new(polled.is_stale, polled.reply.with_untracked(Option::is_some));
            set_if_new(polled.failure, None);
        }
        let asked = wanted.clone();
        let number = calls.try_update_value(Calls::begin).unwrap_or_default();
        spawn_local(async move {
            let result = call(&asked).await;
            // Answers to what nobody asks any more are dropped, also when the page has gone.
            let is_news = calls.try_update_value(|calls| calls.end(number)) == Some(true);
            if is_news && request.try_get_untracked() == Some(asked) {
                polled.take(result);
            }
        });
        wanted
    });
    // A server that answers slowly is not asked a second time meanwhile.
    let tick = move || {
        if !document().hidden() && calls.try_get_value().is_some_and(|calls| !calls.are_under_way()) {
            polled.ask_again();
        }
    };
    if let Ok(ticking) = set_interval_with_handle(tick, EVERY) {
        on_cleanup(move || ticking.clear());
    }
    polled
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_slow_call_says_nothing_after_a_later_one_and_none_is_asked_beside_it() {
        let mut calls = Calls::default();
        let (first, second) = (calls.begin(), calls.begin());
        assert!(calls.are_under_way());
        assert!(calls.end(second));
        assert!(!calls.are_under_way());
        assert!(!calls.end(first));
        assert!(calls.end(second + 1));
    }
}
