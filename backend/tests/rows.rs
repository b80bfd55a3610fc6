//! People read the rows of their datasets, page by page.

use shared::api::ErrorCode;
use shared::api::artifacts::{ListRows, ROW_CHARACTERS, RowList};
use shared::api::leases::{AttemptOutcome, Output};
use shared::artifacts::{ArtifactFile, FileName, Purpose};
use shared::datasets::{DatasetManifest, DroppedDocument, MANIFEST_FILE, ShardRecord};
use shared::documents::{Content, Document};
use shared::ids::ArtifactId;

use crate::support::*;

fn dropped(number: usize, rule: &str, text: String) -> DroppedDocument {
    let document =
        Document {
            id: number.to_string(), source: "시험".into(), split: None, content: Content::Text(text)
        };
    DroppedDocument { rule: rule.into(), document }
}

/// A shard with its rows, as a worker writes it.
fn shard(rows: &[DroppedDocument]) -> Vec<u8> {
    let lines: Vec<String> = rows.iter().map(|row| serde_json::to_string(row).unwrap() + "\n").collect();
    zstd::encode_all(lines.concat().as_bytes(), 1).unwrap()
}

/// Rows 0–4 in one shard and 5–6 in another.
fn shards() -> Vec<Vec<u8>> {
    let text =
        |number: usize| if number == 3 { "긴".repeat(ROW_CHARACTERS + 1) } else { format!("글 {number}") };
    let row = |number: usize| {
        dropped(number, if number.is_multiple_of(2) { "length" } else { "hangul_share" }, text(number))
    };
    vec![shard(&(0..5).map(row).collect::<Vec<_>>()), shard(&(5..7).map(row).collect::<Vec<_>>())]
}

/// A dataset that a worker reports with these shards.
async fn dataset(
    house: &House,
    learner: &Person,
    cohort: shared::ids::CohortId,
    shards: &[Vec<u8>],
    rows: &[u64],
) -> ArtifactId {
    let job = learner.import(cohort).await.job_id;
    let held = house.worker(&format!("worker {job}")).await.claim().await;
    let mut files: Vec<ArtifactFile> = Vec::new();
    let mut records = Vec::new();
    for (number, bytes) in shards.iter().enumerate() {
        let name = format!("shard-{number:05}.jsonl.zst");
        held.client.upload_for_lease(bytes).await.unwrap();
        let described = file(&name, bytes);
        records.push(ShardRecord {
            file: FileName::try_from(name).unwrap(),
            rows: rows[number],
            size_bytes: bytes.len() as u64,
            unpacked_bytes: 1 << 20,
            sha256: described.sha256.clone(),
        });
        files.push(described);
    }
    let manifest = DatasetManifest {
        purpose: Purpose::Training,
        sources: Vec::new(),
        shards: records,
        documents: rows.iter().sum(),
        text_bytes: 1,
    };
    let manifest = serde_json::to_vec(&manifest).unwrap();
    held.client.upload_for_lease(&manifest).await.unwrap();
    files.push(file(MANIFEST_FILE, &manifest));
    let outcome = held.client.upload_outputs(&held.lease, Purpose::Training).await.unwrap();
    let AttemptOutcome::Succeeded { outputs, code_version, .. } = outcome else { panic!("{outcome:?}") };
    let outputs = outputs
        .into_iter()
        .map(
            |output| {
                if output.name == "dataset" { Output { files: files.clone(), ..output } } else { output }
            },
        )
        .collect();
    held.client.finish(AttemptOutcome::Succeeded { outputs, code_version }).await.unwrap();
    output(&learner.client.job(job).await, "dataset")
}

async fn rows(
    person: &Person,
    artifact_id: ArtifactId,
    start: u64,
    limit: u32,
    rule: Option<&str>,
) -> RowList {
    let rule = rule.map(str::to_owned);
    person.client.call(ListRows { artifact_id, start: Some(start), limit: Some(limit), rule }).await.unwrap()
}

fn numbers(list: &RowList) -> Vec<u64> {
    list.rows.iter().map(|row| row.number).collect()
}

crate::stories! {
    async fn rows_are_read_page_by_page_across_shards(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let dataset = dataset(&house, &learner, cohort, &shards(), &[5, 2]).await;
        let first = rows(&learner, dataset, 0, 4, None).await;
        assert_eq!((numbers(&first), first.next, first.total), (vec![0, 1, 2, 3], Some(4), 7));
        assert_eq!(first.rows[1].document.content, Content::Text("글 1".into()));
        assert_eq!(first.rows[1].rule.as_deref(), Some("hangul_share"));
        let cut: Vec<bool> = first.rows.iter().map(|row| row.cut).collect();
        assert_eq!(cut, [false, false, false, true]);
        let Content::Text(text) = &first.rows[3].document.content else { panic!() };
        assert_eq!(text.chars().count(), ROW_CHARACTERS);
        let second = rows(&learner, dataset, 4, 4, None).await;
        assert_eq!((numbers(&second), second.next), (vec![4, 5, 6], None));
        let beyond = rows(&learner, dataset, 400, 4, None).await;
        assert_eq!((numbers(&beyond), beyond.next), (vec![], None));
    }

    async fn rows_of_one_rule_are_found_wherever_they_are(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let dataset = dataset(&house, &learner, cohort, &shards(), &[5, 2]).await;
        let first = rows(&learner, dataset, 0, 2, Some("hangul_share")).await;
        assert_eq!((numbers(&first), first.next), (vec![1, 3], Some(4)));
        let second = rows(&learner, dataset, 4, 2, Some("hangul_share")).await;
        assert_eq!((numbers(&second), second.next), (vec![5], None));
    }

    async fn a_dataset_that_lies_about_its_shards_is_refused_in_words(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let mut broken = shards();
        broken[1] = b"no zstd".to_vec();
        let ask = |artifact_id, start| ListRows { artifact_id, start: Some(start), limit: None, rule: None };
        let damaged = dataset(&house, &learner, cohort, &broken, &[5, 2]).await;
        // What can be read is read.
        assert_eq!(numbers(&rows(&learner, damaged, 0, 3, None).await), [0, 1, 2]);
        let too_short = dataset(&house, &learner, cohort, &shards(), &[6, 2]).await;
        for (artifact, start) in [(damaged, 4), (too_short, 4)] {
            let error = learner.client.call(ask(artifact, start)).await.unwrap_err();
            assert_eq!(error.code, ErrorCode::Conflict);
            assert!(error.message.contains("make it again"), "{}", error.message);
        }
    }
}
