//! `/desk/storage`: who stores how much, what is largest, and what will be removed by itself.

use frontend::api::poll::{Polled, poll};
use frontend::api::{Failure, call};
use frontend::components::toast::use_toasts;
use frontend::components::{
    Ago, Arrived, Button, ButtonKind, Card, Dialog, ErrorBox, Facts, Field, FieldIds, PageTitle, TableBox,
};
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::storage::{
    GetStorage, LargeArtifact, SetStorageQuota, Storage, StorageOfCohort, StorageOfPerson,
};

use super::ForOperators;
use super::words::STORAGE;

const GIGABYTE: f64 = 1e9;

#[component]
pub fn StoragePage() -> impl IntoView {
    view! {
        <PageTitle title=STORAGE.title.to_owned()/>
        <p class="lead-small">{STORAGE.lead}</p>
        <ForOperators><Whole/></ForOperators>
    }
}

#[component]
fn Whole() -> impl IntoView {
    let polled = poll(|| GetStorage { limit: Some(200) });
    view! {
        <Arrived polled=polled>
            <Overview polled=polled/>
            <People polled=polled/>
            <Classes polled=polled/>
            <Largest polled=polled/>
        </Arrived>
    }
}

fn bytes(number: u64) -> String {
    format::bytes(number as f64)
}

#[component]
fn Overview(polled: Polled<Storage>) -> impl IntoView {
    let facts = Signal::derive(move || {
        polled.reply.with(|reply| {
            let Some(storage) = reply else { return Vec::new() };
            let files = format::count(storage.stored_files as f64);
            let mut facts = vec![(
                STORAGE.stored,
                fill(STORAGE.in_files, &[("size", &bytes(storage.stored_bytes)), ("n", &files)]),
            )];
            if let Some(disk) = storage.disk {
                let values = [("free", bytes(disk.free_bytes)), ("total", bytes(disk.total_bytes))];
                let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
                facts.push((STORAGE.disk, fill(STORAGE.disk_free, &values)));
            }
            let gone = &storage.unreferenced;
            let files = format::count(gone.files as f64);
            let words = match gone.files {
                0 => STORAGE.nothing.to_owned(),
                _ => fill(STORAGE.in_files, &[("size", &bytes(gone.size_bytes)), ("n", &files)]),
            };
            facts.push((STORAGE.unreferenced, words));
            if let Some(last) = gone.last_at_microseconds {
                facts.push((STORAGE.removed_by, format::date_time(last)));
            }
            facts
        })
    });
    let grace = move || {
        let seconds =
            polled.reply.with(|reply| reply.as_ref().map_or(0.0, |reply| reply.unreferenced.grace_seconds));
        fill(STORAGE.grace, &[("time", &format::duration(seconds))])
    };
    view! {
        <Card title=STORAGE.overview.to_owned()>
            <Facts facts=facts/>
            <p class="soft">{grace}</p>
        </Card>
    }
}

#[component]
fn People(polled: Polled<Storage>) -> impl IntoView {
    let asked = RwSignal::new(None::<StorageOfPerson>);
    let people = move || {
        polled.reply.with(|reply| reply.as_ref().map(|reply| reply.people.clone()).unwrap_or_default())
    };
    let left_out = move || {
        let more = polled.reply.with(|reply| {
            reply.as_ref().map_or(0, |reply| reply.people_count.saturating_sub(reply.people.len() as u64))
        });
        (more > 0)
            .then(|| view! { <p class="soft">{fill(STORAGE.more_people, &[("n", &more.to_string())])}</p> })
    };
    let row = move |person: StorageOfPerson| {
        let share = person.used_bytes as f64 / (person.quota_bytes as f64).max(1.0) * 100.0;
        let name = person.name.clone();
        view! {
            <tr>
                <th scope="row">{person.name.clone()}</th>
                <td class="number">{bytes(person.used_bytes)}</td>
                <td class="number">{bytes(person.quota_bytes)}</td>
                <td class="number">{fill(STORAGE.percent, &[("n", &format!("{share:.0}"))])}</td>
                <td>
                    <Button kind=ButtonKind::Quiet on_press=move |()| asked.set(Some(person.clone()))>
                        {STORAGE.change}<span class="visually-hidden">{format!(" ({name})")}</span>
                    </Button>
                </td>
            </tr>
        }
    };
    view! {
        <Card title=STORAGE.people.to_owned()>
            <TableBox label=STORAGE.people>
                <thead>
                    <tr>
                        <th scope="col">{STORAGE.name}</th>
                        <th scope="col" class="number">{STORAGE.used}</th>
                        <th scope="col" class="number">{STORAGE.quota}</th>
                        <th scope="col" class="number">{STORAGE.share}</th>
                        <th scope="col">{STORAGE.deeds}</th>
                    </tr>
                </thead>
                <tbody><For each=people key=|person| format!("{person:?}") children=row/></tbody>
            </TableBox>
            {left_out}
        </Card>
        <Quota asked=asked polled=polled/>
    }
}

/// Another quota for one person.
#[component]
fn Quota(asked: RwSignal<Option<StorageOfPerson>>, polled: Polled<Storage>) -> impl IntoView {
    let toasts = use_toasts();
    let open = RwSignal::new(false);
    let typed = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    Effect::new(move || {
        let person = asked.get();
        open.set(person.is_some());
        if let Some(person) = person {
            typed.set(format!("{}", person.quota_bytes as f64 / GIGABYTE));
            failure.set(None);
        }
    });
    Effect::new(move || {
        if !open.get() && asked.with_untracked(Option::is_some) {
            asked.set(None);
        }
    });
    let wanted = Memo::new(move |_| {
        let gigabytes = typed.with(|text| text.trim().parse::<f64>().ok())?;
        (gigabytes.is_finite() && gigabytes >= 0.0).then_some((gigabytes * GIGABYTE) as u64)
    });
    let name =
        move || asked.with(|person| person.as_ref().map(|person| person.name.clone()).unwrap_or_default());
    let set = move |()| {
        let (Some(person), Some(storage_quota_bytes)) = (asked.get_untracked(), wanted.get_untracked())
        else {
            return;
        };
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let result = call(&SetStorageQuota { user_id: person.user_id, storage_quota_bytes }).await;
            busy.try_set(false);
            match result {
                Ok(user) => {
                    let values = [("name", user.name), ("size", bytes(user.storage_quota_bytes))];
                    toasts.done(fill(
                        STORAGE.changed,
                        &values.each_ref().map(|(name, value)| (*name, value.as_str())),
                    ));
                    polled.ask_again();
                    asked.try_set(None);
                }
                Err(error) => {
                    failure.try_set(Some(error));
                }
            }
        });
    };
    let ids = FieldIds::new("storage-quota");
    view! {
        <Dialog open=open title=STORAGE.change_title>
            <p>{move || fill(STORAGE.change_words, &[("name", &name())])}</p>
            <Field ids=ids.clone() label=STORAGE.new_quota>
                <input
                    type="number"
                    min="0"
                    step="any"
                    id=ids.control.clone()
                    aria-describedby=ids.described_by()
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                />
            </Field>
            {move || failure.get().map(|failure| view! { <ErrorBox failure=failure title=STORAGE.failed/> })}
            <div class="dialog-buttons">
                <Button kind=ButtonKind::Plain on_press=move |()| asked.set(None)>{STORAGE.no}</Button>
                <Button
                    kind=ButtonKind::Primary
                    busy=busy
                    disabled=Signal::derive(move || wanted.with(Option::is_none))
                    on_press=set
                >
                    {STORAGE.yes}
                </Button>
            </div>
        </Dialog>
    }
}

#[component]
fn Classes(polled: Polled<Storage>) -> impl IntoView {
    let classes = move || {
        polled.reply.with(|reply| reply.as_ref().map(|reply| reply.cohorts.clone()).unwrap_or_default())
    };
    let row = |class: StorageOfCohort| {
        view! { <tr><th scope="row">{class.name}</th><td class="number">{bytes(class.used_bytes)}</td></tr> }
    };
    let is_empty = Memo::new(move |_| {
        polled.reply.with(|reply| reply.as_ref().is_none_or(|reply| reply.cohorts.is_empty()))
    });
    view! {
        <Card title=STORAGE.classes.to_owned()>
            <Show when=move || !is_empty.get() fallback=|| view! { <p class="soft">{STORAGE.no_classes}</p> }>
                <TableBox label=STORAGE.classes>
                    <thead>
                        <tr><th scope="col">{STORAGE.class}</th><th scope="col" class="number">{STORAGE.used}</th></tr>
                    </thead>
                    <tbody><For each=classes key=|class| format!("{class:?}") children=row/></tbody>
                </TableBox>
            </Show>
        </Card>
    }
}

#[component]
fn Largest(polled: Polled<Storage>) -> impl IntoView {
    const SHOWN: usize = 20;
    let artifacts = move || {
        polled.reply.with(|reply| {
            let all = reply.as_ref().map(|reply| reply.artifacts.as_slice()).unwrap_or_default();
            all.iter().take(SHOWN).cloned().collect::<Vec<_>>()
        })
    };
    let is_empty = Memo::new(move |_| {
        polled.reply.with(|reply| reply.as_ref().is_none_or(|reply| reply.artifacts.is_empty()))
    });
    let row = |artifact: LargeArtifact| {
        view! {
            <tr>
                <th scope="row">
                    <a href=format!("/artifacts/{}", artifact.artifact_id)>{artifact.label}</a>
                    <span class="soft">{format!(" {}", format::artifact_kind(artifact.kind))}</span>
                </th>
                <td>{artifact.owner_name}</td>
                <td>{artifact.cohort_name}</td>
                <td class="number">{bytes(artifact.size_bytes)}</td>
                <td><Ago at_microseconds=artifact.created_at_microseconds/></td>
            </tr>
        }
    };
    view! {
        <Card title=STORAGE.largest.to_owned()>
            <Show when=move || !is_empty.get() fallback=|| view! { <p class="soft">{STORAGE.no_artifacts}</p> }>
                <TableBox label=STORAGE.largest>
                    <thead>
                        <tr>
                            <th scope="col">{STORAGE.artifact}</th>
                            <th scope="col">{STORAGE.owner}</th>
                            <th scope="col">{STORAGE.class}</th>
                            <th scope="col" class="number">{STORAGE.size}</th>
                            <th scope="col">{STORAGE.made}</th>
                        </tr>
                    </thead>
                    <tbody><For each=artifacts key=|artifact| format!("{artifact:?}") children=row/></tbody>
                </TableBox>
            </Show>
        </Card>
    }
}
