//! Certificates: for who reached the class's bar, verified by their link.

use shared::api::certificates::*;
use shared::api::cohorts::{CohortState, UpdateCohort};
use shared::api::gradebook::ImportGrades;
use shared::api::lessons::SetCoursePolicy;
use shared::api::{ErrorCode, Role};
use shared::course::CoursePolicy;
use shared::ids::CohortId;

use crate::support::*;

/// Both weeks have ten points.
async fn grade(house: &House, cohort_id: CohortId, learner: &Person, first: f64, second: f64) {
    let csv = format!("learner_id,week_1,week_2\n{},{first},{second}\n", learner.id);
    house.operator.call(ImportGrades { cohort_id, csv }).await.unwrap();
}

crate::stories! {
    async fn who_reached_the_bar_has_something_to_show(house: House) {
        let cohort_id = house.cohort("첫째 반").await;
        let learner = house.member("수진", cohort_id, Role::Learner).await;
        grade(&house, cohort_id, &learner, 6.0, 5.9).await;
        let mine = learner.client.call(GetMyCertificate { cohort_id }).await.unwrap();
        assert_eq!((mine.percent, mine.needed_percent, mine.reached, mine.certificate), (59.5, 60, false, None));
        let issue = IssueCertificate { cohort_id };
        assert_eq!(learner.client.refused(issue.clone()).await, ErrorCode::Conflict);

        grade(&house, cohort_id, &learner, 10.0, 5.9).await;
        let certificate = learner.client.call(issue.clone()).await.unwrap();
        assert_eq!((certificate.name.as_str(), certificate.cohort_name.as_str()), ("수진", "첫째 반"));
        assert_eq!((certificate.weeks, certificate.percent), (2, 79.5));
        assert_eq!((certificate.code.len(), certificate.standing), (32, CertificateStanding::Valid));
        let get = GetCertificate { code: certificate.code.clone() };
        assert_eq!(house.nobody().call(get.clone()).await.unwrap(), certificate);

        // It says what was so: neither a lower grade nor another name of the class changes it.
        grade(&house, cohort_id, &learner, 1.0, 1.0).await;
        let name = "옛 반".to_owned();
        house.operator.call(UpdateCohort { cohort_id, name, state: CohortState::Active }).await.unwrap();
        assert_eq!(house.nobody().call(get).await.unwrap(), certificate);
        assert_eq!(learner.client.call(issue).await.unwrap(), certificate);
        let unknown = GetCertificate { code: "0".repeat(32) };
        assert_eq!(house.nobody().refused(unknown).await, ErrorCode::NotFound);
    }

    async fn the_bar_is_the_classs_own_and_staff_gets_none(house: House) {
        let cohort_id = house.cohort("class").await;
        let learner = house.member("learner", cohort_id, Role::Learner).await;
        let instructor = house.member("instructor", cohort_id, Role::Instructor).await;
        grade(&house, cohort_id, &learner, 3.0, 3.0).await;
        let policy = |certificate_percent| SetCoursePolicy {
            cohort_id,
            policy: CoursePolicy { certificate_percent, ..CoursePolicy::default() },
        };
        let error = instructor.client.call(policy(0)).await.unwrap_err();
        assert_eq!(error.problems[0].field, "certificate_percent");
        instructor.client.call(policy(30)).await.unwrap();
        learner.client.call(IssueCertificate { cohort_id }).await.unwrap();
        assert_eq!(instructor.client.refused(IssueCertificate { cohort_id }).await, ErrorCode::Conflict);
        // A policy from before there were certificates asks for 60.
        house.write("UPDATE course_policies SET policy = '{\"attempts_at_most\":3,\"retry_percent\":25,\
            \"late_percent_per_day\":10,\"late_days_at_most\":7,\"week_weights\":[1,1,1,1,1,1,1,1,1,1]}'").await;
        let mine = learner.client.call(GetMyCertificate { cohort_id }).await.unwrap();
        assert_eq!((mine.needed_percent, mine.reached), (60, false));
    }

    async fn a_revoked_certificate_says_so_until_it_is_made_valid_again(house: House) {
        let cohort_id = house.cohort("class").await;
        let learner = house.member("learner", cohort_id, Role::Learner).await;
        let instructor = house.member("instructor", cohort_id, Role::Instructor).await;
        let set = |standing| SetCertificate { cohort_id, user_id: learner.id, standing };
        assert_eq!(instructor.client.refused(set(CertificateStanding::Revoked)).await, ErrorCode::NotFound);
        grade(&house, cohort_id, &learner, 10.0, 10.0).await;
        let code = learner.client.call(IssueCertificate { cohort_id }).await.unwrap().code;
        instructor.client.call(set(CertificateStanding::Revoked)).await.unwrap();
        let shown = house.nobody().call(GetCertificate { code: code.clone() }).await.unwrap();
        assert_eq!(shown.standing, CertificateStanding::Revoked);
        // No second one instead.
        let again = learner.client.call(IssueCertificate { cohort_id }).await.unwrap();
        assert_eq!((&again.code, again.standing), (&code, CertificateStanding::Revoked));
        instructor.client.call(set(CertificateStanding::Valid)).await.unwrap();
        let list = instructor.client.call(ListCertificates { cohort_id }).await.unwrap().certificates;
        assert_eq!((list[0].user_id, list[0].certificate.standing), (learner.id, CertificateStanding::Valid));
    }
}
