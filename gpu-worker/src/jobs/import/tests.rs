//! Files as people bring them: every one is read, or left out by a rule that says why.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use shared::artifacts::Purpose;
use shared::documents::{ChatRole, Content, Document, Split};
use shared::events::JobEvent;
use shared::spec::{Encoding, ImportSpec, SourceSpec};

use shared::reports::import::{ImportReport, ImportRule};

use super::run;
use crate::jobs::{Announcement, JobContext, JobError, StopFlag, StopReason};
use crate::shards::{read_documents, read_manifest};

#[derive(Debug)]
struct Imported {
    documents: Vec<Document>,
    report: ImportReport,
    log: String,
}

impl Imported {
    fn texts(&self) -> Vec<&str> {
        self.documents.iter().flat_map(Document::texts).collect()
    }

    fn count(&self, rule: ImportRule) -> u64 {
        self.report.rules.iter().find(|count| count.rule == rule).map_or(0, |count| count.count)
    }
}

fn source() -> SourceSpec {
    SourceSpec {
        input: "files".to_owned(),
        label: "시험".to_owned(),
        licence_note: "CC0".to_owned(),
        purpose: Purpose::Training,
        encoding: Encoding::Utf8,
        text_field: None,
    }
}

fn import_folder(folder: &Path, spec: &ImportSpec) -> Result<Imported, JobError> {
    let output = tempfile::tempdir().unwrap();
    let log = Arc::new(Mutex::new(String::new()));
    let sink = log.clone();
    let context = JobContext {
        inputs: BTreeMap::from([("files".to_owned(), folder.to_owned())]),
        output: output.path().to_owned(),
        announce: Box::new(move |announcement| {
            if let Announcement::Event(JobEvent::Log { message, .. }) = announcement {
                sink.lock().unwrap().push_str(&format!("{message}\n"));
            }
            Ok(())
        }),
        stop: StopFlag::default(),
        threads: 1,
        origin: None,
    };
    run(spec, &context)?;
    let documents = read_documents(&output.path().join("dataset"))?.collect::<Result<_, _>>()?;
    let report = std::fs::read(output.path().join("report/report.json")).unwrap();
    let log = log.lock().unwrap().clone();
    Ok(Imported { documents, report: serde_json::from_slice(&report).unwrap(), log })
}

fn import(files: &[(&str, &[u8])], spec: &ImportSpec) -> Result<Imported, JobError> {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    import_folder(folder.path(), spec)
}

fn import_one(name: &str, bytes: &[u8]) -> Result<Imported, JobError> {
    import(&[(name, bytes)], &ImportSpec::new(vec![source()]))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstandard(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

fn euc_kr(text: &str) -> Vec<u8> {
    encoding_rs::EUC_KR.encode(text).0.into_owned()
}

#[test]
fn the_text_is_found_in_every_format() {
    let jsonl = "{\"id\":7,\"movie_id\":\"m1\",\"rating\":10,\"date\":\"2024\",\"text\":\"정말 재밌다\"}\n\n{\"id\":8,\"text\":\"별로\"}\n";
    let tsv = "id\tdocument\tlabel\n1\t\"재밌다\" 라고\t1\n2\t별로\t0\n";
    let cases: [(&str, &str, &[&str]); 12] = [
        ("a.txt", "첫 줄\n둘째 줄\n\n새 문단\n", &["첫 줄\n둘째 줄\n\n새 문단"]),
        ("a.jsonl", jsonl, &["정말 재밌다", "별로"]),
        ("a.json", jsonl, &["정말 재밌다", "별로"]),
        ("a.txt", jsonl, &["정말 재밌다", "별로"]),
        ("ratings.txt", tsv, &["\"재밌다\" 라고", "별로"]),
        ("ratings.tsv", tsv, &["\"재밌다\" 라고", "별로"]),
        ("no_header.tsv", "3\t어디 가니\n2\t밥 먹자\n", &["어디 가니", "밥 먹자"]),
        (
            "chat.csv",
            "Q,A,label\n\"안녕, 잘\n지내?\",\"네 \"\"그럼\"\"요, 정말로 잘 지내요\",0\n응?,네 네,1\n",
            &["네 \"그럼\"요, 정말로 잘 지내요", "네 네"],
        ),
        ("korean_header.csv", "번호,내용\n1,하나\n2,둘\n", &["하나", "둘"]),
        ("page.md", "# 제목\n\n본문\n", &["# 제목\n\n본문"]),
        ("crlf.txt", "가\r\n나\r\n", &["가\n나"]),
        (
            "names.jsonl",
            "{\"이름\":\"김\",\"설명\":\"아주 긴 설명 글\",\"url\":\"http://example.com/aaaaaaaaaaaaaaa\"}\n",
            &["아주 긴 설명 글"],
        ),
    ];
    for (name, content, expected) in cases {
        for (packed_name, bytes) in [
            (name.to_owned(), content.as_bytes().to_vec()),
            (format!("{name}.gz"), gzip(content.as_bytes())),
            (format!("{name}.zst"), zstandard(content.as_bytes())),
            (name.to_owned(), [b"\xef\xbb\xbf", content.as_bytes()].concat()),
        ] {
            let imported = import_one(&packed_name, &bytes).unwrap();
            assert_eq!(imported.texts(), expected, "{packed_name}");
            assert_eq!(imported.report.rules, Vec::new(), "{packed_name}");
        }
    }
}

#[test]
fn the_guessed_field_and_the_others_are_told() {
    let imported =
        import_one("a.jsonl", "{\"title\":\"제목\",\"document\":\"본문입니다\",\"n\":1}\n".as_bytes())
            .unwrap();
    assert!(imported.log.contains("\"document\" (also there: title;"), "{}", imported.log);
    assert_eq!(imported.report.sources[0].record.text_field.as_deref(), Some("document"));
}

#[test]
fn a_named_field_or_column_is_read() {
    let read = |name: &str, content: &str, field: &str| {
        let spec = ImportSpec::new(vec![SourceSpec { text_field: Some(field.to_owned()), ..source() }]);
        import(&[(name, content.as_bytes())], &spec).map(|imported| imported.texts().join("|"))
    };
    assert_eq!(read("a.jsonl", "{\"text\":\"가\",\"질문\":\"나\"}", "질문").unwrap(), "나");
    assert_eq!(read("a.csv", "Q,A\n가,나\n다,라\n", "Q").unwrap(), "가|다");
    assert_eq!(read("a.tsv", "가\t나\n다\t라\n", "2").unwrap(), "나|라");
    let error = read("a.csv", "Q,A\n가,나\n", "X").unwrap_err().to_string();
    assert!(error.contains("Q") && error.contains("A"), "{error}");
}

#[test]
fn exchanges_splits_and_ids_are_kept() {
    let rows = "{\"id\":\"대화-1\",\"split\":\"held_out\",\"messages\":[{\"role\":\"user\",\"content\":\"안녕?\"},{\"role\":\"assistant\",\"content\":\"네!\"}]}\n\
        {\"split\":\"training\",\"text\":\"이야기\"}\n\
        {\"messages\":[{\"role\":\"pirate\",\"content\":\"아하\"}]}\n\
        {\"messages\":[]}\n";
    let imported = import_one("chat.jsonl", rows.as_bytes()).unwrap();
    let [exchange, story] = imported.documents.as_slice() else { panic!("{:?}", imported.documents) };
    assert_eq!((exchange.id.as_str(), exchange.split), ("대화-1", Some(Split::HeldOut)));
    assert!(
        matches!(&exchange.content, Content::Messages(messages) if messages[1].role == ChatRole::Assistant)
    );
    assert_eq!((story.id.as_str(), story.split), ("chat.jsonl:2", Some(Split::Training)));
    assert_eq!(story.source, "시험");
    assert_eq!(imported.count(ImportRule::InvalidMessages), 2);
}

/// Each bad file comes beside a good one: its rule is counted and the good one is read.
#[test]
fn bad_files_are_left_out_by_their_rule() {
    let cut_zst = {
        let rows: String =
            (0..20_000).map(|n| format!("{{\"text\":\"{}번째 {}\"}}\n", n, n * n % 977)).collect();
        let packed = zstandard(rows.as_bytes());
        packed[..packed.len() / 2].to_vec()
    };
    let cases: Vec<(&str, Vec<u8>, ImportRule)> = vec![
        ("empty.txt", vec![], ImportRule::EmptyFile),
        ("blank.txt", b" \n\n\t\n".to_vec(), ImportRule::EmptyFile),
        ("empty.jsonl.zst", zstandard(b""), ImportRule::EmptyFile),
        ("zeros.bin", vec![b'a', 0, 0, b'b'], ImportRule::Binary),
        ("book.pdf", b"%PDF-1.7 \n".to_vec(), ImportRule::Binary),
        ("files.zip", b"PK\x03\x04 abc".to_vec(), ImportRule::Binary),
        ("twice.txt.gz", gzip(&gzip(b"abc")), ImportRule::Binary),
        ("old.txt", euc_kr("동백꽃이 피었습니다.\n오늘도 닭이 쫓겼다.\n"), ImportRule::WrongEncoding),
        ("mystery.txt", vec![0xc3, 0x28, b'\n', 0xff, 0xfe, 0xa0], ImportRule::WrongEncoding),
        ("pretty.json", b"[\n {\"text\": \"a\"}\n]\n".to_vec(), ImportRule::UnknownFormat),
        ("cut.jsonl.zst", cut_zst, ImportRule::BrokenArchive),
        ("cut.txt.gz", gzip("가나다\n".repeat(5000).as_bytes())[..60].to_vec(), ImportRule::BrokenArchive),
        ("misnamed.txt.zst", "그냥 글".as_bytes().to_vec(), ImportRule::BrokenArchive),
        ("bomb.txt.zst", zstandard(&vec![b'a'; 200 << 20]), ImportRule::ZipBomb),
    ];
    for (name, bytes, rule) in cases {
        let good = ("good.txt", "좋은 글입니다.".as_bytes());
        let imported = import(&[(name, &bytes), good], &ImportSpec::new(vec![source()])).unwrap();
        assert_eq!(imported.count(rule), 1, "{name}: {:?}", imported.report.rules);
        assert!(imported.texts().contains(&"좋은 글입니다."), "{name}");
        let example = &imported.report.rules.iter().find(|count| count.rule == rule).unwrap().examples[0];
        assert_eq!(example.file, name);
        // Alone it is an error that names the rule, unless something came before the break.
        match import_one(name, &bytes) {
            Err(JobError::User(message)) => assert!(message.contains(&rule.name()), "{name}: {message}"),
            Ok(imported) => assert!(!imported.documents.is_empty(), "{name}"),
            Err(error) => panic!("{name}: {error}"),
        }
    }
}

#[test]
fn rows_before_a_break_are_kept_and_the_torn_row_is_not() {
    let rows: String =
        (0..20_000).map(|n| format!("{{\"text\":\"{n}번째 {}\"}}\n", n * 7919 % 10007)).collect();
    for (name, packed) in [("a.jsonl.zst", zstandard(rows.as_bytes())), ("a.jsonl.gz", gzip(rows.as_bytes()))]
    {
        let imported = import_one(name, &packed[..packed.len() * 2 / 3]).unwrap();
        assert!(imported.documents.len() > 1000, "{name}: {}", imported.documents.len());
        assert_eq!(imported.count(ImportRule::InvalidJson), 0, "{name}: the torn row is part of the break");
        let texts = imported.texts();
        assert!(texts.iter().enumerate().all(|(n, text)| text.starts_with(&format!("{n}번째 "))), "{name}");
    }
}

#[test]
fn bad_rows_are_left_out_by_their_rule() {
    let long = format!("{{\"text\":\"{}\"}}", "가".repeat(1000));
    let cases: [(&str, Vec<u8>, ImportRule); 9] = [
        ("a.jsonl", b"{\"text\": \"half".to_vec(), ImportRule::InvalidJson),
        ("a.jsonl", b"{\"text\": \"\\ud800\"}".to_vec(), ImportRule::InvalidJson),
        ("a.jsonl", ["[".repeat(500).as_bytes()].concat(), ImportRule::InvalidJson),
        ("a.jsonl", b"[1, 2]".to_vec(), ImportRule::NoText),
        ("a.jsonl", b"{\"text\": 5}".to_vec(), ImportRule::NoText),
        ("a.jsonl", b"{\"text\": \"  \"}".to_vec(), ImportRule::NoText),
        ("a.jsonl", long.into_bytes(), ImportRule::LineTooLong),
        ("a.txt", b"\xea\xb0".to_vec(), ImportRule::InvalidUtf8),
        ("a.csv", vec![b'b'; 1000], ImportRule::LineTooLong),
    ];
    for (name, bad, rule) in cases {
        let good: &[u8] = if name.ends_with("jsonl") {
            "{\"text\": \"좋은 글\"}".as_bytes()
        } else {
            "좋은 글".as_bytes()
        };
        let file = [good, b"\n", &bad, b"\n", good, b"\n"].concat();
        let spec = ImportSpec { line_limit_bytes: 500, ..ImportSpec::new(vec![source()]) };
        let imported = import(&[(name, &file)], &spec).unwrap();
        assert_eq!(imported.count(rule), 1, "{name} {:?}", imported.report.rules);
        assert_eq!(imported.report.rows.rows_kept, 2, "{name} {rule:?}");
        assert_eq!(imported.report.rules[0].examples[0].line, Some(2), "{name} {rule:?}");
    }
}

#[test]
fn old_korean_files_are_read_when_their_encoding_is_named() {
    let text = "동백꽃, 점순이가 \"느 집엔 이거 없지?\" 했다.\n똠방각하\n";
    let utf16 = |little: bool| -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
            .collect()
    };
    let cases = [
        (Encoding::EucKr, "euc-kr", euc_kr(text)),
        (Encoding::Utf16Le, "utf16-le", utf16(true)),
        (Encoding::Utf16Be, "utf16-be", utf16(false)),
    ];
    for (encoding, option, bytes) in cases {
        let spec = ImportSpec::new(vec![SourceSpec { encoding, ..source() }]);
        let imported = import(&[("old.txt", &bytes)], &spec).unwrap();
        assert_eq!(imported.texts(), [text.trim_end()], "{option}");
        let error = import_one("old.txt", &bytes).unwrap_err().to_string();
        let hinted = error.split("--encoding ").nth(1).and_then(|rest| rest.split(',').next()).unwrap();
        assert_eq!((hinted, hinted.parse()), (option, Ok(encoding)), "{error}");
        let field = error.split("\"encoding\": ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
        assert_eq!(serde_json::from_str::<Encoding>(field).unwrap(), encoding, "{error}");
    }
    let marked = [&[0xff, 0xfe][..], &utf16(true)].concat();
    assert_eq!(import_one("marked.txt", &marked).unwrap().texts(), [text.trim_end()]);
    let mut broken = euc_kr(text);
    broken.extend([0xff, 0xff, b'\n']);
    let spec = ImportSpec::new(vec![SourceSpec { encoding: Encoding::EucKr, ..source() }]);
    let imported = import(&[("old.txt", &broken)], &spec).unwrap();
    assert_eq!(imported.count(ImportRule::InvalidEncoding), 1);
    assert_eq!(imported.texts(), [text.trim_end()]);
}

#[test]
fn a_folder_is_read_in_order_without_hidden_files_and_links() {
    let folder = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret.txt"), "비밀").unwrap();
    for (name, text) in
        [("나.txt", "둘"), ("가/다.txt", "하나"), (".git/config", "숨은"), (".숨김.txt", "숨은")]
    {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    std::os::unix::fs::symlink(outside.path().join("secret.txt"), folder.path().join("link.txt")).unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.path().join("linked")).unwrap();
    let imported = import_folder(folder.path(), &ImportSpec::new(vec![source()])).unwrap();
    assert_eq!(imported.texts(), ["하나", "둘"]);
    assert_eq!(imported.documents[0].id, "가/다.txt:1");
    assert_eq!(imported.count(ImportRule::NotAFile), 2);
}

#[test]
fn a_long_text_is_cut_at_paragraph_ends_and_loses_nothing() {
    let paragraph = |number: usize| {
        format!("{number}번째 문단이다. {}\n그 둘째 줄이다.", "이야기가 이어진다. ".repeat(20))
    };
    let text = (0..200).map(paragraph).collect::<Vec<_>>().join("\n\n");
    let imported = import_one("book.txt", text.as_bytes()).unwrap();
    let texts = imported.texts();
    assert!(texts.len() > 3 && texts.iter().all(|piece| piece.len() < 33 << 10), "{}", texts.len());
    assert_eq!(texts.join("\n\n"), text);
    let whole = import_one("book.md", text.as_bytes()).unwrap();
    assert_eq!(whole.texts(), [text.as_str()]);
}

#[test]
fn what_unpacks_to_more_than_the_limit_is_stopped_there() {
    let rows = "{\"text\":\"가나다라마바사\"}\n".repeat(1000);
    let spec = ImportSpec { unpacked_limit_bytes: 10_000, ..ImportSpec::new(vec![source()]) };
    let imported =
        import(&[("a.jsonl.zst", &zstandard(rows.as_bytes())), ("b.txt", "끝".as_bytes())], &spec).unwrap();
    assert_eq!(imported.count(ImportRule::UnpackedTooLarge), 2, "the limit is the source's, not the file's");
    assert_eq!(imported.documents.len(), 10_000 / 33);
}

#[test]
fn one_evaluation_source_makes_an_evaluation_dataset() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.txt"), "시험 문제").unwrap();
    let spec = ImportSpec::new(vec![SourceSpec { purpose: Purpose::Evaluation, ..source() }]);
    let imported = import_folder(folder.path(), &spec).unwrap();
    assert_eq!(imported.report.purpose, Purpose::Evaluation);
    assert_eq!(imported.report.sources[0].record.licence_note, "CC0");
}

#[test]
fn the_manifest_names_the_bytes_that_were_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.txt");
    std::fs::write(&file, "안녕").unwrap();
    let output = tempfile::tempdir().unwrap();
    let context = |stop: StopFlag| JobContext {
        inputs: BTreeMap::from([("files".to_owned(), file.clone())]),
        output: output.path().to_owned(),
        announce: Box::new(|_| Ok(())),
        stop,
        threads: 1,
        origin: None,
    };
    run(&ImportSpec::new(vec![source()]), &context(StopFlag::default())).unwrap();
    let manifest = read_manifest(&output.path().join("dataset")).unwrap();
    // printf 안녕 | sha256sum
    let expected = "e8f817f346d1d411cc59d5bdda64fab3763890e1f0f8f4c15805cf78874d68bf";
    assert_eq!(manifest.sources[0].sha256.as_str(), expected);
    let stop = StopFlag::default();
    stop.raise(StopReason::Cancel);
    let stopped = run(&ImportSpec::new(vec![source()]), &context(stop)).unwrap_err();
    assert!(matches!(stopped, JobError::Stopped(StopReason::Cancel)));
}

fn any_name() -> impl Strategy<Value = String> {
    let extension = prop::sample::select(vec!["txt", "jsonl", "json", "tsv", "csv", "md", "bin", ""]);
    let packing = prop::sample::select(vec!["", ".gz", ".zst"]);
    (extension, packing).prop_map(|(extension, packing)| format!("file.{extension}{packing}"))
}

/// Bytes that look enough like files to get past the first checks.
fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        any::<String>().prop_map(String::into_bytes),
        prop::sample::select(vec![
            "\n",
            "\r\n",
            "\t",
            ",",
            "\"",
            "\"\"",
            "{\"text\":\"가\"}\n",
            "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}",
            "id\ttext\n",
            "한국어 문장.\n",
            "\u{feff}",
            "{",
            "}",
            "\0",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Nothing crashes, and every row that was read was kept or dropped by a counted rule.
    #[test]
    fn every_row_of_any_file_is_accounted_for(
        name in any_name(),
        bytes in any_bytes(),
        packed in 0..3_u8,
        cut in 0.0..1.2_f64,
        encoding in prop::sample::select(vec![Encoding::Utf8, Encoding::EucKr, Encoding::Utf16Le, Encoding::Utf16Be]),
        line_limit_bytes in prop::sample::select(vec![1, 20, 1 << 20]),
    ) {
        let mut bytes = match packed { 0 => bytes, 1 => gzip(&bytes), _ => zstandard(&bytes) };
        bytes.truncate((bytes.len() as f64 * cut) as usize);
        let spec = ImportSpec { line_limit_bytes, ..ImportSpec::new(vec![SourceSpec { encoding, ..source() }]) };
        let good = ("good.jsonl", &b"{\"text\":\"a\"}\n"[..]);
        let good = if line_limit_bytes < 20 || encoding != Encoding::Utf8 { ("good.txt", &b"a\n"[..]) } else { good };
        match import(&[(&name, &bytes), good], &spec) {
            Ok(imported) => {
                let report = imported.report;
                let dropped: u64 = report.rules.iter().filter(|count| count.rule.drops_a_row()).map(|count| count.count).sum();
                prop_assert_eq!(report.rows.rows_dropped, dropped);
                prop_assert_eq!(report.rows.rows_read, report.rows.rows_kept + report.rows.rows_dropped);
                prop_assert_eq!(report.documents, imported.documents.len() as u64);
            }
            Err(JobError::User(message)) => prop_assert!(message.starts_with("nothing could be imported"), "{}", message),
            Err(error) => prop_assert!(false, "{}", error),
        }
    }
}
