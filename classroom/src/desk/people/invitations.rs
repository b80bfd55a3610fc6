//! Links for many: made, shown once, listed, taken back.

use frontend::api::poll::poll;
use frontend::api::{Failure, call};
use frontend::components::toast::use_toasts;
use frontend::components::{Arrived, Button, ButtonKind, Card, Dialog, TableBox};
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::Role;
use shared::api::invitations::{
    CreateInvitation, Invitation, InvitationLink, ListInvitations, PEOPLE_AT_MOST, RevokeInvitation,
};
use shared::ids::{CohortId, InvitationId};

use super::OnceLink;
use super::words::INVITATIONS;
use crate::forms::{Form, Holds, SelectField, TextField, refusal};
use crate::words::role_name;

#[component]
pub fn Invitations(cohort_id: CohortId) -> impl IntoView {
    let polled = poll(move || ListInvitations { cohort_id });
    let made = RwSignal::new(None::<InvitationLink>);
    let revoked = RwSignal::new(None::<InvitationId>);
    let invitations = Memo::new(move |_| {
        polled.reply.with(|reply| reply.as_ref().map(|list| list.invitations.clone()).unwrap_or_default())
    });
    view! {
        <Card title=INVITATIONS.title.to_owned()>
            <p class="soft">{INVITATIONS.lead}</p>
            <New
                cohort_id=cohort_id
                on_made=Callback::new(move |link| {
                    made.set(Some(link));
                    polled.ask_again();
                })
            />
            <div role="status">
                {move || {
                    made.get().map(|link| {
                        view! {
                            <div class="once">
                                <h3>{INVITATIONS.made}</h3>
                                <p>{INVITATIONS.made_words}</p>
                                <OnceLink url=link.url/>
                            </div>
                        }
                    })
                }}
            </div>
            <h3>{INVITATIONS.list}</h3>
            <Arrived polled=polled>
                {move || {
                    let invitations = invitations.get();
                    if invitations.is_empty() {
                        return view! { <p class="soft">{INVITATIONS.empty}</p> }.into_any();
                    }
                    view! { <Table invitations=invitations revoked=revoked/> }.into_any()
                }}
            </Arrived>
            <Revoke
                cohort_id=cohort_id
                revoked=revoked
                on_done=move |()| {
                    made.set(None);
                    polled.ask_again();
                }
            />
        </Card>
    }
}

#[component]
fn New(cohort_id: CohortId, on_made: Callback<InvitationLink>) -> impl IntoView {
    let role = RwSignal::new("learner");
    let days = RwSignal::new("14");
    let uses = RwSignal::new("30".to_owned());
    let failure = RwSignal::new(None::<Failure>);
    let wrong_uses = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let send = move |()| {
        let number = uses.get_untracked().trim().parse::<u32>().ok();
        let number = number.filter(|number| (1..=PEOPLE_AT_MOST).contains(number));
        wrong_uses.set(number.is_none().then(|| INVITATIONS.wrong_uses.to_owned()));
        let Some(uses_at_most) = number else { return };
        let role = match role.get_untracked() {
            "instructor" => Role::Instructor,
            "assistant" => Role::Assistant,
            _ => Role::Learner,
        };
        let valid_days = days.get_untracked().parse().unwrap_or(14);
        let request = CreateInvitation { cohort_id, role, valid_days, uses_at_most };
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            match call(&request).await {
                Ok(link) => on_made.run(link),
                Err(error) => drop(failure.try_set(Some(error))),
            }
            busy.try_set(false);
        });
    };
    let named = |value, role| (value, role_name(role).to_owned());
    let roles = vec![
        named("learner", Role::Learner),
        named("assistant", Role::Assistant),
        named("instructor", Role::Instructor),
    ];
    let days_choices =
        ["1", "7", "14", "30", "90"].map(|number| (number, fill(INVITATIONS.day, &[("n", number)]))).to_vec();
    view! {
        <Form send=INVITATIONS.make busy=busy failure=failure on_send=send>
            <div class="numbers">
                <SelectField id="invitation-role" label=INVITATIONS.role choices=roles value=role/>
                <SelectField id="invitation-days" label=INVITATIONS.days choices=days_choices value=days/>
                <TextField
                    id="invitation-uses"
                    label=INVITATIONS.uses
                    hint=INVITATIONS.uses_hint
                    holds=Holds::Text
                    value=uses
                    error=wrong_uses
                />
            </div>
        </Form>
    }
}

#[component]
fn Table(invitations: Vec<Invitation>, revoked: RwSignal<Option<InvitationId>>) -> impl IntoView {
    let row = move |invitation: Invitation| {
        let id = invitation.invitation_id;
        let used = [("uses", invitation.uses.to_string()), ("most", invitation.uses_at_most.to_string())];
        let used = fill(INVITATIONS.used_of, &used.each_ref().map(|(name, value)| (*name, value.as_str())));
        let state = match (invitation.open, invitation.revoked_at_microseconds) {
            (true, _) => INVITATIONS.open,
            (false, Some(_)) => INVITATIONS.revoked,
            (false, None) => INVITATIONS.closed,
        };
        let action = invitation.open.then(|| {
            view! {
                <Button kind=ButtonKind::Quiet on_press=move |()| revoked.set(Some(id))>
                    {INVITATIONS.revoke}
                </Button>
            }
        });
        view! {
            <tr>
                <th scope="row">{role_name(invitation.role)}</th>
                <td class="number">{used}</td>
                <td>{format::date_time(invitation.expires_at_microseconds)}</td>
                <td>{invitation.created_by.unwrap_or_else(|| INVITATIONS.former.to_owned())}</td>
                <td>{state}</td>
                <td>{action}</td>
            </tr>
        }
    };
    view! {
        <TableBox label=INVITATIONS.list>
            <thead>
                <tr>
                    <th scope="col">{INVITATIONS.role}</th>
                    <th scope="col" class="number">{INVITATIONS.used}</th>
                    <th scope="col">{INVITATIONS.until}</th>
                    <th scope="col">{INVITATIONS.by}</th>
                    <th scope="col">{INVITATIONS.state}</th>
                    <td></td>
                </tr>
            </thead>
            <tbody>{invitations.into_iter().map(row).collect_view()}</tbody>
        </TableBox>
    }
}

#[component]
fn Revoke(
    cohort_id: CohortId,
    revoked: RwSignal<Option<InvitationId>>,
    #[prop(into)] on_done: Callback<()>,
) -> impl IntoView {
    let toasts = use_toasts();
    let open = RwSignal::new(false);
    let busy = RwSignal::new(false);
    Effect::new(move || open.set(revoked.get().is_some()));
    Effect::new(move |before: Option<bool>| {
        let is_open = open.get();
        if before == Some(true) && !is_open {
            revoked.set(None);
        }
        is_open
    });
    let revoke = move |()| {
        let Some(invitation_id) = revoked.get_untracked() else { return };
        busy.set(true);
        spawn_local(async move {
            match call(&RevokeInvitation { cohort_id, invitation_id }).await {
                Ok(_) => toasts.done(INVITATIONS.revoked_done),
                Err(failure) => toasts.error(refusal(&failure)),
            }
            busy.try_set(false);
            revoked.try_set(None);
            on_done.run(());
        });
    };
    view! {
        <Dialog open=open title=INVITATIONS.revoke_title>
            <p>{INVITATIONS.revoke_words}</p>
            <div class="dialog-buttons">
                <Button on_press=move |()| open.set(false)>{INVITATIONS.keep}</Button>
                <Button kind=ButtonKind::Danger busy=busy on_press=revoke>{INVITATIONS.revoke}</Button>
            </div>
        </Dialog>
    }
}
