//! Who did what that cannot be undone, for operators.

mod words;

use frontend::api::poll::poll;
use frontend::components::{Arrived, Button, Field, FieldIds, PageTitle, Pager, TableBox};
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use shared::api::audit::{AuditLine, ListAuditEntries};
use shared::ids::{AuditEntryId, UserId};

use super::machines::ForOperators;
use crate::files;
use crate::local_time;
use words::{AUDIT, name_of};

const PAGE: u32 = 100;

#[component]
pub fn Audit() -> impl IntoView {
    view! {
        <PageTitle title=AUDIT.title.to_owned()/>
        <p class="lead-small">{AUDIT.lead}</p>
        <ForOperators><Entries/></ForOperators>
    }
}

#[component]
fn Entries() -> impl IntoView {
    let (action, user) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (from, until) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let turned = RwSignal::new(Vec::<AuditEntryId>::new());
    let filters = Memo::new(move |_| ListAuditEntries {
        action: Some(action.get()).filter(|action| !action.is_empty()),
        user_id: user.with(|user| user.trim().parse().ok()).map(UserId),
        from_microseconds: from.with(|text| local_time::microseconds(text)),
        until_microseconds: until.with(|text| local_time::microseconds(text)),
        before: None,
        limit: Some(PAGE),
    });
    // Other filters begin with the newest again.
    Effect::new(move || {
        filters.track();
        turned.set(Vec::new());
    });
    let polled = poll(move || ListAuditEntries {
        before: turned.with(|turned| turned.last().copied()),
        ..filters.get()
    });
    let entries = Memo::new(move |_| {
        polled.reply.with(|reply| reply.as_ref().map(|list| list.entries.clone()).unwrap_or_default())
    });
    let more =
        Signal::derive(move || polled.reply.with(|reply| reply.as_ref().is_some_and(|list| list.more)));
    let actions = Memo::new(move |_| {
        polled.reply.with(|reply| reply.as_ref().map(|list| list.actions.clone()).unwrap_or_default())
    });
    let older = move |()| {
        if let Some(last) = entries.with_untracked(|entries| entries.last().map(|last| last.entry_id)) {
            turned.update(|turned| turned.push(last));
        }
    };
    let newer = move |()| {
        turned.try_update(Vec::pop);
    };
    let save =
        move |()| files::save(&entries.with_untracked(|entries| csv(entries)), "audit.csv", "text/csv");
    view! {
        <Filters action=action user=user from=from until=until actions=actions/>
        <Arrived polled=polled>
            <Show
                when=move || entries.with(|entries| !entries.is_empty())
                fallback=|| view! { <p class="soft" role="status">{AUDIT.none}</p> }
            >
                <div aria-busy=polled.aria_busy()>
                    <TableBox label=AUDIT.title>
                        <thead>
                            <tr>
                                <th scope="col">{AUDIT.at}</th>
                                <th scope="col">{AUDIT.who}</th>
                                <th scope="col">{AUDIT.what}</th>
                                <th scope="col">{AUDIT.about}</th>
                            </tr>
                        </thead>
                        <tbody>
                            <For each=move || entries.get() key=|entry| entry.entry_id let:entry>{row(entry)}</For>
                        </tbody>
                    </TableBox>
                </div>
                <div class="buttons"><Button on_press=save>{AUDIT.file}</Button></div>
            </Show>
            <Pager
                newer=AUDIT.newest
                older=AUDIT.older
                has_newer=Signal::derive(move || turned.with(|turned| !turned.is_empty()))
                has_older=more
                on_newer=newer
                on_older=older
            />
        </Arrived>
    }
}

#[component]
fn Filters(
    action: RwSignal<String>,
    user: RwSignal<String>,
    from: RwSignal<String>,
    until: RwSignal<String>,
    actions: Memo<Vec<String>>,
) -> impl IntoView {
    let ids = ["audit-action", "audit-user", "audit-from", "audit-until"].map(FieldIds::new);
    let [action_ids, user_ids, from_ids, until_ids] = ids;
    let options = move || {
        let known = actions.get().into_iter().map(|action| {
            let words = name_of(&action).to_owned();
            view! { <option value=action>{words}</option> }
        });
        known.collect_view()
    };
    let time = |ids: FieldIds, typed: RwSignal<String>| {
        view! {
            <input
                type="datetime-local"
                id=ids.control.clone()
                aria-describedby=ids.described_by()
                on:input=move |event| typed.set(event_target_value(&event))
            />
        }
    };
    view! {
        <div class="fields-in-a-row">
            <Field ids=action_ids.clone() label=AUDIT.action>
                <select
                    id=action_ids.control.clone()
                    aria-describedby=action_ids.described_by()
                    prop:value=move || action.get()
                    on:change=move |event| action.set(event_target_value(&event))
                >
                    <option value="">{AUDIT.every_action}</option>
                    {options}
                </select>
            </Field>
            <Field ids=user_ids.clone() label=AUDIT.user hint=AUDIT.user_hint>
                <input
                    type="number"
                    min="1"
                    id=user_ids.control.clone()
                    aria-describedby=user_ids.described_by()
                    on:input=move |event| user.set(event_target_value(&event))
                />
            </Field>
            <Field ids=from_ids.clone() label=AUDIT.from>{time(from_ids.clone(), from)}</Field>
            <Field ids=until_ids.clone() label=AUDIT.until>{time(until_ids.clone(), until)}</Field>
        </div>
    }
}

fn who(entry: &AuditLine) -> String {
    match (&entry.user_name, entry.user_id) {
        (Some(name), Some(id)) => fill(AUDIT.person, &[("name", name), ("n", &id.to_string())]),
        _ => AUDIT.nobody.to_owned(),
    }
}

fn row(entry: AuditLine) -> impl IntoView {
    view! {
        <tr>
            <td>{format::date_time(entry.at_microseconds)}</td>
            <td>{who(&entry)}</td>
            <td>{name_of(&entry.action).to_owned()}</td>
            <td class="soft">{entry.subject.clone()}</td>
        </tr>
    }
}

/// As spreadsheets read it; what could be taken for a formula is text.
fn csv(entries: &[AuditLine]) -> String {
    let mut text = "at,user_id,user,action,subject\n".to_owned();
    for entry in entries {
        let cells = [
            format::machine_time(entry.at_microseconds),
            entry.user_id.map(|id| id.to_string()).unwrap_or_default(),
            entry.user_name.clone().unwrap_or_default(),
            entry.action.clone(),
            entry.subject.clone(),
        ];
        text.push_str(&cells.map(|cell| cell_text(&cell)).join(","));
        text.push('\n');
    }
    text
}

fn cell_text(cell: &str) -> String {
    let guard = if cell.starts_with(['=', '+', '-', '@', '\t']) { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::words::ACTIONS;
    use super::*;

    #[wasm_bindgen_test]
    fn a_cell_is_text_whatever_stands_in_it() {
        assert_eq!(cell_text("a \"b\", c"), "\"a \"\"b\"\", c\"");
        assert_eq!(cell_text("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\"");
        assert!(ACTIONS.is_sorted(), "so that one is found by eye");
        assert_eq!((name_of("sign_in"), name_of("new_deed")), ("로그인", "new_deed"));
    }
}
