//! The accounts: who runs the server, and links for who cannot come in.

use frontend::api::poll::poll;
use frontend::api::{Failure, call};
use frontend::components::toast::use_toasts;
use frontend::components::{Arrived, Button, ButtonKind, Card, Dialog, Pager, TableBox};
use frontend::format;
use frontend::texts::{fill, texts};
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::users::{CreatePasswordLink, CreateSignInLink, ListUsers, SetOperator, SignInLink, User};
use shared::ids::UserId;

use super::words::{COHORTS, USERS};
use crate::desk::people::OnceLink;
use crate::forms::refusal;

/// Accounts on a page.
const PAGE: u32 = 50;

#[derive(Debug, Clone, PartialEq)]
enum Asked {
    /// What the link does, in words.
    Link(User, SignInLink, &'static str),
    Operator(User),
}

#[component]
pub fn Users() -> impl IntoView {
    let toasts = use_toasts();
    let after = RwSignal::new(None::<UserId>);
    let polled = poll(move || ListUsers { after: after.get(), limit: Some(PAGE) });
    let users = Memo::new(move |_| {
        polled.reply.with(|reply| reply.as_ref().map(|list| list.users.clone()).unwrap_or_default())
    });
    let asked = RwSignal::new(None::<Asked>);
    let show = move |user: User, link: Result<SignInLink, Failure>, words| match link {
        Ok(link) => drop(asked.try_set(Some(Asked::Link(user, link, words)))),
        Err(failure) => toasts.error(refusal(&failure)),
    };
    let sign_in = move |user: User| {
        spawn_local(async move {
            let link = call(&CreateSignInLink { user_id: user.user_id }).await;
            show(user, link, USERS.sign_in_words);
        });
    };
    let password = move |user: User| {
        spawn_local(async move {
            let link = call(&CreatePasswordLink { user_id: user.user_id }).await;
            show(user, link, USERS.password_words);
        });
    };
    let set = Callback::new(move |(user, operator): (User, bool)| {
        spawn_local(async move {
            match call(&SetOperator { user_id: user.user_id, operator }).await {
                Ok(user) => {
                    let words = if user.operator { USERS.made_operator } else { USERS.ended_operator };
                    toasts.done(fill(words, &[("name", &user.name)]));
                }
                Err(failure) => toasts.error(refusal(&failure)),
            }
            polled.ask_again();
        });
    });
    let row = move |user: User| {
        let (of_link, of_password, of_role) = (user.clone(), user.clone(), user.clone());
        let change = move |()| {
            if of_role.operator {
                set.run((of_role.clone(), false));
            } else {
                asked.set(Some(Asked::Operator(of_role.clone())));
            }
        };
        view! {
            <tr>
                <th scope="row">{user.name}</th>
                <td>{user.operator.then_some(USERS.operator)}</td>
                <td>{format::date_time(user.created_at_microseconds)}</td>
                <td class="number">{format::bytes(user.storage_used_bytes as f64)}</td>
                <td>
                    <div class="buttons">
                        <Button kind=ButtonKind::Quiet on_press=move |()| sign_in(of_link.clone())>
                            {USERS.sign_in_link}
                        </Button>
                        <Button kind=ButtonKind::Quiet on_press=move |()| password(of_password.clone())>
                            {USERS.password_link}
                        </Button>
                        <Button kind=ButtonKind::Quiet on_press=change>
                            {if user.operator { USERS.end_operator } else { USERS.make_operator }}
                        </Button>
                    </div>
                </td>
            </tr>
        }
    };
    let last = move || users.with(|users| users.last().map(|last| last.user_id));
    view! {
        <Card title=USERS.title.to_owned()>
            <p class="soft">{USERS.lead}</p>
            <Arrived polled=polled>
                <TableBox label=USERS.title>
                    <thead>
                        <tr>
                            <th scope="col">{USERS.name}</th>
                            <th scope="col">{USERS.role}</th>
                            <th scope="col">{USERS.since}</th>
                            <th scope="col" class="number">{USERS.storage}</th>
                            <th scope="col">{USERS.actions}</th>
                        </tr>
                    </thead>
                    <tbody>{move || users.get().into_iter().map(row).collect_view()}</tbody>
                </TableBox>
            </Arrived>
            <Pager
                newer=COHORTS.first
                older=COHORTS.more
                has_newer=Signal::derive(move || after.get().is_some())
                has_older=Signal::derive(move || users.with(|users| users.len() as u32 == PAGE))
                on_newer=move |()| after.set(None)
                on_older=move |()| after.set(last())
            />
            <Questions asked=asked on_operator=set/>
        </Card>
    }
}

#[component]
fn Questions(asked: RwSignal<Option<Asked>>, on_operator: Callback<(User, bool)>) -> impl IntoView {
    move || {
        let open = RwSignal::new(true);
        Effect::new(move || {
            if !open.get() {
                asked.set(None);
            }
        });
        match asked.get()? {
            Asked::Link(user, link, words) => {
                let time = format::date_time(link.expires_at_microseconds);
                let words = fill(words, &[("name", user.name.as_str()), ("time", &time)]);
                let view = view! {
                    <Dialog open=open title=fill(USERS.link_of, &[("name", &user.name)])>
                        <p>{words}</p>
                        <OnceLink url=link.url/>
                        <div class="dialog-buttons">
                            <Button on_press=move |()| open.set(false)>{texts().common.close}</Button>
                        </div>
                    </Dialog>
                };
                Some(view.into_any())
            }
            Asked::Operator(user) => {
                let title = fill(USERS.operator_title, &[("name", &user.name)]);
                let make = move |()| {
                    open.set(false);
                    on_operator.run((user.clone(), true));
                };
                let view = view! {
                    <Dialog open=open title=title>
                        <p>{USERS.operator_words}</p>
                        <div class="dialog-buttons">
                            <Button on_press=move |()| open.set(false)>{COHORTS.keep}</Button>
                            <Button kind=ButtonKind::Danger on_press=make>{USERS.make_operator}</Button>
                        </div>
                    </Dialog>
                };
                Some(view.into_any())
            }
        }
    }
}
