//! Sends the form as one pipeline. A second press, or a reply that was lost, makes no second run.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use shared::api::jobs::{CreatePipeline, PipelineJob};
use shared::spec::whole_path::{SourceArtifact, pipeline};
use shared::spec::{ExportSpec, Problem};

use super::form::Form;
use crate::api::{Failure, call};
use crate::browser;
use crate::components::{Button, ButtonKind, ErrorBox};
use crate::kept::{forget, keep, recall};
use crate::texts::texts;

#[component]
pub fn StartButton(form: Form) -> impl IntoView {
    let texts = &texts().new_run;
    let navigate = StoredValue::new_local(use_navigate());
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    // What is missing is said from the first press on, until it is there.
    let pressed = RwSignal::new(false);
    // One key per content: the same form again is the same run, a changed one is another. It outlasts a
    // reload, as the form does.
    let key_name = form.name.with_value(|name| format!("{name}/key"));
    let kept = recall(&key_name);
    let key: StoredValue<(Vec<PipelineJob>, String)> = StoredValue::new(kept.unwrap_or_default());
    let key_name = StoredValue::new(key_name);
    let start = move |()| {
        pressed.set(true);
        if untrack(|| what_is_missing(form)).is_some() {
            return;
        }
        let jobs = jobs(form);
        key.update_value(|(last, key)| {
            if *last != jobs {
                *key = browser::random_name();
                last.clone_from(&jobs);
            }
        });
        key_name.with_value(|name| key.with_value(|key| keep(name, key)));
        let request = CreatePipeline {
            cohort_id: form.cohort.get_untracked(),
            title: title(form),
            jobs,
            idempotency_key: key.with_value(|(_, key)| key.clone()),
        };
        failure.set(None);
        form.refused.set(Vec::new());
        busy.set(true);
        spawn_local(async move {
            let result = call(&request).await;
            busy.try_set(false);
            match result {
                Ok(pipeline) => {
                    form.name.try_with_value(|name| forget(name));
                    key_name.try_with_value(|name| forget(name));
                    let training = pipeline.jobs.iter().find(|job| job.name == "pretrain");
                    let address = match training {
                        Some(job) => format!("/runs/{}", job.job_id),
                        None => "/runs".to_owned(),
                    };
                    if let Some(navigate) = navigate.try_get_value() {
                        navigate(&address, Default::default());
                    }
                }
                Err(failed) => {
                    form.refused.try_set(at_fields(failed.problems(), &request.jobs));
                    failure.try_set(Some(failed));
                }
            }
        });
    };
    view! {
        <p class="field-error" role="alert">{move || pressed.get().then(|| what_is_missing(form)).flatten()}</p>
        {move || failure.get().map(|failure| view! { <ErrorBox title=texts.failed failure=failure/> })}
        <Button kind=ButtonKind::Primary busy=busy on_press=start>{texts.start}</Button>
    }
}

fn what_is_missing(form: Form) -> Option<&'static str> {
    let texts = &texts().new_run;
    if form.sources.with(Vec::is_empty) {
        Some(texts.choose_text)
    } else if form.fitted.with(Result::is_err) {
        Some(texts.more_text)
    } else if form.problems.with(|problems| !problems.0.is_empty()) {
        Some(texts.has_problems)
    } else {
        None
    }
}

fn title(form: Form) -> String {
    let labels: Vec<String> =
        form.sources.with_untracked(|sources| sources.iter().map(|source| source.label.clone()).collect());
    labels.join(", ").chars().take(60).collect()
}

fn jobs(form: Form) -> Vec<PipelineJob> {
    let licence_note = form.licence_note.get_untracked();
    let sources: Vec<SourceArtifact> = form.sources.with_untracked(|sources| {
        let named = sources.iter().map(|source| SourceArtifact {
            artifact_id: source.artifact_id,
            label: source.label.clone(),
            licence_note: licence_note.clone(),
        });
        named.collect()
    });
    let draft = form.draft.get_untracked();
    let export =
        ExportSpec { name: title(form), description: String::new(), licence: licence_note, gguf: None };
    form.reading
        .with_untracked(|reading| pipeline(&sources, reading, &draft.tokenizer, &draft.pretrain, export))
}

/// The server names a field by its job's place in the pipeline, the form by the job's kind; what belongs
/// to the training stands without one.
fn at_fields(problems: &[Problem], jobs: &[PipelineJob]) -> Vec<Problem> {
    let in_form = |field: &str| {
        let (place, field) = field.strip_prefix("jobs.")?.split_once(".spec.")?;
        Some(match jobs.get(place.parse::<usize>().ok()?)?.name.as_str() {
            "pretrain" => field.to_owned(),
            "train_tokenizer" => format!("tokenizer.{field}"),
            name => format!("{name}.{field}"),
        })
    };
    let moved = problems.iter().map(|problem| Problem {
        field: in_form(&problem.field).unwrap_or_else(|| problem.field.clone()),
        message: problem.message.clone(),
    });
    moved.collect()
}

#[cfg(test)]
mod tests {
    use shared::spec::presets::Preset;
    use shared::spec::whole_path::Reading;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn what_the_server_finds_stands_at_the_field_of_the_form() {
        let export =
            ExportSpec { name: "m".into(), description: String::new(), licence: String::new(), gguf: None };
        let (tokenizer, pretrain) = (Preset::Tiny.tokenizer(), Preset::Tiny.pretrain());
        let jobs = pipeline(&[], &Reading::default(), &tokenizer, &pretrain, export);
        for (server, form) in [
            ("jobs.3.spec.model.layers", "model.layers"),
            ("jobs.2.spec.vocabulary_size", "tokenizer.vocabulary_size"),
            ("jobs.0.spec.sources.1.licence_note", "import.sources.1.licence_note"),
            ("jobs.4.spec.licence", "export.licence"),
            ("jobs.9.spec.licence", "jobs.9.spec.licence"),
            ("title", "title"),
        ] {
            let problem = Problem { field: server.into(), message: String::new() };
            assert_eq!(at_fields(&[problem], &jobs)[0].field, form);
        }
    }
}
