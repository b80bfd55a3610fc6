//! What somebody new does first, and how it is known to be done.

use shared::api::Role;
use shared::api::first_steps::{FirstStep, GetFirstSteps};
use shared::api::invitations::CreateInvitation;
use shared::api::lessons::{MarkSectionRead, SetWeekSchedule, WeekSchedule};
use shared::api::sessions::{SessionTransport, SetPasswordByLink};
use shared::api::users::CreatePasswordLink;
use shared::course::Given;
use shared::ids::CohortId;

use crate::support::*;

async fn done(person: &Person, cohort_id: CohortId) -> Vec<FirstStep> {
    let steps = person.client.call(GetFirstSteps { cohort_id }).await.unwrap().steps;
    steps.into_iter().filter(|standing| standing.done).map(|standing| standing.step).collect()
}

crate::stories! {
    async fn a_learners_first_steps_are_done_by_doing_them(house: House) {
        let (learner, cohort_id) = house.learner("수진").await;
        let other = house.member("지훈", cohort_id, Role::Learner).await;
        assert_eq!(done(&learner, cohort_id).await, []);
        learner.client.call(MarkSectionRead { cohort_id, week: 1, section: "counting".into() }).await.unwrap();
        assert_eq!(done(&learner, cohort_id).await, [FirstStep::ReadSection]);
        learner.answer(cohort_id, "why-three", Given::Short { text: "그래서입니다".into() }).await.unwrap();
        learner.import(cohort_id).await;
        let link = house.operator.call(CreatePasswordLink { user_id: learner.id }).await.unwrap();
        let set_password = SetPasswordByLink {
            token: link.token,
            password: "쓰기 쉬운 긴 비밀번호 하나".into(),
            session: SessionTransport::Bearer,
        };
        // Other sessions end with it.
        let token = house.nobody().call(set_password).await.unwrap().session_token.unwrap();
        let learner = Person { id: learner.id, client: house.holding(&token) };
        assert_eq!(done(&learner, cohort_id).await, FirstStep::LEARNER);
        // What one does is one's own.
        assert_eq!(done(&other, cohort_id).await, []);
    }

    async fn who_teaches_prepares_the_class(house: House) {
        let cohort_id = house.cohort("첫째 반").await;
        let other_cohort = house.cohort("둘째 반").await;
        let instructor = house.member("강사", cohort_id, Role::Instructor).await;
        assert_eq!(done(&instructor, cohort_id).await, []);
        house.member("지훈", other_cohort, Role::Learner).await;
        let schedule = WeekSchedule { opens_at_microseconds: Some(1), due_at_microseconds: None };
        let set = |cohort_id, schedule| SetWeekSchedule { cohort_id, week: 1, schedule };
        house.operator.call(set(other_cohort, schedule)).await.unwrap();
        assert_eq!(done(&instructor, cohort_id).await, []);

        let invite = CreateInvitation { cohort_id, role: Role::Learner, valid_days: 7, uses_at_most: 30 };
        instructor.client.call(invite).await.unwrap();
        assert_eq!(done(&instructor, cohort_id).await, [FirstStep::InvitePeople]);
        instructor.client.call(set(cohort_id, schedule)).await.unwrap();
        let worker = house.worker("worker").await;
        assert!(worker.try_claim().await.is_none());
        let prepared = [FirstStep::InvitePeople, FirstStep::SetSchedule, FirstStep::ConnectWorker];
        assert_eq!(done(&instructor, cohort_id).await, prepared);
        // A week whose times were taken back has none.
        instructor.client.call(set(cohort_id, WeekSchedule::default())).await.unwrap();
        assert!(!done(&instructor, cohort_id).await.contains(&FirstStep::SetSchedule));
    }
}
