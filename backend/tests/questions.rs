//! Answers: marked at once, by a person or by a look at an artifact; what they count in the end.

use shared::api::gradebook::{ExportGrades, GetGradebook, ImportGrades};
use shared::api::leases::{AttemptOutcome, Output};
use shared::api::lessons::{ListLessons, SetCoursePolicy, SetWeekSchedule, WeekSchedule};
use shared::api::questions::*;
use shared::api::{ErrorCode, Role};
use shared::artifacts::Purpose;
use shared::course::{CoursePolicy, Finding, Given, MICROSECONDS_A_DAY};
use shared::ids::{ArtifactId, CohortId};
use shared::reports::tokenizer::{RoundTrip, TokenizerReport};

use crate::support::*;

fn number(value: f64) -> Given {
    Given::Numeric { value }
}

fn words(text: &str) -> Given {
    Given::Short { text: text.into() }
}

fn mark_of(answer: &Option<MarkedAnswer>) -> &Mark {
    answer.as_ref().unwrap().mark.as_ref().unwrap()
}

/// The number of an option by its text.
fn option(question: &AskedQuestion, text: &str) -> u32 {
    let Asked::Choice { options } = &question.asked else { panic!("{question:?}") };
    options.iter().find(|option| option.text_html.contains(text)).unwrap().option
}

async fn question(person: &Person, cohort_id: CohortId, id: &str) -> AskedQuestion {
    let list = person.client.call(ListQuestions { cohort_id, week: 1 }).await.unwrap();
    list.questions.into_iter().find(|question| question.question == id).unwrap()
}

async fn points(person: &Person, cohort_id: CohortId) -> f64 {
    person.client.call(ListLessons { cohort_id }).await.unwrap().lessons[0].progress.points
}

crate::stories! {
    async fn a_choice_is_marked_at_once_and_solved_only_when_it_is_over(house: House) {
        let (learner, cohort_id) = house.learner("수진").await;
        let asked = question(&learner, cohort_id, "bytes-of-one").await;
        assert_eq!((asked.attempts_left, &asked.solution, &asked.latest), (Some(3), &None, &None));
        let (right, wrong) = (option(&asked, "3"), option(&asked, "2"));
        let first = learner.answer(cohort_id, "bytes-of-one", Given::Choice { option: wrong }).await.unwrap();
        let mark = mark_of(&first.latest);
        assert_eq!((mark.earned, mark.points), (0.0, 0.0));
        // Told why the chosen one is wrong, and nothing of the other.
        assert_eq!(mark.why_html.len(), 1);
        assert!(mark.why_html[0].contains("EUC-KR"));
        assert_eq!((first.attempts_left, &first.solution), (Some(2), &None));
        let second = learner.answer(cohort_id, "bytes-of-one", Given::Choice { option: right }).await.unwrap();
        // A quarter is gone for the second attempt.
        assert_eq!((mark_of(&second.counts).earned, mark_of(&second.counts).points), (2.0, 1.5));
        let solution = second.solution.unwrap();
        assert!(solution.explanation_html.contains("세 바이트"));
        assert!(solution.options.iter().all(|solved| solved.correct == (solved.option == right)));
        let again = learner.answer(cohort_id, "bytes-of-one", Given::Choice { option: right }).await;
        assert_eq!(again.unwrap_err().code, ErrorCode::Conflict);
        assert_eq!(points(&learner, cohort_id).await, 1.5);
    }

    async fn a_broken_connection_neither_loses_nor_doubles_an_answer(house: House) {
        let (learner, cohort_id) = house.learner("수진").await;
        let sent = |value, key: &str| AnswerQuestion {
            cohort_id,
            week: 1,
            question: "bytes-of-ten".into(),
            given: number(value),
            idempotency_key: key.into(),
        };
        let first = learner.client.call(sent(20.0, "a")).await.unwrap();
        let again = learner.client.call(sent(20.0, "a")).await.unwrap();
        assert_eq!(first, again);
        assert_eq!(again.attempts_left, Some(2));
        let other = AnswerQuestion { question: "why-three".into(), given: words("답"), ..sent(0.0, "a") };
        assert_eq!(learner.client.refused(other).await, ErrorCode::Conflict);
        assert_eq!(learner.client.call(sent(30.0, "b")).await.unwrap().attempts_left, Some(0));
    }

    async fn an_answer_that_is_none_is_refused_and_costs_no_attempt(house: House) {
        let (learner, cohort_id) = house.learner("수진").await;
        for (id, given) in [
            ("bytes-of-one", Given::Choice { option: 9 }),
            ("bytes-of-one", number(3.0)),
            ("why-three", words("  ")),
            ("why-three", words(&"가".repeat(8001))),
            ("round-trip", Given::Artifact { artifact_id: ArtifactId(999) }),
        ] {
            let error = learner.answer(cohort_id, id, given.clone()).await.unwrap_err();
            assert_eq!(error.code, ErrorCode::Invalid, "{given:?}: {error:?}");
        }
        let error = learner.answer(cohort_id, "no-such", number(1.0)).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::NotFound);
        assert_eq!(question(&learner, cohort_id, "bytes-of-one").await.attempts_left, Some(3));
    }

    async fn words_wait_for_a_person_who_marks_line_by_line(house: House) {
        let cohort_id = house.cohort("class").await;
        let learner = house.member("수진", cohort_id, Role::Learner).await;
        let assistant = house.member("조교", cohort_id, Role::Assistant).await;
        learner.answer(cohort_id, "why-three", words("잘 모르겠습니다")).await.unwrap();
        let latest = learner.answer(cohort_id, "why-three", words("U+0800 위라서요")).await.unwrap();
        assert_eq!((latest.attempts_left, &latest.solution), (Some(1), &None));
        let list = ListAnswersToMark { cohort_id, week: None, after: None, limit: None };
        let queue = assistant.client.call(list.clone()).await.unwrap();
        // The newer one took the older one's place.
        assert_eq!((queue.answers.len(), queue.waiting), (1, 1));
        let waiting = &queue.answers[0];
        assert_eq!((waiting.text.as_str(), waiting.learner_name.as_str()), ("U+0800 위라서요", "수진"));
        assert!(waiting.model_answer_html.contains("U+0800"));
        assert_eq!(waiting.rubric.iter().map(|line| line.points).collect::<Vec<_>>(), [2, 1]);
        let mark = |rubric_points: &[u32]| MarkAnswer {
            cohort_id,
            answer_id: waiting.answer_id,
            rubric_points: rubric_points.to_vec(),
            comment: "비트 수도 적어 보세요.".into(),
        };
        for refused in [&[2, 2][..], &[2], &[1, 1, 1]] {
            assert_eq!(assistant.client.refused(mark(refused)).await, ErrorCode::Invalid);
        }
        assistant.client.call(mark(&[2, 0])).await.unwrap();
        assert_eq!(assistant.client.call(list).await.unwrap().waiting, 0);
        let marked = question(&learner, cohort_id, "why-three").await;
        let seen = mark_of(&marked.counts);
        // The second attempt costs a quarter of the question's three points.
        assert_eq!((seen.earned, seen.points), (2.0, 1.25));
        assert_eq!((seen.rubric_points.as_slice(), seen.comment.as_str()), (&[2, 0][..], "비트 수도 적어 보세요."));
        assert!(marked.solution.is_some());
        let after = learner.answer(cohort_id, "why-three", words("베낀 답")).await.unwrap_err();
        assert_eq!(after.code, ErrorCode::Conflict);
        // Marked anew, it counts anew.
        assistant.client.call(mark(&[2, 1])).await.unwrap();
        assert_eq!(points(&learner, cohort_id).await, 2.25);
    }

    async fn nobody_marks_another_class_or_themselves(house: House) {
        let (cohort_id, other) = (house.cohort("class").await, house.cohort("another").await);
        let assistant = house.member("조교", cohort_id, Role::Assistant).await;
        let elsewhere = house.member("다른 조교", other, Role::Assistant).await;
        assistant.answer(cohort_id, "why-three", words("제 답")).await.unwrap();
        let waiting = ListAnswersToMark { cohort_id, week: Some(1), after: None, limit: None };
        let answer_id = assistant.client.call(waiting).await.unwrap().answers[0].answer_id;
        let mark = |cohort_id| MarkAnswer { cohort_id, answer_id, rubric_points: vec![2, 1], comment: String::new() };
        assert_eq!(assistant.client.refused(mark(cohort_id)).await, ErrorCode::Forbidden);
        assert_eq!(elsewhere.client.refused(mark(cohort_id)).await, ErrorCode::NotFound);
        assert_eq!(elsewhere.client.refused(mark(other)).await, ErrorCode::NotFound);
    }

    async fn late_answers_lose_their_share_until_the_due_time_moves(house: House) {
        let (learner, cohort_id) = house.learner("수진").await;
        let now = backend::db::now_microseconds(house.app.database.read()).await.unwrap();
        let due_before = |days: i64| SetWeekSchedule {
            cohort_id,
            week: 1,
            schedule: WeekSchedule {
                opens_at_microseconds: None,
                due_at_microseconds: Some(now - days * MICROSECONDS_A_DAY - MICROSECONDS_A_DAY / 2),
            },
        };
        house.operator.call(due_before(2)).await.unwrap();
        let answered = learner.answer(cohort_id, "bytes-of-ten", number(30.0)).await.unwrap();
        assert_eq!(answered.latest.as_ref().unwrap().days_late, 3);
        assert!((mark_of(&answered.counts).points - 2.8).abs() < 1e-9);
        // A kinder policy counts at once, a later due time too.
        let policy = CoursePolicy { late_percent_per_day: 5, ..CoursePolicy::default() };
        house.operator.call(SetCoursePolicy { cohort_id, policy }).await.unwrap();
        assert!((points(&learner, cohort_id).await - 3.4).abs() < 1e-9);
        house.operator.call(due_before(-1)).await.unwrap();
        assert_eq!(points(&learner, cohort_id).await, 4.0);
        house.operator.call(due_before(7)).await.unwrap();
        let closed = learner.answer(cohort_id, "why-three", words("늦은 답")).await.unwrap_err();
        assert_eq!(closed.code, ErrorCode::Conflict);
    }

    async fn a_check_looks_at_what_the_learner_made(house: House) {
        let (learner, cohort_id) = house.learner("수진").await;
        let (other, _) = house.learner("민호").await;
        let worker = house.worker("worker").await;
        let look = |artifact_id| Given::Artifact { artifact_id };
        let tokenizer = |changed| trained_tokenizer(&learner, cohort_id, &worker, changed);
        let (good, bad, old) = (tokenizer(Some(0)).await, tokenizer(Some(2)).await, tokenizer(None).await);
        for (artifact, finding, earned) in [
            (old, Finding::NotMeasured, 0.0),
            (bad, Finding::NotEnough { figure: 2.0 }, 0.0),
            (good, Finding::Passed { figure: Some(0.0) }, 1.0),
        ] {
            let answered = learner.answer(cohort_id, "round-trip", look(artifact)).await.unwrap();
            let mark = mark_of(&answered.latest);
            assert_eq!((mark.finding.as_ref(), mark.earned), (Some(&finding), earned));
            // It may be asked any number of times, and the third costs nothing.
            assert_eq!(answered.attempts_left, None);
        }
        assert_eq!(points(&learner, cohort_id).await, 1.0);
        let source = learner.source(cohort_id, "글", Purpose::Training).await.artifact_id;
        for not_mine in [source, other.source(cohort_of(&other, &house).await, "글", Purpose::Training).await.artifact_id] {
            let error = learner.answer(cohort_id, "round-trip", look(not_mine)).await.unwrap_err();
            assert_eq!(error.code, ErrorCode::Invalid);
        }
    }

    async fn a_regrade_follows_the_question_as_it_stands_now(house: House) {
        let (learner, cohort_id) = house.learner("수진").await;
        learner.answer(cohort_id, "bytes-of-ten", number(31.0)).await.unwrap();
        assert_eq!(points(&learner, cohort_id).await, 0.0);
        let folder = house.course();
        write_week(&folder, "01-bytes", LESSON, &QUESTIONS.replace("answer = 30", "answer = 31"));
        let token = learner.client.clone();
        let house = house.with(|_| {}).await;
        let learner = Person { id: learner.id, client: house.same(&token) };
        let regrade = RegradeQuestion { cohort_id, week: 1, question: "bytes-of-ten".into() };
        assert_eq!(house.operator.call(regrade.clone()).await.unwrap(), Regraded { answers: 1, changed: 1 });
        assert_eq!(points(&learner, cohort_id).await, 4.0);
        assert_eq!(house.operator.call(regrade).await.unwrap(), Regraded { answers: 1, changed: 0 });
    }

    async fn the_gradebook_goes_out_as_csv_and_comes_back(house: House) {
        let cohort_id = house.cohort("class").await;
        let learner = house.member("수진", cohort_id, Role::Learner).await;
        let idle = house.member("민호", cohort_id, Role::Learner).await;
        let instructor = house.member("강사", cohort_id, Role::Instructor).await;
        learner.answer(cohort_id, "bytes-of-ten", number(30.0)).await.unwrap();
        learner.answer(cohort_id, "why-three", words("답")).await.unwrap();
        let book = instructor.client.call(GetGradebook { cohort_id }).await.unwrap();
        assert_eq!(book.points_possible[..3], [10.0, 10.0, 0.0]);
        let row = book.rows.iter().find(|row| row.learner == learner.id).unwrap();
        assert_eq!((row.weeks[0].points, row.weeks[0].waiting, row.total_percent), (4.0, 1, 20.0));
        let csv = instructor.client.call(ExportGrades { cohort_id }).await.unwrap().csv;
        let import = |csv: String| ImportGrades { cohort_id, csv };
        let same = instructor.client.call(import(csv.clone())).await.unwrap();
        assert_eq!((same.rows, same.changed), (2, 0));
        let set = format!("learner_id,week_1\n{},8.5\n", idle.id);
        assert_eq!(instructor.client.call(import(set)).await.unwrap().changed, 1);
        assert_eq!(points(&idle, cohort_id).await, 8.5);
        let bad = format!("learner_id,week_1\n{},1\n{},x\n", learner.id, idle.id);
        assert_eq!(instructor.client.refused(import(bad)).await, ErrorCode::Invalid);
        assert_eq!(points(&learner, cohort_id).await, 4.0);
        let back = format!("learner_id,week_1\n{},\n", idle.id);
        assert_eq!(instructor.client.call(import(back)).await.unwrap().changed, 1);
        assert_eq!(points(&idle, cohort_id).await, 0.0);
    }
}

async fn cohort_of(person: &Person, house: &House) -> CohortId {
    let sql = format!("SELECT cohort_id FROM memberships WHERE user_id = {}", person.id);
    CohortId(house.count(&sql).await)
}

/// A tokenizer by a job whose report says that so many texts came back changed, or nothing of it.
async fn trained_tokenizer(
    learner: &Person,
    cohort: CohortId,
    worker: &Worker,
    changed: Option<u64>,
) -> ArtifactId {
    let source = learner.import(cohort).await.job_id;
    let curated =
        learner.submit(cohort, curate(), bind("dataset", output_of(source, "dataset"))).await.unwrap();
    let inputs = bind("corpus", output_of(curated.job_id, "corpus"));
    let job = learner.submit(cohort, train_tokenizer(), inputs).await.unwrap().job_id;
    for _ in 0..2 {
        let held = worker.claim().await;
        held.client.succeed(&held.lease).await.unwrap();
    }
    let held = worker.claim().await;
    let report = TokenizerReport {
        vocabulary_size: 1000,
        bytes_per_token: 3.0,
        tokens_per_eojeol: 2.0,
        measured_bytes: 100,
        longest_tokens: Vec::new(),
        segmentations: Vec::new(),
        round_trip: changed.map(|changed| RoundTrip { texts: 10, changed, example: None }),
    };
    let report = serde_json::to_vec(&report).unwrap();
    let mut outputs = Vec::new();
    for (name, file_name, bytes) in
        [("tokenizer", "tokenizer.json", &b"{}"[..]), ("report", "report.json", report.as_slice())]
    {
        held.client.upload_for_lease(bytes).await.unwrap();
        let files = vec![file(file_name, bytes)];
        outputs.push(Output { name: name.into(), purpose: Purpose::Training, files });
    }
    let outcome = AttemptOutcome::Succeeded { outputs, code_version: "test".into() };
    held.client.finish(outcome).await.unwrap();
    output(&learner.client.job(job).await, "tokenizer")
}
