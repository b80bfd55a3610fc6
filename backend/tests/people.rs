//! How people come into a class: by a link for many, by a link of their own, by an operator; and who may be whom.

use shared::api::cohorts::*;
use shared::api::invitations::*;
use shared::api::sessions::{GetMe, SessionTransport, SetPasswordByLink, SignIn, SignInWithPassword};
use shared::api::users::{CreatePasswordLink, ListUsers, SetOperator};
use shared::api::{ErrorCode, Role};
use shared::ids::CohortId;

use crate::support::*;

const PASSWORD: &str = "바다와 산과 강과 들판";

fn invitation(cohort_id: CohortId, role: Role) -> CreateInvitation {
    CreateInvitation { cohort_id, role, valid_days: 7, uses_at_most: 2 }
}

fn accept(token: &str, name: &str) -> AcceptInvitation {
    AcceptInvitation {
        token: token.into(),
        name: name.into(),
        password: PASSWORD.into(),
        session: SessionTransport::Bearer,
    }
}

fn with_password(name: &str, password: &str) -> SignInWithPassword {
    SignInWithPassword { name: name.into(), password: password.into(), session: SessionTransport::Bearer }
}

fn set_password(token: &str, password: &str) -> SetPasswordByLink {
    SetPasswordByLink { token: token.into(), password: password.into(), session: SessionTransport::Bearer }
}

/// The link of each line of an answered list.
fn tokens(csv: &str) -> Vec<&str> {
    csv.lines().skip(1).map(|line| line.rsplit_once("/join#").unwrap().1).collect()
}

crate::stories! {
    async fn a_link_brings_as_many_as_it_is_for(house: House) {
        let cohort_id = house.cohort("첫째 반").await;
        let instructor = house.member("강사", cohort_id, Role::Instructor).await;
        let link = instructor.client.call(invitation(cohort_id, Role::Learner)).await.unwrap();
        assert_eq!(link.url.split_once("/join#").unwrap().1, link.token);
        let look = LookUpLink { token: link.token.clone() };
        let LinkMeaning::Invitation { cohort_name, role, .. } = house.nobody().call(look.clone()).await.unwrap() else {
            panic!("an invitation is one")
        };
        assert_eq!((cohort_name.as_str(), role), ("첫째 반", Role::Learner));

        let reply = house.nobody().call(accept(&link.token, " 수진 ")).await.unwrap();
        assert_eq!((reply.me.name.as_str(), reply.me.memberships[0].role), ("수진", Role::Learner));
        house.holding(&reply.session_token.unwrap()).call(GetCohort { cohort_id }).await.unwrap();
        house.nobody().call(with_password("수진", PASSWORD)).await.unwrap();
        // Whoever has an account joins with it.
        let minho = house.person("민호").await;
        let joined = minho.client.call(JoinCohort { token: link.token.clone() }).await.unwrap();
        assert_eq!((joined.cohort_id, joined.role), (cohort_id, Role::Learner));

        let listed = instructor.client.call(ListInvitations { cohort_id }).await.unwrap().invitations;
        assert_eq!((listed[0].uses, listed[0].open, listed[0].created_by.as_deref()), (2, false, Some("강사")));
        assert_eq!(house.nobody().refused(accept(&link.token, "지우")).await, ErrorCode::NotFound);
        assert_eq!(house.nobody().refused(look).await, ErrorCode::NotFound);
        assert_eq!(house.count("SELECT COUNT(*) FROM users WHERE name = '지우'").await, 0);
    }

    async fn a_name_that_is_taken_uses_no_link_up(house: House) {
        let cohort_id = house.cohort("class").await;
        house.person("수진").await;
        let link = house.operator.call(invitation(cohort_id, Role::Learner)).await.unwrap();
        assert_eq!(house.nobody().refused(accept(&link.token, "수진")).await, ErrorCode::Conflict);
        assert_eq!(house.nobody().refused(accept(&link.token, "former member 7")).await, ErrorCode::Invalid);
        let short = AcceptInvitation { password: "짧다".into(), ..accept(&link.token, "지우") };
        assert_eq!(house.nobody().call(short).await.unwrap_err().problems[0].field, "password");
        assert_eq!(house.count("SELECT uses FROM invitations").await, 0);
    }

    async fn a_link_that_is_revoked_too_old_or_of_an_archived_class_brings_nobody(house: House) {
        let cohort_id = house.cohort("class").await;
        let made = async || house.operator.call(invitation(cohort_id, Role::Learner)).await.unwrap();
        let revoked = made().await;
        let invitation_id = revoked.invitation.invitation_id;
        house.operator.call(RevokeInvitation { cohort_id, invitation_id }).await.unwrap();
        assert_eq!(house.nobody().refused(accept(&revoked.token, "a")).await, ErrorCode::NotFound);
        let old = made().await;
        house.write("UPDATE invitations SET expires_at = 1").await;
        assert_eq!(house.nobody().refused(accept(&old.token, "a")).await, ErrorCode::NotFound);
        let open = made().await;
        let update = |state| UpdateCohort { cohort_id, name: "지난 반".into(), state };
        house.operator.call(update(CohortState::Archived)).await.unwrap();
        assert_eq!(house.nobody().refused(accept(&open.token, "a")).await, ErrorCode::NotFound);
        assert_eq!(house.operator.refused(invitation(cohort_id, Role::Learner)).await, ErrorCode::Conflict);
        let cohort = house.operator.call(update(CohortState::Active)).await.unwrap();
        assert_eq!((cohort.name.as_str(), cohort.archived_at_microseconds), ("지난 반", None));
        house.nobody().call(accept(&open.token, "a")).await.unwrap();
    }

    async fn joining_again_takes_no_role_away(house: House) {
        let cohort_id = house.cohort("class").await;
        let assistant = house.member("assistant", cohort_id, Role::Assistant).await;
        let learners = house.operator.call(invitation(cohort_id, Role::Learner)).await.unwrap();
        let joined = assistant.client.call(JoinCohort { token: learners.token }).await.unwrap();
        assert_eq!(joined.role, Role::Assistant);
        assert_eq!(house.count("SELECT uses FROM invitations").await, 0);
        let instructors = house.operator.call(invitation(cohort_id, Role::Instructor)).await.unwrap();
        let joined = assistant.client.call(JoinCohort { token: instructors.token }).await.unwrap();
        assert_eq!(joined.role, Role::Instructor);
    }

    async fn what_somebody_gave_out_ends_with_their_role(house: House) {
        let cohort_id = house.cohort("class").await;
        let instructor = house.member("instructor", cohort_id, Role::Instructor).await;
        let link = instructor.client.call(invitation(cohort_id, Role::Instructor)).await.unwrap();
        let demoted = SetMember { cohort_id, user_id: instructor.id, role: Role::Learner };
        house.operator.call(demoted).await.unwrap();
        assert_eq!(instructor.client.refused(JoinCohort { token: link.token }).await, ErrorCode::NotFound);
        assert_eq!(instructor.client.refused(invitation(cohort_id, Role::Learner)).await, ErrorCode::Forbidden);
    }

    async fn a_list_becomes_accounts_with_a_link_for_each(house: House) {
        let cohort_id = house.cohort("class").await;
        let instructor = house.member("강사", cohort_id, Role::Instructor).await;
        let csv = "이름,역할\n김수진,\n=이민호,조교\n".to_owned();
        let preview = instructor.client.call(PreviewPeople { cohort_id, csv: csv.clone() }).await.unwrap();
        assert_eq!(preview.problems, []);
        assert_eq!((preview.people[1].line, preview.people[1].role), (3, Role::Assistant));
        assert_eq!(house.count("SELECT COUNT(*) FROM users").await, 2);

        let invited = instructor.client.call(InvitePeople { cohort_id, csv, valid_days: 14 }).await.unwrap();
        assert_eq!(invited.people, 2);
        assert!(invited.csv.starts_with("\u{feff}name,role,link\n김수진,learner,http"), "{}", invited.csv);
        assert!(invited.csv.contains("\n'=이민호,assistant,"), "{}", invited.csv);
        let tokens = tokens(&invited.csv);
        let look = LookUpLink { token: tokens[0].into() };
        let LinkMeaning::Password { name, .. } = house.nobody().call(look).await.unwrap() else {
            panic!("a link of one's own is no invitation")
        };
        assert_eq!(name, "김수진");
        // It sets a password; alone it opens nothing.
        let sign_in = SignIn { token: tokens[0].into(), session: SessionTransport::Bearer };
        assert_eq!(house.nobody().refused(sign_in).await, ErrorCode::NotSignedIn);
        let reply = house.nobody().call(set_password(tokens[0], PASSWORD)).await.unwrap();
        assert_eq!(reply.me.memberships[0].role, Role::Learner);
        assert_eq!(house.nobody().refused(set_password(tokens[0], PASSWORD)).await, ErrorCode::NotFound);
        house.nobody().call(with_password("김수진", PASSWORD)).await.unwrap();
        for (table, column) in [("sign_in_tokens", "token_hash"), ("passwords", "hash"), ("audit_log", "subject")] {
            for secret in [&tokens[1][12..], PASSWORD] {
                let sql = format!("SELECT COUNT(*) FROM {table} WHERE {column} LIKE '%{secret}%'");
                assert_eq!(house.count(&sql).await, 0, "{table}");
            }
        }
    }

    async fn a_list_with_a_mistake_makes_nobody(house: House) {
        let cohort_id = house.cohort("class").await;
        let instructor = house.member("강사", cohort_id, Role::Instructor).await;
        let csv = "이름,역할\n김수진,\n강사,\n이민호,왕\n".to_owned();
        let preview = instructor.client.call(PreviewPeople { cohort_id, csv: csv.clone() }).await.unwrap();
        let lines: Vec<&str> = preview.problems.iter().map(|problem| &*problem.field).collect();
        assert_eq!(lines, ["csv.line 4", "csv.line 3"]);
        let error = instructor.client.call(InvitePeople { cohort_id, csv, valid_days: 100 }).await.unwrap_err();
        assert_eq!((error.code, error.problems.len()), (ErrorCode::Invalid, 3));
        assert_eq!(house.count("SELECT COUNT(*) FROM users").await, 2);
    }

    async fn who_forgot_the_password_gets_a_link_from_their_instructor(house: House) {
        let cohort_id = house.cohort("class").await;
        let instructor = house.member("instructor", cohort_id, Role::Instructor).await;
        let learner = house.member("수진", cohort_id, Role::Learner).await;
        let link = CreateMemberPasswordLink { cohort_id, user_id: learner.id };
        let first = instructor.client.call(link.clone()).await.unwrap();
        let second = instructor.client.call(link).await.unwrap();
        let reply = house.nobody().call(set_password(&second.token, PASSWORD)).await.unwrap();
        // Whoever was signed in as them is not any more, and the other link is worth nothing.
        assert_eq!(learner.client.refused(GetMe {}).await, ErrorCode::NotSignedIn);
        assert_eq!(house.nobody().refused(set_password(&first.token, "또 다른 비밀번호입니다")).await, ErrorCode::NotFound);
        house.holding(&reply.session_token.unwrap()).call(GetMe {}).await.unwrap();
    }

    async fn nobody_becomes_somebody_with_more_rights_by_a_new_password(house: House) {
        let mine = house.cohort("mine").await;
        let other = house.cohort("other").await;
        let instructor = house.member("instructor", mine, Role::Instructor).await;
        let colleague = house.member("colleague", mine, Role::Instructor).await;
        let teaches_elsewhere = house.member("teaches elsewhere", mine, Role::Learner).await;
        let learns_elsewhere = house.member("learns elsewhere", mine, Role::Learner).await;
        let runs_the_server = house.member("runs the server", mine, Role::Learner).await;
        let stranger = house.member("stranger", other, Role::Learner).await;
        let set = |user_id, cohort_id, role| SetMember { cohort_id, user_id, role };
        house.operator.call(set(teaches_elsewhere.id, other, Role::Instructor)).await.unwrap();
        house.operator.call(set(learns_elsewhere.id, other, Role::Learner)).await.unwrap();
        house.operator.call(SetOperator { user_id: runs_the_server.id, operator: true }).await.unwrap();
        let link = |user_id| CreateMemberPasswordLink { cohort_id: mine, user_id };
        for person in [&colleague, &teaches_elsewhere, &learns_elsewhere, &runs_the_server] {
            assert_eq!(instructor.client.refused(link(person.id)).await, ErrorCode::Conflict);
        }
        // Nor by bringing them into one's own class first.
        assert_eq!(instructor.client.refused(link(stranger.id)).await, ErrorCode::NotFound);
        let bring_in = set(stranger.id, mine, Role::Learner);
        assert_eq!(instructor.client.refused(bring_in.clone()).await, ErrorCode::NotFound);
        house.operator.call(bring_in).await.unwrap();
        assert_eq!(instructor.client.refused(link(stranger.id)).await, ErrorCode::Conflict);
        // Who teaches both classes has every right that they have.
        house.operator.call(set(instructor.id, other, Role::Instructor)).await.unwrap();
        instructor.client.call(link(learns_elsewhere.id)).await.unwrap();
        house.operator.call(CreatePasswordLink { user_id: colleague.id }).await.unwrap();
    }

    async fn classes_are_listed_for_who_is_in_them_and_all_for_operators(house: House) {
        let first = house.cohort("첫째 반").await;
        let second = house.cohort("둘째 반").await;
        let instructor = house.member("instructor", first, Role::Instructor).await;
        house.member("learner", first, Role::Learner).await;
        let list = |after, limit| ListCohorts { after, limit };
        let mine = instructor.client.call(list(None, None)).await.unwrap().cohorts;
        assert_eq!(mine.len(), 1);
        assert_eq!((mine[0].learners, mine[0].staff, mine[0].role), (1, 1, Some(Role::Instructor)));
        let all = house.operator.call(list(None, Some(1))).await.unwrap().cohorts;
        assert_eq!((all[0].cohort.cohort_id, all[0].role), (first, None));
        let rest = house.operator.call(list(Some(first), None)).await.unwrap().cohorts;
        assert_eq!(rest.iter().map(|one| one.cohort.cohort_id).collect::<Vec<_>>(), [second]);
    }

    async fn an_archived_class_takes_no_jobs_and_no_answers(house: House) {
        let (learner, cohort_id) = house.learner("learner").await;
        let name = "지난 반".to_owned();
        house.operator.call(UpdateCohort { cohort_id, name, state: CohortState::Archived }).await.unwrap();
        let source = learner.source(cohort_id, "글", Default::default()).await.artifact_id;
        let inputs = bind("text", shared::api::jobs::InputBinding::Artifact(source));
        let error = learner.submit(cohort_id, import(Default::default()), inputs).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Conflict);
        let given = shared::course::Given::Numeric { value: 30.0 };
        let error = learner.answer(cohort_id, "bytes-of-ten", given).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Conflict);
        learner.client.call(GetCohort { cohort_id }).await.unwrap();
    }

    async fn one_operator_stays(house: House) {
        let person = house.person("수진").await;
        let operator = shared::ids::UserId(house.count("SELECT id FROM users WHERE operator").await);
        let set = |user_id, operator| SetOperator { user_id, operator };
        assert_eq!(house.operator.refused(set(operator, false)).await, ErrorCode::Conflict);
        assert!(house.operator.call(set(person.id, true)).await.unwrap().operator);
        house.operator.call(set(operator, false)).await.unwrap();
        assert_eq!(house.operator.refused(ListUsers { after: None, limit: None }).await, ErrorCode::Forbidden);
        assert_eq!(person.client.refused(set(person.id, false)).await, ErrorCode::Conflict);
    }
}
