//! Files become a source: uploaded one after the other, with progress; what has arrived is kept when one fails.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use shared::api::artifacts::{CreateArtifact, UploadedFile};
use shared::api::sessions::Membership;
use shared::artifacts::{FileName, Purpose, Sha256};
use shared::ids::CohortId;
use web_sys::{File, HtmlInputElement};

use super::SignedIn;
use crate::api::upload::upload;
use crate::api::{Failure, call};
use crate::components::toast::use_toasts;
use crate::components::{
    Button, ButtonKind, EmptyState, ErrorBox, Field, FieldIds, Legend, PageTitle, ProgressBar, Radio,
    aria_invalid,
};
use crate::format;
use crate::session::use_session;
use crate::texts::{fill, texts};

#[component]
pub fn Upload() -> impl IntoView {
    view! { <SignedIn><CohortNeeded/></SignedIn> }
}

#[component]
fn CohortNeeded() -> impl IntoView {
    let session = use_session();
    let cohorts = Memo::new(move |_| {
        session.state.with(|state| state.me().map(|me| me.memberships.clone()).unwrap_or_default())
    });
    let texts = &texts().upload;
    view! {
        <PageTitle title=texts.title.to_owned()/>
        {move || {
            let cohorts = cohorts.get();
            if cohorts.is_empty() {
                view! { <EmptyState title=texts.no_cohort_title words=texts.no_cohort_words/> }.into_any()
            } else {
                view! { <Form cohorts=cohorts/> }.into_any()
            }
        }}
    }
}

/// A file on its way.
#[derive(Debug, Clone, PartialEq)]
struct Chosen {
    file: File,
    name: String,
    size_bytes: f64,
}

#[component]
fn Form(cohorts: Vec<Membership>) -> impl IntoView {
    let texts = &texts().upload;
    let files = RwSignal::new_local(Vec::<Chosen>::new());
    let label = RwSignal::new(String::new());
    let cohort = RwSignal::new(cohorts[0].cohort_id);
    let purpose = RwSignal::new(Purpose::Training);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let missing = RwSignal::new(None::<String>);
    let sent_bytes = RwSignal::new(0.0_f64);
    // What has arrived is not sent again when a later file, or the last step, fails.
    let arrived = StoredValue::new_local(Vec::<(File, Sha256)>::new());
    let wrong_label = Signal::derive(move || failure.with(|failure| failure.as_ref()?.problem_of("label")));
    let total_bytes =
        Memo::new(move |_| files.with(|files| files.iter().map(|file| file.size_bytes).sum::<f64>()));
    let toasts = use_toasts();
    let navigate = StoredValue::new_local(use_navigate());

    let choose = move |event: leptos::ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        let list = input.files();
        let count = list.as_ref().map_or(0, |list| list.length());
        let chosen: Vec<Chosen> = (0..count)
            .filter_map(|index| list.as_ref()?.get(index))
            .map(|file| Chosen { name: file.name(), size_bytes: file.size(), file })
            .collect();
        if label.with_untracked(String::is_empty)
            && let Some(first) = chosen.first()
        {
            label.set(first.name.clone());
        }
        missing.set(None);
        files.set(chosen);
    };
    let send = move |()| {
        if files.with_untracked(Vec::is_empty) {
            missing.set(Some(texts.no_file.to_owned()));
            return;
        }
        failure.set(None);
        busy.set(true);
        sent_bytes.set(0.0);
        let request = Request {
            cohort_id: cohort.get_untracked(),
            label: label.get_untracked(),
            purpose: purpose.get_untracked(),
            files: files.get_untracked(),
        };
        spawn_local(async move {
            let result = make_source(request, arrived, move |bytes| {
                // The page may have been left meanwhile.
                sent_bytes.try_set(bytes);
            })
            .await;
            busy.try_set(false);
            match result {
                Ok(artifact) => {
                    toasts.done(texts.done);
                    if let Some(navigate) = navigate.try_get_value() {
                        navigate(&format!("/artifacts/{artifact}"), Default::default());
                    }
                }
                Err(failed) => {
                    if failed.problems().iter().any(|problem| problem.field.starts_with("files.")) {
                        // The server no longer has what it had.
                        arrived.try_update_value(Vec::clear);
                    }
                    failure.try_set(Some(failed));
                }
            }
        });
    };

    let (file_ids, label_ids, cohort_ids) =
        (FieldIds::new("upload-files"), FieldIds::new("upload-label"), FieldIds::new("upload-cohort"));
    let several_cohorts = (cohorts.len() > 1).then(move || {
        let options = cohorts.into_iter().map(|membership| {
            view! { <option value=membership.cohort_id.to_string()>{membership.cohort_name}</option> }
        });
        let chosen = move |event| {
            if let Ok(id) = event_target_value(&event).parse() {
                cohort.set(CohortId(id));
            }
        };
        view! {
            <Field ids=cohort_ids.clone() label=texts.cohort>
                <select id=cohort_ids.control.clone() aria-describedby=cohort_ids.described_by() on:change=chosen>
                    {options.collect_view()}
                </select>
            </Field>
        }
    });
    let lines = move || {
        let lines = files.get().into_iter().map(|chosen| {
            view! { <li><span>{chosen.name}</span><span class="soft">{format::bytes(chosen.size_bytes)}</span></li> }
        });
        view! { <ul class="plain-list chosen-files">{lines.collect_view()}</ul> }
    };
    let purposes = vec![
        (Purpose::Training, texts.for_training, texts.for_training_words),
        (Purpose::Evaluation, texts.for_evaluation, texts.for_evaluation_words),
    ];
    let share = Signal::derive(move || Some(sent_bytes.get() / total_bytes.get().max(1.0)));
    let how_far = move || {
        let (sent, total) = (format::bytes(sent_bytes.get()), format::bytes(total_bytes.get()));
        fill(texts.progress, &[("sent", &sent), ("total", &total)])
    };
    view! {
        <p class="lead-small">{texts.lead}</p>
        <form class="form" on:submit=|event| event.prevent_default()>
            {several_cohorts}
            <Field ids=file_ids.clone() label=texts.files hint=texts.files_hint error=missing>
                <input
                    type="file"
                    multiple
                    accept=".txt,.jsonl,.json,.tsv,.csv,.md,.html,.gz,.zst,.zip,.gguf"
                    id=file_ids.control.clone()
                    aria-describedby=file_ids.described_by()
                    aria-invalid=aria_invalid(missing)
                    on:change=choose
                />
            </Field>
            {lines}
            <Field ids=label_ids.clone() label=texts.label hint=texts.label_hint error=wrong_label>
                <input
                    type="text"
                    maxlength="100"
                    id=label_ids.control.clone()
                    aria-describedby=label_ids.described_by()
                    aria-invalid=aria_invalid(wrong_label)
                    prop:value=move || label.get()
                    on:input=move |event| label.set(event_target_value(&event))
                />
            </Field>
            <Radio
                name="purpose"
                legend=Legend::Shown(texts.purpose)
                choices=purposes
                chosen=Signal::derive(move || Some(purpose.get()))
                on_choose=move |chosen| purpose.set(chosen)
            />
            {move || failure.get().map(|failure| view! { <ErrorBox title=texts.failed failure=failure/> })}
            <Show when=move || busy.get()>
                <div class="progress-line">
                    <ProgressBar label=texts.title share=share/>
                    <p>{how_far}</p>
                </div>
            </Show>
            <Button kind=ButtonKind::Primary busy=busy on_press=send>{texts.send}</Button>
        </form>
    }
}

struct Request {
    cohort_id: CohortId,
    label: String,
    purpose: Purpose,
    files: Vec<Chosen>,
}

async fn make_source(
    request: Request,
    arrived: StoredValue<Vec<(File, Sha256)>, LocalStorage>,
    on_progress: impl Fn(f64) + Copy + 'static,
) -> Result<shared::ids::ArtifactId, Failure> {
    let mut uploaded = Vec::new();
    let mut before = 0.0;
    for (index, chosen) in request.files.iter().enumerate() {
        let known = arrived.try_with_value(|arrived| {
            arrived.iter().find(|(file, _)| *file == chosen.file).map(|(_, sha256)| sha256.clone())
        });
        let sha256 = match known.flatten() {
            Some(sha256) => sha256,
            None => {
                let uploaded = upload(&chosen.file, move |bytes| on_progress(before + bytes)).await?;
                let sha256 = uploaded.sha256;
                arrived.try_update_value(|arrived| arrived.push((chosen.file.clone(), sha256.clone())));
                sha256
            }
        };
        before += chosen.size_bytes;
        on_progress(before);
        let name = FileName::try_from(stored_name(index, &chosen.name)).map_err(Failure::unreadable)?;
        uploaded.push(UploadedFile { name, sha256 });
    }
    let create = CreateArtifact {
        cohort_id: request.cohort_id,
        label: request.label,
        purpose: request.purpose,
        files: uploaded,
    };
    Ok(call(&create).await?.artifact_id)
}

/// A file's name in the artifact: its own where the contract takes it, else its number and endings
/// (이야기.jsonl.zst → `file-1.jsonl.zst`), because those tell the import what it is.
fn stored_name(index: usize, name: &str) -> String {
    let own = name.replace('/', "_");
    if FileName::try_from(own.clone()).is_ok() {
        return format!("{:03}-{own}", index + 1);
    }
    let ending =
        |part: &&str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let mut endings: Vec<&str> = name.split('.').skip(1).collect();
    let plain = endings.iter().rev().take(2).take_while(|part| ending(part)).count();
    endings.drain(..endings.len() - plain);
    let mut stored = format!("{:03}-file", index + 1);
    for part in endings {
        stored.push('.');
        stored.push_str(part);
    }
    stored
}

#[cfg(test)]
mod tests {
    use shared::artifacts::FileName;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::stored_name;

    #[wasm_bindgen_test]
    fn a_stored_name_is_one_that_the_contract_takes_and_keeps_its_endings() {
        for (name, stored) in [
            ("reviews.jsonl.zst", "001-reviews.jsonl.zst"),
            ("이야기.jsonl.zst", "001-file.jsonl.zst"),
            ("my texts.txt", "001-file.txt"),
            ("..", "001-file"),
            ("이야기", "001-file"),
            ("v1.2 이야기.csv", "001-file.csv"),
        ] {
            assert_eq!(stored_name(0, name), stored);
            assert!(FileName::try_from(stored_name(0, name)).is_ok());
        }
    }
}
