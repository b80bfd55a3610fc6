//! Models that are open to everybody, and what stays closed.

use shared::api::artifacts::{DeleteArtifact, GetArtifact};
use shared::api::models::*;
use shared::api::{ErrorCode, Role};
use shared::artifacts::Purpose;
use shared::ids::ArtifactId;

use crate::support::*;

fn publish(artifact_id: ArtifactId, name: &str) -> PublishModel {
    PublishModel { artifact_id, name: name.into(), description: "옛이야기를 씁니다.".into() }
}

const ALL: ListPublishedModels = ListPublishedModels { before: None, limit: None };

crate::stories! {
    async fn a_published_model_is_everybodys_until_it_is_withdrawn(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let model = learner.model(cohort, &house.worker("worker").await).await;
        let target = format!("/api/v1/models/{model}/files/config.json");
        let visitor = house.nobody();
        assert_eq!(visitor.send("GET", &target, &[], "").await.status, 404);
        assert_eq!(visitor.call(ALL).await.unwrap().models, []);

        let published = learner.client.call(publish(model, "  이야기꾼 ")).await.unwrap();
        assert_eq!((published.name.as_str(), published.publisher.as_str()), ("이야기꾼", "learner"));
        assert_eq!(visitor.call(GetPublishedModel { artifact_id: model }).await.unwrap(), published);
        assert_eq!(visitor.call(ALL).await.unwrap().models, std::slice::from_ref(&published));
        let file = visitor.send("GET", &target, &[], "").await;
        assert_eq!(file.status, 200);
        assert_eq!(sha256(&file.body), published.files[0].sha256);
        let seen = learner.client.call(GetArtifact { artifact_id: model }).await.unwrap();
        assert_eq!(seen.published_at_microseconds, Some(published.published_at_microseconds));

        // Another name is no second publication.
        let renamed = learner.client.call(publish(model, "새 이야기꾼")).await.unwrap();
        assert_eq!(renamed, PublishedModel { name: "새 이야기꾼".into(), ..published });

        learner.client.call(WithdrawModel { artifact_id: model }).await.unwrap();
        learner.client.call(WithdrawModel { artifact_id: model }).await.unwrap();
        assert_eq!(visitor.send("GET", &target, &[], "").await.status, 404);
        assert_eq!(visitor.refused(GetPublishedModel { artifact_id: model }).await, ErrorCode::NotFound);
    }

    async fn publishing_opens_the_model_and_nothing_around_it(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let model = learner.model(cohort, &house.worker("worker").await).await;
        learner.client.call(publish(model, "이야기꾼")).await.unwrap();
        let lineage = learner.client.call(GetArtifact { artifact_id: model }).await.unwrap().lineage;
        let stranger = house.person("stranger").await;
        for other in lineage.parents.into_iter().chain([model]) {
            assert_eq!(stranger.client.refused(GetArtifact { artifact_id: other }).await, ErrorCode::NotFound);
            if other != model {
                let target = format!("/api/v1/models/{other}/files/config.json");
                assert_eq!(house.nobody().send("GET", &target, &[], "").await.status, 404);
            }
        }
        let target = format!("/api/v1/models/{model}/files/..%2Fconfig.json");
        assert_eq!(house.nobody().send("GET", &target, &[], "").await.status, 404);
    }

    async fn a_deleted_model_is_no_longer_published(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let model = learner.model(cohort, &house.worker("worker").await).await;
        learner.client.call(publish(model, "이야기꾼")).await.unwrap();
        learner.client.call(DeleteArtifact { artifact_id: model }).await.unwrap();
        assert_eq!(house.nobody().call(ALL).await.unwrap().models, []);
        let target = format!("/api/v1/models/{model}/files/config.json");
        assert_eq!(house.nobody().send("GET", &target, &[], "").await.status, 404);
        assert_eq!(learner.client.refused(publish(model, "이야기꾼")).await, ErrorCode::NotFound);
    }

    async fn what_is_no_model_for_a_browser_is_not_published(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let text = learner.source(cohort, "옛날 옛적에", Purpose::Training).await.artifact_id;
        let error = learner.client.call(publish(text, "글")).await.unwrap_err();
        assert!(error.message.contains("model.safetensors"), "{}", error.message);
    }

    async fn a_name_is_one_line_and_a_description_is_text(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let model = learner.model(cohort, &house.worker("worker").await).await;
        for (name, description, field) in [
            ("", "글", "name"),
            ("두\n줄", "글", "name"),
            ("이름", "종\u{7}소리", "description"),
            ("이름", &*"가".repeat(DESCRIPTION_LIMIT_CHARACTERS + 1), "description"),
        ] {
            let request =
                PublishModel { artifact_id: model, name: name.into(), description: description.into() };
            assert_eq!(learner.client.call(request).await.unwrap_err().problems[0].field, field);
        }
        // Characters that mean something to HTML are kept as they are; pages show text as text.
        let name = "<img src=x onerror=alert(1)>";
        assert_eq!(learner.client.call(publish(model, name)).await.unwrap().name, name);
        let longest = "가".repeat(DESCRIPTION_LIMIT_CHARACTERS);
        let request = PublishModel { artifact_id: model, name: "이름".into(), description: longest };
        learner.client.call(request).await.unwrap();
    }

    async fn an_instructor_withdraws_what_should_not_be_shown(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let instructor = house.member("instructor", cohort, Role::Instructor).await;
        let assistant = house.member("assistant", cohort, Role::Assistant).await;
        let model = learner.model(cohort, &house.worker("worker").await).await;
        learner.client.call(publish(model, "이야기꾼")).await.unwrap();
        let withdraw = WithdrawModel { artifact_id: model };
        assert_eq!(assistant.client.refused(withdraw.clone()).await, ErrorCode::Forbidden);
        instructor.client.call(withdraw).await.unwrap();
        assert_eq!(house.nobody().call(ALL).await.unwrap().models, []);
    }
}
