//! Lessons: what stands on the page, who may read and change it, how far one is.

use backend::course;
use shared::api::lessons::*;
use shared::api::{ErrorCode, Role};
use shared::ids::CohortId;

use crate::support::*;

fn lesson(cohort_id: CohortId) -> GetLesson {
    GetLesson { cohort_id, week: 1 }
}

crate::stories! {
    async fn a_lesson_is_a_page_with_formulas_figures_and_labs(house: House) {
        let (learner, cohort_id) = house.learner("수진").await;
        let lesson = learner.client.call(lesson(cohort_id)).await.unwrap();
        assert_eq!((lesson.card.week, lesson.version), (1, 0));
        let names: Vec<&str> = lesson.sections.iter().map(|section| section.name.as_str()).collect();
        assert_eq!(names, ["counting", "두-번째-절"]);
        for expected in [
            "<h2 id=\"counting\">세어 보기</h2>",
            "<math display=\"inline\"><mn>3</mn></math>",
            "<munderover>",
            "<svg class=\"figure\" role=\"img\" viewBox=\"0 0 120 40\" aria-label=\"바이트 세 개\">",
            "<figcaption>한 글자의 바이트</figcaption>",
            "<aside class=\"call-out warning\"><p class=\"call-out-title\">흔한 함정</p>",
            "data-lab=\"tokenizer-training\"",
            "&quot;vocabulary_size&quot;:300",
            "<div class=\"table-scroll\"><table>",
            "<details>",
            "<summary>풀이</summary>",
            "href=\"#counting\"",
        ] {
            assert!(lesson.html.contains(expected), "no {expected} in\n{}", lesson.html);
        }
        assert_eq!(lesson.in_the_field[0].does_html.trim(), "<p>글자를 <em>바꿉니다</em>.</p>");
    }

    async fn reading_leaves_a_trace_that_shows_where_to_go_on(house: House) {
        let (learner, cohort_id) = house.learner("수진").await;
        let mark = |section: &str| MarkSectionRead { cohort_id, week: 1, section: section.into() };
        learner.client.call(mark("두-번째-절")).await.unwrap();
        learner.client.call(mark("counting")).await.unwrap();
        learner.client.call(mark("counting")).await.unwrap();
        assert_eq!(learner.client.refused(mark("없는-절")).await, ErrorCode::NotFound);
        let list = learner.client.call(ListLessons { cohort_id }).await.unwrap();
        let progress = &list.lessons[0].progress;
        assert_eq!((progress.sections, progress.sections_read), (2, 2));
        assert_eq!(progress.last_section.as_deref(), Some("counting"));
        assert_eq!(progress.points_possible, 10.0);
        assert_eq!(list.lessons[1].progress.sections_read, 0);
        let classmate = house.member("민호", cohort_id, Role::Learner).await;
        let list = classmate.client.call(ListLessons { cohort_id }).await.unwrap();
        assert_eq!(list.lessons[0].progress.sections_read, 0);
    }

    async fn a_week_that_is_not_open_is_for_staff_only(house: House) {
        let cohort_id = house.cohort("class").await;
        let learner = house.member("learner", cohort_id, Role::Learner).await;
        let assistant = house.member("assistant", cohort_id, Role::Assistant).await;
        let instructor = house.member("instructor", cohort_id, Role::Instructor).await;
        let schedule = WeekSchedule { opens_at_microseconds: Some(i64::MAX), due_at_microseconds: None };
        let set = SetWeekSchedule { cohort_id, week: 1, schedule };
        assert_eq!(assistant.client.refused(set.clone()).await, ErrorCode::Forbidden);
        instructor.client.call(set).await.unwrap();
        assert_eq!(learner.client.refused(lesson(cohort_id)).await, ErrorCode::Forbidden);
        let section = MarkSectionRead { cohort_id, week: 1, section: "counting".into() };
        assert_eq!(learner.client.refused(section).await, ErrorCode::Forbidden);
        assert!(assistant.client.call(lesson(cohort_id)).await.unwrap().card.open);
        let card = &learner.client.call(ListLessons { cohort_id }).await.unwrap().lessons[0];
        assert_eq!((card.open, card.schedule), (false, schedule));
        let backwards = WeekSchedule { opens_at_microseconds: Some(2), due_at_microseconds: Some(1) };
        let set = SetWeekSchedule { cohort_id, week: 1, schedule: backwards };
        assert_eq!(instructor.client.refused(set).await, ErrorCode::Invalid);
    }

    async fn an_instructor_changes_a_lesson_for_the_own_class(house: House) {
        let cohort_id = house.cohort("class").await;
        let other = house.cohort("another class").await;
        let instructor = house.member("instructor", cohort_id, Role::Instructor).await;
        let learner = house.member("learner", cohort_id, Role::Learner).await;
        let stranger = house.member("stranger", other, Role::Learner).await;
        let source = |version| GetLessonSource { cohort_id, week: 1, version };
        let first = instructor.client.call(source(None)).await.unwrap();
        assert_eq!((first.markdown.as_str(), first.version), (LESSON, 0));
        let save = |markdown: String, based_on_version| SaveLesson { cohort_id, week: 1, markdown, based_on_version };
        let mine = LESSON.replace("세어 보기", "함께 세어 보기");
        let saved = instructor.client.call(save(mine.clone(), 0)).await.unwrap();
        assert_eq!((saved.version, saved.author.as_deref()), (1, Some("instructor")));
        // Somebody else, who still has the folder's text before them, does not write over it.
        assert_eq!(house.operator.refused(save(LESSON.into(), 0)).await, ErrorCode::Conflict);
        let read = learner.client.call(lesson(cohort_id)).await.unwrap();
        assert_eq!((read.version, read.sections[0].title.as_str()), (1, "함께 세어 보기"));
        let elsewhere = GetLesson { cohort_id: other, week: 1 };
        assert_eq!(stranger.client.call(elsewhere).await.unwrap().version, 0);
        // Back to the folder's text, as a version of its own.
        instructor.client.call(save(LESSON.into(), 1)).await.unwrap();
        assert_eq!(learner.client.call(lesson(cohort_id)).await.unwrap().sections[0].title, "세어 보기");
        let now = instructor.client.call(source(None)).await.unwrap();
        assert_eq!(now.versions.iter().map(|version| version.version).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(instructor.client.call(source(Some(1))).await.unwrap().markdown, mine);
        assert_eq!(instructor.client.refused(source(Some(3))).await, ErrorCode::NotFound);
    }

    async fn a_text_that_cannot_be_a_lesson_is_refused_by_its_lines(house: House) {
        let cohort_id = house.cohort("class").await;
        let instructor = house.member("instructor", cohort_id, Role::Instructor).await;
        for (change, to, field) in [
            ("# 세어", "# 세어", ""),
            ("## 세어 보기 {#counting}", "# 세어 보기", "line 26"),
            ("$3$", "$\\frac{3}$", "line 24"),
            ("figures/bytes.svg", "figures/none.svg", "line 30"),
            ("```lab tokenizer-training", "```lab kitchen", "line 35"),
            ("vocabulary_size = 300", "vocabulary_size 300", "line 35"),
            ("| 가 | 3 |", "| 가 | <script>alert(1)</script> |", "line 44"),
            ("(#counting)", "(#nowhere)", "line 48"),
            ("(#counting)", "(javascript:alert(1))", "line 48"),
            ("week = 1", "week = 2", "week"),
            ("{#counting}", "{#main}", "line 26"),
            ("#counting", "#other", "markdown"),
            ("goals = [\"바이트 수 계산\"]", "goals = 3", "line 7"),
            ("+++\nweek", "week", "line 1"),
        ] {
            let markdown = LESSON.replace(change, to);
            let reply = instructor.client.call(PreviewLesson { cohort_id, week: 1, markdown }).await;
            if field.is_empty() {
                reply.unwrap();
                continue;
            }
            let error = reply.expect_err(to);
            let named: Vec<&str> = error.problems.iter().map(|problem| problem.field.as_str()).collect();
            assert!(named.contains(&field), "{to}: {error:?}");
        }
    }

    async fn no_script_of_an_author_reaches_a_reader(house: House) {
        let cohort_id = house.cohort("class").await;
        let instructor = house.member("instructor", cohort_id, Role::Instructor).await;
        for attack in [
            "$\\text{<script>alert(1)</script>}$",
            "$\\text{\"><img src=x onerror=alert(1)>}$",
            "`<script>alert(1)</script>`",
            "![\"><script>alert(1)</script>](figures/bytes.svg \"<script>alert(1)</script>\")",
            "## 제목 {#x\"onclick=alert(1)}",
            "```sh \"><script>alert(1)</script>\nls\n```",
            "```lab tokenizer-training\ntext = \"'\\\"><script>alert(1)</script>\"\n```",
            "[^1]\n\n[^1]: <script>alert(1)</script>",
            "<details><summary>풀이<script></summary>",
        ] {
            let markdown = format!("{LESSON}\n\n{attack}\n");
            if let Ok(preview) = instructor.client.call(PreviewLesson { cohort_id, week: 1, markdown }).await {
                let tags = preview.html.split('<').skip(1).filter_map(|rest| rest.split('>').next());
                for tag in tags {
                    let bad = ["script", "img"].iter().any(|name| tag.starts_with(name)) || tag.contains(" on");
                    assert!(!bad, "{attack}: <{tag}>");
                }
            }
        }
    }
}

#[test]
fn a_folder_tells_all_its_mistakes_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let questions = QUESTIONS
        .replacen("correct = true", "correct = false", 1)
        .replacen("section = \"counting\"", "section = \"nowhere\"", 1)
        .replacen("tolerance = 0", "tolerance = 0\ntolerence = 1", 1)
        .replacen("points = 2\n  text", "points = 1\n  text", 1)
        .replacen("id = \"round-trip\"", "id = \"why-three\"", 1);
    write_week(folder.path(), "01-bytes", LESSON, &questions);
    write_week(folder.path(), "02-again", LESSON, QUESTIONS);
    write_week(folder.path(), "03-unread", &LESSON.replace("## 세어", "# 세어"), QUESTIONS);
    std::fs::write(folder.path().join("02-again/figures/unused.svg"), "<svg viewBox='0 0 1 1'/>").unwrap();
    std::fs::write(folder.path().join("03-unread/figures/bad.svg"), "<svg viewBox='0 0 1 1' style='x'/>")
        .unwrap();
    std::fs::create_dir(folder.path().join("04-empty")).unwrap();
    let problems = course::read(folder.path()).unwrap_err();
    let text = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    for expected in [
        "01-bytes/questions.toml: bytes-of-one.options: 0 are right",
        "01-bytes/questions.toml: bytes-of-one.section: no heading of the lesson is named \"nowhere\"",
        "01-bytes/questions.toml: bytes-of-ten.tolerence: a question of this kind has no such setting",
        "01-bytes/questions.toml: why-three.rubric: its points add up to 2, the question has 3",
        "01-bytes/questions.toml: why-three.id: stands twice",
        "02-again/figures/unused.svg: no lesson shows it",
        "03-unread/figures/bad.svg: line 1: no attribute style in a figure",
        "03-unread/lesson.md: line 26: headings begin with ##",
        "04-empty/lesson.md: cannot be read",
    ] {
        assert!(text.contains(expected), "no {expected:?} in\n{text}");
    }
}

/// The course that we ship, whole.
#[test]
fn our_own_course_has_ten_weeks_without_a_mistake() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../course");
    let course = course::read(&folder).unwrap_or_else(|problems| {
        panic!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    });
    let weeks: Vec<u32> = course.weeks().map(|(number, _)| number).collect();
    assert_eq!(weeks, (1..=10).collect::<Vec<_>>());
}
