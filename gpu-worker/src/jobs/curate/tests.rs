//! A dataset goes through the rules: what is kept, what is dropped, and what is said about it.

use std::collections::BTreeMap;
use std::path::Path;

use shared::artifacts::Purpose;
use shared::documents::{ChatRole, Content, Document, Message, Split};
use shared::spec::{CurateRule, CurateSpec};

use shared::datasets::{DatasetManifest, DroppedDocument, SourceRecord};
use shared::reports::curate::CurateReport;

use super::run;
use crate::jobs::{JobContext, JobError, StopFlag};
use crate::shards::{ShardWriter, read_documents, read_manifest, read_rows};

fn text(id: &str, text: &str) -> Document {
    Document {
        id: id.to_owned(),
        source: "시험".to_owned(),
        split: None,
        content: Content::Text(text.to_owned()),
    }
}

fn dataset(folder: &Path, documents: &[Document]) {
    let mut writer = ShardWriter::new(folder, 1000);
    for document in documents {
        writer.push(document).unwrap();
    }
    let source = SourceRecord {
        label: "시험".to_owned(),
        licence_note: "CC0".to_owned(),
        purpose: Purpose::Evaluation,
        sha256: "0".repeat(64).try_into().unwrap(),
        files: 1,
        size_bytes: 1,
        text_field: None,
        documents: documents.len() as u64,
        text_bytes: 0,
    };
    writer.finish(Purpose::Evaluation, vec![source]).unwrap();
}

struct Curated {
    kept: Vec<Document>,
    dropped: Vec<DroppedDocument>,
    report: CurateReport,
    corpus: DatasetManifest,
}

fn curate(documents: &[Document], spec: &CurateSpec, threads: usize) -> Result<Curated, JobError> {
    let input = tempfile::tempdir().unwrap();
    let output = tempfile::tempdir().unwrap();
    dataset(input.path(), documents);
    let context = JobContext {
        inputs: BTreeMap::from([("dataset".to_owned(), input.path().to_owned())]),
        output: output.path().to_owned(),
        announce: Box::new(|_| Ok(())),
        stop: StopFlag::default(),
        threads,
        origin: None,
    };
    run(spec, &context)?;
    let report = std::fs::read(output.path().join("report/report.json")).unwrap();
    Ok(Curated {
        kept: read_documents(&output.path().join("corpus"))?.collect::<Result<_, _>>()?,
        dropped: read_rows(&output.path().join("dropped"))?.collect::<Result<_, _>>()?,
        report: serde_json::from_slice(&report).unwrap(),
        corpus: read_manifest(&output.path().join("corpus"))?,
    })
}

#[test]
fn each_document_is_kept_or_filed_under_the_first_rule_that_drops_it() {
    let documents = [
        text("좋은", "<p>할머니는  밥을 먹었다. \"맛있구나!\"</p>"),
        text("짧은", "음"),
        text("영어", "This is an English sentence."),
        text("같은", "할머니는 밥을 먹었다. \"맛있구나!\""),
        text("숫자", "1234567890 1234567890"),
    ];
    let curated = curate(&documents, &CurateSpec::standard(), 2).unwrap();
    assert_eq!(curated.kept, [text("좋은", "할머니는 밥을 먹었다. \"맛있구나!\"")]);
    let filed: Vec<(&str, &str)> =
        curated.dropped.iter().map(|row| (row.document.id.as_str(), row.rule.as_str())).collect();
    let expected = [
        ("짧은", "length"),
        ("영어", "hangul_share"),
        ("같은", "exact_duplicates"),
        ("숫자", "hangul_share"),
    ];
    assert_eq!(filed, expected);
}

#[test]
fn the_report_adds_up() {
    let documents: Vec<Document> =
        (0..50).map(|n| text(&n.to_string(), &"가나다 ".repeat(n % 7 + 1).replace("나", "&lt;"))).collect();
    let curated = curate(&documents, &CurateSpec::standard(), 2).unwrap();
    let report = &curated.report;
    assert_eq!(report.documents_read, 50);
    assert_eq!(report.documents_kept, curated.kept.len() as u64);
    assert_eq!(report.documents_dropped, curated.dropped.len() as u64);
    assert_eq!(report.documents_kept + report.documents_dropped, 50);
    assert_eq!(report.rules.iter().map(|rule| rule.dropped).sum::<u64>(), report.documents_dropped);
    assert_eq!(report.text_bytes_kept, curated.kept.iter().map(Document::size_bytes).sum::<u64>());
    for (rule, next) in report.rules.iter().zip(&report.rules[1..]) {
        assert_eq!(rule.seen - rule.dropped, next.seen, "{:?}", rule.rule);
        assert_eq!(rule.bytes_after, next.bytes_before, "{:?}", rule.rule);
        assert!(rule.examples.len() <= 20);
    }
    assert_eq!(report.sources[0].documents_read, 50);
    let html = report.rules.iter().find(|rule| rule.rule == CurateRule::RemoveHtml).unwrap();
    assert_eq!((html.changed, html.examples[0].after.as_deref()), (50, Some("가<다 ")));
}

#[test]
fn purpose_sources_splits_and_roles_are_carried() {
    let exchange = Document {
        split: Some(Split::HeldOut),
        content: Content::Messages(vec![
            Message { role: ChatRole::User, content: "<b>오늘</b>  뭐 해요?".to_owned() },
            Message { role: ChatRole::Assistant, content: "집에서 쉬어요.\u{200b}".to_owned() },
        ]),
        ..text("대화", "")
    };
    let curated = curate(&[exchange], &CurateSpec::standard(), 1).unwrap();
    assert_eq!(curated.corpus.purpose, Purpose::Evaluation, "evaluation data stays evaluation data");
    assert_eq!(curated.corpus.sources[0].licence_note, "CC0");
    assert_eq!(curated.kept[0].split, Some(Split::HeldOut));
    assert_eq!(curated.kept[0].texts(), ["오늘 뭐 해요?", "집에서 쉬어요."]);
}

#[test]
fn rules_run_in_the_order_of_the_spec() {
    let documents = [text("1", "<b>가나다라</b>")];
    let short = CurateRule::Length { minimum: 0, maximum: 5 };
    let cleaned_first = CurateSpec { rules: vec![CurateRule::RemoveHtml, short.clone()] };
    assert_eq!(curate(&documents, &cleaned_first, 1).unwrap().kept.len(), 1);
    let judged_first = CurateSpec { rules: vec![short, CurateRule::RemoveHtml] };
    let error = curate(&documents, &judged_first, 1).err().unwrap().to_string();
    assert!(error.contains("1 by length"), "{error}");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let documents: Vec<Document> = (0..9_000)
        .map(|n| text(&n.to_string(), &format!("{}번째 <b>이야기</b>가 시작된다.", n % 5_000)))
        .collect();
    let [one, many] = [1, 4].map(|threads| curate(&documents, &CurateSpec::standard(), threads).unwrap());
    assert_eq!(one.corpus, many.corpus);
    assert_eq!(one.report, many.report);
    assert_eq!(one.kept.len(), 5_000);
}

#[test]
fn without_rules_everything_is_kept_as_it_is() {
    let documents = [text("1", "  <b> \u{200b} "), text("2", "")];
    let curated = curate(&documents, &CurateSpec { rules: vec![] }, 1).unwrap();
    assert_eq!(curated.kept, documents);
}

#[test]
fn duplicates_can_be_looked_for_before_and_after_a_rewrite() {
    let documents = [text("1", "같은 글입니다."), text("2", "같은 글입니다."), text("3", "같은  글입니다.")];
    let rules =
        vec![CurateRule::ExactDuplicates, CurateRule::NormalizeWhitespace, CurateRule::ExactDuplicates];
    let curated = curate(&documents, &CurateSpec { rules }, 1).unwrap();
    let ids =
        |documents: &[Document]| documents.iter().map(|document| document.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&curated.kept), ["1"]);
    let dropped: Vec<Document> = curated.dropped.into_iter().map(|row| row.document).collect();
    assert_eq!(ids(&dropped), ["2", "3"], "one by each look");
}
