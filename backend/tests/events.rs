//! What watchers see of a job.

use axum::body::Body;
use futures::StreamExt;
use shared::api::ErrorCode;
use shared::api::jobs::{JobState, ListJobEvents};
use shared::api::leases::{AppendEvents, AppendReply};
use shared::events::{AttemptEvent, JobEvent, LogLevel, StreamEvent};
use shared::ids::JobId;

use crate::support::*;

fn log(event_number: u64) -> AttemptEvent {
    let event = JobEvent::Log { level: LogLevel::Info, message: format!("line {event_number}") };
    AttemptEvent { event_number, event }
}

async fn append(client: &Client, numbers: impl IntoIterator<Item = u64>) -> Result<u64, ErrorCode> {
    let events = numbers.into_iter().map(log).collect();
    let reply = client.call(AppendEvents { events }).await;
    reply.map(|AppendReply { stored_event_number }| stored_event_number).map_err(|error| error.code)
}

async fn stream(person: &Person, job_id: JobId) -> Vec<StreamEvent> {
    person.client.call(ListJobEvents { job_id, after: None, limit: None }).await.unwrap().events
}

/// What happened, in short: a state's name or the log's text.
fn told(events: &[StreamEvent]) -> Vec<String> {
    let short = |event: &StreamEvent| match &event.event {
        JobEvent::StateChanged { state, .. } => state.as_str().to_owned(),
        JobEvent::Log { message, .. } => message.clone(),
        other => format!("{other:?}"),
    };
    events.iter().map(short).collect()
}

/// The ids and the data of the server-sent events in this text.
fn parse(text: &str) -> Vec<(u64, StreamEvent)> {
    let field = |block: &str, name: &str| {
        block.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned())
    };
    text.split("\n\n")
        .filter_map(|block| Some((field(block, "id:")?, field(block, "data:")?)))
        .map(|(id, data)| (id.parse().unwrap(), serde_json::from_str(&data).unwrap()))
        .collect()
}

async fn watch(person: &Person, job: JobId, last: Option<u64>) -> Vec<(u64, StreamEvent)> {
    let last = last.map(|last| last.to_string());
    let headers: Vec<(&str, &str)> = last.iter().map(|last| ("last-event-id", last.as_str())).collect();
    let target = format!("/api/v1/jobs/{job}/events/stream");
    let reply = person.client.send("GET", &target, &headers, "").await;
    assert_eq!(reply.header("content-type"), "text/event-stream");
    parse(&String::from_utf8(reply.body).unwrap())
}

crate::stories! {
    async fn a_new_stream_begins_where_the_watcher_says(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await.job_id;
        let held = house.worker("worker").await.claim().await;
        append(&held.client, 1..=5).await.unwrap();
        held.client.succeed(&held.lease).await.unwrap();
        let all: Vec<u64> = watch(&learner, job, None).await.into_iter().map(|(number, _)| number).collect();
        let after = async |after: u64, header: Option<&str>| {
            let target = format!("/api/v1/jobs/{job}/events/stream?after={after}");
            let headers: Vec<(&str, &str)> = header.iter().map(|last| ("last-event-id", *last)).collect();
            let reply = learner.client.send("GET", &target, &headers, "").await;
            let events = parse(&String::from_utf8(reply.body).unwrap());
            events.into_iter().map(|(number, _)| number).collect::<Vec<_>>()
        };
        assert_eq!(after(0, None).await, all);
        assert_eq!(after(4, None).await, all[4..]);
        // A browser that comes back sends where it stood beside the address that it was given.
        assert_eq!(after(2, Some("6")).await, all[6..]);
    }

    async fn nothing_is_doubled_and_nothing_is_missing(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await.job_id;
        let worker = house.worker("worker").await;
        let held = worker.claim().await;
        assert_eq!(append(&held.client, 1..=3).await, Ok(3));
        assert_eq!(append(&held.client, 1..=3).await, Ok(3));
        assert_eq!(append(&held.client, 2..=5).await, Ok(5));
        assert_eq!(append(&held.client, [7]).await, Err(ErrorCode::EventGap));
        assert_eq!(append(&held.client, [6, 8]).await, Err(ErrorCode::EventGap));
        assert_eq!(append(&held.client, [6, 6]).await, Err(ErrorCode::EventGap));
        assert_eq!(append(&held.client, [0]).await, Err(ErrorCode::EventGap));
        assert_eq!(append(&held.client, []).await, Ok(5));
        held.client.finish(given_back()).await.unwrap();
        let held = worker.claim().await;
        assert_eq!(append(&held.client, [1]).await, Ok(1));
        held.client.succeed(&held.lease).await.unwrap();
        let events = stream(&learner, job).await;
        let expected = [
            "queued", "running", "line 1", "line 2", "line 3", "line 4", "line 5", "queued", "running", "line 1",
            "succeeded",
        ];
        assert_eq!(told(&events), expected);
        let numbers: Vec<u64> = events.iter().map(|event| event.stream_number).collect();
        assert_eq!(numbers, (1..=11).collect::<Vec<u64>>());
        let attempts: Vec<u32> = events.iter().map(|event| event.attempt).collect();
        assert_eq!(attempts, [0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2]);
    }

    async fn the_same_batch_twice_at_once_is_stored_once(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await.job_id;
        let held = house.worker("worker").await.claim().await;
        let batches = tokio::join!(append(&held.client, 1..=50), append(&held.client, 1..=50), append(&held.client, 1..=50));
        assert_eq!(batches, (Ok(50), Ok(50), Ok(50)));
        assert_eq!(stream(&learner, job).await.len(), 52);
    }

    async fn a_page_continues_after_a_number(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job_id = learner.import(cohort).await.job_id;
        let held = house.worker("worker").await.claim().await;
        append(&held.client, 1..=10).await.unwrap();
        let page = ListJobEvents { job_id, after: Some(4), limit: Some(3) };
        assert_eq!(told(&learner.client.call(page).await.unwrap().events), ["line 3", "line 4", "line 5"]);
    }

    async fn workers_cannot_tell_the_servers_news_nor_flood_it(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        learner.import(cohort).await;
        let held = house.worker("worker").await.claim().await;
        let own = JobEvent::StateChanged { state: JobState::Succeeded, reason: None };
        let own = AttemptEvent { event_number: 1, event: own };
        assert_eq!(held.client.refused(AppendEvents { events: vec![own] }).await, ErrorCode::Invalid);
        let long = JobEvent::Log { level: LogLevel::Info, message: "가".repeat(40_000) };
        let long = AttemptEvent { event_number: 1, event: long };
        assert_eq!(held.client.refused(AppendEvents { events: vec![long] }).await, ErrorCode::Invalid);
        assert_eq!(append(&held.client, 1..=1001).await, Err(ErrorCode::TooLarge));
        let huge = vec![b' '; 5 << 20];
        let reply = held.client.send("POST", "/api/v1/lease/events", &[], huge).await;
        assert_eq!(reply.error().code, ErrorCode::TooLarge);
        assert_eq!(append(&held.client, 1..=1000).await, Ok(1000));
    }

    async fn a_watcher_resumes_where_it_was(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await.job_id;
        let held = house.worker("worker").await.claim().await;
        append(&held.client, 1..=700).await.unwrap();
        held.client.succeed(&held.lease).await.unwrap();
        let whole = watch(&learner, job, None).await;
        assert_eq!(whole.len(), 703);
        assert!(whole.iter().all(|(id, event)| *id == event.stream_number));
        assert_eq!(watch(&learner, job, Some(600)).await, whole[600..]);
        assert_eq!(watch(&learner, job, Some(703)).await, []);
    }

    async fn a_watcher_sees_events_as_they_come_and_the_end_ends_it(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await.job_id;
        let target = format!("/api/v1/jobs/{job}/events/stream");
        let response = learner.client.open("GET", &target, &[], Body::empty()).await;
        let mut body = response.into_body().into_data_stream();
        let first = String::from_utf8(body.next().await.unwrap().unwrap().to_vec()).unwrap();
        assert_eq!(parse(&first)[0].0, 1);
        let held = house.worker("worker").await.claim().await;
        append(&held.client, 1..=2).await.unwrap();
        held.client.succeed(&held.lease).await.unwrap();
        let mut rest = String::new();
        while let Some(chunk) = body.next().await {
            rest.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
        }
        let rest: Vec<StreamEvent> = parse(&rest).into_iter().map(|(_, event)| event).collect();
        assert_eq!(told(&rest), ["running", "line 1", "line 2", "succeeded"]);
    }
}
