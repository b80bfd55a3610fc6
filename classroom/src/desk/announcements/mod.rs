//! What the class is told: written, corrected, taken back.

mod words;

use frontend::api::poll::{Polled, poll};
use frontend::api::{Failure, call};
use frontend::components::toast::use_toasts;
use frontend::components::{Arrived, Button, ButtonKind, Card, Field, FieldIds, PageTitle};
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::announcements::{
    Announcement, AnnouncementList, CreateAnnouncement, DeleteAnnouncement, ListAnnouncements,
    UpdateAnnouncement,
};
use shared::ids::CohortId;

use crate::asking::{Ask, act};
use crate::forms::{Form, Holds, TextField};
use crate::notices::Shown;
use crate::roles::is_instructor;
use words::ANNOUNCEMENTS;

const LISTED: u32 = 100;

#[component]
pub fn Announcements(cohort_id: CohortId) -> impl IntoView {
    let may_write = is_instructor(cohort_id);
    let polled = poll(move || ListAnnouncements { cohort_id, limit: Some(LISTED) });
    let changed = RwSignal::new(None::<Announcement>);
    view! {
        <PageTitle title=ANNOUNCEMENTS.title.to_owned()/>
        <p class="lead-small">{ANNOUNCEMENTS.lead}</p>
        <div class="desk-parts">
            <Show
                when=move || may_write.get()
                fallback=|| view! { <p class="soft">{ANNOUNCEMENTS.only_instructors}</p> }
            >
                // Another announcement, another form.
                {move || view! { <Write cohort_id=cohort_id changed=changed now=changed.get() polled=polled/> }}
            </Show>
            <Past cohort_id=cohort_id polled=polled may_write=may_write changed=changed/>
        </div>
    }
}

#[component]
fn Write(
    cohort_id: CohortId,
    changed: RwSignal<Option<Announcement>>,
    /// The one that is being corrected, if it is not a new one.
    now: Option<Announcement>,
    polled: Polled<AnnouncementList>,
) -> impl IntoView {
    let toasts = use_toasts();
    let id = now.as_ref().map(|now| now.announcement_id);
    let title = RwSignal::new(now.as_ref().map(|now| now.title.clone()).unwrap_or_default());
    let text = RwSignal::new(now.as_ref().map(|now| now.markdown.clone()).unwrap_or_default());
    let pinned = RwSignal::new(now.is_some_and(|now| now.pinned));
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let send = move |()| {
        let (title, markdown, is_pinned) =
            (title.get_untracked(), text.get_untracked(), pinned.get_untracked());
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let answer = match id {
                None => call(&CreateAnnouncement { cohort_id, title, markdown, pinned: is_pinned }).await,
                Some(announcement_id) => {
                    let request =
                        UpdateAnnouncement { cohort_id, announcement_id, title, markdown, pinned: is_pinned };
                    call(&request).await
                }
            };
            busy.try_set(false);
            match answer {
                Ok(_) => {
                    toasts.done(if id.is_some() { ANNOUNCEMENTS.saved } else { ANNOUNCEMENTS.sent });
                    // An empty form again, also after a new one.
                    changed.set(None);
                    polled.ask_again();
                }
                Err(refused) => drop(failure.try_set(Some(refused))),
            }
        });
    };
    let ids = FieldIds::new("announcement-text");
    let (heading, button) = match id {
        Some(_) => (ANNOUNCEMENTS.change, ANNOUNCEMENTS.save),
        None => (ANNOUNCEMENTS.new, ANNOUNCEMENTS.send),
    };
    let back = id.map(|_| {
        view! {
            <Button kind=ButtonKind::Quiet on_press=move |()| changed.set(None)>{ANNOUNCEMENTS.back}</Button>
        }
    });
    view! {
        <Card title=heading.to_owned()>
            <Form send=button busy=busy failure=failure on_send=send>
                <TextField id="announcement-title" label=ANNOUNCEMENTS.heading holds=Holds::Text value=title/>
                <Field ids=ids.clone() label=ANNOUNCEMENTS.text hint=ANNOUNCEMENTS.text_hint>
                    <textarea
                        id=ids.control.clone()
                        rows="6"
                        maxlength="10000"
                        aria-describedby=ids.described_by()
                        prop:value=move || text.get()
                        on:input=move |event| text.set(event_target_value(&event))
                    ></textarea>
                </Field>
                <label class="radio">
                    <input
                        type="checkbox"
                        prop:checked=move || pinned.get()
                        on:change=move |event| pinned.set(event_target_checked(&event))
                    />
                    <span>{ANNOUNCEMENTS.pinned}</span>
                </label>
            </Form>
            {back}
        </Card>
    }
}

#[component]
fn Past(
    cohort_id: CohortId,
    polled: Polled<AnnouncementList>,
    may_write: Memo<bool>,
    changed: RwSignal<Option<Announcement>>,
) -> impl IntoView {
    let toasts = use_toasts();
    let asked = RwSignal::new(None::<Announcement>);
    let all = Memo::new(move |_| {
        polled.reply.with(|reply| reply.as_ref().map(|list| list.announcements.clone()).unwrap_or_default())
    });
    let more = Memo::new(move |_| polled.reply.with(|reply| reply.as_ref().is_some_and(|list| list.more)));
    let words = Signal::derive(move || {
        let title = asked.with(|asked| asked.as_ref().map(|asked| asked.title.clone()).unwrap_or_default());
        fill(ANNOUNCEMENTS.delete_words, &[("title", &title)])
    });
    let delete = move |announcement: Announcement| {
        let request = DeleteAnnouncement { cohort_id, announcement_id: announcement.announcement_id };
        changed.set(None);
        act(request, ANNOUNCEMENTS.deleted.to_owned(), toasts, polled);
    };
    let row = move |announcement: Announcement| {
        let (edited, deleted) = (announcement.clone(), announcement.clone());
        let named = format!(" ({})", announcement.title);
        let hidden = StoredValue::new(named);
        let buttons = may_write.get().then(|| {
            view! {
                <div class="buttons">
                    <Button
                        kind=ButtonKind::Quiet
                        on_press=move |()| {
                            changed.set(Some(edited.clone()));
                            frontend::browser::focus("announcement-title");
                        }
                    >
                        {ANNOUNCEMENTS.edit}<span class="visually-hidden">{hidden.get_value()}</span>
                    </Button>
                    <Button kind=ButtonKind::Quiet on_press=move |()| asked.set(Some(deleted.clone()))>
                        {ANNOUNCEMENTS.delete}<span class="visually-hidden">{hidden.get_value()}</span>
                    </Button>
                </div>
            }
        });
        let pinned =
            announcement.pinned.then(|| view! { <span class="label-mark">{ANNOUNCEMENTS.is_pinned}</span> });
        view! { <li>{pinned}<Shown announcement=announcement/>{buttons}</li> }
    };
    view! {
        <Card title=ANNOUNCEMENTS.list.to_owned()>
            <Arrived polled=polled>
                <Show
                    when=move || all.with(|all| !all.is_empty())
                    fallback=|| view! { <p class="soft">{ANNOUNCEMENTS.none}</p> }
                >
                    <ul class="announcements">
                        <For each=move || all.get() key=|announcement| format!("{announcement:?}") children=row/>
                    </ul>
                </Show>
                <Show when=move || more.get()><p class="soft">{ANNOUNCEMENTS.more}</p></Show>
            </Arrived>
        </Card>
        <Ask
            about=asked
            title=ANNOUNCEMENTS.delete_title
            words=words
            no=ANNOUNCEMENTS.delete_no
            yes=ANNOUNCEMENTS.delete_yes
            on_yes=delete
        />
    }
}
