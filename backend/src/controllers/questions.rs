//! Checkpoint questions: asked, answered, marked.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, DatabaseTransaction};
use shared::api::notifications::Notice;
use shared::api::questions::{
    AnswerQuestion, AnswerToMark, AnswersToMark, Asked, AskedQuestion, ListAnswersToMark, ListQuestions,
    MarkAnswer, QuestionList, RegradeQuestion, Regraded,
};
use shared::api::sessions::Done;
use shared::course::{Finding, Given, QuestionBody, days_late};
use shared::ids::UserId;

use super::{cohorts, page};
use crate::access::Member;
use crate::app::App;
use crate::course::answers::{self, Answer};
use crate::course::{ReadQuestion, checks, progress, settings};
use crate::error::{ApiError, Result};
use crate::{audit, db, notices};

pub async fn list(app: App, member: Member, request: ListQuestions) -> Result<QuestionList> {
    let week = app.course.week(request.week)?;
    let progress = progress::read(app.database.read(), request.cohort_id, member.person.user_id).await?;
    let schedule = progress.schedules.week(request.week);
    settings::require_open(&schedule, &member, db::now_microseconds(app.database.read()).await?)?;
    let asked = |question| {
        let answers = progress.answers(request.week);
        answers::asked(question, answers, &progress.policy, schedule.due_at_microseconds)
    };
    Ok(QuestionList { questions: week.questions.iter().map(asked).collect() })
}

pub async fn answer(app: App, member: Member, request: AnswerQuestion) -> Result<AskedQuestion> {
    let question = app.course.week(request.week)?.question(&request.question)?;
    let written = &question.written;
    let finding = finding(&app, &member, question, &request).await?;
    let verdict = answers::verdict_at_once(written, &request.given, finding)?;
    let learner = member.person.user_id;
    let transaction = db::write(&app.database).await?;
    cohorts::require_active(&transaction, request.cohort_id).await?;
    let schedule = settings::schedules(&transaction, request.cohort_id).await?.week(request.week);
    settings::require_open(&schedule, &member, db::now_microseconds(&transaction).await?)?;
    let policy = settings::policy(&transaction, request.cohort_id).await?;
    let new = answers::New {
        cohort: request.cohort_id,
        learner,
        week: request.week,
        question: written,
        given: &request.given,
        verdict,
        idempotency_key: &request.idempotency_key,
    };
    answers::submit(&transaction, &new, &policy, schedule.due_at_microseconds).await?;
    let mine = answers::of_learner(&transaction, request.cohort_id, learner).await?;
    let mine: Vec<Answer> = mine.into_iter().filter(|answer| answer.week == request.week).collect();
    transaction.commit().await?;
    Ok(answers::asked(question, &mine, &policy, schedule.due_at_microseconds))
}

async fn finding(
    app: &App,
    member: &Member,
    question: &ReadQuestion,
    request: &AnswerQuestion,
) -> Result<Option<Finding>> {
    match (&question.written.body, &request.given) {
        (QuestionBody::Artifact { check }, Given::Artifact { artifact_id }) => {
            checks::look(app, &member.person, request.cohort_id, *artifact_id, *check).await.map(Some)
        }
        _ => Ok(None),
    }
}

pub async fn list_to_mark(app: App, _: Member, request: ListAnswersToMark) -> Result<AnswersToMark> {
    let connection = app.database.read();
    let limit = page(request.limit, 20, 100);
    let (waiting, count) =
        answers::to_mark(connection, request.cohort_id, request.week, request.after, limit).await?;
    let names = names(connection, request.cohort_id).await?;
    let schedules = settings::schedules(connection, request.cohort_id).await?;
    let shown = waiting.into_iter().filter_map(|answer| {
        // A question that the course no longer asks is nobody's work.
        let question = app.course.week(answer.week).ok()?.question(&answer.question).ok()?;
        let due = schedules.week(answer.week).due_at_microseconds;
        let name = names.get(&answer.learner).cloned().unwrap_or_default();
        Some(to_mark(question, answer, name, due))
    });
    Ok(AnswersToMark { answers: shown.collect(), waiting: count })
}

fn to_mark(question: &ReadQuestion, answer: Answer, learner_name: String, due: Option<i64>) -> AnswerToMark {
    let rubric = match &question.asked {
        Asked::Short { rubric } => rubric.clone(),
        _ => Vec::new(),
    };
    let text = match answer.given {
        Given::Short { text } => text,
        _ => String::new(),
    };
    AnswerToMark {
        answer_id: answer.id,
        week: answer.week,
        question: answer.question,
        learner: answer.learner,
        learner_name,
        attempt: answer.attempt,
        days_late: days_late(due, answer.submitted_at_microseconds),
        submitted_at_microseconds: answer.submitted_at_microseconds,
        text,
        text_html: question.text_html.clone(),
        model_answer_html: question.solution.model_answer_html.clone().unwrap_or_default(),
        rubric,
    }
}

async fn names(
    connection: &impl ConnectionTrait,
    cohort: shared::ids::CohortId,
) -> Result<BTreeMap<UserId, String>> {
    let sql = "SELECT DISTINCT users.id, users.name FROM answers JOIN users ON users.id = answers.user_id \
               WHERE answers.cohort_id = $1";
    let rows = db::rows(connection, sql, [cohort.0.into()]).await?;
    rows.iter().map(|row| Ok((UserId(row.try_get_by(0)?), row.try_get_by(1)?))).collect()
}

pub async fn mark(app: App, member: Member, request: MarkAnswer) -> Result<Done> {
    let transaction = db::write(&app.database).await?;
    let answer = answers::get(&transaction, request.cohort_id, request.answer_id).await?;
    let question = app.course.week(answer.week)?.question(&answer.question)?;
    let marker = member.person.user_id;
    if answer.learner == marker && !member.person.operator {
        return Err(ApiError::forbidden("nobody marks their own answers"));
    }
    answers::mark(
        &transaction,
        request.cohort_id,
        answer.id,
        marker,
        &question.written,
        &request.rubric_points,
        request.comment.trim(),
    )
    .await?;
    let subject = format!("answer {}, points {:?}", answer.id, request.rubric_points);
    audit::record(&transaction, Some(marker), "mark_answer", &subject).await?;
    if answer.learner != marker {
        let notice = Notice::Marked { week: answer.week, question: answer.question };
        notices::tell(&transaction, answer.learner, request.cohort_id, &notice).await?;
    }
    transaction.commit().await?;
    Ok(Done {})
}

pub async fn regrade(app: App, member: Member, request: RegradeQuestion) -> Result<Regraded> {
    let question = app.course.week(request.week)?.question(&request.question)?;
    let transaction = db::write(&app.database).await?;
    let regraded = regrade_all(&transaction, question, &request).await?;
    let subject = format!(
        "cohort {}, week {}, question {}: {} of {} changed",
        request.cohort_id, request.week, request.question, regraded.changed, regraded.answers
    );
    audit::record(&transaction, Some(member.person.user_id), "regrade_question", &subject).await?;
    transaction.commit().await?;
    Ok(regraded)
}

/// What a check found stands: the artifact is looked at again when the learner asks.
async fn regrade_all(
    transaction: &DatabaseTransaction,
    question: &ReadQuestion,
    request: &RegradeQuestion,
) -> Result<Regraded> {
    let mut regraded = Regraded { answers: 0, changed: 0 };
    let mut changed = BTreeSet::new();
    for answer in
        answers::to_question(transaction, request.cohort_id, request.week, &request.question).await?
    {
        let Some(before) = &answer.verdict else { continue };
        if matches!(question.written.body, QuestionBody::Short { .. }) {
            continue;
        }
        regraded.answers += 1;
        // An answer that is none to the question as it stands now is worth nothing.
        let verdict = answers::verdict_at_once(&question.written, &answer.given, before.finding.clone());
        let verdict = match verdict {
            Ok(Some(verdict)) => verdict,
            Ok(None) | Err(ApiError::Refused(_)) => answers::Verdict { earned: 0, ..before.clone() },
            Err(error) => return Err(error),
        };
        if verdict.earned != before.earned {
            answers::regrade(transaction, answer.id, &verdict).await?;
            regraded.changed += 1;
            changed.insert(answer.learner);
        }
    }
    let notice = Notice::Regraded { week: request.week, question: request.question.clone() };
    for learner in changed {
        notices::tell(transaction, learner, request.cohort_id, &notice).await?;
    }
    Ok(regraded)
}
