//! The desk of those who teach a class or run the server: one page per thing to do, with the way to the others
//! beside it.

mod announcements;
mod audit;
mod cohorts;
mod gradebook;
mod lessons;
mod live;
mod machines;
mod marking;
mod people;
mod settings;
mod words;

use frontend::components::{EmptyState, PageTitle};
use frontend::pages::SignedIn;
use frontend::session::use_session;
use leptos::prelude::*;
use shared::api::Role;
use shared::api::sessions::Membership;
use shared::ids::CohortId;

use crate::address::{ClassPart, Place, class_address};
use crate::weeks::course_address;
use words::{DESK, name_of};

#[component]
pub fn Desk(place: Place) -> impl IntoView {
    view! { <SignedIn><Frame place=place/></SignedIn> }
}

#[component]
fn Frame(place: Place) -> impl IntoView {
    let shown = match place {
        Place::First => view! { <Classes/> }.into_any(),
        Place::Cohorts => view! { <cohorts::Cohorts/> }.into_any(),
        Place::Class { cohort_id, part: ClassPart::Marking } => {
            view! { <marking::Marking cohort_id=cohort_id/> }.into_any()
        }
        Place::Class { cohort_id, part: ClassPart::Gradebook } => {
            view! { <gradebook::GradebookPage cohort_id=cohort_id/> }.into_any()
        }
        Place::Class { cohort_id, part: ClassPart::People } => {
            view! { <people::People cohort_id=cohort_id/> }.into_any()
        }
        Place::Class { cohort_id, part: ClassPart::Queue } => {
            view! { <machines::ClassQueue cohort_id=cohort_id/> }.into_any()
        }
        Place::Class { cohort_id, part: ClassPart::Live } => {
            view! { <live::Live cohort_id=cohort_id/> }.into_any()
        }
        Place::Class { cohort_id, part: ClassPart::Settings } => {
            view! { <settings::SettingsPage cohort_id=cohort_id/> }.into_any()
        }
        Place::Class { cohort_id, part: ClassPart::Announcements } => {
            view! { <announcements::Announcements cohort_id=cohort_id/> }.into_any()
        }
        Place::Class { cohort_id, part: ClassPart::Lessons } => {
            view! { <lessons::Lessons cohort_id=cohort_id/> }.into_any()
        }
        Place::LessonText { cohort_id, week } => {
            view! { <lessons::LessonText cohort_id=cohort_id week=week/> }.into_any()
        }
        Place::Audit => view! { <audit::Audit/> }.into_any(),
        Place::Machines => view! { <machines::Machines/> }.into_any(),
        Place::Storage => view! { <machines::StoragePage/> }.into_any(),
    };
    view! {
        <div class="class-desk">
            <Ways place=place/>
            <div class="class-desk-main">{shown}</div>
        </div>
    }
}

/// The pages of the class, where one is chosen.
#[component]
fn Ways(place: Place) -> impl IntoView {
    let memberships = taught();
    let of_class = match place {
        Place::Class { cohort_id, part } => Some((cohort_id, part)),
        Place::LessonText { cohort_id, .. } => Some((cohort_id, ClassPart::Lessons)),
        Place::First | Place::Cohorts | Place::Machines | Place::Storage | Place::Audit => None,
    };
    let class = match of_class {
        Some((cohort_id, part)) => {
            let name = move || {
                let named = |membership: &Membership| membership.cohort_id == cohort_id;
                memberships.with(|all| all.iter().find(|m| named(m)).map(|m| m.cohort_name.clone()))
            };
            let links = ClassPart::ALL.map(|other| {
                let current = (other == part).then_some("page");
                let address = class_address(cohort_id, other);
                view! { <li><a href=address aria-current=current>{name_of(other)}</a></li> }
            });
            view! {
                <p class="desk-class">{name}</p>
                <ul>
                    {links.collect_view()}
                    <li><a href=course_address(cohort_id)>{DESK.course}</a></li>
                </ul>
            }
            .into_any()
        }
        None => ().into_any(),
    };
    let several = move || {
        let is_choice = memberships.with(|all| all.len() > 1);
        is_choice.then(|| view! { <p><a href="/desk">{DESK.all_classes}</a></p> })
    };
    view! { <nav class="desk-ways" aria-label=DESK.ways>{class}{several}<machines::Ways place=place/></nav> }
}

/// The classes in which one has a staff's role.
fn taught() -> Memo<Vec<Membership>> {
    let session = use_session();
    Memo::new(move |_| {
        let all = session.state.with(|state| state.me().map(|me| me.memberships.clone()).unwrap_or_default());
        all.into_iter().filter(|membership| membership.role > Role::Learner).collect()
    })
}

#[component]
fn Classes() -> impl IntoView {
    let memberships = taught();
    let address = |cohort_id: CohortId| class_address(cohort_id, ClassPart::ALL[0]);
    move || {
        let links = memberships.get().into_iter().map(|membership| {
            view! { <li><a href=address(membership.cohort_id)>{membership.cohort_name}</a></li> }
        });
        let list = links.collect_view();
        view! {
            <PageTitle title=DESK.title.to_owned()/>
            {if list.is_empty() {
                view! { <EmptyState title=DESK.empty_title words=DESK.empty_words/> }.into_any()
            } else {
                view! { <ul class="plain-list">{list}</ul> }.into_any()
            }}
        }
    }
}
