//! All classes and all accounts, for those who run the server.

mod classes;
mod users;
mod words;

use frontend::components::{EmptyState, PageTitle};
use frontend::session::use_session;
use leptos::prelude::*;

use words::COHORTS;

#[component]
pub fn Cohorts() -> impl IntoView {
    let session = use_session();
    let is_operator =
        Memo::new(move |_| session.state.with(|state| state.me().is_some_and(|me| me.operator)));
    view! {
        <PageTitle title=COHORTS.title.to_owned()/>
        <Show
            when=move || is_operator.get()
            fallback=|| view! { <EmptyState title=COHORTS.not_operator_title words=COHORTS.not_operator_words/> }
        >
            <p class="lead-small">{COHORTS.lead}</p>
            <div class="desk-parts">
                <classes::Classes/>
                <users::Users/>
            </div>
        </Show>
    }
}
