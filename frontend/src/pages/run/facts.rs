//! What the job is, what it takes and what came of it.

use leptos::prelude::*;
use shared::api::jobs::{InputBinding, Job};
use shared::spec::JobSpec;

use crate::clock::use_clock;
use crate::components::{Card, Facts};
use crate::format;
use crate::texts::{fill, texts};

/// A CPU core's rate; the estimate's memory and parameters do not depend on it.
const FLOPS_PER_SECOND: f64 = 1e10;

#[component]
pub fn JobFacts(job: Memo<Option<Job>>) -> impl IntoView {
    let texts = &texts().run;
    let clock = use_clock();
    let facts = Signal::derive(move || {
        job.with(|job| {
            let Some(job) = job else { return Vec::new() };
            if job.started_at_microseconds.is_some() && job.ended_at_microseconds.is_none() {
                clock.track();
            }
            let took = format::seconds_between(job.started_at_microseconds, job.ended_at_microseconds);
            let took_name = if job.ended_at_microseconds.is_some() { texts.took } else { texts.running_for };
            let mut facts = vec![(texts.created, format::date_time(job.created_at_microseconds))];
            facts.extend(took.map(|seconds| (took_name, format::duration(seconds))));
            if job.attempt > 1 {
                facts.push((texts.attempts, job.attempt.to_string()));
            }
            if let JobSpec::Pretrain(spec) = &job.spec {
                let estimate = job.spec.estimate(0, FLOPS_PER_SECOND);
                facts
                    .extend(estimate.parameters.map(|count| (texts.parameters, format::count(count as f64))));
                let tokens = spec.steps.saturating_mul(spec.tokens_per_step());
                facts.push((texts.tokens, format::count(tokens as f64)));
                facts.push((texts.context_length, format::count(f64::from(spec.model.context_length()))));
            }
            facts
        })
    });
    view! { <Facts facts=facts/> }
}

/// Where its inputs come from and who waits for it.
#[component]
pub fn Lineage(job: Memo<Option<Job>>) -> impl IntoView {
    let texts = &texts().run;
    let inputs = move || {
        let inputs = job.with(|job| job.as_ref().map(|job| job.inputs.clone()).unwrap_or_default());
        let lines = inputs.into_iter().map(|(name, binding)| {
            view! { <li><span class="soft">{format::slot(&name)}</span>{source(binding)}</li> }
        });
        lines.collect_view()
    };
    let outputs = move || {
        let outputs = job.with(|job| job.as_ref().map(|job| job.outputs.clone()).unwrap_or_default());
        if outputs.is_empty() {
            return view! { <li class="soft">{texts.no_outputs_yet}</li> }.into_any();
        }
        let lines = outputs.into_iter().map(|(name, artifact)| {
            let label = fill(texts.artifact, &[("n", &artifact.to_string())]);
            view! { <li><span class="soft">{format::slot(&name)}</span><a href=format!("/artifacts/{artifact}")>{label}</a></li> }
        });
        lines.collect_view().into_any()
    };
    let waits = move || {
        let parents = job.with(|job| job.as_ref().map(|job| job.depends_on.clone()).unwrap_or_default());
        (!parents.is_empty()).then(|| {
            let links = parents.into_iter().map(|parent| {
                let name = fill(texts.title, &[("n", &parent.to_string())]);
                view! { <li><a href=format!("/runs/{parent}")>{name}</a></li> }
            });
            view! { <h3>{texts.waits_for}</h3><ul class="plain-list">{links.collect_view()}</ul> }
        })
    };
    view! {
        <Card title=texts.lineage.to_owned() class="lineage">
            <h3>{texts.inputs}</h3>
            <ul class="plain-list">{inputs}</ul>
            <h3>{texts.outputs}</h3>
            <ul class="plain-list">{outputs}</ul>
            {waits}
        </Card>
    }
}

fn source(binding: InputBinding) -> AnyView {
    let texts = &texts().run;
    match binding {
        InputBinding::Artifact(artifact) => {
            let name = fill(texts.artifact, &[("n", &artifact.to_string())]);
            view! { <a href=format!("/artifacts/{artifact}")>{name}</a> }.into_any()
        }
        InputBinding::JobOutput { job_id, output } => {
            let name =
                fill(texts.from_job, &[("n", &job_id.to_string()), ("output", &format::slot(&output))]);
            view! { <a href=format!("/runs/{job_id}")>{name}</a> }.into_any()
        }
        InputBinding::PipelineOutput { job, output } => {
            let (job, output) = (format::job_in_pipeline(&job), format::slot(&output));
            view! { <span>{fill(texts.from_job, &[("n", &job), ("output", &output)])}</span> }.into_any()
        }
    }
}

/// The spec as the server has it.
#[component]
pub fn SpecView(job: Memo<Option<Job>>) -> impl IntoView {
    let spec = Memo::new(move |_| {
        job.with(|job| serde_json::to_string_pretty(&job.as_ref()?.spec).ok()).unwrap_or_default()
    });
    view! { <pre class="spec" tabindex="0" aria-label=texts().run.spec_title><code>{move || spec.get()}</code></pre> }
}
