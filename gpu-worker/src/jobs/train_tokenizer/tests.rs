//! From a corpus folder to the tokenizer's folder.

use std::collections::BTreeMap;
use std::path::Path;

use model::tokenizer::Tokenizer;
use shared::artifacts::Purpose;
use shared::documents::{Content, Document, Split};
use shared::events::JobEvent;
use shared::spec::TrainTokenizerSpec;

use shared::reports::tokenizer::TokenizerReport;

use super::{is_chosen, run, until_done_or_stopped};
use crate::jobs::{Announcement, JobContext, JobError, StopFlag, StopReason};
use crate::shards::ShardWriter;

fn corpus(folder: &Path, purpose: Purpose) {
    let mut writer = ShardWriter::new(folder, 10_000);
    for number in 0..400 {
        let held_out = number % 10 == 0;
        let text = if held_out {
            "뷁뷁뷁뷁 뷁뷁뷁뷁".to_owned()
        } else {
            format!("{number}번째 날, 할머니는 시장에 갔다. 민수는 \"어디 가세요?\" 하고 물었다.")
        };
        let split = held_out.then_some(Split::HeldOut);
        let document = Document {
            id: number.to_string(),
            source: "시험".to_owned(),
            split,
            content: Content::Text(text),
        };
        writer.push(&document).unwrap();
    }
    writer.finish(purpose, Vec::new()).unwrap();
}

struct Trained {
    files: [Vec<u8>; 2],
    report: TokenizerReport,
}

fn train(
    purpose: Purpose,
    spec: &TrainTokenizerSpec,
    threads: usize,
    stop: StopFlag,
) -> Result<Trained, JobError> {
    let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    corpus(input.path(), purpose);
    let context = JobContext {
        inputs: BTreeMap::from([("corpus".to_owned(), input.path().to_owned())]),
        output: output.path().to_owned(),
        announce: Box::new(|_| Ok(())),
        stop,
        threads,
        origin: None,
    };
    run(spec, &context)?;
    let read = |name: &str| std::fs::read(output.path().join(name)).unwrap();
    Ok(Trained {
        files: [read("tokenizer/tokenizer.json"), read("tokenizer/tokenizer_config.json")],
        report: serde_json::from_slice(&read("report/report.json")).unwrap(),
    })
}

/// A context whose stop flag is raised when the job says that it begins to merge.
fn stopped_while_merging(input: &Path, output: &Path, reason: StopReason) -> JobContext {
    let stop = StopFlag::default();
    let flag = stop.clone();
    JobContext {
        inputs: BTreeMap::from([("corpus".to_owned(), input.to_owned())]),
        output: output.to_owned(),
        announce: Box::new(move |announcement| {
            if let Announcement::Event(JobEvent::Log { message, .. }) = &announcement
                && message.contains("merge")
            {
                flag.raise(reason);
            }
            Ok(())
        }),
        stop,
        threads: 1,
        origin: None,
    }
}

fn train_quietly(spec: &TrainTokenizerSpec) -> Result<Trained, JobError> {
    train(Purpose::Training, spec, 2, StopFlag::default())
}

#[test]
fn a_corpus_gives_a_tokenizer_that_fits_it() {
    let trained = train_quietly(&TrainTokenizerSpec::new(345)).unwrap();
    let tokenizer = Tokenizer::from_bytes(&trained.files[0]).unwrap();
    assert_eq!(tokenizer.vocabulary_size(), 345);
    assert_eq!(tokenizer.encode(" 할머니는").unwrap().len(), 1);
    let report = &trained.report;
    assert!(report.bytes_per_token > 2.0 && report.tokens_per_eojeol < 8.0, "{report:?}");
    assert!(report.longest_tokens.contains(&" 할머니는".to_owned()));
    let segmentation = &report.segmentations[1];
    assert_eq!(segmentation.tokens.concat(), segmentation.text);
}

#[test]
fn the_same_corpus_gives_the_same_bytes_on_any_number_of_threads() {
    let spec = TrainTokenizerSpec::new(320);
    let [one, four] =
        [1, 4].map(|threads| train(Purpose::Training, &spec, threads, StopFlag::default()).unwrap());
    assert!(one.files == four.files);
}

#[test]
fn held_out_documents_are_not_learnt_from() {
    let trained = train_quietly(&TrainTokenizerSpec::new(320)).unwrap();
    let tokenizer = Tokenizer::from_bytes(&trained.files[0]).unwrap();
    assert_eq!(tokenizer.encode("뷁").unwrap().len(), 3);
}

#[test]
fn a_text_limit_samples_the_whole_corpus_evenly() {
    let document = |number: usize| Document {
        id: String::new(),
        source: String::new(),
        split: None,
        content: Content::Text(format!("{number}번째 날")),
    };
    for quarter in 0..4 {
        let chosen = (0..2_500).filter(|number| is_chosen(&document(quarter * 2_500 + number), 0.25)).count();
        assert!((550..700).contains(&chosen), "{chosen} of quarter {quarter}");
    }
    let spec = TrainTokenizerSpec { text_limit_bytes: 8 << 10, ..TrainTokenizerSpec::new(300) };
    let [once, again] = [(), ()].map(|()| train_quietly(&spec).unwrap());
    assert!(once.files == again.files, "the sample is the same every time");
}

#[test]
fn what_cannot_work_is_explained() {
    let too_large = train_quietly(&TrainTokenizerSpec::new(60_000)).err().unwrap();
    assert!(matches!(&too_large, JobError::User(message) if message.contains("at most")), "{too_large}");
    let spec = TrainTokenizerSpec::new(300);
    let benchmark = train(Purpose::Evaluation, &spec, 1, StopFlag::default()).err().unwrap();
    assert!(
        matches!(&benchmark, JobError::User(message) if message.contains("for evaluation")),
        "{benchmark}"
    );
    let stop = StopFlag::default();
    stop.raise(StopReason::Drain);
    let stopped = train(Purpose::Training, &spec, 1, stop).err().unwrap();
    assert!(matches!(stopped, JobError::Stopped(StopReason::Drain)), "{stopped}");
}

#[test]
fn a_stop_while_merging_ends_the_job_and_leaves_no_tokenizer() {
    for reason in [StopReason::Drain, StopReason::Cancel] {
        let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        corpus(input.path(), Purpose::Training);
        let context = stopped_while_merging(input.path(), output.path(), reason);
        let stopped = run(&TrainTokenizerSpec::new(345), &context).unwrap_err();
        assert!(matches!(stopped, JobError::Stopped(because) if because == reason), "{stopped}");
        let left: Vec<_> = std::fs::read_dir(output.path().join("tokenizer")).unwrap().collect();
        assert!(left.is_empty(), "nothing half-made: {left:?}");
    }
}

#[test]
fn a_stop_does_not_wait_for_merges_that_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let context = stopped_while_merging(folder.path(), folder.path(), StopReason::Cancel);
    context.stop.raise(StopReason::Drain);
    // A thread that never says anything.
    let (_silent, results) = std::sync::mpsc::channel::<()>();
    let stopped = until_done_or_stopped(&context, &results).unwrap_err();
    assert!(matches!(stopped, JobError::Stopped(StopReason::Drain)), "{stopped}");
}

#[test]
fn a_thread_that_died_is_a_failure_that_may_be_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let context = stopped_while_merging(folder.path(), folder.path(), StopReason::Cancel);
    let (gone, results) = std::sync::mpsc::channel::<()>();
    drop(gone);
    let failed = until_done_or_stopped(&context, &results).unwrap_err();
    assert!(matches!(failed, JobError::Transient(_)), "{failed}");
}
