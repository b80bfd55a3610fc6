//! One's own account: who one is here, the password, sessions, certificates, one's data, and the end of it.

mod deletion;
mod words;

use frontend::api::poll::poll;
use frontend::api::{Failure, call};
use frontend::components::toast::use_toasts;
use frontend::components::{Arrived, Button, ButtonKind, Card, Facts, PageTitle};
use frontend::format;
use frontend::pages::SignedIn;
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::accounts::{
    Account, ChangePassword, EndOtherSessions, ExportMyData, GetAccount, OwnCertificate, SessionFacts,
};
use shared::api::certificates::CertificateStanding;
use shared::api::sessions::Membership;

use crate::address::certificate_address;
use crate::files;
use crate::forms::{Form, Holds, TextField};
use crate::weeks::{course_address, points_text};
use crate::words::role_name;
use words::ACCOUNT;

#[component]
pub fn AccountPage() -> impl IntoView {
    view! { <SignedIn><Mine/></SignedIn> }
}

#[component]
fn Mine() -> impl IntoView {
    let polled = poll(|| GetAccount {});
    let account = Memo::new(move |_| polled.reply.get());
    let part = move |part: fn(Account) -> usize| account.get().map_or(0, part);
    view! {
        <PageTitle title=ACCOUNT.title.to_owned()/>
        <Arrived polled=polled>
            <div class="account">
                <Card title=ACCOUNT.profile.to_owned()>
                    <Facts facts=Signal::derive(move || account.get().map(facts).unwrap_or_default())/>
                </Card>
                <Card title=ACCOUNT.classes.to_owned()>
                    {move || account.get().map(|account| classes(account.memberships))}
                </Card>
                <Show when=move || { part(|account| account.certificates.len()) > 0 }>
                    <Card title=ACCOUNT.certificates.to_owned()>
                        {move || account.get().map(|account| certificates(account.certificates))}
                    </Card>
                </Show>
                <Password
                    has_one=Signal::derive(move || account.get().is_some_and(|account| account.profile.has_password))
                    on_changed=move |()| polled.ask_again()
                />
                <Card title=ACCOUNT.sessions.to_owned()>
                    {move || account.get().map(|account| sessions(account.sessions))}
                    <Show when=move || { part(|account| account.sessions.len()) > 1 }>
                        <EndOthers on_ended=move |()| polled.ask_again()/>
                    </Show>
                </Card>
                <MyData/>
                <deletion::Deletion name=Signal::derive(move || {
                    account.get().map(|account| account.profile.name).unwrap_or_default()
                })/>
            </div>
        </Arrived>
    }
}

fn facts(account: Account) -> Vec<(&'static str, String)> {
    let profile = account.profile;
    let used = format::bytes(profile.storage_used_bytes as f64);
    let quota = format::bytes(profile.storage_quota_bytes as f64);
    let mut facts = vec![(ACCOUNT.name, profile.name)];
    if profile.operator {
        facts.push((ACCOUNT.role, ACCOUNT.operator.to_owned()));
    }
    facts.push((ACCOUNT.since, format::date_time(profile.created_at_microseconds)));
    facts.push((ACCOUNT.storage, fill(ACCOUNT.of, &[("used", &used), ("quota", &quota)])));
    facts
}

fn classes(memberships: Vec<Membership>) -> AnyView {
    if memberships.is_empty() {
        return view! { <p>{ACCOUNT.no_classes}</p> }.into_any();
    }
    let lines = memberships.into_iter().map(|membership| {
        let values = [("cohort", membership.cohort_name.as_str()), ("role", role_name(membership.role))];
        view! { <li><a href=course_address(membership.cohort_id)>{fill(ACCOUNT.class, &values)}</a></li> }
    });
    view! { <ul class="plain-list">{lines.collect_view()}</ul> }.into_any()
}

fn certificates(certificates: Vec<OwnCertificate>) -> AnyView {
    let lines = certificates.into_iter().map(|certificate| {
        let percent = points_text(certificate.percent);
        let values = [("cohort", certificate.cohort_name.as_str()), ("percent", &percent)];
        let standing = (certificate.standing == CertificateStanding::Revoked).then_some(ACCOUNT.revoked);
        view! {
            <li>
                <a href=certificate_address(&certificate.code)>{fill(ACCOUNT.certificate, &values)}</a>
                <span class="soft">
                    {standing.map_or_else(|| format::date_time(certificate.issued_at_microseconds), str::to_owned)}
                </span>
            </li>
        }
    });
    view! { <ul class="plain-list">{lines.collect_view()}</ul> }.into_any()
}

fn sessions(sessions: Vec<SessionFacts>) -> AnyView {
    let lines = sessions.into_iter().map(|session| {
        let time = |words, at| fill(words, &[("time", &format::date_time(at))]);
        let begun = time(ACCOUNT.session, session.created_at_microseconds);
        let ends = time(ACCOUNT.session_end, session.expires_at_microseconds);
        view! {
            <li>
                <span>{begun}{session.current.then(|| view! { " "<strong>{ACCOUNT.session_here}</strong> })}</span>
                <span class="soft">{ends}</span>
            </li>
        }
    });
    view! { <ul class="plain-list">{lines.collect_view()}</ul> }.into_any()
}

#[component]
fn Password(#[prop(into)] has_one: Signal<bool>, #[prop(into)] on_changed: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let (old, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let send = move |()| {
        let old_password = has_one.get_untracked().then(|| old.get_untracked());
        let request = ChangePassword { old_password, new_password: new.get_untracked() };
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            match call(&request).await {
                Ok(_) => {
                    toasts.done(ACCOUNT.changed);
                    old.try_set(String::new());
                    new.try_set(String::new());
                    on_changed.run(());
                }
                Err(error) => {
                    failure.try_set(Some(error));
                }
            }
            busy.try_set(false);
        });
    };
    let has_one = Memo::new(move |_| has_one.get());
    move || {
        let (title, action) = if has_one.get() {
            (ACCOUNT.password, ACCOUNT.change)
        } else {
            (ACCOUNT.password_first, ACCOUNT.set)
        };
        let old_field = has_one.get().then(|| {
            view! { <TextField id="old-password" label=ACCOUNT.old_password holds=Holds::OldPassword value=old/> }
        });
        view! {
            <Card title=title.to_owned()>
                <Form send=action busy=busy failure=failure on_send=send>
                    <p class="soft">{ACCOUNT.password_words}</p>
                    {old_field}
                    <TextField
                        id="new-password"
                        label=ACCOUNT.new_password
                        hint=ACCOUNT.new_password_hint
                        holds=Holds::NewPassword
                        value=new
                    />
                </Form>
            </Card>
        }
    }
}

#[component]
fn EndOthers(#[prop(into)] on_ended: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let end = move |()| {
        busy.set(true);
        spawn_local(async move {
            match call(&EndOtherSessions {}).await {
                Ok(reply) => {
                    toasts.done(fill(ACCOUNT.ended, &[("n", &reply.ended.to_string())]));
                    on_ended.run(());
                }
                Err(failure) => toasts.error(failure.words()),
            }
            busy.try_set(false);
        });
    };
    view! { <p class="account-action"><Button busy=busy on_press=end>{ACCOUNT.end_others}</Button></p> }
}

#[component]
fn MyData() -> impl IntoView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let export = move |()| {
        busy.set(true);
        spawn_local(async move {
            match call(&ExportMyData {}).await.map(|data| serde_json::to_string_pretty(&data)) {
                Ok(Ok(text)) => {
                    files::save(&text, ACCOUNT.file_name, "application/json");
                    toasts.done(ACCOUNT.exported);
                }
                Ok(Err(error)) => toasts.error(Failure::unreadable(error).words()),
                Err(failure) => toasts.error(failure.words()),
            }
            busy.try_set(false);
        });
    };
    view! {
        <Card title=ACCOUNT.data.to_owned()>
            <p>{ACCOUNT.data_words}</p>
            <p class="account-action">
                <Button kind=ButtonKind::Plain busy=busy on_press=export>{ACCOUNT.export}</Button>
            </p>
        </Card>
    }
}
