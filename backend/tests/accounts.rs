//! One's own account: passwords, sessions, taking everything along, and the end of it.

use std::collections::BTreeSet;

use backend::db;
use backend::people::deletion::{FATES, Fate};
use shared::api::accounts::*;
use shared::api::artifacts::GetArtifact;
use shared::api::certificates::{GetCertificate, IssueCertificate};
use shared::api::cohorts::ListMembers;
use shared::api::gradebook::ImportGrades;
use shared::api::invitations::CreateInvitation;
use shared::api::jobs::{InputBinding, JobState};
use shared::api::leases::RenewLease;
use shared::api::lessons::MarkSectionRead;
use shared::api::models::{GetPublishedModel, PublishModel};
use shared::api::sessions::{GetMe, SessionTransport, SignIn, SignInWithPassword};
use shared::api::users::{CreateSignInLink, ListUsers, SetOperator};
use shared::api::worker_time::GrantWorkerTime;
use shared::api::{ErrorCode, Role};
use shared::course::Given;

use crate::support::*;

const PASSWORD: &str = "바다와 산과 강과 들판";

fn with_password(name: &str, password: &str) -> SignInWithPassword {
    SignInWithPassword { name: name.into(), password: password.into(), session: SessionTransport::Bearer }
}

fn change(old: Option<&str>, new: &str) -> ChangePassword {
    ChangePassword { old_password: old.map(str::to_owned), new_password: new.into() }
}

async fn another_session(house: &House, person: &Person) -> Client {
    let link = house.operator.call(CreateSignInLink { user_id: person.id }).await.unwrap();
    let request = SignIn { token: link.token, session: SessionTransport::Bearer };
    house.holding(&house.nobody().call(request).await.unwrap().session_token.unwrap())
}

/// Tables with their columns that hold text.
async fn text_columns(house: &House) -> Vec<(String, String)> {
    let sql = if house.app.database.is_postgres() {
        "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns \
         WHERE table_schema = 'public' AND data_type = 'text'"
    } else {
        "SELECT tables.name, columns.name FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns \
         WHERE tables.type = 'table' AND columns.type = 'TEXT'"
    };
    let rows = db::rows(house.app.database.read(), sql, []).await.unwrap();
    rows.iter().map(|row| (row.try_get_by(0).unwrap(), row.try_get_by(1).unwrap())).collect()
}

/// Where a text stands in the database.
async fn places(house: &House, text: &str) -> Vec<String> {
    let mut places = Vec::new();
    for (table, column) in text_columns(house).await {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE {column} LIKE '%{text}%'");
        if house.count(&sql).await > 0 {
            places.push(format!("{table}.{column}"));
        }
    }
    places
}

crate::stories! {
    async fn a_password_signs_in_and_the_old_one_does_not(house: House) {
        let person = house.person("수진").await;
        let elsewhere = another_session(&house, &person).await;
        assert_eq!(house.nobody().refused(with_password("수진", PASSWORD)).await, ErrorCode::NotSignedIn);
        person.client.call(change(None, PASSWORD)).await.unwrap();
        // Whoever may have been signed in besides is not any more.
        assert_eq!(elsewhere.refused(GetMe {}).await, ErrorCode::NotSignedIn);
        person.client.call(GetMe {}).await.unwrap();
        house.nobody().call(with_password(" 수진 ", PASSWORD)).await.unwrap();

        let new = "하늘과 바람과 별과 시";
        let error = person.client.call(change(None, new)).await.unwrap_err();
        assert_eq!(error.problems[0].field, "old_password");
        let error = person.client.call(change(Some(PASSWORD), "짧다")).await.unwrap_err();
        assert_eq!(error.problems[0].field, "new_password");
        person.client.call(change(Some(PASSWORD), new)).await.unwrap();
        assert_eq!(house.nobody().refused(with_password("수진", PASSWORD)).await, ErrorCode::NotSignedIn);
        house.nobody().call(with_password("수진", new)).await.unwrap();
        assert_eq!(places(&house, "바다와").await, Vec::<String>::new());
    }

    async fn a_wrong_password_and_an_unknown_name_are_one_answer(house: House) {
        let person = house.person("수진").await;
        person.client.call(change(None, PASSWORD)).await.unwrap();
        house.person("민호").await;
        let mut answers = Vec::new();
        for name in ["수진", "민호", "아무도"] {
            answers.push(house.nobody().call(with_password(name, "틀린 비밀번호입니다")).await.unwrap_err());
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert_eq!(answers[0].code, ErrorCode::NotSignedIn);
    }

    async fn passwords_are_not_guessed_from_many_addresses(house: House) {
        let house = house.with(|config| {
            config.limits.sign_in_limit = 3;
            config.server.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
        }).await;
        let body = |name: &str| serde_json::to_string(&with_password(name, "틀린 비밀번호입니다")).unwrap();
        let mut statuses = Vec::new();
        for number in 1..=4 {
            let from = format!("192.0.2.{number}");
            let headers = [("x-forwarded-for", from.as_str())];
            let target = "/api/v1/sign-in/password";
            statuses.push(house.nobody().send("POST", target, &headers, body("수진")).await.status.as_u16());
        }
        assert_eq!(statuses, [401, 401, 401, 429]);
        // Another name is another matter.
        let headers = [("x-forwarded-for", "192.0.2.5")];
        let reply = house.nobody().send("POST", "/api/v1/sign-in/password", &headers, body("민호")).await;
        assert_eq!(reply.status, 401);
    }

    async fn sessions_are_listed_and_the_others_end(house: House) {
        let person = house.person("수진").await;
        let elsewhere = another_session(&house, &person).await;
        let account = person.client.call(GetAccount {}).await.unwrap();
        assert_eq!(account.sessions.len(), 2);
        assert_eq!(account.sessions.iter().filter(|session| session.current).count(), 1);
        assert!(!account.profile.has_password);
        assert_eq!(person.client.call(EndOtherSessions {}).await.unwrap().ended, 1);
        assert_eq!(elsewhere.refused(GetMe {}).await, ErrorCode::NotSignedIn);
        assert_eq!(person.client.call(GetAccount {}).await.unwrap().sessions.len(), 1);
    }

    async fn everything_about_oneself_comes_in_one_file(house: House) {
        let cohort_id = house.cohort("class").await;
        let learner = house.member("수진", cohort_id, Role::Learner).await;
        let classmate = house.member("민호", cohort_id, Role::Learner).await;
        let words = |text: &str| Given::Short { text: text.into() };
        learner.answer(cohort_id, "why-three", words("세 바이트라서")).await.unwrap();
        classmate.answer(cohort_id, "why-three", words("민호의 답")).await.unwrap();
        learner.client.call(MarkSectionRead { cohort_id, week: 1, section: "counting".into() }).await.unwrap();
        let csv = format!("learner_id,week_2\n{},3\n", learner.id);
        house.operator.call(ImportGrades { cohort_id, csv }).await.unwrap();
        let model = learner.model(cohort_id, &house.worker("worker").await).await;
        let publish = PublishModel { artifact_id: model, name: "이야기꾼".into(), description: String::new() };
        learner.client.call(publish).await.unwrap();
        let grant = GrantWorkerTime { cohort_id, user_id: learner.id, minutes: 30 };
        house.operator.call(grant).await.unwrap();

        let data = learner.client.call(ExportMyData {}).await.unwrap();
        assert_eq!((data.profile.name.as_str(), data.memberships[0].cohort_id), ("수진", cohort_id));
        assert_eq!(data.answers[0].given, words("세 바이트라서"));
        assert_eq!((data.sections_read[0].section.as_str(), data.set_grades[0].points), ("counting", 3.0));
        assert!(!data.jobs.is_empty());
        let exported = data.artifacts.iter().find(|artifact| artifact.artifact_id == model).unwrap();
        assert!(exported.files.iter().any(|file| file.name.as_str() == "config.json"));
        assert_eq!(data.published_models[0].name, "이야기꾼");
        assert_eq!(data.worker_time_grants[0].minutes, 30);
        assert!(data.audit.iter().any(|entry| entry.action == "create_sign_in_link"));
        assert!(data.audit.iter().any(|entry| entry.action == "publish_model"));
        let text = serde_json::to_string(&data).unwrap();
        assert!(!text.contains("민호"), "{text}");
    }

    async fn a_deleted_account_leaves_no_personal_data(house: House) {
        let name = "김하늘누리";
        let cohort_id = house.cohort("class").await;
        let person = house.member(name, cohort_id, Role::Instructor).await;
        let learner = house.member("learner", cohort_id, Role::Learner).await;
        let worker = house.worker("worker").await;
        // Somebody tried the wrong password from some address.
        person.client.call(change(None, PASSWORD)).await.unwrap();
        house.nobody().call(with_password(name, "틀린 비밀번호입니다")).await.unwrap_err();
        let invite = CreateInvitation { cohort_id, role: Role::Learner, valid_days: 1, uses_at_most: 1 };
        person.client.call(invite).await.unwrap();
        person.client.call(MarkSectionRead { cohort_id, week: 1, section: "counting".into() }).await.unwrap();
        let secret = format!("{name}의 비밀스러운 답");
        person.answer(cohort_id, "why-three", Given::Short { text: secret }).await.unwrap();
        let model = person.model(cohort_id, &worker).await;
        let publish = PublishModel { artifact_id: model, name: format!("{name}의 모델"), description: name.into() };
        person.client.call(publish).await.unwrap();
        let spec = serde_json::from_value(serde_json::json!({
            "kind": "import",
            "sources": [{ "input": "text", "label": format!("{name}의 일기"), "licence_note": format!("{name} 씀") }],
        })).unwrap();
        let source = person.source(cohort_id, name, Default::default()).await.artifact_id;
        let inputs = bind("text", InputBinding::Artifact(source));
        let running = person.submit(cohort_id, spec, inputs).await.unwrap().job_id;
        let held = worker.claim().await;
        assert_eq!(held.lease.job_id, running);
        // The learner built on it.
        house.write(&format!(
            "INSERT INTO artifact_parents (artifact_id, parent_id) VALUES ({}, {source})",
            learner.source(cohort_id, "글", Default::default()).await.artifact_id
        )).await;
        assert!(places(&house, name).await.len() >= 4, "the story has something to lose");

        let effects = person.client.call(GetDeletionEffects {}).await.unwrap();
        assert_eq!((effects.memberships, effects.answers, effects.published_models), (1, 1, 1));
        assert_eq!((effects.unfinished_jobs, effects.artifacts_used_by_others, effects.is_last_operator), (1, 1, false));
        let delete = |name: &str| DeleteAccount { name: name.into() };
        assert_eq!(person.client.refused(delete("김하늘")).await, ErrorCode::Invalid);
        person.client.call(delete(name)).await.unwrap();

        assert_eq!(places(&house, name).await, Vec::<String>::new());
        assert_eq!(places(&house, "비밀스러운").await, Vec::<String>::new());
        let addresses = "SELECT COUNT(*) FROM audit_log WHERE subject LIKE '%a wrong password%'";
        assert_eq!(house.count(addresses).await, 0);
        for (table, column, fate) in FATES {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE {column} = {}", person.id);
            assert!(*fate == Fate::Scrubbed || house.count(&sql).await == 0, "{table}.{column}");
        }
        assert_eq!(person.client.refused(GetMe {}).await, ErrorCode::NotSignedIn);
        assert_eq!(house.nobody().refused(with_password(name, PASSWORD)).await, ErrorCode::NotSignedIn);
        assert_eq!(house.nobody().refused(GetPublishedModel { artifact_id: model }).await, ErrorCode::NotFound);
        // The worker stops at its next report, and staff still sees that there was a job.
        assert_eq!(held.client.refused(RenewLease {}).await, ErrorCode::LeaseLost);
        let job = house.operator.job(running).await;
        assert_eq!(job.state, JobState::Cancelled);
        let tombstone = house.operator.call(GetArtifact { artifact_id: source }).await.unwrap();
        assert_eq!((tombstone.label.as_str(), tombstone.files.len()), ("", 0));
        assert!(tombstone.deleted_at_microseconds.is_some());
        let members = house.operator.call(ListMembers { cohort_id }).await.unwrap().members;
        assert_eq!(members.len(), 1);
        let users = house.operator.call(ListUsers { after: None, limit: None }).await.unwrap().users;
        assert!(users.iter().all(|user| user.user_id != person.id));
        // The name is free again.
        house.person(name).await;
    }

    async fn a_certificate_goes_with_the_account(house: House) {
        let (learner, cohort_id) = house.learner("수진").await;
        let csv = format!("learner_id,week_1,week_2\n{},10,10\n", learner.id);
        house.operator.call(ImportGrades { cohort_id, csv }).await.unwrap();
        let code = learner.client.call(IssueCertificate { cohort_id }).await.unwrap().code;
        assert_eq!(learner.client.call(GetAccount {}).await.unwrap().certificates[0].code, code);
        learner.client.call(DeleteAccount { name: "수진".into() }).await.unwrap();
        assert_eq!(house.nobody().refused(GetCertificate { code }).await, ErrorCode::NotFound);
    }

    async fn the_last_operator_cannot_leave(house: House) {
        let delete = DeleteAccount { name: "operator".into() };
        assert!(house.operator.call(GetDeletionEffects {}).await.unwrap().is_last_operator);
        assert_eq!(house.operator.refused(delete.clone()).await, ErrorCode::Conflict);
        let person = house.person("수진").await;
        house.operator.call(SetOperator { user_id: person.id, operator: true }).await.unwrap();
        house.operator.call(delete).await.unwrap();
        assert_eq!(person.client.call(ListUsers { after: None, limit: None }).await.unwrap().users.len(), 1);
    }

    /// A new table that refers to people must say what becomes of its rows.
    async fn every_column_that_refers_to_a_person_has_its_fate(house: House) {
        let sql = if house.app.database.is_postgres() {
            "SELECT CAST(conrelid::regclass AS TEXT), CAST(attname AS TEXT) FROM pg_constraint \
             JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1] \
             WHERE contype = 'f' AND confrelid = 'users'::regclass"
        } else {
            "SELECT tables.name, keys.\"from\" FROM sqlite_master AS tables, \
             pragma_foreign_key_list(tables.name) AS keys WHERE tables.type = 'table' AND keys.\"table\" = 'users'"
        };
        let rows = db::rows(house.app.database.read(), sql, []).await.unwrap();
        let referring: BTreeSet<(String, String)> =
            rows.iter().map(|row| (row.try_get_by(0).unwrap(), row.try_get_by(1).unwrap())).collect();
        let fates: BTreeSet<(String, String)> =
            FATES.iter().map(|(table, column, _)| ((*table).to_owned(), (*column).to_owned())).collect();
        assert_eq!(referring, fates);
    }
}
