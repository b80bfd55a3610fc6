//! Every route of the server, on one page.

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use shared::api::{API_PREFIX, ErrorCode, bytes};

use crate::app::App;
use crate::controllers::{
    accounts, announcements, artifacts, audit, bytes as streams, certificates, class, cohorts, first_steps,
    gradebook, invitations, jobs, leases, lessons, models, notifications, preferences, questions, queue,
    sessions, storage, users, worker_time, workers,
};
use crate::endpoint::Routes;
use crate::error::ApiError;
use crate::front_end::{self, FrontEnd};
use crate::http;

pub fn routes(app: App) -> Routes {
    Routes::new(app)
        .public(sessions::health)
        .public(sessions::sign_in)
        .signed_in(sessions::sign_out)
        .signed_in(sessions::get_me)
        .public(sessions::sign_in_with_password)
        .public(sessions::set_password_by_link)
        // One's own account
        .signed_in(accounts::get)
        .signed_in(accounts::change_password)
        .signed_in(accounts::end_other_sessions)
        .signed_in(accounts::export)
        .signed_in(accounts::deletion_effects)
        .signed_in(accounts::delete)
        // Accounts
        .operator(users::create)
        .operator(users::list)
        .operator(users::create_sign_in_link)
        .operator(users::create_password_link)
        .operator(users::set_operator)
        // Cohorts
        .operator(cohorts::create)
        .signed_in(cohorts::list)
        .cohort(cohorts::get)
        .operator(cohorts::update)
        .cohort(cohorts::list_members)
        .cohort(cohorts::set_member)
        .cohort(cohorts::remove_member)
        .cohort(cohorts::create_member_password_link)
        .cohort(cohorts::list_jobs)
        // Invitations
        .cohort(invitations::create)
        .cohort(invitations::list)
        .cohort(invitations::revoke)
        .public(invitations::look_up)
        .public(invitations::accept)
        .signed_in(invitations::join)
        .cohort(invitations::preview_people)
        .cohort(invitations::invite_people)
        // Certificates
        .cohort(certificates::issue)
        .cohort(certificates::mine)
        .cohort(certificates::list)
        .cohort(certificates::set)
        .public(certificates::get)
        .cohort(first_steps::get)
        // The class as it works now
        .cohort(class::view)
        // What people are told, and what was done
        .cohort(announcements::list)
        .cohort(announcements::create)
        .cohort(announcements::update)
        .cohort(announcements::delete)
        .signed_in(notifications::list)
        .signed_in(notifications::count)
        .signed_in(notifications::mark_read)
        .operator(audit::list)
        // Pairs that a class judges
        .cohort(preferences::list)
        .cohort(preferences::create)
        .cohort(preferences::set_state)
        .cohort(preferences::delete)
        .cohort(preferences::next)
        .cohort(preferences::judge)
        .cohort(preferences::results)
        .cohort(preferences::export)
        // The course
        .cohort(lessons::list)
        .cohort(lessons::get)
        .cohort(lessons::mark_section_read)
        .cohort(lessons::get_source)
        .cohort(lessons::preview)
        .cohort(lessons::save)
        .cohort(lessons::set_schedule)
        .cohort(lessons::get_policy)
        .cohort(lessons::set_policy)
        .cohort(questions::list)
        .cohort(questions::answer)
        .cohort(questions::list_to_mark)
        .cohort(questions::mark)
        .cohort(questions::regrade)
        .cohort(gradebook::get)
        .cohort(gradebook::export)
        .cohort(gradebook::import)
        // Jobs
        .signed_in(jobs::create)
        .signed_in(jobs::create_pipeline)
        .signed_in(jobs::get_pipeline)
        .signed_in(jobs::get)
        .signed_in(jobs::list)
        .signed_in(jobs::cancel)
        .signed_in(jobs::resume)
        .operator(jobs::set_priority)
        .signed_in(jobs::list_events)
        .bytes(bytes::JOB_EVENT_STREAM, streams::job_event_stream)
        // Artifacts
        .signed_in(artifacts::create)
        .signed_in(artifacts::get)
        .signed_in(artifacts::list)
        .signed_in(artifacts::list_rows)
        .signed_in(artifacts::delete)
        .bytes(bytes::UPLOAD, streams::upload)
        .bytes(bytes::ARTIFACT_FILE, streams::artifact_file)
        // Published models
        .signed_in(models::publish)
        .signed_in(models::withdraw)
        .public(models::get)
        .public(models::list)
        .bytes(bytes::PUBLISHED_FILE, streams::published_file)
        // Workers
        .operator(workers::create)
        .operator(workers::rotate_token)
        .operator(workers::revoke)
        .operator(workers::list)
        .operator(workers::set_drain)
        .signed_in(workers::training_speeds)
        .worker(workers::claim)
        // The queue as a whole, and what people may use of it
        .operator(queue::get)
        .cohort(queue::get_of_cohort)
        .operator(queue::create_reservation)
        .operator(queue::cancel_reservation)
        .cohort(worker_time::get_mine)
        .cohort(worker_time::list)
        .cohort(worker_time::set_limit)
        .cohort(worker_time::grant)
        // Storage
        .operator(storage::get)
        .operator(storage::set_quota)
        // Leases
        .lease(leases::renew)
        .lease(leases::append_events)
        .lease(leases::save_checkpoint)
        .lease_even_ended(leases::finish)
        .bytes(bytes::LEASE_UPLOAD, streams::lease_upload)
        .bytes(bytes::LEASE_INPUT_FILE, streams::lease_input)
        .bytes(bytes::LEASE_CHECKPOINT_FILE, streams::lease_checkpoint)
}

pub fn router(app: App) -> Router {
    let secure = app.config.server.uses_tls()
        || app.config.server.public_url.as_ref().is_some_and(|url| url.starts_with("https://"));
    let front_end = FrontEnd::new(app.config.server.front_end.as_deref());
    routes(app)
        .into_router()
        .fallback(move |request: Request| beside_the_table(front_end.clone(), request))
        .method_not_allowed_fallback(unknown)
        .layer(middleware::from_fn(move |request, next| http::headers(secure, request, next)))
        .layer(middleware::from_fn(http::trace))
}

/// What is in no table: the page and its files, or nothing.
async fn beside_the_table(front_end: FrontEnd, request: Request) -> Response {
    if front_end::is_for_the_page(&request) {
        front_end.answer(request).await
    } else {
        unknown(request).await
    }
}

/// No such route. A worker of another API version is told to be replaced.
async fn unknown(request: Request) -> Response {
    let path = request.uri().path();
    let version = path.strip_prefix("/api/v").and_then(|rest| rest.split('/').next());
    let number = version.filter(|version| version.parse::<u32>().is_ok());
    if number.is_some_and(|number| format!("/api/v{number}") != API_PREFIX) {
        let message = format!("this server speaks {API_PREFIX}; install the same version on both sides");
        return ApiError::refused(ErrorCode::UpgradeRequired, message).into_response();
    }
    let message = format!("there is nothing under {API_PREFIX} with this path and method; see openapi.json");
    ApiError::refused(ErrorCode::NotFound, message).into_response()
}
