//! What it is, its files, and where it comes from.

use leptos::prelude::*;
use shared::artifacts::{Artifact, ArtifactFile, Purpose};

use crate::api::files_address;
use crate::components::{Card, Facts, TableBox};
use crate::format;
use crate::texts::{fill, texts};

#[component]
pub fn ArtifactFacts(artifact: Artifact) -> impl IntoView {
    let texts = &texts().artifact;
    let purpose = match artifact.purpose {
        Purpose::Training => texts.for_training,
        Purpose::Evaluation => texts.for_evaluation,
    };
    let facts = vec![
        (texts.kind, format::artifact_kind(artifact.kind).to_owned()),
        (texts.purpose, purpose.to_owned()),
        (texts.size, format::bytes(artifact.size_bytes as f64)),
        (texts.created, format::date_time(artifact.created_at_microseconds)),
    ];
    view! { <div class="standing"><Facts facts=facts/></div> }
}

#[component]
pub fn Files(artifact: Artifact) -> impl IntoView {
    let is_there = artifact.deleted_at_microseconds.is_none();
    let address = is_there.then(|| files_address(artifact.artifact_id));
    view! {
        <Card title=texts().artifact.files.to_owned() class="files">
            <FileTable files=artifact.files address=address/>
        </Card>
    }
}

/// Files with their sizes and hashes. With an address, each is downloaded from `{address}/{name}`.
#[component]
pub fn FileTable(files: Vec<ArtifactFile>, address: Option<String>) -> impl IntoView {
    let texts = &texts().artifact;
    let rows = files.into_iter().map(move |file| {
        let name = file.name.as_str().to_owned();
        let name = match &address {
            None => name.into_any(),
            Some(address) => {
                let address = format!("{address}/{name}");
                view! { <a href=address download>{name}</a> }.into_any()
            }
        };
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="number">{format::bytes(file.size_bytes as f64)}</td>
                <td><code class="hash">{file.sha256.as_str()[..12].to_owned()}</code></td>
            </tr>
        }
    });
    view! {
        <TableBox label=texts.files>
            <thead>
                <tr>
                    <th scope="col">{texts.file}</th>
                    <th scope="col" class="number">{texts.size}</th>
                    <th scope="col">"SHA-256"</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </TableBox>
    }
}

/// The job and the artifacts that it was made from, and with what.
#[component]
pub fn Origin(artifact: Artifact) -> impl IntoView {
    let texts = &texts().artifact;
    let lineage = artifact.lineage;
    let is_upload = lineage.job_id.is_none();
    let job = lineage.job_id.map(|job| {
        let output = format::slot(&lineage.output.unwrap_or_default());
        let words = fill(texts.from_job, &[("n", &job.to_string()), ("output", &output)]);
        view! { <p><a href=format!("/runs/{job}")>{words}</a></p> }
    });
    let parents = lineage.parents.iter().map(|parent| {
        let words = fill(texts.artifact, &[("n", &parent.to_string())]);
        view! { <li><a href=format!("/artifacts/{parent}")>{words}</a></li> }
    });
    let parents = (!lineage.parents.is_empty())
        .then(|| view! { <h3>{texts.made_from}</h3><ul class="plain-list">{parents.collect_view()}</ul> });
    let mut facts = Vec::new();
    facts.extend(lineage.seed.map(|seed| (texts.seed, seed.to_string())));
    facts.extend(lineage.code_version.map(|version| (texts.code_version, version)));
    view! {
        <Card title=texts.lineage.to_owned() class="lineage">
            <Show when=move || is_upload><p>{texts.uploaded}</p></Show>
            {job}
            {parents}
            <Facts facts=facts/>
        </Card>
    }
}
