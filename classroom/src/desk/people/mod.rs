//! The people of a class: who is in it, how others come in, and what they were given at the end.

mod certificates;
mod invitations;
mod link;
mod list;
mod members;
pub mod words;

use frontend::components::PageTitle;
use frontend::session::use_session;
use leptos::prelude::*;
use shared::api::Role;
use shared::ids::CohortId;

pub use link::OnceLink;
use words::PEOPLE;

#[component]
pub fn People(cohort_id: CohortId) -> impl IntoView {
    let role = my_role(cohort_id);
    let is_instructor = Memo::new(move |_| role.get() == Some(Role::Instructor));
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

/// Operators count as instructors everywhere.
pub fn my_role(cohort_id: CohortId) -> Memo<Option<Role>> {
    let session = use_session();
    Memo::new(move |_| {
        session.state.with(|state| {
            let me = state.me()?;
            if me.operator {
                return Some(Role::Instructor);
            }
            me.memberships.iter().find(|membership| membership.cohort_id == cohort_id).map(|m| m.role)
        })
    })
}
