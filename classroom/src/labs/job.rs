//! `job`: a stage of the path with one button, its settings the lesson's, its inputs one's own.

use std::collections::BTreeMap;

use frontend::api::poll::poll;
use frontend::api::{Failure, call};
use frontend::browser;
use frontend::components::{Button, ButtonKind, ErrorBox, StateTag};
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use shared::api::artifacts::ListArtifacts;
use shared::api::jobs::{CreateJob, GetJob, InputBinding, Job};
use shared::api::worker_time::GetMyWorkerTime;
use shared::artifacts::{Artifact, ArtifactKind, Purpose};
use shared::ids::{ArtifactId, CohortId, JobId};
use shared::spec::presets::Preset;
use shared::spec::{CurateSpec, Encoding, ExportSpec, ImportSpec, InputSlot, JobSpec, SourceSpec};

use super::words::JOB;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    kind: Stage,
    #[serde(default)]
    preset: Size,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stage {
    Import,
    Curate,
    TrainTokenizer,
    Pretrain,
    Export,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Size {
    #[default]
    Tiny,
    Small,
}

/// The input that an import's one source is bound to.
const SOURCE: &str = "text";

impl Settings {
    /// `source` names what an import reads.
    fn spec(self, source: Option<&Artifact>) -> JobSpec {
        let preset = match self.preset {
            Size::Tiny => Preset::Tiny,
            Size::Small => Preset::Small,
        };
        match self.kind {
            Stage::Import => JobSpec::Import(ImportSpec::new(vec![SourceSpec {
                input: SOURCE.to_owned(),
                label: source.map(|source| source.label.clone()).unwrap_or_default(),
                licence_note: String::new(),
                purpose: source.map_or(Purpose::Training, |source| source.purpose),
                encoding: Encoding::default(),
                text_field: None,
            }])),
            Stage::Curate => JobSpec::Curate(CurateSpec::standard()),
            Stage::TrainTokenizer => JobSpec::TrainTokenizer(preset.tokenizer()),
            Stage::Pretrain => JobSpec::Pretrain(preset.pretrain()),
            Stage::Export => JobSpec::Export(ExportSpec {
                // Who publishes it names it anew.
                name: JOB.model_name.to_owned(),
                description: String::new(),
                licence: String::new(),
                gguf: None,
            }),
        }
    }
}

#[component]
pub fn JobLab(cohort_id: CohortId, settings: Settings) -> impl IntoView {
    let spec = settings.spec(None);
    let slots = spec.inputs();
    let title = fill(JOB.title, &[("kind", format::kind(spec.kind()))]);
    let memory = fill(JOB.memory, &[("memory", &format::bytes(spec.estimate(0, 0.0).memory_bytes as f64))]);
    let chosen = RwSignal::new(BTreeMap::<String, Artifact>::new());
    let started = RwSignal::new(None::<JobId>);
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let key = StoredValue::new(browser::random_name());
    let names: Vec<String> = slots.iter().map(|slot| slot.name.clone()).collect();
    let is_bound =
        Memo::new(move |_| chosen.with(|chosen| names.iter().all(|name| chosen.contains_key(name))));
    let start = move |()| {
        let bound = chosen.get_untracked();
        let request = CreateJob {
            cohort_id,
            spec: settings.spec(bound.get(SOURCE)),
            inputs: bound
                .iter()
                .map(|(name, artifact)| (name.clone(), InputBinding::Artifact(artifact.artifact_id)))
                .collect(),
            idempotency_key: key.get_value(),
        };
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let result = call(&request).await;
            busy.try_set(false);
            match result {
                Ok(job) => {
                    key.try_set_value(browser::random_name());
                    started.try_set(Some(job.job_id));
                }
                Err(error) => {
                    failure.try_set(Some(error));
                }
            }
        });
    };
    let fields = slots.into_iter().map(|slot| view! { <Input needs=slot chosen=chosen/> });
    view! {
        <div class="lab-frame" role="group" aria-label=title.clone()>
            <header class="lab-header"><h3>{title.clone()}</h3><p>{JOB.lead}</p></header>
            {fields.collect_view()}
            <div class="answer-end">
                <Button
                    kind=ButtonKind::Primary
                    busy=busy
                    disabled=Signal::derive(move || !is_bound.get())
                    on_press=start
                >
                    {JOB.start}
                </Button>
                <span class="soft">{memory}</span>
            </div>
            <MyTime cohort_id=cohort_id/>
            {move || failure.get().map(|failure| view! { <ErrorBox failure=failure title=JOB.failed/> })}
            {move || started.get().map(|job| view! { <Started job_id=job/> })}
        </div>
    }
}

/// What one has used of the class's workers, where that is limited.
#[component]
fn MyTime(cohort_id: CohortId) -> impl IntoView {
    let polled = poll(move || GetMyWorkerTime { cohort_id });
    let words = move || {
        let time = polled.reply.get()?;
        let duration = |seconds: u64| format::duration(seconds as f64);
        let (used, allowed) = (duration(time.used_seconds), duration(time.allowed_seconds?));
        let words = if time.is_used_up() { JOB.time_used_up } else { JOB.time_used };
        Some(fill(words, &[("used", &used), ("allowed", &allowed)]))
    };
    view! { <p class="soft" role="status">{words}</p> }
}

/// One of one's own for an input; the newest to begin with.
#[component]
fn Input(needs: InputSlot, chosen: RwSignal<BTreeMap<String, Artifact>>) -> impl IntoView {
    let kind = needs.kinds.first().copied().unwrap_or(ArtifactKind::Source);
    let trains = needs.trains;
    let polled = poll(move || ListArtifacts { kind: Some(kind), before: None, limit: Some(100) });
    let usable = Memo::new(move |_| {
        polled.reply.with(|reply| {
            let list = reply.as_ref().map(|list| list.artifacts.as_slice()).unwrap_or_default();
            // What evaluates is never trained on; what was dropped is a dataset too, and nobody means it.
            let fits = |artifact: &&Artifact| {
                !(trains && artifact.purpose == Purpose::Evaluation)
                    && artifact.lineage.output.as_deref() != Some("dropped")
            };
            list.iter().filter(fits).cloned().collect::<Vec<_>>()
        })
    });
    let name = StoredValue::new(needs.name);
    Effect::new(move || {
        let newest = usable.with(|usable| usable.first().cloned());
        let is_chosen = name.with_value(|name| chosen.with_untracked(|chosen| chosen.contains_key(name)));
        if let Some(newest) = newest.filter(|_| !is_chosen) {
            chosen.update(|chosen| drop(chosen.insert(name.get_value(), newest)));
        }
    });
    let choose = move |event| {
        let number = event_target_value(&event).parse().ok().map(ArtifactId);
        let found = usable.with_untracked(|usable| {
            usable.iter().find(|artifact| Some(artifact.artifact_id) == number).cloned()
        });
        chosen.update(|chosen| {
            match found {
                Some(artifact) => chosen.insert(name.get_value(), artifact),
                None => name.with_value(|name| chosen.remove(name)),
            };
        });
    };
    let value = move || {
        let number = name
            .with_value(|name| chosen.with(|chosen| chosen.get(name).map(|artifact| artifact.artifact_id)));
        number.map(|number| number.to_string()).unwrap_or_default()
    };
    let options = move || {
        let option = |artifact: Artifact| {
            let number = artifact.artifact_id.to_string();
            let is_chosen = value() == number;
            view! {
                <option value=number.clone() selected=is_chosen>
                    {format!("{number} · {}", format::artifact_name(&artifact))}
                </option>
            }
        };
        usable.get().into_iter().map(option).collect_view()
    };
    let is_empty = move || polled.reply.with(Option::is_some) && usable.with(Vec::is_empty);
    let id = format!("job-input-{}", browser::random_name());
    let label = fill(JOB.needs, &[("name", format::artifact_kind(kind))]);
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id prop:value=value on:change=choose>
                <option value="">{JOB.choose}</option>
                {options}
            </select>
            {move || {
                is_empty().then(|| view! {
                    <p class="field-hint">
                        {JOB.none}
                        {(kind == ArtifactKind::Source).then(|| view! { " "<a href="/upload">{JOB.upload}</a> })}
                    </p>
                })
            }}
            {move || polled.failure.get().map(|_| view! { <p class="field-error">{JOB.input_failed}</p> })}
        </div>
    }
}

/// How the job is doing, and what came out.
#[component]
fn Started(job_id: JobId) -> impl IntoView {
    let polled = poll(move || GetJob { job_id });
    let outputs = move |job: &Job| {
        let link = |(name, artifact): (&String, &ArtifactId)| {
            view! { <li><a href=format!("/artifacts/{artifact}")>{format::slot(name)}</a></li> }
        };
        let links: Vec<_> = job.outputs.iter().map(link).collect();
        (!links.is_empty())
            .then(|| view! { <p class="soft">{JOB.done}</p><ul class="plain-list">{links}</ul> })
    };
    view! {
        <div class="started" role="status">
            <p>
                {fill(JOB.started, &[("n", &job_id.to_string())])}
                " "
                {move || polled.reply.with(|job| job.as_ref().map(|job| view! { <StateTag state=job.state/> }))}
                " "
                <a href=format!("/runs/{job_id}")>{JOB.open}</a>
            </p>
            {move || polled.reply.with(|job| job.as_ref().and_then(outputs))}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn what_a_lab_fills_in_can_be_started_as_it_is() {
        for kind in ["curate", "train_tokenizer", "pretrain", "export"] {
            for preset in ["tiny", "small"] {
                let settings = format!(r#"{{"kind": "{kind}", "preset": "{preset}"}}"#);
                let settings: Settings = serde_json::from_str(&settings).unwrap();
                assert_eq!(settings.spec(None).validate(), Ok(()), "{kind}");
            }
        }
    }
}
