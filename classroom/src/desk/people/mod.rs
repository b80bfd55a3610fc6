//! The people of a class: who is in it, how others come in, and what they were given at the end.

mod certificates;
mod invitations;
mod link;
mod list;
mod members;
pub mod words;

use frontend::components::PageTitle;
use leptos::prelude::*;
use shared::ids::CohortId;

use crate::roles::is_instructor;
pub use link::OnceLink;
use words::PEOPLE;

#[component]
pub fn People(cohort_id: CohortId) -> impl IntoView {
    let is_instructor = is_instructor(cohort_id);
    view! {
        <PageTitle title=PEOPLE.title.to_owned()/>
        <p class="lead-small">{PEOPLE.lead}</p>
        <div class="desk-parts">
            <members::Members cohort_id=cohort_id is_instructor=is_instructor/>
            <Show when=move || is_instructor.get() fallback=|| view! { <p class="soft">{PEOPLE.only_instructors}</p> }>
                <invitations::Invitations cohort_id=cohort_id/>
                <list::List cohort_id=cohort_id/>
            </Show>
            <certificates::Certificates cohort_id=cohort_id is_instructor=is_instructor/>
        </div>
    }
}
