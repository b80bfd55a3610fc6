//! All endpoints. The router, openapi.json and the access test are made from this table; one that
//! is missing here cannot be served, one that nobody tests fails a test.

use schemars::{Schema, SchemaGenerator};

use super::{
    Access, Endpoint, Method, accounts, announcements, artifacts, audit, certificates, class, cohorts,
    first_steps, gradebook, invitations, jobs, leases, lessons, models, notifications, preferences,
    questions, queue, sessions, storage, users, worker_time, workers,
};

/// An endpoint without its types.
#[derive(Debug, Clone, Copy)]
pub struct Description {
    pub name: &'static str,
    pub method: Method,
    pub route: &'static str,
    pub access: Access,
    pub request_schema: fn(&mut SchemaGenerator) -> Schema,
    pub reply_schema: fn(&mut SchemaGenerator) -> Schema,
}

fn describe<E: Endpoint>(name: &'static str) -> Description {
    Description {
        name,
        method: E::METHOD,
        route: E::ROUTE,
        access: E::ACCESS,
        request_schema: SchemaGenerator::subschema_for::<E>,
        reply_schema: SchemaGenerator::subschema_for::<E::Reply>,
    }
}

/// Calls `$callback!{ Type, Type, … }` with every endpoint type; for tests over all of them.
#[macro_export]
macro_rules! for_each_endpoint {
    ($callback:ident) => {
        $callback! {
            sessions::Health,
            sessions::SignIn,
            sessions::SignOut,
            sessions::GetMe,
            sessions::SignInWithPassword,
            sessions::SetPasswordByLink,
            accounts::GetAccount,
            accounts::ChangePassword,
            accounts::EndOtherSessions,
            accounts::ExportMyData,
            accounts::GetDeletionEffects,
            accounts::DeleteAccount,
            users::CreateUser,
            users::ListUsers,
            users::CreateSignInLink,
            users::CreatePasswordLink,
            users::SetOperator,
            cohorts::CreateCohort,
            cohorts::ListCohorts,
            cohorts::GetCohort,
            cohorts::UpdateCohort,
            cohorts::ListMembers,
            cohorts::SetMember,
            cohorts::RemoveMember,
            cohorts::CreateMemberPasswordLink,
            cohorts::ListCohortJobs,
            invitations::CreateInvitation,
            invitations::ListInvitations,
            invitations::RevokeInvitation,
            invitations::LookUpLink,
            invitations::AcceptInvitation,
            invitations::JoinCohort,
            invitations::PreviewPeople,
            invitations::InvitePeople,
            certificates::IssueCertificate,
            certificates::GetMyCertificate,
            certificates::ListCertificates,
            certificates::SetCertificate,
            certificates::GetCertificate,
            first_steps::GetFirstSteps,
            class::GetClassView,
            announcements::ListAnnouncements,
            announcements::CreateAnnouncement,
            announcements::UpdateAnnouncement,
            announcements::DeleteAnnouncement,
            notifications::ListNotifications,
            notifications::CountUnread,
            notifications::MarkNotificationsRead,
            audit::ListAuditEntries,
            preferences::ListPreferenceSets,
            preferences::CreatePreferenceSet,
            preferences::SetPreferenceSetState,
            preferences::DeletePreferenceSet,
            preferences::NextPairs,
            preferences::JudgePair,
            preferences::GetPreferenceResults,
            preferences::ExportPreferences,
            lessons::ListLessons,
            lessons::GetLesson,
            lessons::MarkSectionRead,
            lessons::GetLessonSource,
            lessons::PreviewLesson,
            lessons::SaveLesson,
            lessons::SetWeekSchedule,
            lessons::GetCoursePolicy,
            lessons::SetCoursePolicy,
            questions::ListQuestions,
            questions::AnswerQuestion,
            questions::ListAnswersToMark,
            questions::MarkAnswer,
            questions::RegradeQuestion,
            gradebook::GetGradebook,
            gradebook::ExportGrades,
            gradebook::ImportGrades,
            jobs::CreateJob,
            jobs::CreatePipeline,
            jobs::GetPipeline,
            jobs::GetJob,
            jobs::ListJobs,
            jobs::CancelJob,
            jobs::ResumeJob,
            jobs::SetJobPriority,
            jobs::ListJobEvents,
            artifacts::CreateArtifact,
            artifacts::GetArtifact,
            artifacts::ListArtifacts,
            artifacts::ListRows,
            artifacts::DeleteArtifact,
            models::PublishModel,
            models::WithdrawModel,
            models::GetPublishedModel,
            models::ListPublishedModels,
            workers::CreateWorker,
            workers::RotateWorkerToken,
            workers::RevokeWorker,
            workers::ListWorkers,
            workers::SetWorkerDrain,
            queue::GetQueue,
            queue::GetCohortQueue,
            queue::CreateReservation,
            queue::CancelReservation,
            worker_time::GetMyWorkerTime,
            worker_time::ListWorkerTime,
            worker_time::SetWorkerTimeLimit,
            worker_time::GrantWorkerTime,
            storage::GetStorage,
            storage::SetStorageQuota,
            workers::GetTrainingSpeeds,
            workers::ClaimJob,
            leases::RenewLease,
            leases::AppendEvents,
            leases::SaveCheckpoint,
            leases::FinishAttempt,
        }
    };
}

/// Every endpoint, in the order of openapi.json.
pub fn endpoints() -> Vec<Description> {
    macro_rules! describe_all {
        ($($module:ident::$name:ident),* $(,)?) => {
            vec![$(describe::<$module::$name>(stringify!($name))),*]
        };
    }
    for_each_endpoint!(describe_all)
}
