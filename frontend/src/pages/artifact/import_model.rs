//! An uploaded model file becomes a model of the platform.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use shared::api::jobs::{CreateJob, InputBinding};
use shared::artifacts::Artifact;
use shared::spec::{ImportModelSpec, JobSpec};

use crate::api::{Failure, call};
use crate::browser;
use crate::components::{Button, ButtonKind, Card, ErrorBox, Field, FieldIds, aria_invalid};
use crate::texts::texts;

/// Endings of what such a job reads: a GGUF file, or a Hugging Face folder packed as one.
const ENDINGS: [&str; 2] = [".gguf", ".zip"];

/// Whether the upload is one file that may be a model.
pub fn may_be_a_model(artifact: &Artifact) -> bool {
    match &artifact.files[..] {
        [file] => ENDINGS.iter().any(|ending| file.name.as_str().to_lowercase().ends_with(ending)),
        _ => false,
    }
}

#[component]
pub fn ImportModel(artifact: Artifact) -> impl IntoView {
    let (texts, of_model) = (&texts().artifact, &texts().models);
    let navigate = StoredValue::new_local(use_navigate());
    let name = RwSignal::new(without_ending(&artifact.label).to_owned());
    let licence = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    // One form, one job: a second press, or a reply that was lost, makes no other. A changed form does.
    let key = StoredValue::new((None::<JobSpec>, String::new()));
    let start = move |()| {
        let spec = JobSpec::ImportModel(ImportModelSpec {
            name: name.get_untracked().trim().to_owned(),
            licence_note: licence.get_untracked(),
        });
        key.update_value(|(last, key)| {
            if last.as_ref() != Some(&spec) {
                *key = browser::random_name();
                *last = Some(spec.clone());
            }
        });
        let request = CreateJob {
            cohort_id: artifact.cohort_id,
            spec,
            inputs: [("file".to_owned(), InputBinding::Artifact(artifact.artifact_id))].into(),
            idempotency_key: key.with_value(|(_, key)| key.clone()),
        };
        failure.set(None);
        busy.set(true);
        spawn_local(async move {
            let result = call(&request).await;
            busy.try_set(false);
            match result {
                Ok(job) => {
                    if let Some(navigate) = navigate.try_get_value() {
                        navigate(&format!("/runs/{}", job.job_id), Default::default());
                    }
                }
                Err(failed) => {
                    failure.try_set(Some(failed));
                }
            }
        });
    };
    let error = move |field: &'static str| {
        Signal::derive(move || {
            failure.with(|failure| {
                let failure = failure.as_ref()?;
                failure.problem_of(&format!("spec.{field}")).or_else(|| failure.problem_of(field))
            })
        })
    };
    let (wrong_name, wrong_licence) = (error("name"), error("licence_note"));
    // What is about one of the fields stands there.
    let elsewhere = move || {
        let at_field = wrong_name.with(Option::is_some) || wrong_licence.with(Option::is_some);
        failure.get().filter(|_| !at_field)
    };
    let (name_ids, licence_ids) = (FieldIds::new("import-name"), FieldIds::new("import-licence"));
    view! {
        <Card title=texts.import_title.to_owned()>
            <form class="form" on:submit=|event| event.prevent_default()>
                <p>{texts.import_words}</p>
                <Field ids=name_ids.clone() label=of_model.name hint=texts.import_name_hint error=wrong_name>
                    <input
                        type="text"
                        maxlength="200"
                        id=name_ids.control.clone()
                        aria-describedby=name_ids.described_by()
                        aria-invalid=aria_invalid(wrong_name)
                        prop:value=move || name.get()
                        on:input=move |event| name.set(event_target_value(&event))
                    />
                </Field>
                <Field
                    ids=licence_ids.clone()
                    label=crate::texts::texts().new_run.licence
                    hint=texts.import_licence_hint
                    error=wrong_licence
                >
                    <input
                        type="text"
                        maxlength="500"
                        id=licence_ids.control.clone()
                        aria-describedby=licence_ids.described_by()
                        aria-invalid=aria_invalid(wrong_licence)
                        prop:value=move || licence.get()
                        on:input=move |event| licence.set(event_target_value(&event))
                    />
                </Field>
                {move || elsewhere().map(|failure| view! { <ErrorBox failure=failure/> })}
                <Button kind=ButtonKind::Primary busy=busy on_press=start>{texts.import_start}</Button>
            </form>
        </Card>
    }
}

/// `SmolLM2.Q4_1.gguf` → `SmolLM2.Q4_1`
fn without_ending(label: &str) -> &str {
    ENDINGS
        .iter()
        .find_map(|ending| label.strip_suffix(ending))
        .filter(|rest| !rest.is_empty())
        .unwrap_or(label)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::without_ending;

    #[wasm_bindgen_test]
    fn a_model_is_called_as_its_file_without_the_ending() {
        for (label, name) in
            [("SmolLM2.Q4_1.gguf", "SmolLM2.Q4_1"), ("이야기.zip", "이야기"), (".gguf", ".gguf")]
        {
            assert_eq!(without_ending(label), name);
        }
    }
}
