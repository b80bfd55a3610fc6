//! Who did what: deeds that cannot be undone leave a row with the actor and the object, without secrets.

use shared::api::artifacts::DeleteArtifact;
use shared::api::jobs::{CancelJob, SetJobPriority};
use shared::api::models::{PublishModel, WithdrawModel};
use shared::api::sessions::{SessionTransport, SignIn, SignOut};
use shared::api::users::CreateSignInLink;
use shared::api::workers::{RevokeWorker, RotateWorkerToken};

use crate::support::*;

/// A deed, who did it, and what its row says of the object.
struct Deed {
    action: &'static str,
    actor: Option<i64>,
    subject: String,
}

fn deed(action: &'static str, actor: Option<i64>, subject: impl Into<String>) -> Deed {
    Deed { action, actor, subject: subject.into() }
}

/// The rows after the `after`-th: actor, action, subject.
async fn rows(house: &House, after: i64) -> Vec<(Option<i64>, String, String)> {
    let sql = "SELECT user_id, action, subject FROM audit_log WHERE id > $1 ORDER BY id";
    let rows = backend::db::rows(house.app.database.read(), sql, [after.into()]).await.unwrap();
    rows.iter()
        .map(|row| (row.try_get_by(0).unwrap(), row.try_get_by(1).unwrap(), row.try_get_by(2).unwrap()))
        .collect()
}

async fn last_row(house: &House) -> i64 {
    house.count("SELECT COALESCE(MAX(id), 0) FROM audit_log").await
}

crate::stories! {
    async fn every_deed_leaves_its_row(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let model = learner.model(cohort, &house.worker("worker").await).await;
        let job_id = learner.import(cohort).await.job_id;
        let operator = house.count("SELECT id FROM users WHERE name = 'operator'").await;
        let link = house.operator.call(CreateSignInLink { user_id: learner.id }).await.unwrap().token;
        let sign_in = |token: &str| SignIn { token: token.into(), session: SessionTransport::Bearer };
        let (user, me) = (format!("user {}", learner.id), Some(learner.id.0));

        let before = last_row(&house).await;
        house.nobody().call(sign_in("a-guess")).await.unwrap_err();
        let session = house.nobody().call(sign_in(&link)).await.unwrap().session_token.unwrap();
        house.nobody().call(sign_in(&link)).await.unwrap_err();
        house.operator.call(SetJobPriority { job_id, priority: -3 }).await.unwrap();
        learner.client.call(CancelJob { job_id }).await.unwrap();
        let publish = PublishModel { artifact_id: model, name: "이야기꾼".into(), description: String::new() };
        learner.client.call(publish.clone()).await.unwrap();
        learner.client.call(WithdrawModel { artifact_id: model }).await.unwrap();
        learner.client.call(publish).await.unwrap();
        learner.client.call(DeleteArtifact { artifact_id: model }).await.unwrap();
        let account = house.worker_account("another worker").await;
        let worker_id = account.worker_id;
        let rotated = house.operator.call(RotateWorkerToken { worker_id }).await.unwrap();
        house.operator.call(RevokeWorker { worker_id }).await.unwrap();
        house.holding(&session).call(SignOut {}).await.unwrap();

        let (artifact, worker) = (format!("artifact {model}"), format!("worker {worker_id}"));
        let expected = [
            deed("refuse_sign_in", None, "an unknown link, from 127.0.0.1"),
            deed("sign_in", me, &*user),
            deed("refuse_sign_in", None, format!("a link of {user} that is used or too old, from 127.0.0.1")),
            deed("set_job_priority", Some(operator), format!("job {job_id}: -3")),
            deed("cancel_job", me, format!("job {job_id}")),
            deed("publish_model", me, &*artifact),
            deed("withdraw_model", me, &*artifact),
            deed("publish_model", me, &*artifact),
            deed("withdraw_model", me, &*artifact),
            deed("delete_artifact", me, &*artifact),
            deed("create_worker", Some(operator), &*worker),
            deed("rotate_worker_token", Some(operator), &*worker),
            deed("revoke_worker", Some(operator), &*worker),
            deed("sign_out", me, &*user),
        ];
        let found = rows(&house, before).await;
        let expected: Vec<_> =
            expected.into_iter().map(|deed| (deed.actor, deed.action.to_owned(), deed.subject)).collect();
        assert_eq!(found, expected);
        for secret in ["a-guess", &link, &session, &account.token, &rotated.token] {
            assert!(found.iter().all(|(_, _, subject)| !subject.contains(secret)));
        }
    }

    async fn what_was_refused_is_no_deed(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job_id = learner.import(cohort).await.job_id;
        let artifact_id = learner.source(cohort, "글", Default::default()).await.artifact_id;
        let worker_id = house.worker_account("worker").await.worker_id;
        let stranger = house.person("stranger").await;
        let before = last_row(&house).await;
        stranger.client.call(CancelJob { job_id }).await.unwrap_err();
        stranger.client.call(DeleteArtifact { artifact_id }).await.unwrap_err();
        stranger.client.call(WithdrawModel { artifact_id }).await.unwrap_err();
        stranger.client.call(RevokeWorker { worker_id }).await.unwrap_err();
        assert_eq!(rows(&house, before).await, []);
    }

    async fn guessing_does_not_fill_the_log(house: House) {
        let house = house.with(|config| config.limits.sign_in_limit = 2).await;
        let before = last_row(&house).await;
        for _ in 0..10 {
            let guess = SignIn { token: "guess".into(), session: SessionTransport::Bearer };
            house.nobody().call(guess).await.unwrap_err();
        }
        assert_eq!(rows(&house, before).await.len(), 2);
    }
}
