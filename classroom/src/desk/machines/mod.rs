//! Workers, the queue and the disk: the queue of one class for those who teach it, everything for operators.

mod queue;
mod reservations;
mod storage;
mod time;
mod words;
mod workers;

use frontend::api::poll::poll;
use frontend::components::{Arrived, EmptyState, PageTitle};
use leptos::prelude::*;
use shared::api::queue::{GetCohortQueue, GetQueue};
use shared::api::workers::ListWorkers;
use shared::ids::CohortId;

use super::words::DESK;
use crate::address::{COHORTS_ADDRESS, Place};
use crate::roles::{is_instructor, is_operator};
use queue::{QueueTables, Whose};
pub use storage::StoragePage;
use words::{MACHINES, QUEUE};

const LISTED: u32 = 100;

/// The ways to the pages of operators.
#[component]
pub fn Ways(place: Place) -> impl IntoView {
    let operator = is_operator();
    let link = move |to: Place, address: &'static str, name: &'static str| {
        let current = (to == place).then_some("page");
        view! { <li><a href=address aria-current=current>{name}</a></li> }
    };
    move || {
        operator.get().then(|| {
            view! {
                <ul>
                    {link(Place::Cohorts, COHORTS_ADDRESS, DESK.cohorts)}
                    {link(Place::Machines, "/desk/machines", MACHINES.title)}
                    {link(Place::Storage, "/desk/storage", words::STORAGE.title)}
                    {link(Place::Audit, "/desk/audit", DESK.audit)}
                </ul>
            }
        })
    }
}

/// What only operators see; to others the page says whom to ask.
#[component]
pub fn ForOperators(children: ChildrenFn) -> impl IntoView {
    let operator = is_operator();
    move || {
        if operator.get() {
            children().into_any()
        } else {
            view! { <EmptyState title=MACHINES.not_yours_title words=MACHINES.not_yours_words/> }.into_any()
        }
    }
}

/// `/desk/ID/queue`
#[component]
pub fn ClassQueue(cohort_id: CohortId) -> impl IntoView {
    let polled = poll(move || GetCohortQueue { cohort_id, limit: Some(LISTED) });
    let may_change = is_instructor(cohort_id);
    view! {
        <PageTitle title=QUEUE.title.to_owned()/>
        <p class="lead-small">{QUEUE.class_lead}</p>
        <Arrived polled=polled>
            <QueueTables polled=polled whose=Whose::Class may_cancel=may_change/>
            <reservations::Reservations polled=polled/>
        </Arrived>
        <time::ClassTime cohort_id=cohort_id may_change=may_change/>
    }
}

/// `/desk/machines`
#[component]
pub fn Machines() -> impl IntoView {
    view! {
        <PageTitle title=MACHINES.title.to_owned()/>
        <p class="lead-small">{MACHINES.lead}</p>
        <ForOperators><AllMachines/></ForOperators>
    }
}

#[component]
fn AllMachines() -> impl IntoView {
    let workers = poll(|| ListWorkers {});
    let queue = poll(|| GetQueue { limit: Some(LISTED) });
    let always = Memo::new(|_| true);
    view! {
        <Arrived polled=workers>
            <workers::Workers polled=workers/>
        </Arrived>
        <Arrived polled=queue>
            <QueueTables polled=queue whose=Whose::Everybody may_cancel=always/>
            <reservations::Reservations polled=queue/>
        </Arrived>
        <reservations::NewReservation queue=queue workers=workers/>
    }
}
