//! Every endpoint and byte route × everybody who might call it. A route that is missing here fails
//! the test.

mod told;

use std::collections::{BTreeMap, BTreeSet};

use shared::api::accounts::*;
use shared::api::announcements::CreateAnnouncement;
use shared::api::artifacts::*;
use shared::api::bytes;
use shared::api::certificates::*;
use shared::api::cohorts::*;
use shared::api::encoding::{EncodedRequest, encode};
use shared::api::gradebook::*;
use shared::api::invitations::*;
use shared::api::jobs::*;
use shared::api::leases::*;
use shared::api::lessons::*;
use shared::api::models::*;
use shared::api::preferences::NextPairs;
use shared::api::questions::*;
use shared::api::queue::*;
use shared::api::sessions::*;
use shared::api::storage::*;
use shared::api::users::*;
use shared::api::worker_time::*;
use shared::api::workers::*;
use shared::api::{Endpoint, Method, Role, table};
use shared::artifacts::{FileName, Purpose};
use shared::course::{CoursePolicy, Given};
use shared::ids::{
    AnnouncementId, AnswerId, ArtifactId, CohortId, InvitationId, JobId, PairId, PipelineId, PreferenceSetId,
    ReservationId, UserId, WorkerId,
};
use shared::spec::JobKind;

use crate::support::*;

const ACTORS: [&str; 8] = [
    "nobody",
    "stranger",
    "owner",
    "instructor of this cohort",
    "instructor of another cohort",
    "operator",
    "worker",
    "stale lease",
];

// Expected statuses, in the order of the actors.
const EVERYBODY: [u16; 8] = [200; 8];
const SIGNED_IN: [u16; 8] = [401, 200, 200, 200, 200, 200, 401, 401];
const OPERATOR: [u16; 8] = [401, 403, 403, 403, 403, 200, 401, 401];
/// Members of the cohort, whatever their role.
const MEMBERS: [u16; 8] = [401, 404, 200, 200, 404, 200, 401, 401];
/// The owner's row: also the staff of its cohort. Strangers learn nothing.
const OWN_ROW: [u16; 8] = MEMBERS;
/// The artifact of this test is a source: those who may see it learn that it has no rows.
const OWN_ROW_WITHOUT_ROWS: [u16; 8] = [401, 404, 409, 409, 404, 409, 401, 401];
const OWN_ROW_TO_DELETE: [u16; 8] = [401, 404, 200, 403, 404, 200, 401, 401];
/// Staff sees that a model is published, but only its owner opens it.
const OWNER_ONLY: [u16; 8] = [401, 404, 200, 403, 404, 403, 401, 401];
const STAFF: [u16; 8] = [401, 404, 403, 200, 404, 200, 401, 401];
const WORKER: [u16; 8] = [401, 401, 401, 401, 401, 401, 200, 401];
const LEASE: [u16; 8] = [401, 401, 401, 401, 401, 401, 401, 409];

/// What the requests are about. Things that a call uses up are there once per actor.
struct World {
    cohort: CohortId,
    owner: UserId,
    job: JobId,
    pipeline: PipelineId,
    artifact: ArtifactId,
    model: ArtifactId,
    account: WorkerId,
    reservation: ReservationId,
    answer: AnswerId,
    members: Vec<UserId>,
    sign_in_tokens: Vec<String>,
    password_tokens: Vec<String>,
    /// Brings somebody of the class nowhere new.
    invitation: InvitationLink,
    /// Is revoked.
    other_invitation: InvitationId,
    certificate: String,
    announcements: Vec<AnnouncementId>,
    set: PreferenceSetId,
    pair: PairId,
    sets: Vec<PreferenceSetId>,
    clients: Vec<Client>,
}

const BYTES: &[u8] = b"the bytes that everybody has";

impl World {
    async fn new(house: &House) -> Self {
        let cohort = house.cohort("this cohort").await;
        let other = house.cohort("another cohort").await;
        let owner = house.member("owner", cohort, Role::Learner).await;
        let instructor = house.member("instructor", cohort, Role::Instructor).await;
        let other_instructor = house.member("other instructor", other, Role::Instructor).await;
        let stranger = house.person("stranger").await;
        let worker = house.worker("worker").await;
        owner.import(cohort).await;
        let stale = worker.claim().await;
        stale.client.finish(failed_for_user()).await.unwrap();
        let artifact = owner.source(cohort, "옛날에", Purpose::Training).await.artifact_id;
        let model = owner.model(cohort, &worker).await;
        let job = owner.import(cohort).await.job_id;
        let pipeline = owner.client.call(pipeline(cohort, artifact, "first")).await.unwrap().pipeline_id;
        let given = Given::Short { text: "그래서입니다".into() };
        let answer = owner.answer(cohort, "why-three", given).await.unwrap().latest.unwrap().answer_id;
        let account = house.worker_account("another worker").await.worker_id;
        let reservation = house.operator.call(reservation(cohort, account, 3)).await.unwrap().reservation_id;
        let mut members = Vec::new();
        let mut sign_in_tokens = Vec::new();
        let mut password_tokens = Vec::new();
        let set = told::open_set(house, cohort).await;
        let pair =
            house.operator.call(NextPairs { cohort_id: cohort, set_id: set }).await.unwrap().pairs[0].pair_id;
        let mut sets = Vec::new();
        let mut announcements = Vec::new();
        for actor in ACTORS {
            let announced = CreateAnnouncement {
                cohort_id: cohort,
                title: "오늘".into(),
                markdown: String::new(),
                pinned: false,
            };
            sets.push(told::open_set(house, cohort).await);
            announcements.push(house.operator.call(announced).await.unwrap().announcement_id);
            let member = house.member(&format!("member for {actor}"), cohort, Role::Learner).await;
            let link = house.operator.call(CreateSignInLink { user_id: member.id }).await.unwrap();
            members.push(member.id);
            sign_in_tokens.push(link.token);
            let link = house.operator.call(CreatePasswordLink { user_id: member.id }).await.unwrap();
            password_tokens.push(link.token);
        }
        let invite =
            CreateInvitation { cohort_id: cohort, role: Role::Learner, valid_days: 1, uses_at_most: 20 };
        let invitation = house.operator.call(invite.clone()).await.unwrap();
        let other_invitation = house.operator.call(invite).await.unwrap().invitation.invitation_id;
        let csv = format!("learner_id,week_1,week_2\n{},10,10\n", owner.id);
        house.operator.call(ImportGrades { cohort_id: cohort, csv }).await.unwrap();
        let certificate = owner.client.call(IssueCertificate { cohort_id: cohort }).await.unwrap().code;
        let clients = vec![
            house.nobody(),
            stranger.client,
            owner.client,
            instructor.client,
            other_instructor.client,
            house.operator.clone(),
            worker.client,
            stale.client,
        ];
        for client in &clients[1..6] {
            client.upload(BYTES).await.unwrap();
        }
        let owner = owner.id;
        Self {
            cohort,
            owner,
            job,
            pipeline,
            artifact,
            model,
            account,
            reservation,
            answer,
            members,
            sign_in_tokens,
            password_tokens,
            invitation,
            other_invitation,
            certificate,
            announcements,
            set,
            pair,
            sets,
            clients,
        }
    }
}

fn pipeline(cohort_id: CohortId, artifact: ArtifactId, key: &str) -> CreatePipeline {
    let inputs = bind("text", InputBinding::Artifact(artifact));
    let job = PipelineJob {
        name: "import".into(),
        spec: import(Purpose::Training),
        inputs,
        depends_on: Vec::new(),
    };
    CreatePipeline { cohort_id, title: "path".into(), jobs: vec![job], idempotency_key: key.into() }
}

/// In the hour after so many hours from a time that no test lives to see.
fn reservation(cohort_id: CohortId, worker: WorkerId, hour: i64) -> CreateReservation {
    let begins_at_microseconds = 7_000_000_000_000_000 + hour * 3_600_000_000;
    let ends_at_microseconds = begins_at_microseconds + 3_600_000_000;
    CreateReservation { cohort_id, worker_ids: vec![worker], begins_at_microseconds, ends_at_microseconds }
}

type MakeRequest = Box<dyn Fn(&World, usize) -> EncodedRequest>;

/// A route, how it is called for the n-th actor, and what everybody gets.
struct Row {
    name: &'static str,
    request: MakeRequest,
    expected: [u16; 8],
}

fn row<E: Endpoint>(
    name: &'static str,
    expected: [u16; 8],
    request: impl Fn(&World, usize) -> E + 'static,
) -> Row {
    Row { name, expected, request: Box::new(move |world, actor| encode(&request(world, actor)).unwrap()) }
}

fn byte_row(route: bytes::ByteRoute, expected: [u16; 8], target: impl Fn(&World) -> String + 'static) -> Row {
    let request = move |world: &World, _| {
        let body = route.method.has_body().then(|| BYTES.to_vec());
        EncodedRequest { method: route.method, target: target(world), body }
    };
    Row { name: route.name, expected, request: Box::new(request) }
}

fn rows() -> Vec<Row> {
    let mut rows = people();
    rows.extend(coming());
    rows.extend(certificates());
    rows.extend(told::rows());
    rows.extend(course());
    rows.extend(work());
    rows.extend(machines());
    rows.extend(leaving());
    // Last, because these end the caller's session.
    rows.push(row("SignOut", SIGNED_IN, |_, _| SignOut {}));
    rows.push(row("SignIn", EVERYBODY, |world, actor| SignIn {
        token: world.sign_in_tokens[actor].clone(),
        session: SessionTransport::Bearer,
    }));
    rows.extend(signing_in());
    rows
}

fn people() -> Vec<Row> {
    vec![
        row("Health", EVERYBODY, |_, _| Health {}),
        row("GetMe", SIGNED_IN, |_, _| GetMe {}),
        row("CreateUser", OPERATOR, |_, _| CreateUser { name: "new".into(), operator: false }),
        row("ListUsers", OPERATOR, |_, _| ListUsers { after: None, limit: None }),
        row("CreateSignInLink", OPERATOR, |world, _| CreateSignInLink { user_id: world.owner }),
        row("CreatePasswordLink", OPERATOR, |world, _| CreatePasswordLink { user_id: world.owner }),
        row("SetOperator", OPERATOR, |world, _| SetOperator { user_id: world.owner, operator: false }),
        row("ListCohorts", SIGNED_IN, |_, _| ListCohorts { after: None, limit: None }),
        row("UpdateCohort", OPERATOR, |world, _| UpdateCohort {
            cohort_id: world.cohort,
            name: "this cohort".into(),
            state: CohortState::Active,
        }),
        row("CreateMemberPasswordLink", STAFF, |world, actor| CreateMemberPasswordLink {
            cohort_id: world.cohort,
            user_id: world.members[actor],
        }),
        row("CreateCohort", OPERATOR, |_, _| CreateCohort { name: "new".into() }),
        row("GetCohort", MEMBERS, |world, _| GetCohort { cohort_id: world.cohort }),
        row("ListMembers", STAFF, |world, _| ListMembers { cohort_id: world.cohort }),
        row("SetMember", STAFF, |world, actor| SetMember {
            cohort_id: world.cohort,
            user_id: world.members[actor],
            role: Role::Assistant,
        }),
        row("RemoveMember", STAFF, |world, actor| RemoveMember {
            cohort_id: world.cohort,
            user_id: world.members[actor],
        }),
        row("ListCohortJobs", STAFF, |world, _| ListCohortJobs {
            cohort_id: world.cohort,
            before: None,
            limit: None,
        }),
    ]
}

fn coming() -> Vec<Row> {
    let csv = |actor: usize| format!("name\nlisted by {}\n", ACTORS[actor]);
    vec![
        row("CreateInvitation", STAFF, |world, _| CreateInvitation {
            cohort_id: world.cohort,
            role: Role::Learner,
            valid_days: 7,
            uses_at_most: 30,
        }),
        row("ListInvitations", STAFF, |world, _| ListInvitations { cohort_id: world.cohort }),
        row("RevokeInvitation", STAFF, |world, _| RevokeInvitation {
            cohort_id: world.cohort,
            invitation_id: world.other_invitation,
        }),
        row("LookUpLink", EVERYBODY, |world, _| LookUpLink { token: world.invitation.token.clone() }),
        row("PreviewPeople", STAFF, move |world, actor| PreviewPeople {
            cohort_id: world.cohort,
            csv: csv(actor),
        }),
        row("InvitePeople", STAFF, move |world, actor| InvitePeople {
            cohort_id: world.cohort,
            csv: csv(actor),
            valid_days: 7,
        }),
    ]
}

fn certificates() -> Vec<Row> {
    vec![
        // Who teaches gets none.
        row("IssueCertificate", [401, 404, 200, 409, 404, 409, 401, 401], |world, _| IssueCertificate {
            cohort_id: world.cohort,
        }),
        row("GetMyCertificate", MEMBERS, |world, _| GetMyCertificate { cohort_id: world.cohort }),
        row("ListCertificates", STAFF, |world, _| ListCertificates { cohort_id: world.cohort }),
        row("SetCertificate", STAFF, |world, _| SetCertificate {
            cohort_id: world.cohort,
            user_id: world.owner,
            standing: CertificateStanding::Revoked,
        }),
        row("GetCertificate", EVERYBODY, |world, _| GetCertificate { code: world.certificate.clone() }),
    ]
}

const PASSWORD: &str = "바다와 산과 강과 들판";

/// One's own account.
fn leaving() -> Vec<Row> {
    vec![
        row("GetAccount", SIGNED_IN, |_, _| GetAccount {}),
        row("ExportMyData", SIGNED_IN, |_, _| ExportMyData {}),
        row("GetDeletionEffects", SIGNED_IN, |_, _| GetDeletionEffects {}),
        row("EndOtherSessions", SIGNED_IN, |_, _| EndOtherSessions {}),
        row("ChangePassword", SIGNED_IN, |_, _| ChangePassword {
            old_password: None,
            new_password: PASSWORD.into(),
        }),
        row("JoinCohort", SIGNED_IN, |world, _| JoinCohort { token: world.invitation.token.clone() }),
        // Nobody deletes an account by accident: the name must be typed.
        row("DeleteAccount", [401, 422, 422, 422, 422, 422, 401, 401], |_, _| DeleteAccount {
            name: "somebody else".into(),
        }),
    ]
}

/// A session for everybody.
fn signing_in() -> Vec<Row> {
    let name = |actor: usize| format!("new for {}", ACTORS[actor]);
    vec![
        row("SetPasswordByLink", EVERYBODY, |world, actor| SetPasswordByLink {
            token: world.password_tokens[actor].clone(),
            password: PASSWORD.into(),
            session: SessionTransport::Bearer,
        }),
        row("AcceptInvitation", EVERYBODY, move |world, actor| AcceptInvitation {
            token: world.invitation.token.clone(),
            name: name(actor),
            password: PASSWORD.into(),
            session: SessionTransport::Bearer,
        }),
        row("SignInWithPassword", EVERYBODY, move |_, actor| SignInWithPassword {
            name: name(actor),
            password: PASSWORD.into(),
            session: SessionTransport::Bearer,
        }),
    ]
}

/// Instructors and operators; an assistant is no actor here.
fn course() -> Vec<Row> {
    vec![
        row("ListLessons", MEMBERS, |world, _| ListLessons { cohort_id: world.cohort }),
        row("GetLesson", MEMBERS, |world, _| GetLesson { cohort_id: world.cohort, week: 1 }),
        row("MarkSectionRead", MEMBERS, |world, _| MarkSectionRead {
            cohort_id: world.cohort,
            week: 1,
            section: "counting".into(),
        }),
        row("GetLessonSource", STAFF, |world, _| GetLessonSource {
            cohort_id: world.cohort,
            week: 1,
            version: None,
        }),
        row("PreviewLesson", STAFF, |world, _| PreviewLesson {
            cohort_id: world.cohort,
            week: 1,
            markdown: LESSON.into(),
        }),
        row("SaveLesson", STAFF, |world, actor| SaveLesson {
            cohort_id: world.cohort,
            week: 1,
            markdown: LESSON.into(),
            // The instructor's is the first version, the operator's the second.
            based_on_version: if ACTORS[actor] == "operator" { 1 } else { 0 },
        }),
        row("SetWeekSchedule", STAFF, |world, _| SetWeekSchedule {
            cohort_id: world.cohort,
            week: 1,
            schedule: WeekSchedule::default(),
        }),
        row("GetCoursePolicy", MEMBERS, |world, _| GetCoursePolicy { cohort_id: world.cohort }),
        row("SetCoursePolicy", STAFF, |world, _| SetCoursePolicy {
            cohort_id: world.cohort,
            policy: CoursePolicy::default(),
        }),
        row("ListQuestions", MEMBERS, |world, _| ListQuestions { cohort_id: world.cohort, week: 1 }),
        row("AnswerQuestion", MEMBERS, |world, actor| AnswerQuestion {
            cohort_id: world.cohort,
            week: 1,
            question: "bytes-of-ten".into(),
            given: Given::Numeric { value: 30.0 },
            idempotency_key: format!("answer of actor {actor}"),
        }),
        row("ListAnswersToMark", STAFF, |world, _| ListAnswersToMark {
            cohort_id: world.cohort,
            week: None,
            after: None,
            limit: None,
        }),
        row("MarkAnswer", STAFF, |world, _| MarkAnswer {
            cohort_id: world.cohort,
            answer_id: world.answer,
            rubric_points: vec![2, 1],
            comment: "좋습니다.".into(),
        }),
        row("RegradeQuestion", STAFF, |world, _| RegradeQuestion {
            cohort_id: world.cohort,
            week: 1,
            question: "bytes-of-ten".into(),
        }),
        row("GetGradebook", STAFF, |world, _| GetGradebook { cohort_id: world.cohort }),
        row("ExportGrades", STAFF, |world, _| ExportGrades { cohort_id: world.cohort }),
        row("ImportGrades", STAFF, |world, _| ImportGrades {
            cohort_id: world.cohort,
            csv: format!("learner_id,week_2\n{},3\n", world.owner),
        }),
    ]
}

fn work() -> Vec<Row> {
    vec![
        row("CreateJob", MEMBERS, |world, actor| CreateJob {
            cohort_id: world.cohort,
            spec: import(Purpose::Training),
            inputs: bind("text", InputBinding::Artifact(world.artifact)),
            idempotency_key: format!("job {actor}"),
        }),
        row("CreatePipeline", MEMBERS, |world, actor| {
            pipeline(world.cohort, world.artifact, &format!("pipeline {actor}"))
        }),
        row("GetPipeline", OWN_ROW, |world, _| GetPipeline { pipeline_id: world.pipeline }),
        row("GetJob", OWN_ROW, |world, _| GetJob { job_id: world.job }),
        row("ListJobs", SIGNED_IN, |_, _| ListJobs { state: None, before: None, limit: None }),
        row("SetJobPriority", OPERATOR, |world, _| SetJobPriority { job_id: world.job, priority: 1 }),
        row("CancelJob", OWN_ROW, |world, _| CancelJob { job_id: world.job }),
        // Cancelled by the row above; those who may, resume it and it waits for a worker.
        row("ResumeJob", OWN_ROW, |world, _| ResumeJob { job_id: world.job }),
        row("CancelJob", OWN_ROW, |world, _| CancelJob { job_id: world.job }),
        row("ListJobEvents", OWN_ROW, |world, _| ListJobEvents {
            job_id: world.job,
            after: None,
            limit: None,
        }),
        // The job was cancelled above, so its stream ends by itself.
        byte_row(bytes::JOB_EVENT_STREAM, OWN_ROW, |world| {
            format!("/api/v1/jobs/{}/events/stream", world.job)
        }),
        byte_row(bytes::UPLOAD, SIGNED_IN, |_| "/api/v1/uploads".into()),
        row("CreateArtifact", MEMBERS, |world, _| CreateArtifact {
            cohort_id: world.cohort,
            label: "bytes".into(),
            purpose: Purpose::Training,
            files: vec![UploadedFile {
                name: FileName::try_from("a.txt".to_owned()).unwrap(),
                sha256: sha256(BYTES),
            }],
        }),
        row("GetArtifact", OWN_ROW, |world, _| GetArtifact { artifact_id: world.artifact }),
        row("ListArtifacts", SIGNED_IN, |_, _| ListArtifacts { kind: None, before: None, limit: None }),
        row("ListRows", OWN_ROW_WITHOUT_ROWS, |world, _| ListRows {
            artifact_id: world.artifact,
            start: None,
            limit: None,
            rule: None,
        }),
        byte_row(bytes::ARTIFACT_FILE, OWN_ROW, |world| {
            format!("/api/v1/artifacts/{}/files/source.txt", world.artifact)
        }),
        // Opened by its owner in the first row, so that everybody reads it in those that follow.
        row("PublishModel", OWNER_ONLY, |world, _| PublishModel {
            artifact_id: world.model,
            name: "이야기꾼".into(),
            description: String::new(),
        }),
        row("GetPublishedModel", EVERYBODY, |world, _| GetPublishedModel { artifact_id: world.model }),
        row("ListPublishedModels", EVERYBODY, |_, _| ListPublishedModels { before: None, limit: None }),
        byte_row(bytes::PUBLISHED_FILE, EVERYBODY, |world| {
            format!("/api/v1/models/{}/files/config.json", world.model)
        }),
        row("WithdrawModel", OWN_ROW, |world, _| WithdrawModel { artifact_id: world.model }),
        row("DeleteArtifact", OWN_ROW_TO_DELETE, |world, _| DeleteArtifact { artifact_id: world.artifact }),
    ]
}

fn machines() -> Vec<Row> {
    vec![
        row("CreateWorker", OPERATOR, |_, _| CreateWorker { name: "new".into() }),
        row("RotateWorkerToken", OPERATOR, |world, _| RotateWorkerToken { worker_id: world.account }),
        row("SetWorkerDrain", OPERATOR, |world, _| SetWorkerDrain {
            worker_id: world.account,
            drain: Some(Drain::Finish),
        }),
        row("GetQueue", OPERATOR, |_, _| GetQueue { limit: None }),
        row("GetCohortQueue", STAFF, |world, _| GetCohortQueue { cohort_id: world.cohort, limit: None }),
        row("CreateReservation", OPERATOR, |world, _| reservation(world.cohort, world.account, 5)),
        row("CancelReservation", OPERATOR, |world, _| CancelReservation {
            reservation_id: world.reservation,
        }),
        row("GetMyWorkerTime", MEMBERS, |world, _| GetMyWorkerTime { cohort_id: world.cohort }),
        row("ListWorkerTime", STAFF, |world, _| ListWorkerTime { cohort_id: world.cohort }),
        row("SetWorkerTimeLimit", STAFF, |world, _| SetWorkerTimeLimit {
            cohort_id: world.cohort,
            minutes_per_learner: Some(600),
        }),
        row("GrantWorkerTime", STAFF, |world, _| GrantWorkerTime {
            cohort_id: world.cohort,
            user_id: world.owner,
            minutes: 30,
        }),
        row("GetStorage", OPERATOR, |_, _| GetStorage { limit: None }),
        row("SetStorageQuota", OPERATOR, |world, _| SetStorageQuota {
            user_id: world.owner,
            storage_quota_bytes: 1 << 30,
        }),
        row("RevokeWorker", OPERATOR, |world, _| RevokeWorker { worker_id: world.account }),
        row("ListWorkers", OPERATOR, |_, _| ListWorkers {}),
        row("GetTrainingSpeeds", SIGNED_IN, |_, _| GetTrainingSpeeds {}),
        row("ClaimJob", WORKER, |_, _| claim_of(&[JobKind::Export])),
        row("RenewLease", LEASE, |_, _| RenewLease {}),
        row("AppendEvents", LEASE, |_, _| AppendEvents { events: Vec::new() }),
        row("SaveCheckpoint", LEASE, |_, _| SaveCheckpoint { step: 1, files: vec![file("a", BYTES)] }),
        row("FinishAttempt", LEASE, |_, _| FinishAttempt { outcome: AttemptOutcome::Cancelled }),
        byte_row(bytes::LEASE_UPLOAD, LEASE, |_| format!("/api/v1/lease/files/{}", sha256(BYTES))),
        byte_row(bytes::LEASE_INPUT_FILE, LEASE, |_| "/api/v1/lease/inputs/text/source.txt".into()),
        byte_row(bytes::LEASE_CHECKPOINT_FILE, LEASE, |_| "/api/v1/lease/checkpoint/model".into()),
    ]
}

crate::stories! {
    async fn everybody_gets_what_the_table_says(house: House) {
        let world = World::new(&house).await;
        let mut wrong = Vec::new();
        for row in rows() {
            for (actor, name) in ACTORS.into_iter().enumerate() {
                let request = (row.request)(&world, actor);
                let (method, body) = (request.method.as_str(), request.body.unwrap_or_default());
                let reply = world.clients[actor].send(method, &request.target, &[], body).await;
                let expected = row.expected[actor];
                if reply.status.as_u16() != expected {
                    let text = String::from_utf8_lossy(&reply.body).into_owned();
                    wrong.push(format!("{} as {name}: {} instead of {expected}: {text}", row.name, reply.status));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[test]
fn no_route_is_missing_from_the_table_above() {
    let tested: BTreeSet<&str> = rows().iter().map(|row| row.name).collect();
    let endpoints = table::endpoints();
    let mut served: BTreeSet<&str> = endpoints.iter().map(|endpoint| endpoint.name).collect();
    served.extend(bytes::ALL.iter().map(|route| route.name));
    assert_eq!(tested, served);
}

crate::stories! {
    async fn every_route_of_the_contract_is_served_and_no_other(house: House) {
        let mut expected: BTreeMap<(&str, &str), u32> = BTreeMap::new();
        let endpoints = table::endpoints();
        let listed = endpoints.iter().map(|endpoint| (endpoint.method, endpoint.route));
        let streams = bytes::ALL.iter().map(|route| (route.method, route.route));
        for (method, route) in listed.chain(streams) {
            *expected.entry((method.as_str(), route)).or_default() += 1;
        }
        let routes = backend::router::routes(house.app.clone());
        let mut served: BTreeMap<(&str, &str), u32> = BTreeMap::new();
        for (method, route) in routes.routed() {
            *served.entry((Method::as_str(*method), *route)).or_default() += 1;
        }
        assert_eq!(served, expected);
    }
}
