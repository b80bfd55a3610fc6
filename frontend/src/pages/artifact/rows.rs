//! Rows of a dataset, page by page; what was dropped, by its rule.

use leptos::prelude::*;
use shared::api::artifacts::{ListRows, Row, RowList};
use shared::artifacts::Artifact;
use shared::documents::{ChatRole, Content};
use shared::spec::JobSpec;

use crate::api::poll::poll;
use crate::components::{Arrived, Card, EmptyState, Pager};
use crate::format;
use crate::texts::{fill, texts};

const PAGE_ROWS: u32 = 10;

#[component]
pub fn Rows(artifact: Artifact) -> impl IntoView {
    let texts = &texts().artifact;
    let artifact_id = artifact.artifact_id;
    let rules = dropping_rules(&artifact);
    let rule = RwSignal::new(None::<&'static str>);
    // Where each page before this one, and this one, begins.
    let starts = RwSignal::new(vec![0_u64]);
    let polled = poll(move || ListRows {
        artifact_id,
        start: starts.with(|starts| starts.last().copied()),
        limit: Some(PAGE_ROWS),
        rule: rule.get().map(str::to_owned),
    });
    let list = Memo::new(move |_| polled.reply.get());
    let next = Memo::new(move |_| list.with(|list| list.as_ref().and_then(|list| list.next)));
    let choices = (!rules.is_empty()).then(|| {
        let choices = std::iter::once(None).chain(rules.into_iter().map(Some)).map(|choice| {
            let name = choice.map_or(texts.all_rules, format::rule);
            let choose = move |_| {
                starts.set(vec![0]);
                rule.set(choice);
            };
            view! {
                <button type="button" class="choice" aria-pressed=move || (rule.get() == choice).to_string() on:click=choose>
                    {name}
                </button>
            }
        });
        view! { <div class="choices" role="group" aria-label=texts.show_rule>{choices.collect_view()}</div> }
    });
    let further = move |()| {
        // What is shown while the next page is on its way leads to that page, not beyond it.
        if !polled.is_stale.get_untracked() {
            starts.update(|starts| starts.extend(next.get_untracked()));
        }
    };
    let back = move |()| {
        starts.update(|starts| {
            starts.pop();
        });
    };
    view! {
        <Card title=texts.rows.to_owned()>
            {choices}
            <div aria-busy=polled.aria_busy()>
                <Arrived polled=polled>{move || list.get().map(|list| view! { <OnePage list=list/> })}</Arrived>
            </div>
            <Pager
                newer=texts.rows_before
                older=texts.rows_after
                has_newer=Signal::derive(move || starts.with(|starts| starts.len() > 1))
                has_older=Signal::derive(move || next.get().is_some())
                on_newer=Callback::new(back)
                on_older=Callback::new(further)
            />
        </Card>
    }
}

#[component]
fn OnePage(list: RowList) -> impl IntoView {
    let texts = &texts().artifact;
    if list.rows.is_empty() && list.next.is_none() {
        return view! { <EmptyState title=texts.no_rows_title words=texts.no_rows_words/> }.into_any();
    }
    let total = fill(texts.rows_total, &[("n", &format::count(list.total as f64))]);
    let rows = list.rows.into_iter().map(|row| view! { <OneRow row=row/> });
    view! { <p class="soft">{total}</p><ol class="rows">{rows.collect_view()}</ol> }.into_any()
}

/// The rules that may have dropped rows of this dataset; none where nothing was dropped into it.
fn dropping_rules(artifact: &Artifact) -> Vec<&'static str> {
    match (&artifact.lineage.output, &artifact.lineage.spec) {
        (Some(output), Some(JobSpec::Curate(spec))) if output == "dropped" => {
            let mut names: Vec<_> = spec.rules.iter().map(|rule| rule.name()).collect();
            names.dedup();
            names
        }
        _ => Vec::new(),
    }
}

#[component]
fn OneRow(row: Row) -> impl IntoView {
    let texts = &texts().artifact;
    let content = match row.document.content {
        Content::Text(text) => view! { <RowText text=text/> }.into_any(),
        Content::Messages(messages) => {
            let messages = messages.into_iter().map(|message| {
                let who = match message.role {
                    ChatRole::System => texts.role_system,
                    ChatRole::User => texts.role_user,
                    ChatRole::Assistant => texts.role_assistant,
                };
                view! { <div class="row-message"><span class="soft">{who}</span><RowText text=message.content/></div> }
            });
            view! { <div>{messages.collect_view()}</div> }.into_any()
        }
    };
    let rule = row.rule.map(|rule| view! { <span class="row-rule">{format::rule(&rule).to_owned()}</span> });
    let number = fill(texts.row_number, &[("n", &format::count(row.number as f64 + 1.0))]);
    view! {
        <li class="row">
            <header>
                <span class="soft">{number} " · " {row.document.source} " · " {row.document.id}</span>
                {rule}
            </header>
            {content}
            {row.cut.then(|| view! { <p class="soft">{texts.row_cut}</p> })}
        </li>
    }
}

/// A text of more characters or lines than this is shown in a window of its own.
const SHORT_CHARACTERS: usize = 500;
const SHORT_LINES: usize = 10;

/// What scrolls can be reached by the keyboard.
#[component]
pub fn RowText(text: String) -> impl IntoView {
    let is_long = text.chars().count() > SHORT_CHARACTERS || text.lines().count() > SHORT_LINES;
    view! { <p class="row-text" class:long=is_long tabindex=is_long.then_some("0")>{text}</p> }
}
