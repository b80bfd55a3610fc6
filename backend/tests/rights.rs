//! Roles, in cases that the access table does not tell.

use shared::api::artifacts::{CreateArtifact, UploadedFile};
use shared::api::cohorts::{ListMembers, SetMember};
use shared::api::jobs::{CancelJob, GetJob, InputBinding, ListJobs};
use shared::api::{ErrorCode, Role};
use shared::artifacts::{FileName, Purpose};

use crate::support::*;

crate::stories! {
    async fn nobody_gives_a_role_above_their_own(house: House) {
        let cohort_id = house.cohort("class").await;
        let instructor = house.member("instructor", cohort_id, Role::Instructor).await;
        let learner = house.member("learner", cohort_id, Role::Learner).await;
        let set = |role| SetMember { cohort_id, user_id: learner.id, role };
        instructor.client.call(set(Role::Assistant)).await.unwrap();
        // An assistant reads, and gives nothing.
        learner.client.call(ListMembers { cohort_id }).await.unwrap();
        assert_eq!(learner.client.refused(set(Role::Learner)).await, ErrorCode::Forbidden);
        assert_eq!(learner.client.refused(set(Role::Instructor)).await, ErrorCode::Forbidden);
    }

    async fn an_assistant_looks_and_does_not_touch(house: House) {
        let cohort = house.cohort("class").await;
        let learner = house.member("learner", cohort, Role::Learner).await;
        let assistant = house.member("assistant", cohort, Role::Assistant).await;
        let job_id = learner.import(cohort).await.job_id;
        assistant.client.call(GetJob { job_id }).await.unwrap();
        assert_eq!(assistant.client.refused(CancelJob { job_id }).await, ErrorCode::Forbidden);
        let list = ListJobs { state: None, before: None, limit: None };
        assert_eq!(assistant.client.call(list).await.unwrap().jobs, []);
    }

    async fn classmates_do_not_exist_for_each_other(house: House) {
        let cohort = house.cohort("class").await;
        let learner = house.member("learner", cohort, Role::Learner).await;
        let classmate = house.member("classmate", cohort, Role::Learner).await;
        let job_id = learner.import(cohort).await.job_id;
        assert_eq!(classmate.client.refused(GetJob { job_id }).await, ErrorCode::NotFound);
        let InputBinding::Artifact(source) = learner.client.job(job_id).await.inputs["text"] else { unreachable!() };
        let inputs = bind("text", InputBinding::Artifact(source));
        let error = classmate.submit(cohort, import(Purpose::Training), inputs).await.unwrap_err();
        assert_eq!(error.problems[0].field, "inputs.text");
        let error = classmate.submit(cohort, curate(), bind("dataset", output_of(job_id, "dataset"))).await;
        assert_eq!(error.unwrap_err().problems[0].field, "inputs.dataset");
    }

    async fn knowing_a_hash_grants_nothing(house: House) {
        let cohort_id = house.cohort("class").await;
        let learner = house.member("learner", cohort_id, Role::Learner).await;
        let classmate = house.member("classmate", cohort_id, Role::Learner).await;
        let uploaded = learner.client.upload("비밀".as_bytes()).await.unwrap();
        let files = vec![UploadedFile { name: FileName::try_from("a".to_owned()).unwrap(), sha256: uploaded.sha256 }];
        let request = CreateArtifact { cohort_id, label: "mine".into(), purpose: Purpose::Training, files };
        let error = classmate.client.call(request.clone()).await.unwrap_err();
        assert_eq!(error.problems[0].field, "files.0.sha256");
        learner.client.call(request).await.unwrap();
    }
}
