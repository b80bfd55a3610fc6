//! Who is in the class, as what.

use frontend::api::poll::poll;
use frontend::api::{Failure, call};
use frontend::components::toast::use_toasts;
use frontend::components::{Arrived, Button, ButtonKind, Card, Dialog, EmptyState, TableBox};
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::Role;
use shared::api::cohorts::{CreateMemberPasswordLink, ListMembers, Member, RemoveMember, SetMember};
use shared::api::users::SignInLink;
use shared::ids::CohortId;

use super::OnceLink;
use super::words::PEOPLE;
use crate::forms::refusal;
use crate::words::role_name;

const ROLES: [(&str, Role); 3] =
    [("learner", Role::Learner), ("assistant", Role::Assistant), ("instructor", Role::Instructor)];

/// What is being done with a member, in a dialog.
#[derive(Debug, Clone, PartialEq)]
enum Asked {
    Remove(Member),
    Link(Member, SignInLink),
}

#[component]
pub fn Members(cohort_id: CohortId, is_instructor: Memo<bool>) -> impl IntoView {
    let toasts = use_toasts();
    let polled = poll(move || ListMembers { cohort_id });
    let members = Memo::new(move |_| {
        polled.reply.with(|reply| reply.as_ref().map(|list| list.members.clone()).unwrap_or_default())
    });
    let asked = RwSignal::new(None::<Asked>);
    let failed = move |failure: Failure| toasts.error(refusal(&failure));
    let set = move |member: Member, role: Role| {
        spawn_local(async move {
            match call(&SetMember { cohort_id, user_id: member.user_id, role }).await {
                Ok(member) => {
                    let values = [("name", member.name.as_str()), ("role", role_name(role))];
                    toasts.done(fill(PEOPLE.changed, &values));
                }
                Err(failure) => failed(failure),
            }
            polled.ask_again();
        });
    };
    let link = move |member: Member| {
        spawn_local(async move {
            let request = CreateMemberPasswordLink { cohort_id, user_id: member.user_id };
            match call(&request).await {
                Ok(link) => drop(asked.try_set(Some(Asked::Link(member, link)))),
                Err(failure) => failed(failure),
            }
        });
    };
    let row = move |member: Member| {
        let actions = is_instructor.get().then(|| {
            let (removed, linked) = (member.clone(), member.clone());
            view! {
                <td>
                    <div class="buttons">
                        <Button kind=ButtonKind::Quiet on_press=move |()| link(linked.clone())>
                            {PEOPLE.new_password}
                        </Button>
                        <Button
                            kind=ButtonKind::Quiet
                            on_press=move |()| asked.set(Some(Asked::Remove(removed.clone())))
                        >
                            {PEOPLE.remove}
                        </Button>
                    </div>
                </td>
            }
        });
        let name = member.name.clone();
        let role = if is_instructor.get() {
            view! { <RoleChoice member=member on_choose=Callback::new(move |(member, role)| set(member, role))/> }
                .into_any()
        } else {
            role_name(member.role).into_any()
        };
        view! { <tr><th scope="row">{name}</th><td>{role}</td>{actions}</tr> }
    };
    view! {
        <Card title=PEOPLE.members.to_owned()>
            <Arrived polled=polled>
                {move || {
                    let members = members.get();
                    if members.is_empty() {
                        return view! { <EmptyState title=PEOPLE.empty_title words=PEOPLE.empty_words/> }.into_any();
                    }
                    view! {
                        <TableBox label=PEOPLE.members>
                            <thead>
                                <tr>
                                    <th scope="col">{PEOPLE.name}</th>
                                    <th scope="col">{PEOPLE.role}</th>
                                    {is_instructor.get().then(|| view! { <th scope="col">{PEOPLE.actions}</th> })}
                                </tr>
                            </thead>
                            <tbody>{members.into_iter().map(row).collect_view()}</tbody>
                        </TableBox>
                    }
                    .into_any()
                }}
            </Arrived>
            <Questions cohort_id=cohort_id asked=asked on_done=move |()| polled.ask_again()/>
        </Card>
    }
}

#[component]
fn RoleChoice(member: Member, on_choose: Callback<(Member, Role)>) -> impl IntoView {
    let label = fill(PEOPLE.role_of, &[("name", &member.name)]);
    let options = ROLES.map(|(value, role)| {
        view! { <option value=value selected=role == member.role>{role_name(role)}</option> }
    });
    let choose = move |event: leptos::ev::Event| {
        let chosen = event_target_value(&event);
        if let Some((_, role)) = ROLES.iter().find(|(value, _)| *value == chosen) {
            on_choose.run((member.clone(), *role));
        }
    };
    view! { <select class="cell-select" aria-label=label on:change=choose>{options.into_iter().collect_view()}</select> }
}

/// The dialogs: whether somebody really goes, and the link that was made for them.
#[component]
fn Questions(
    cohort_id: CohortId,
    asked: RwSignal<Option<Asked>>,
    #[prop(into)] on_done: Callback<()>,
) -> impl IntoView {
    let toasts = use_toasts();
    move || {
        let open = RwSignal::new(true);
        Effect::new(move || {
            if !open.get() {
                asked.set(None);
            }
        });
        match asked.get()? {
            Asked::Remove(member) => {
                let busy = RwSignal::new(false);
                let title = fill(PEOPLE.remove_title, &[("name", &member.name)]);
                let remove = move |()| {
                    let member = member.clone();
                    busy.set(true);
                    spawn_local(async move {
                        match call(&RemoveMember { cohort_id, user_id: member.user_id }).await {
                            Ok(_) => toasts.done(fill(PEOPLE.removed, &[("name", &member.name)])),
                            Err(failure) => toasts.error(refusal(&failure)),
                        }
                        open.try_set(false);
                        on_done.run(());
                    });
                };
                let view = view! {
                    <Dialog open=open title=title>
                        <p>{PEOPLE.remove_words}</p>
                        <div class="dialog-buttons">
                            <Button on_press=move |()| open.set(false)>{PEOPLE.keep}</Button>
                            <Button kind=ButtonKind::Danger busy=busy on_press=remove>{PEOPLE.remove}</Button>
                        </div>
                    </Dialog>
                };
                Some(view.into_any())
            }
            Asked::Link(member, link) => {
                let time = format::date_time(link.expires_at_microseconds);
                let values = [("name", member.name.as_str()), ("time", &time)];
                let words = fill(PEOPLE.password_link_words, &values);
                let view = view! {
                    <Dialog open=open title=fill(PEOPLE.password_link, &[("name", &member.name)])>
                        <p>{words}</p>
                        <OnceLink url=link.url/>
                        <div class="dialog-buttons">
                            <Button on_press=move |()| open.set(false)>{frontend::texts::texts().common.close}</Button>
                        </div>
                    </Dialog>
                };
                Some(view.into_any())
            }
        }
    }
}
