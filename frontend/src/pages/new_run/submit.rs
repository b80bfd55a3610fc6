//! Sends the form as one pipeline. A second press, or a reply that was lost, makes no second run.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use shared::api::jobs::{CreatePipeline, PipelineJob};
use shared::spec::ExportSpec;
use shared::spec::whole_path::{SourceArtifact, pipeline};

use super::Form;
use crate::api::{Failure, call};
use crate::browser;
use crate::components::{Button, ButtonKind, ErrorBox};
use crate::texts::texts;

#[component]
pub fn StartButton(form: Form) -> impl IntoView {
    let texts = &texts().new_run;
    let navigate = StoredValue::new_local(use_navigate());
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let missing = RwSignal::new(None::<&'static str>);
    // One key per content: the same form again is the same run, a changed one is another.
    let key = StoredValue::new((Vec::<PipelineJob>::new(), String::new()));
    let start = move |()| {
        missing.set(what_is_missing(form));
        if missing.get_untracked().is_some() {
            return;
        }
        let jobs = jobs(form);
        key.update_value(|(last, key)| {
            if *last != jobs {
                *key = browser::random_name();
                last.clone_from(&jobs);
            }
        });
        let request = CreatePipeline {
            cohort_id: form.cohort.get_untracked(),
            title: title(form),
            jobs,
            idempotency_key: key.with_value(|(_, key)| key.clone()),
        };
        failure.set(None);
        busy.set(true);
        spawn_local(async move {
            let result = call(&request).await;
            busy.try_set(false);
            match result {
                Ok(pipeline) => {
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
                    failure.try_set(Some(failed));
                }
            }
        });
    };
    view! {
        <p class="field-error" role="alert">{move || missing.get()}</p>
        {move || failure.get().map(|failure| view! { <ErrorBox title=texts.failed failure=failure/> })}
        <Button kind=ButtonKind::Primary busy=busy on_press=start>{texts.start}</Button>
    }
}

fn what_is_missing(form: Form) -> Option<&'static str> {
    let texts = &texts().new_run;
    if form.sources.with_untracked(Vec::is_empty) {
        Some(texts.choose_text)
    } else if form.fitted.with_untracked(Result::is_err) {
        Some(texts.more_text)
    } else if form.problems.with_untracked(|problems| !problems.0.is_empty()) {
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
    let export = ExportSpec { name: title(form), description: String::new(), licence: licence_note };
    form.reading
        .with_untracked(|reading| pipeline(&sources, reading, &draft.tokenizer, &draft.pretrain, export))
}
