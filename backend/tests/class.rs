//! A class as it works, seen from the instructor's desk.

use shared::api::Role;
use shared::api::class::*;
use shared::api::jobs::{CreatePipeline, InputBinding, JobState};
use shared::api::leases::{AppendEvents, AttemptOutcome};
use shared::api::lessons::MarkSectionRead;
use shared::artifacts::Purpose;
use shared::course::Given;
use shared::events::{AttemptEvent, JobEvent, Series};
use shared::ids::CohortId;
use shared::spec::presets::Preset;
use shared::spec::whole_path::{Reading, SourceArtifact};
use shared::spec::{ExportSpec, JobKind, whole_path};

use crate::support::*;

async fn view(person: &Person, cohort_id: CohortId) -> Vec<LearnerNow> {
    person.client.call(GetClassView { cohort_id }).await.unwrap().learners
}

async fn flags(person: &Person, cohort_id: CohortId, name: &str) -> Vec<Flag> {
    view(person, cohort_id).await.into_iter().find(|learner| learner.name == name).unwrap().flags
}

/// The whole path of one source, up to the training, which is held.
async fn training(learner: &Person, cohort_id: CohortId, text: &str, worker: &Worker) -> Held {
    let source = learner.source(cohort_id, text, Purpose::Training).await;
    let source =
        SourceArtifact { artifact_id: source.artifact_id, label: source.label, licence_note: String::new() };
    let export = ExportSpec {
        name: "이야기꾼".into(),
        description: String::new(),
        licence: String::new(),
        gguf: None,
    };
    let (tokenizer, pretrain) = (Preset::Tiny.tokenizer(), Preset::Tiny.pretrain());
    let jobs = whole_path::pipeline(&[source], &Reading::default(), &tokenizer, &pretrain, export);
    let request = CreatePipeline { cohort_id, title: "path".into(), jobs, idempotency_key: text.into() };
    learner.client.call(request).await.unwrap();
    for _ in 0..3 {
        let held = worker.claim().await;
        held.client.succeed(&held.lease).await.unwrap();
    }
    let held = worker.claim().await;
    assert_eq!(held.lease.spec.kind(), JobKind::Pretrain);
    held
}

async fn report(held: &Held, steps: std::ops::RangeInclusive<u64>, loss: impl Fn(u64) -> f64, norm: f64) {
    let event = |step: u64| {
        let values = [(Series::TrainingLoss, loss(step)), (Series::GradientNorm, norm)].into_iter().collect();
        AttemptEvent { event_number: step, event: JobEvent::Metrics { step, values } }
    };
    held.client.call(AppendEvents { events: steps.map(event).collect() }).await.unwrap();
}

crate::stories! {
    async fn who_is_where_and_what_was_answered(house: House) {
        let cohort_id = house.cohort("첫째 반").await;
        let instructor = house.member("강사", cohort_id, Role::Instructor).await;
        let learner = house.member("수진", cohort_id, Role::Learner).await;
        house.member("가람", cohort_id, Role::Learner).await;
        let names: Vec<String> = view(&instructor, cohort_id).await.into_iter().map(|it| it.name).collect();
        assert_eq!(names, ["가람", "수진"], "no staff among them");
        learner.client.call(MarkSectionRead { cohort_id, week: 1, section: "counting".into() }).await.unwrap();
        learner.answer(cohort_id, "why-three", Given::Short { text: "그래서입니다".into() }).await.unwrap();
        let seen = view(&instructor, cohort_id).await;
        assert_eq!((seen[0].seen_at_microseconds, &seen[0].reading, &seen[0].answer), (None, &None, &None));
        let reading = seen[1].reading.as_ref().unwrap();
        assert_eq!((reading.week, reading.section.as_str()), (1, "counting"));
        assert_ne!(reading.title, "counting", "people read titles");
        let answer = seen[1].answer.as_ref().unwrap();
        assert_eq!((answer.question.as_str(), answer.judged), ("why-three", AnswerStanding::Waits));
        assert_eq!(seen[1].seen_at_microseconds, Some(answer.at_microseconds));
    }

    async fn who_answers_wrong_again_is_stuck_until_it_is_right(house: House) {
        let (learner, cohort_id) = house.learner("수진").await;
        let instructor = house.member("강사", cohort_id, Role::Instructor).await;
        for attempt in 1..=2_u32 {
            learner.answer(cohort_id, "bytes-of-ten", Given::Numeric { value: 1.0 }).await.unwrap();
            let expected = Flag::WrongAgain { week: 1, question: "bytes-of-ten".into(), number: Some(2), attempt };
            let expected = if attempt == 1 { vec![] } else { vec![expected] };
            assert_eq!(flags(&instructor, cohort_id, "수진").await, expected);
        }
        learner.answer(cohort_id, "bytes-of-ten", Given::Numeric { value: 30.0 }).await.unwrap();
        assert_eq!(flags(&instructor, cohort_id, "수진").await, []);
    }

    async fn what_fails_and_what_waits_long_is_named_with_its_reason(house: House) {
        let (learner, cohort_id) = house.learner("수진").await;
        let instructor = house.member("강사", cohort_id, Role::Instructor).await;
        let worker = house.worker("worker").await;
        let mut last = None;
        for _ in 0..2 {
            last = Some(learner.import(cohort_id).await.job_id);
            worker.claim().await.client.finish(failed_for_user()).await.unwrap();
        }
        let expected = Flag::Failing {
            job_id: last.unwrap(),
            job_kind: JobKind::Import,
            reason: "the file is no text".into(),
            in_a_row: 2,
        };
        assert_eq!(flags(&instructor, cohort_id, "수진").await, [expected]);
        // A new try hides it; one that waits for long is told with why.
        let waiting = learner.import(cohort_id).await.job_id;
        assert_eq!(flags(&instructor, cohort_id, "수진").await, []);
        house.write("UPDATE jobs SET run_at = run_at - 400000000").await;
        let found = flags(&instructor, cohort_id, "수진").await;
        assert!(matches!(&found[..], [Flag::WaitsLong { job_id, .. }] if *job_id == waiting), "{found:?}");
        let seen = view(&instructor, cohort_id).await;
        assert_eq!((seen[0].queued_jobs, seen[0].running_jobs), (1, 0));
        let held = worker.claim().await;
        assert_eq!(view(&instructor, cohort_id).await[0].running_jobs, 1);
        held.client.succeed(&held.lease).await.unwrap();
        assert_eq!(flags(&instructor, cohort_id, "수진").await, []);
    }

    async fn a_trainings_curve_is_seen_while_it_learns_and_when_it_no_longer_does(house: House) {
        let (learner, cohort_id) = house.learner("수진").await;
        let instructor = house.member("강사", cohort_id, Role::Instructor).await;
        let worker = house.worker("worker").await;
        let held = training(&learner, cohort_id, "옛날 옛적에", &worker).await;
        report(&held, 1..=100, |step| 9.0 / step as f64, 0.5).await;
        // Sent again after a broken connection, it is told once.
        report(&held, 51..=100, |_| 1.0, 0.5).await;
        let now = view(&instructor, cohort_id).await.remove(0).training.unwrap();
        assert_eq!((now.job_id, now.state), (held.lease.job_id, JobState::Running));
        assert!(now.curve.len() <= CURVE_POINTS && now.curve.len() > 10, "{}", now.curve.len());
        assert!(now.curve.iter().all(|point| point.loss == 9.0 / point.step as f64));
        assert_eq!(now.curve.last().unwrap().step, 100);
        assert_eq!(flags(&instructor, cohort_id, "수진").await, []);

        report(&held, 101..=130, |_| 0.09, 1e-9).await;
        let flat = Flag::FlatGradient { job_id: held.lease.job_id, step: 130 };
        assert_eq!(flags(&instructor, cohort_id, "수진").await, [flat]);
        let message = "training diverged at step 131: loss NaN, gradient norm NaN. Lower the rate".to_owned();
        held.client.finish(AttemptOutcome::FailedForUser { message }).await.unwrap();
        let found = flags(&instructor, cohort_id, "수진").await;
        assert!(found.contains(&Flag::Diverged { job_id: held.lease.job_id }), "{found:?}");
        assert_eq!(view(&instructor, cohort_id).await[0].training.as_ref().unwrap().curve.last().unwrap().step, 130);
    }

    async fn a_tokenizer_of_another_text_and_the_evaluations_own_bytes_are_named(house: House) {
        let (learner, cohort_id) = house.learner("수진").await;
        let other = house.member("민호", cohort_id, Role::Learner).await;
        let instructor = house.member("강사", cohort_id, Role::Instructor).await;
        let worker = house.worker("worker").await;
        let mine = training(&learner, cohort_id, "옛날 옛적에", &worker).await;
        mine.client.succeed(&mine.lease).await.unwrap();
        // What would be exported next is not what this is about.
        let cancel = "UPDATE jobs SET state = 'cancelled', reason = 'x', ended_at = 1 WHERE state = 'queued'";
        house.write(cancel).await;
        let theirs = training(&other, cohort_id, "먼 바닷가 마을에", &worker).await;
        theirs.client.succeed(&theirs.lease).await.unwrap();
        house.write(cancel).await;
        assert_eq!(flags(&instructor, cohort_id, "수진").await, []);
        // The class keeps this text for evaluation, whoever uploaded it.
        let kept = instructor.source(cohort_id, "먼 바닷가 마을에", Purpose::Evaluation).await;
        let found = flags(&instructor, cohort_id, "민호").await;
        assert!(matches!(found[..], [Flag::Contaminated { source, .. }] if source != kept.artifact_id), "{found:?}");
        assert_eq!(flags(&instructor, cohort_id, "수진").await, []);

        // My tokenizer on a corpus that was read anew.
        let inputs = |held: &Held, name: &str| held.lease.inputs.iter().find(|it| it.name == name).unwrap().artifact_id;
        let (tokenizer, corpus) = (inputs(&mine, "tokenizer"), inputs(&mine, "corpus"));
        let source = learner.source(cohort_id, "새로 쓴 이야기", Purpose::Training).await;
        let bound = bind("text", InputBinding::Artifact(source.artifact_id));
        let imported = learner.submit(cohort_id, import(Purpose::Training), bound).await.unwrap().job_id;
        let curated = learner.submit(cohort_id, curate(), bind("dataset", output_of(imported, "dataset"))).await.unwrap();
        for _ in 0..2 {
            let held = worker.claim().await;
            held.client.succeed(&held.lease).await.unwrap();
        }
        let fresh = output(&learner.client.job(curated.job_id).await, "corpus");
        for (corpus, is_other) in [(fresh, true), (corpus, false)] {
            let mut bound = bind("corpus", InputBinding::Artifact(corpus));
            bound.extend(bind("tokenizer", InputBinding::Artifact(tokenizer)));
            let spec = shared::spec::JobSpec::Pretrain(Preset::Tiny.pretrain());
            let job_id = learner.submit(cohort_id, spec, bound).await.unwrap().job_id;
            let expected = Flag::OtherTokenizer { job_id, tokenizer };
            let expected = if is_other { vec![expected] } else { vec![] };
            assert_eq!(flags(&instructor, cohort_id, "수진").await, expected);
        }
    }
}
