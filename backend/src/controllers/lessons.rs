//! Lessons, their settings, and how far the caller is.

use shared::api::lessons::{
    GetCoursePolicy, GetLesson, GetLessonSource, Lesson, LessonCard, LessonList, LessonPreview, LessonSource,
    LessonVersion, ListLessons, MarkSectionRead, PreviewLesson, SaveLesson, SetCoursePolicy, SetWeekSchedule,
    WeekSchedule,
};
use shared::api::sessions::Done;
use shared::course::CoursePolicy;

use crate::access::Member;
use crate::app::App;
use crate::course::lessons::{self, Present};
use crate::course::progress::{self, Progress};
use crate::course::settings;
use crate::error::{ApiError, Result};
use crate::{audit, db};

pub async fn list(app: App, member: Member, request: ListLessons) -> Result<LessonList> {
    let progress = progress::read(app.database.read(), request.cohort_id, member.person.user_id).await?;
    let now = db::now_microseconds(app.database.read()).await?;
    let mut cards = Vec::new();
    for (number, present) in lessons::all(&app, request.cohort_id).await? {
        cards.push(card(&app, &member, number, &present, &progress, now)?);
    }
    Ok(LessonList { lessons: cards })
}

fn card(
    app: &App,
    member: &Member,
    number: u32,
    present: &Present,
    progress: &Progress,
    now_microseconds: i64,
) -> Result<LessonCard> {
    let week = app.course.week(number)?;
    let head = &present.lesson.head;
    let schedule = progress.schedules.week(number);
    Ok(LessonCard {
        week: number,
        title: head.title.clone(),
        title_english: head.title_english.clone(),
        summary: head.summary.clone(),
        reading_minutes: head.reading_minutes,
        lab_minutes: head.lab_minutes,
        deliverables: head.deliverables.clone(),
        schedule,
        open: settings::is_open(&schedule, member, now_microseconds),
        progress: progress.week(number, week, present),
    })
}

pub async fn get(app: App, member: Member, request: GetLesson) -> Result<Lesson> {
    let progress = progress::read(app.database.read(), request.cohort_id, member.person.user_id).await?;
    let now = db::now_microseconds(app.database.read()).await?;
    let present = lessons::present(&app, request.cohort_id, request.week).await?;
    settings::require_open(&progress.schedules.week(request.week), &member, now)?;
    let lesson = &present.lesson;
    Ok(Lesson {
        card: card(&app, &member, request.week, &present, &progress, now)?,
        summary_english: lesson.head.summary_english.clone(),
        goals: lesson.head.goals.clone(),
        prerequisites: lesson.head.prerequisites.clone(),
        in_the_field: lesson.notes.clone(),
        html: lesson.html.clone(),
        sections: progress.sections(request.week, lesson),
        version: present.version,
    })
}

pub async fn mark_section_read(app: App, member: Member, request: MarkSectionRead) -> Result<Done> {
    let present = lessons::present(&app, request.cohort_id, request.week).await?;
    let transaction = db::write(&app.database).await?;
    let schedule = settings::schedules(&transaction, request.cohort_id).await?.week(request.week);
    settings::require_open(&schedule, &member, db::now_microseconds(&transaction).await?)?;
    let learner = member.person.user_id;
    progress::mark_read(
        &transaction,
        request.cohort_id,
        learner,
        request.week,
        &present.lesson,
        &request.section,
    )
    .await?;
    transaction.commit().await?;
    Ok(Done {})
}

pub async fn get_source(app: App, _: Member, request: GetLessonSource) -> Result<LessonSource> {
    lessons::source(&app, request.cohort_id, request.week, request.version).await
}

/// Rendering is work for a processor, not for the threads that answer requests.
async fn rendered(app: &App, week: u32, markdown: String) -> Result<(crate::course::ReadLesson, String)> {
    let app = app.clone();
    let work = move || lessons::preview(&app, week, &markdown).map(|lesson| (lesson, markdown));
    tokio::task::spawn_blocking(work).await.map_err(|error| ApiError::Bug(format!("rendering: {error}")))?
}

pub async fn preview(app: App, _: Member, request: PreviewLesson) -> Result<LessonPreview> {
    let (lesson, _) = rendered(&app, request.week, request.markdown).await?;
    Ok(LessonPreview { html: lesson.html })
}

pub async fn save(app: App, member: Member, request: SaveLesson) -> Result<LessonVersion> {
    let (_, markdown) = rendered(&app, request.week, request.markdown).await?;
    let author = member.person.user_id;
    let transaction = db::write(&app.database).await?;
    let saved = lessons::save(
        &transaction,
        author,
        request.cohort_id,
        request.week,
        &markdown,
        request.based_on_version,
    )
    .await?;
    let subject = format!("cohort {}, week {}, version {}", request.cohort_id, request.week, saved.version);
    audit::record(&transaction, Some(author), "save_lesson", &subject).await?;
    transaction.commit().await?;
    Ok(saved)
}

pub async fn set_schedule(app: App, member: Member, request: SetWeekSchedule) -> Result<WeekSchedule> {
    app.course.week(request.week)?;
    let transaction = db::write(&app.database).await?;
    settings::set_schedule(&transaction, request.cohort_id, request.week, &request.schedule).await?;
    let subject = format!("cohort {}, week {}", request.cohort_id, request.week);
    audit::record(&transaction, Some(member.person.user_id), "set_week_schedule", &subject).await?;
    transaction.commit().await?;
    Ok(request.schedule)
}

pub async fn get_policy(app: App, _: Member, request: GetCoursePolicy) -> Result<CoursePolicy> {
    settings::policy(app.database.read(), request.cohort_id).await
}

pub async fn set_policy(app: App, member: Member, request: SetCoursePolicy) -> Result<CoursePolicy> {
    let transaction = db::write(&app.database).await?;
    settings::set_policy(&transaction, request.cohort_id, &request.policy).await?;
    let subject = format!("cohort {}", request.cohort_id);
    audit::record(&transaction, Some(member.person.user_id), "set_course_policy", &subject).await?;
    transaction.commit().await?;
    Ok(request.policy)
}
