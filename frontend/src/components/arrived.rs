//! What is polled, once it is there; before that the wait, or what went wrong with a way to try again.

use leptos::prelude::*;

use super::{ErrorBox, Loading};
use crate::api::poll::{Arrival, Polled};

/// The children are built once, when the first reply is there, and read the rest from signals.
#[component]
pub fn Arrived<T: Send + Sync + 'static>(polled: Polled<T>, children: ChildrenFn) -> impl IntoView {
    let arrival = polled.arrival();
    move || match arrival.get() {
        Arrival::Known => children().into_any(),
        Arrival::Failed(failure) => {
            view! { <ErrorBox failure=failure on_retry=Callback::new(move |()| polled.ask_again())/> }
                .into_any()
        }
        Arrival::Waiting => view! { <Loading/> }.into_any(),
    }
}
