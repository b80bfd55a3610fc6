//! How the class is run: when weeks open and are due, and how answers count. A change counts at once, for everybody.

mod policy;
mod regrade;
mod schedule;
mod words;

use frontend::components::PageTitle;
use leptos::prelude::*;
use shared::api::Role;
use shared::ids::CohortId;

use super::people::my_role;
use words::SETTINGS;

#[component]
pub fn SettingsPage(cohort_id: CohortId) -> impl IntoView {
    let role = my_role(cohort_id);
    let may_change = Memo::new(move |_| role.get() == Some(Role::Instructor));
    view! {
        <PageTitle title=SETTINGS.title.to_owned()/>
        <p class="lead-small">{SETTINGS.lead}</p>
        <Show when=move || !may_change.get()><p class="soft">{SETTINGS.only_instructors}</p></Show>
        <div class="desk-parts">
            <schedule::Schedule cohort_id=cohort_id may_change=may_change/>
            <policy::Policy cohort_id=cohort_id may_change=may_change/>
            <Show when=move || may_change.get()><regrade::Regrade cohort_id=cohort_id/></Show>
        </div>
    }
}
