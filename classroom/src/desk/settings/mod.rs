//! How the class is run: when weeks open and are due, and how answers count. A change counts at once, for everybody.

mod policy;
mod regrade;
mod schedule;
mod words;

use frontend::components::PageTitle;
use leptos::prelude::*;
use shared::ids::CohortId;

use crate::roles::is_instructor;
use words::SETTINGS;

#[component]
pub fn SettingsPage(cohort_id: CohortId) -> impl IntoView {
    let may_change = is_instructor(cohort_id);
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
