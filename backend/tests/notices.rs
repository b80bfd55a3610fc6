//! What a class is told, what people are told about their own things, and who did what.

use shared::api::accounts::ExportMyData;
use shared::api::announcements::*;
use shared::api::audit::ListAuditEntries;
use shared::api::jobs::JobState;
use shared::api::notifications::*;
use shared::api::questions::{ListAnswersToMark, MarkAnswer};
use shared::api::worker_time::GrantWorkerTime;
use shared::api::{ErrorCode, Role};
use shared::course::Given;
use shared::ids::CohortId;
use shared::spec::JobKind;

use crate::support::*;

fn announce(cohort_id: CohortId, title: &str, markdown: &str) -> CreateAnnouncement {
    CreateAnnouncement { cohort_id, title: title.into(), markdown: markdown.into(), pinned: false }
}

async fn told(person: &Person) -> Vec<Notice> {
    let list = person.client.call(ListNotifications { before: None, limit: None }).await.unwrap();
    list.notifications.into_iter().map(|notification| notification.notice).collect()
}

async fn unread(person: &Person) -> u32 {
    person.client.call(CountUnread {}).await.unwrap().unread
}

crate::stories! {
    async fn what_is_announced_reaches_everybody_in_the_class_and_nobody_else(house: House) {
        let cohort_id = house.cohort("첫째 반").await;
        let instructor = house.member("강사", cohort_id, Role::Instructor).await;
        let learner = house.member("수진", cohort_id, Role::Learner).await;
        let (stranger, _) = house.learner("남").await;
        let text = "내일은 **301호**입니다.<script>alert(1)</script>";
        let refused = instructor.client.call(announce(cohort_id, "장소", text)).await.unwrap_err();
        assert_eq!(refused.problems[0].field, "markdown", "{refused:?}");
        let made = instructor.client.call(announce(cohort_id, " 장소 ", "내일은 **301호**입니다.")).await.unwrap();
        assert_eq!((made.title.as_str(), made.author.as_deref()), ("장소", Some("강사")));
        assert!(made.html.contains("<strong>301호</strong>"), "{}", made.html);
        let expected = Notice::Announced { announcement_id: made.announcement_id, title: "장소".into() };
        assert_eq!(told(&learner).await, [expected]);
        assert_eq!((told(&instructor).await, told(&stranger).await), (vec![], vec![]));
        assert_eq!(learner.client.refused(announce(cohort_id, "나도", "")).await, ErrorCode::Forbidden);

        // What stays on top comes first; a correction is no news.
        instructor.client.call(announce(cohort_id, "다음", "")).await.unwrap();
        let pin = UpdateAnnouncement {
            cohort_id,
            announcement_id: made.announcement_id,
            title: "장소".into(),
            markdown: "302호".into(),
            pinned: true,
        };
        assert!(instructor.client.call(pin).await.unwrap().edited_at_microseconds.is_some());
        let list = learner.client.call(ListAnnouncements { cohort_id, limit: None }).await.unwrap();
        let titles: Vec<&str> = list.announcements.iter().map(|it| it.title.as_str()).collect();
        assert_eq!((titles, list.more), (vec!["장소", "다음"], false));
        assert_eq!(unread(&learner).await, 2);
        let first = learner.client.call(ListAnnouncements { cohort_id, limit: Some(1) }).await.unwrap();
        assert_eq!((first.announcements.len(), first.more), (1, true));

        // What is taken back is gone with its notifications.
        let delete = DeleteAnnouncement { cohort_id, announcement_id: made.announcement_id };
        instructor.client.call(delete.clone()).await.unwrap();
        assert_eq!(instructor.client.refused(delete).await, ErrorCode::NotFound);
        assert_eq!(told(&learner).await.len(), 1);
        for (title, markdown) in [("", "x".to_owned()), ("x", "가".repeat(TEXT_LIMIT_CHARACTERS + 1))] {
            assert_eq!(instructor.client.refused(announce(cohort_id, title, &markdown)).await, ErrorCode::Invalid);
        }
        let data = instructor.client.call(ExportMyData {}).await.unwrap();
        assert_eq!(data.announcements[0].title, "다음");
        assert_eq!(learner.client.call(ExportMyData {}).await.unwrap().notifications.len(), 1);
    }

    async fn people_hear_of_marks_of_ends_and_of_time(house: House) {
        let (learner, cohort_id) = house.learner("수진").await;
        let instructor = house.member("강사", cohort_id, Role::Instructor).await;
        learner.answer(cohort_id, "why-three", Given::Short { text: "그래서입니다".into() }).await.unwrap();
        let waiting = ListAnswersToMark { cohort_id, week: None, after: None, limit: None };
        let answer_id = instructor.client.call(waiting).await.unwrap().answers[0].answer_id;
        let mark = MarkAnswer { cohort_id, answer_id, rubric_points: vec![2, 0], comment: "좋습니다".into() };
        instructor.client.call(mark).await.unwrap();
        assert_eq!(told(&learner).await, [Notice::Marked { week: 1, question: "why-three".into() }]);
        let grant = GrantWorkerTime { cohort_id, user_id: learner.id, minutes: 30 };
        instructor.client.call(grant).await.unwrap();
        // An import that went well is no news; one that failed is.
        let worker = house.worker("worker").await;
        learner.import(cohort_id).await;
        let held = worker.claim().await;
        held.client.succeed(&held.lease).await.unwrap();
        let job_id = learner.import(cohort_id).await.job_id;
        worker.claim().await.client.finish(failed_for_user()).await.unwrap();
        let failed = Notice::JobEnded { job_id, job_kind: JobKind::Import, state: JobState::Failed };
        assert_eq!(told(&learner).await[..2], [failed, Notice::WorkerTimeGranted { minutes: 30 }]);
        // The path to a model: only its training is worth a word.
        learner.model(cohort_id, &worker).await;
        assert!(matches!(
            told(&learner).await[..],
            [Notice::JobEnded { job_kind: JobKind::Pretrain, state: JobState::Succeeded, .. }, _, _, _]
        ));
        assert_eq!(told(&instructor).await, []);
    }

    async fn what_was_read_stays_read_and_is_ones_own(house: House) {
        let cohort_id = house.cohort("첫째 반").await;
        let instructor = house.member("강사", cohort_id, Role::Instructor).await;
        let learner = house.member("수진", cohort_id, Role::Learner).await;
        let other = house.member("민호", cohort_id, Role::Learner).await;
        for title in ["하나", "둘", "셋"] {
            instructor.client.call(announce(cohort_id, title, "")).await.unwrap();
        }
        let list = learner.client.call(ListNotifications { before: None, limit: Some(2) }).await.unwrap();
        assert_eq!((list.notifications.len(), list.unread), (2, 3));
        let newest = list.notifications[0].notification_id;
        let older = ListNotifications { before: Some(list.notifications[1].notification_id), limit: None };
        assert_eq!(learner.client.call(older).await.unwrap().notifications.len(), 1);
        let read = |notification_ids, up_to| MarkNotificationsRead { notification_ids, up_to };
        other.client.call(read(vec![newest], None)).await.unwrap();
        assert_eq!(unread(&learner).await, 3, "not by somebody else");
        learner.client.call(read(vec![newest], None)).await.unwrap();
        assert_eq!(unread(&learner).await, 2);
        learner.client.call(read(vec![], Some(newest))).await.unwrap();
        assert_eq!((unread(&learner).await, unread(&other).await), (0, 3));
        let many = vec![newest; MARKED_AT_MOST + 1];
        assert_eq!(learner.client.refused(read(many, None)).await, ErrorCode::Invalid);
        house.write("UPDATE notifications SET created_at = 1").await;
        backend::storage::collect::collect(&house.app).await.unwrap();
        assert_eq!(told(&learner).await, []);
    }

    async fn an_operator_looks_up_who_did_what(house: House) {
        let cohort_id = house.cohort("첫째 반").await;
        let instructor = house.member("강사", cohort_id, Role::Instructor).await;
        let made = instructor.client.call(announce(cohort_id, "장소", "")).await.unwrap();
        let delete = DeleteAnnouncement { cohort_id, announcement_id: made.announcement_id };
        instructor.client.call(delete).await.unwrap();
        let all = house.operator.call(ListAuditEntries::default()).await.unwrap();
        assert_eq!((all.entries[0].action.as_str(), all.more), ("delete_announcement", false));
        assert_eq!(all.entries[0].user_name.as_deref(), Some("강사"));
        assert!(all.actions.iter().any(|action| action == "create_announcement"), "{:?}", all.actions);
        let of = ListAuditEntries { user_id: Some(instructor.id), ..ListAuditEntries::default() };
        assert_eq!(house.operator.call(of.clone()).await.unwrap().entries.len(), 3, "signed in, announced, deleted");
        let action = Some("create_announcement".to_owned());
        let created = house.operator.call(ListAuditEntries { action, ..of.clone() }).await.unwrap().entries;
        assert_eq!(created.len(), 1);
        let at = created[0].at_microseconds;
        for (from, until, expected) in [(Some(at), None, 2), (None, Some(at), 1), (Some(at + 1), Some(at + 1), 0)] {
            let within =
                ListAuditEntries { from_microseconds: from, until_microseconds: until, ..of.clone() };
            assert_eq!(house.operator.call(within).await.unwrap().entries.len(), expected, "{from:?} {until:?}");
        }
        let page = house.operator.call(ListAuditEntries { limit: Some(2), ..of.clone() }).await.unwrap();
        assert!(page.more);
        let before = Some(page.entries[1].entry_id);
        assert_eq!(house.operator.call(ListAuditEntries { before, ..of }).await.unwrap().entries.len(), 1);
    }
}
