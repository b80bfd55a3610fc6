//! A job's report as pictures: how much each rule let through, and what it did to whom.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use shared::artifacts::Artifact;
use shared::reports::REPORT_FILE;
use shared::reports::curate::{CurateReport, RuleReport};
use shared::reports::import::ImportReport;
use shared::reports::tokenizer::TokenizerReport;
use shared::spec::JobSpec;

use super::rows::RowText;
use super::training::trained;
use crate::api::{Failure, read_json};
use crate::components::{Card, ErrorBox, Facts, Loading};
use crate::format;
use crate::texts::{fill, texts};

/// Examples of a rule that are shown at first.
const EXAMPLES: usize = 5;

#[component]
pub fn ReportView(artifact: Artifact) -> impl IntoView {
    let report = RwSignal::new(None::<Result<Value, Failure>>);
    let artifact_id = artifact.artifact_id;
    let load = move || {
        report.set(None);
        spawn_local(async move {
            let found = read_json(artifact_id, REPORT_FILE).await;
            report.try_set(Some(found));
        });
    };
    load();
    let spec = StoredValue::new(artifact.lineage.spec);
    move || match report.get() {
        None => view! { <Loading/> }.into_any(),
        Some(Err(failure)) => {
            view! { <ErrorBox failure=failure on_retry=Callback::new(move |()| load())/> }.into_any()
        }
        Some(Ok(value)) => spec.with_value(|spec| drawn(spec.as_ref(), value)),
    }
}

/// A report of a kind that has no picture, or of another version, is shown as it is written.
fn drawn(spec: Option<&JobSpec>, value: Value) -> AnyView {
    let raw = value.clone();
    let picture = match spec {
        Some(JobSpec::Import(_)) => serde_json::from_value(value).ok().map(imported),
        Some(JobSpec::Curate(_)) => serde_json::from_value(value).ok().map(curated),
        Some(JobSpec::TrainTokenizer(_)) => serde_json::from_value(value).ok().map(tokenized),
        Some(JobSpec::Pretrain(_)) => serde_json::from_value(value).ok().map(trained),
        Some(JobSpec::Export(_) | JobSpec::ImportModel(_)) | None => None,
    };
    picture.unwrap_or_else(|| {
        let text = serde_json::to_string_pretty(&raw).unwrap_or_default();
        view! { <pre class="spec" tabindex="0" aria-label=texts().artifact.report><code>{text}</code></pre> }
            .into_any()
    })
}

fn number(count: u64) -> String {
    format::count(count as f64)
}

/// A bar whose length is a share of the whole, with its words beside it.
fn bar(name: String, words: String, part: u64, whole: u64, tone: &'static str) -> impl IntoView {
    let width = format!("{:.2}%", 100.0 * part as f64 / whole.max(1) as f64);
    view! {
        <div class="bar" data-tone=tone>
            <span class="bar-name">{name}</span>
            <span class="bar-line"><span class="bar-part" style:width=width></span></span>
            <span class="bar-words">{words}</span>
        </div>
    }
}

fn imported(report: ImportReport) -> AnyView {
    let texts = &texts().report;
    let facts = vec![
        (texts.documents, number(report.documents)),
        (texts.rows_read, number(report.rows.rows_read)),
        (texts.rows_dropped, number(report.rows.rows_dropped)),
        (texts.text_size, format::bytes(report.text_bytes as f64)),
    ];
    let whole = report.sources.iter().map(|source| source.rows.rows_read).max().unwrap_or(0);
    let sources = report.sources.into_iter().map(move |source| {
        let rows = source.rows;
        let words =
            fill(texts.kept_of, &[("kept", &number(rows.rows_kept)), ("read", &number(rows.rows_read))]);
        bar(source.record.label, words, rows.rows_kept, whole, "kept")
    });
    let rules = report.rules.into_iter().map(|rule| {
        let (name, advice) = format::import_rule(rule.rule);
        let examples = rule.examples.into_iter().take(EXAMPLES).map(|example| {
            let place = match example.line {
                Some(line) => format!("{}:{line}", example.file),
                None => example.file,
            };
            view! { <li><span class="soft">{place}</span><RowText text=example.detail/></li> }
        });
        view! {
            <details class="rule">
                <summary>{name} <span class="soft">{fill(texts.times, &[("n", &number(rule.count))])}</span></summary>
                <p>{advice}</p>
                <ul class="examples">{examples.collect_view()}</ul>
            </details>
        }
    });
    view! {
        <Card title=texts.overview.to_owned()><Facts facts=facts/></Card>
        <Card title=texts.sources.to_owned()><div class="bars">{sources.collect_view()}</div></Card>
        <Card title=texts.left_out.to_owned()>{rules.collect_view()}</Card>
    }
    .into_any()
}

fn curated(report: CurateReport) -> AnyView {
    let texts = &texts().report;
    let facts = vec![
        (texts.documents_read, number(report.documents_read)),
        (texts.documents_kept, number(report.documents_kept)),
        (texts.documents_dropped, number(report.documents_dropped)),
        (texts.text_size, format::bytes(report.text_bytes_kept as f64)),
    ];
    let read = report.documents_read;
    let through = report.rules.iter().map(move |rule| {
        let left = rule.seen - rule.dropped.min(rule.seen);
        let words =
            fill(texts.rule_words, &[("dropped", &number(rule.dropped)), ("changed", &number(rule.changed))]);
        bar(
            format::rule(rule.rule.name()).to_owned(),
            words,
            left,
            read,
            if rule.dropped > 0 { "cut" } else { "kept" },
        )
    });
    let through = through.collect_view();
    let rules = report.rules.into_iter().filter(|rule| rule.dropped + rule.changed > 0).map(examples);
    view! {
        <Card title=texts.overview.to_owned()><Facts facts=facts/></Card>
        <Card title=texts.through.to_owned()>
            <p class="soft">{texts.through_words}</p>
            <div class="bars">{through}</div>
        </Card>
        <Card title=texts.examples.to_owned()>{rules.collect_view()}</Card>
    }
    .into_any()
}

fn examples(rule: RuleReport) -> impl IntoView {
    let texts = &texts().report;
    let words =
        fill(texts.rule_words, &[("dropped", &number(rule.dropped)), ("changed", &number(rule.changed))]);
    let name = format::rule(rule.rule.name());
    let examples = rule.examples.into_iter().take(EXAMPLES).map(|example| {
        let after = example.after.map(|after| view! { <ins class="row-text">{after}</ins> });
        view! {
            <li>
                <span class="soft">{example.id}</span>
                <del class="row-text">{example.before}</del>
                {after}
            </li>
        }
    });
    view! {
        <details class="rule">
            <summary>{name} <span class="soft">{words}</span></summary>
            <ul class="examples">{examples.collect_view()}</ul>
        </details>
    }
}

fn tokenized(report: TokenizerReport) -> AnyView {
    let texts = &texts().report;
    let facts = vec![
        (texts.vocabulary_size, format::count(f64::from(report.vocabulary_size))),
        (texts.bytes_per_token, format::significant(report.bytes_per_token, 3)),
        (texts.tokens_per_eojeol, format::significant(report.tokens_per_eojeol, 3)),
    ];
    let lines = report.segmentations.into_iter().map(|line| {
        let tokens = line.tokens.into_iter().map(|token| view! { <span class="piece">{token}</span> });
        view! { <li class="pieces">{tokens.collect_view()}</li> }
    });
    let longest = report.longest_tokens.into_iter().map(|token| view! { <span class="piece">{token}</span> });
    view! {
        <Card title=texts.overview.to_owned()><Facts facts=facts/></Card>
        <Card title=texts.segmentations.to_owned()>
            <p class="soft">{texts.segmentations_words}</p>
            <ul class="rows">{lines.collect_view()}</ul>
        </Card>
        <Card title=texts.longest.to_owned()><p class="pieces">{longest.collect_view()}</p></Card>
    }
    .into_any()
}
