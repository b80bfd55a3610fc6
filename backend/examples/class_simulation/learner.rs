//! A learner: reads, answers, submits an import now and then and watches it.

use std::collections::BTreeMap;
use std::sync::Arc;

use shared::api::artifacts::{CreateArtifact, ListArtifacts, UploadedFile};
use shared::api::bytes::Uploaded;
use shared::api::jobs::{CreateJob, GetJob, InputBinding, ListJobs};
use shared::api::lessons::{GetLesson, ListLessons, MarkSectionRead};
use shared::api::questions::{AnswerQuestion, Asked, AskedQuestion, ListQuestions};
use shared::artifacts::{FileName, Purpose};
use shared::course::Given;
use shared::ids::AnswerId;
use shared::spec::{Encoding, ImportSpec, JobSpec, SourceSpec};

use crate::Class;
use crate::caller::Caller;

const WEEKS: u64 = 10;

/// What the server acknowledged.
#[derive(Debug)]
pub struct Learned {
    pub caller: Caller,
    /// By week and question: how many, and the last.
    pub answers: BTreeMap<(u32, String), (u32, AnswerId)>,
}

/// Which of the class's learners, and what they did last: everybody does something else.
struct Learner {
    class: Arc<Class>,
    caller: Caller,
    number: u64,
    deeds: u64,
}

pub async fn learn(class: Arc<Class>, nobody: Caller, number: u64, token: String) -> anyhow::Result<Learned> {
    // People come within the first two minutes.
    class.pass(number as f64 * 0.6).await;
    let caller = nobody.sign_in(&class.record, token).await?;
    let mut learner = Learner { class, caller, number, deeds: 0 };
    let mut answers = BTreeMap::new();
    let mut visit = 0_u64;
    while !learner.class.is_over() {
        let week = ((number + visit) % WEEKS + 1) as u32;
        learner.read(week).await?;
        learner.answer(week, &mut answers).await?;
        if visit.is_multiple_of(3) && !learner.class.is_over() {
            learner.submit(visit).await?;
        }
        visit += 1;
    }
    Ok(Learned { caller: learner.caller, answers })
}

impl Learner {
    /// Between 10 and 40 seconds of thought.
    async fn think(&mut self) {
        self.deeds += 1;
        let mixed = (self.number * 1_000_003 + self.deeds).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        self.class.pass(10.0 + (mixed % 30) as f64).await;
    }

    async fn read(&mut self, week: u32) -> anyhow::Result<()> {
        let (class, cohort_id) = (self.class.clone(), self.class.cohort_id);
        self.caller.call(&class.record, &ListLessons { cohort_id }).await?;
        let lesson = self.caller.call(&class.record, &GetLesson { cohort_id, week }).await?;
        for section in lesson.sections.into_iter().take(6) {
            self.think().await;
            let request = MarkSectionRead { cohort_id, week, section: section.name };
            self.caller.call(&class.record, &request).await?;
        }
        Ok(())
    }

    async fn answer(
        &mut self,
        week: u32,
        answers: &mut BTreeMap<(u32, String), (u32, AnswerId)>,
    ) -> anyhow::Result<()> {
        let (class, cohort_id) = (self.class.clone(), self.class.cohort_id);
        let list = self.caller.call(&class.record, &ListQuestions { cohort_id, week }).await?;
        let open = |question: &AskedQuestion| {
            question.solution.is_none() && question.attempts_left.is_none_or(|left| left > 0)
        };
        for question in list.questions.into_iter().filter(open).take(4) {
            let Some(given) = given(&question.asked) else { continue };
            self.think().await;
            let key = (week, question.question.clone());
            let idempotency_key = format!("{} {}", self.number, self.deeds);
            let request =
                AnswerQuestion { cohort_id, week, question: question.question, given, idempotency_key };
            let answered = self.caller.call(&class.record, &request).await?;
            if let Some(latest) = answered.latest {
                let earlier = answers.get(&key).map_or(0, |(count, _)| *count);
                answers.insert(key, (earlier + 1, latest.answer_id));
            }
        }
        Ok(())
    }

    async fn submit(&mut self, visit: u64) -> anyhow::Result<()> {
        let (class, cohort_id) = (self.class.clone(), self.class.cohort_id);
        let text = format!("학습자 {}의 {visit}번째 글입니다.\n", self.number).repeat(50);
        let route = ("Upload", "POST", "/api/v1/uploads");
        let uploaded = self.caller.send_bytes(&class.record, route, text.into_bytes()).await?;
        let uploaded: Uploaded = serde_json::from_slice(&uploaded)?;
        let name = FileName::try_from("text.txt".to_owned()).map_err(anyhow::Error::msg)?;
        let request = CreateArtifact {
            cohort_id,
            label: "글".to_owned(),
            purpose: Purpose::Training,
            files: vec![UploadedFile { name, sha256: uploaded.sha256 }],
        };
        let source = self.caller.call(&class.record, &request).await?.artifact_id;
        let spec = JobSpec::Import(ImportSpec::new(vec![SourceSpec {
            input: "text".to_owned(),
            label: "글".to_owned(),
            licence_note: String::new(),
            purpose: Purpose::Training,
            encoding: Encoding::default(),
            text_field: None,
        }]));
        let inputs = BTreeMap::from([("text".to_owned(), InputBinding::Artifact(source))]);
        let idempotency_key = format!("job {visit}");
        let request = CreateJob { cohort_id, spec, inputs, idempotency_key };
        let job_id = self.caller.call(&class.record, &request).await?.job_id;
        self.caller.follow(&class.record, &format!("/api/v1/jobs/{job_id}/events/stream")).await?;
        self.caller.call(&class.record, &GetJob { job_id }).await?;
        self.caller.call(&class.record, &ListJobs { state: None, before: None, limit: None }).await?;
        let request = ListArtifacts { kind: None, before: None, limit: None };
        self.caller.call(&class.record, &request).await?;
        Ok(())
    }
}

/// Some answer, right or not; artifacts are left for later.
fn given(asked: &Asked) -> Option<Given> {
    match asked {
        Asked::Choice { options } => Some(Given::Choice { option: options.first()?.option }),
        Asked::Choices { options } => Some(Given::Choices { options: vec![options.first()?.option] }),
        Asked::Numeric { .. } => Some(Given::Numeric { value: 3.0 }),
        Asked::Short { .. } => Some(Given::Short { text: "음절은 자모로 나뉩니다.".to_owned() }),
        Asked::Artifact { .. } => None,
    }
}
