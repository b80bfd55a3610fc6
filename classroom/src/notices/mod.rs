//! What one is told: the page of notifications, and what the class is told above its weeks.

mod words;

use frontend::api::call;
use frontend::api::poll::poll;
use frontend::bell::READ_EVENT;
use frontend::components::toast::use_toasts;
use frontend::components::{Ago, Arrived, Button, EmptyState, PageTitle, Pager};
use frontend::format;
use frontend::pages::SignedIn;
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::announcements::{Announcement, ListAnnouncements};
use shared::api::jobs::JobState;
use shared::api::notifications::{ListNotifications, MarkNotificationsRead, Notice, Notification};
use shared::ids::{CohortId, NotificationId};

use crate::weeks::{course_address, lesson_address};
pub use words::NOTICES;

const PAGE: u32 = 30;

#[component]
pub fn Notifications() -> impl IntoView {
    view! { <SignedIn><List/></SignedIn> }
}

#[component]
fn List() -> impl IntoView {
    let toasts = use_toasts();
    // Where the pages before this one began.
    let turned = RwSignal::new(Vec::<Option<NotificationId>>::new());
    let before = RwSignal::new(None::<NotificationId>);
    let polled = poll(move || ListNotifications { before: before.get(), limit: Some(PAGE) });
    let shown = Memo::new(move |_| {
        polled.reply.with(|reply| reply.as_ref().map(|list| list.notifications.clone()).unwrap_or_default())
    });
    let unread = Memo::new(move |_| polled.reply.with(|reply| reply.as_ref().map_or(0, |list| list.unread)));
    let read = move |request: MarkNotificationsRead| {
        spawn_local(async move {
            match call(&request).await {
                Ok(_) => {
                    tell_bell();
                    polled.ask_again();
                }
                Err(failure) => toasts.error(failure.words()),
            }
        });
    };
    let read_all = move |()| {
        let newest = shown.with_untracked(|shown| shown.first().map(|first| first.notification_id));
        read(MarkNotificationsRead { notification_ids: Vec::new(), up_to: newest });
    };
    // On the way to what it is about; the page may be gone before the answer comes.
    let open = Callback::new(move |id: NotificationId| {
        read(MarkNotificationsRead { notification_ids: vec![id], up_to: None });
    });
    let older = move |()| {
        let last = shown.with_untracked(|shown| shown.last().map(|last| last.notification_id));
        turned.update(|turned| turned.push(before.get_untracked()));
        before.set(last);
    };
    let newer = move |()| {
        let back = turned.try_update(Vec::pop).flatten();
        before.set(back.flatten());
    };
    let has_older = Signal::derive(move || shown.with(|shown| shown.len() >= PAGE as usize));
    let has_newer = Signal::derive(move || before.with(Option::is_some));
    let can_read = Signal::derive(move || unread.get() == 0 || has_newer.get());
    view! {
        <PageTitle title=NOTICES.title.to_owned()>
            <Button disabled=can_read on_press=read_all>{NOTICES.read_all}</Button>
        </PageTitle>
        <p class="lead-small">{NOTICES.lead}</p>
        <Arrived polled=polled>
            <Show
                when=move || shown.with(|shown| !shown.is_empty())
                fallback=|| view! { <EmptyState title=NOTICES.none_title words=NOTICES.none_words/> }
            >
                <ul class="notifications" aria-busy=polled.aria_busy()>
                    <For
                        each=move || shown.get()
                        key=|notification| (notification.notification_id, notification.read)
                        let:notification
                    >
                        {line(notification, open)}
                    </For>
                </ul>
            </Show>
            <Pager has_newer=has_newer has_older=has_older on_newer=newer on_older=older/>
        </Arrived>
    }
}

/// The header is another program's.
fn tell_bell() {
    if let Ok(event) = web_sys::Event::new(READ_EVENT) {
        let _ = window().dispatch_event(&event);
    }
}

fn line(notification: Notification, open: Callback<NotificationId>) -> impl IntoView {
    let id = notification.notification_id;
    let (words, address) = words_of(&notification);
    let unread = !notification.read;
    view! {
        <li class="notification" class=("unread", unread)>
            <a href=address on:click=move |_| if unread { open.run(id) }>{words}</a>
            {unread.then(|| view! { <span class="notification-mark">{NOTICES.unread}</span> })}
            <span class="soft">{notification.cohort_name}" · "<Ago at_microseconds=notification.created_at_microseconds/></span>
        </li>
    }
}

/// What it says, and where it happened.
fn words_of(notification: &Notification) -> (String, String) {
    let cohort = notification.cohort_id;
    let questions = |week: u32| format!("{}#questions", lesson_address(cohort, week));
    match &notification.notice {
        Notice::Announced { title, .. } => {
            (fill(NOTICES.announced, &[("title", title)]), course_address(cohort))
        }
        Notice::Marked { week, .. } => {
            (fill(NOTICES.marked, &[("week", &week.to_string())]), questions(*week))
        }
        Notice::Regraded { week, .. } => {
            (fill(NOTICES.regraded, &[("week", &week.to_string())]), questions(*week))
        }
        Notice::JobEnded { job_id, job_kind, state } => {
            let words = if *state == JobState::Failed { NOTICES.failed } else { NOTICES.succeeded };
            let values = [("n", &*job_id.to_string()), ("kind", format::kind(*job_kind))];
            (fill(words, &values), format!("/runs/{job_id}"))
        }
        Notice::WorkerTimeGranted { minutes } => {
            (fill(NOTICES.time, &[("minutes", &minutes.to_string())]), course_address(cohort))
        }
    }
}

const ON_TOP: u32 = 3;

/// The latest of what the class is told. Known before the weeks are shown, so that they do not move.
pub type Told = RwSignal<Option<Vec<Announcement>>>;

pub fn ask(cohort_id: CohortId) -> Told {
    let told = RwSignal::new(None);
    spawn_local(async move {
        // The weeks are what the page is about: without this answer they are shown all the same.
        let answer = call(&ListAnnouncements { cohort_id, limit: Some(ON_TOP) }).await;
        told.try_set(Some(answer.map(|list| list.announcements).unwrap_or_default()));
    });
    told
}

#[component]
pub fn OnTop(told: Told) -> impl IntoView {
    move || {
        let told = told.get().filter(|told| !told.is_empty())?;
        let parts = told.into_iter().map(|announcement| view! { <Shown announcement=announcement/> });
        Some(view! {
            <section class="announcements on-top" aria-label=NOTICES.on_top>{parts.collect_view()}</section>
        })
    }
}

/// Folded where there is more than a title, so that the weeks stay near.
#[component]
pub fn Shown(announcement: Announcement) -> impl IntoView {
    let Announcement { title, html, author, created_at_microseconds: at, edited_at_microseconds, .. } =
        announcement;
    let by = fill(
        NOTICES.by,
        &[("name", author.as_deref().unwrap_or_default()), ("time", &format::date_time(at))],
    );
    let edited = edited_at_microseconds.map(|_| view! { " · "{NOTICES.edited} });
    let end = view! { <p class="soft">{by}{edited}</p> };
    if html.trim().is_empty() {
        return view! { <div class="announcement"><p><strong>{title}</strong></p>{end}</div> }.into_any();
    }
    view! {
        <details class="announcement">
            <summary>{title}</summary>
            <div class="announcement-text" inner_html=html></div>
            {end}
        </details>
    }
    .into_any()
}
