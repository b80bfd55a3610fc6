//! Which texts, and how to read them.

use leptos::prelude::*;
use shared::api::artifacts::ListArtifacts;
use shared::api::sessions::Membership;
use shared::artifacts::{Artifact, ArtifactKind, Purpose};
use shared::ids::CohortId;
use shared::spec::Encoding;

use super::Unfolding;
use super::form::Form;
use crate::api::poll::poll;
use crate::components::{Arrived, ButtonKind, EmptyState, Field, FieldIds, LinkButton, aria_invalid};
use crate::format;
use crate::texts::{said, texts};

const ENCODINGS: [(Encoding, &str); 4] = [
    (Encoding::Utf8, "UTF-8"),
    (Encoding::EucKr, "EUC-KR (CP949)"),
    (Encoding::Utf16Le, "UTF-16 LE"),
    (Encoding::Utf16Be, "UTF-16 BE"),
];

#[component]
pub fn SourceChoice(form: Form, cohorts: Vec<Membership>) -> impl IntoView {
    let texts = &texts().new_run;
    let polled = poll(|| ListArtifacts { kind: Some(ArtifactKind::Source), before: None, limit: Some(200) });
    let list =
        Memo::new(move |_| polled.reply.with(|reply| reply.as_ref().map(|list| list.artifacts.clone())));
    let in_cohort = Memo::new(move |_| {
        let cohort = form.cohort.get();
        list.with(|list| {
            let of_cohort = |artifact: &&Artifact| artifact.cohort_id == cohort;
            list.as_ref().map(|list| list.iter().filter(of_cohort).cloned().collect::<Vec<_>>())
        })
    });
    let several = (cohorts.len() > 1).then(move || {
        let ids = FieldIds::new("run-cohort");
        let chosen = form.cohort.get_untracked();
        let options = cohorts.into_iter().map(move |membership| {
            let id = membership.cohort_id;
            view! { <option value=id.to_string() selected=id == chosen>{membership.cohort_name}</option> }
        });
        let choose = move |event| {
            if let Ok(id) = event_target_value(&event).parse() {
                form.sources.set(Vec::new());
                form.cohort.set(CohortId(id));
            }
        };
        view! {
            <Field ids=ids.clone() label=texts.cohort>
                <select id=ids.control.clone() aria-describedby=ids.described_by() on:change=choose>
                    {options.collect_view()}
                </select>
            </Field>
        }
    });
    view! {
        {several}
        <Arrived polled=polled>
            {move || {
                let sources = in_cohort.get().unwrap_or_default();
                if sources.is_empty() {
                    return view! {
                        <EmptyState title=texts.no_texts_title words=texts.no_texts_words>
                            <p><LinkButton href="/upload" kind=ButtonKind::Plain>{texts.upload}</LinkButton></p>
                        </EmptyState>
                    }
                    .into_any();
                }
                let lines = sources.into_iter().map(|source| view! { <SourceLine form=form source=source/> });
                view! {
                    <fieldset class="field source-choice">
                        <legend class="visually-hidden">{texts.texts_title}</legend>
                        {lines.collect_view()}
                    </fieldset>
                }
                .into_any()
            }}
        </Arrived>
    }
}

#[component]
fn SourceLine(form: Form, source: Artifact) -> impl IntoView {
    let texts = &texts().new_run;
    let id = source.artifact_id;
    let is_evaluation = source.purpose == Purpose::Evaluation;
    let words = if is_evaluation {
        texts.evaluation_words.to_owned()
    } else {
        format::bytes(source.size_bytes as f64)
    };
    let label = source.label.clone();
    let chosen = move || form.sources.with(|sources| sources.iter().any(|source| source.artifact_id == id));
    let choose = move |event| {
        let wanted = event_target_checked(&event);
        form.sources.update(|sources| {
            sources.retain(|source| source.artifact_id != id);
            if wanted {
                sources.push(source.clone());
            }
        });
    };
    view! {
        <label class="radio">
            <input type="checkbox" disabled=is_evaluation prop:checked=chosen on:change=choose/>
            <span><strong>{label}</strong><span class="soft">{words}</span></span>
        </label>
    }
}

#[component]
pub fn ReadingFields(form: Form) -> impl IntoView {
    let texts = &texts().new_run;
    let (encoding, field, licence) =
        (FieldIds::new("run-encoding"), FieldIds::new("run-text-field"), FieldIds::new("run-licence"));
    let options = ENCODINGS.iter().enumerate().map(move |(index, (encoding, name))| {
        let is_chosen = form.reading.with_untracked(|reading| reading.encoding == *encoding);
        view! { <option value=index.to_string() selected=is_chosen>{*name}</option> }
    });
    let text_field = move || form.reading.with(|reading| reading.text_field.clone().unwrap_or_default());
    let choose = move |event| {
        let index = event_target_value(&event).parse::<usize>().unwrap_or(0);
        if let Some((encoding, _)) = ENCODINGS.get(index) {
            form.reading.update(|reading| reading.encoding = *encoding);
        }
    };
    let name_field = move |event| {
        let name = event_target_value(&event).trim().to_owned();
        form.reading.update(|reading| reading.text_field = (!name.is_empty()).then_some(name));
    };
    // As the server and the specs name them.
    let error = move |name: &'static str| {
        Signal::derive(move || {
            let is_field = |field: &str| {
                let of_job = field.starts_with("import.sources.") || field.starts_with("export.");
                of_job && field.rsplit('.').next() == Some(name)
            };
            form.problem_of(is_field).map(|problem| said::problem(&problem))
        })
    };
    let field_error = error("text_field");
    let of_source = error("licence_note");
    let of_model = error("licence");
    let licence_error = Signal::derive(move || of_model.get().or_else(|| of_source.get()));
    let is_wrong =
        Signal::derive(move || field_error.with(Option::is_some) || licence_error.with(Option::is_some));
    view! {
        <Unfolding summary=texts.reading is_wrong=is_wrong>
            <Field ids=encoding.clone() label=texts.encoding hint=texts.encoding_hint>
                <select id=encoding.control.clone() aria-describedby=encoding.described_by() on:change=choose>
                    {options.collect_view()}
                </select>
            </Field>
            <Field ids=field.clone() label=texts.text_field hint=texts.text_field_hint error=field_error>
                <input
                    type="text"
                    id=field.control.clone()
                    aria-describedby=field.described_by()
                    aria-invalid=aria_invalid(field_error)
                    prop:value=text_field
                    on:change=name_field
                />
            </Field>
            <Field ids=licence.clone() label=texts.licence hint=texts.licence_hint error=licence_error>
                <input
                    type="text"
                    maxlength="500"
                    id=licence.control.clone()
                    aria-describedby=licence.described_by()
                    aria-invalid=aria_invalid(licence_error)
                    prop:value=move || form.licence_note.get()
                    on:input=move |event| form.licence_note.set(event_target_value(&event))
                />
            </Field>
        </Unfolding>
    }
}
