//! What whoever is signed in may do.

use frontend::session::use_session;
use leptos::prelude::*;
use shared::api::Role;
use shared::api::sessions::Me;
use shared::ids::CohortId;

fn of_me<T: PartialEq + Send + Sync + 'static>(
    read: impl Fn(Option<&Me>) -> T + Send + Sync + 'static,
) -> Memo<T> {
    let session = use_session();
    Memo::new(move |_| session.state.with(|state| read(state.me())))
}

/// Whether whoever looks runs the server.
pub fn is_operator() -> Memo<bool> {
    of_me(|me| me.is_some_and(|me| me.operator))
}

/// In a class; operators count as instructors everywhere.
pub fn my_role(cohort: CohortId) -> Memo<Option<Role>> {
    of_me(move |me| {
        let me = me?;
        if me.operator {
            return Some(Role::Instructor);
        }
        me.memberships.iter().find(|membership| membership.cohort_id == cohort).map(|found| found.role)
    })
}

/// Whether they teach the class, also as an assistant.
pub fn is_staff(cohort: CohortId) -> Memo<bool> {
    let role = my_role(cohort);
    Memo::new(move |_| role.get() > Some(Role::Learner))
}

/// Whether they may change what is set for the class.
pub fn is_instructor(cohort: CohortId) -> Memo<bool> {
    let role = my_role(cohort);
    Memo::new(move |_| role.get() == Some(Role::Instructor))
}
