//! What goes over the wire comes back the same, for every endpoint of the table.

#![allow(clippy::unwrap_used)]

mod support;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use schemars::generate::SchemaSettings;
use shared::api::encoding::{decode, encode, path_fields};
use shared::api::{
    Endpoint, artifacts, bytes, cohorts, jobs, leases, models, openapi, sessions, table, users, workers,
};
use shared::api::{
    accounts, announcements, audit, certificates, class, first_steps, gradebook, invitations, lessons,
    notifications, preferences, questions, queue, storage, worker_time,
};
use shared::spec::JobSpec;

/// The strategy for values of a type, from its own schema.
fn arbitrary<T: schemars::JsonSchema>() -> BoxedStrategy<serde_json::Value> {
    let mut generator = SchemaSettings::openapi3().for_serialize().into_generator();
    let schema = generator.subschema_for::<T>().to_value();
    support::values(&schema, generator.definitions())
}

fn runner() -> TestRunner {
    TestRunner::new(Config { cases: 64, failure_persistence: None, ..Config::default() })
}

/// What an HTTP router would hand over: the decoded path fields.
fn fields_of_path(route: &str, target: &str) -> Vec<(String, String)> {
    let path = target.split('?').next().unwrap();
    let mut names = path_fields(route);
    route
        .split('/')
        .zip(path.split('/'))
        .filter(|(part, _)| part.starts_with('{'))
        .map(|(_, value)| {
            let value = percent_decode(value);
            (names.next().unwrap().to_owned(), value)
        })
        .collect()
}

fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn comes_back_the_same<E: Endpoint>(name: &str) {
    runner()
        .run(&arbitrary::<E>(), |value| {
            let request: E = serde_json::from_value(value.clone())
                .map_err(|error| TestCaseError::fail(format!("{name}: {value}: {error}")))?;
            let encoded = encode(&request).unwrap();
            let (path, query) = encoded.target.split_once('?').unwrap_or((&encoded.target, ""));
            prop_assert_eq!(path.split('/').count(), E::ROUTE.split('/').count(), "{}", path);
            let again: E = decode(
                E::METHOD,
                fields_of_path(E::ROUTE, &encoded.target),
                query,
                encoded.body.as_deref().unwrap_or_default(),
            )
            .map_err(|error| TestCaseError::fail(format!("{name}: {value}: {error}")))?;
            prop_assert_eq!(serde_json::to_value(&again).unwrap(), serde_json::to_value(&request).unwrap());
            Ok(())
        })
        .unwrap();
}

#[test]
fn every_request_survives_the_way_through_path_query_and_body() {
    macro_rules! check_all {
        ($($module:ident::$name:ident),* $(,)?) => {
            $(comes_back_the_same::<$module::$name>(stringify!($name));)*
        };
    }
    shared::for_each_endpoint!(check_all);
}

#[test]
fn every_reply_survives_json() {
    fn check<E: Endpoint>(name: &str) {
        runner()
            .run(&arbitrary::<E::Reply>(), |value| {
                let reply: E::Reply = serde_json::from_value(value.clone())
                    .map_err(|error| TestCaseError::fail(format!("{name}: {value}: {error}")))?;
                let text = serde_json::to_string(&reply).unwrap();
                let again: E::Reply = serde_json::from_str(&text)
                    .map_err(|error| TestCaseError::fail(format!("{name}: {text}: {error}")))?;
                prop_assert_eq!(serde_json::to_string(&again).unwrap(), text);
                Ok(())
            })
            .unwrap();
    }
    macro_rules! check_all {
        ($($module:ident::$name:ident),* $(,)?) => {
            $(check::<$module::$name>(stringify!($name));)*
        };
    }
    shared::for_each_endpoint!(check_all);
}

#[test]
fn absurd_specs_get_problems_and_huge_estimates_but_never_a_panic() {
    runner()
        .run(&arbitrary::<JobSpec>(), |value| {
            let spec: JobSpec = serde_json::from_value(value).unwrap();
            let _ = spec.estimate(u64::MAX, 1e9);
            if let Err(problems) = spec.validate() {
                prop_assert!(!problems.0.is_empty());
                for problem in problems.0 {
                    prop_assert!(!problem.field.is_empty() && !problem.message.is_empty());
                }
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_request_that_makes_no_sense_is_refused_in_words() {
    let path = |value: &str| vec![("job_id".to_owned(), value.to_owned())];
    let get = shared::api::Method::Get;
    for (request, said) in [
        (decode::<jobs::GetJob>(get, path("twelve"), "", b""), "not a valid i64"),
        (decode::<jobs::GetJob>(get, vec![], "", b""), "missing field"),
        (decode::<jobs::GetJob>(get, path("1"), "job_id=2", b""), "a second time"),
        (decode::<jobs::GetJob>(get, path("1"), "a=%f", b""), "percent escape"),
    ] {
        let error = request.unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
    let body = decode::<sessions::SignIn>(shared::api::Method::Post, vec![], "", b"[1]");
    assert!(body.unwrap_err().to_string().contains("not a JSON object"));
}

#[test]
fn routes_are_unique_and_start_with_the_version() {
    let mut seen = std::collections::BTreeSet::new();
    let endpoints = table::endpoints().into_iter().map(|endpoint| (endpoint.method.as_str(), endpoint.route));
    let streams = bytes::ALL.iter().map(|route| (route.method.as_str(), route.route));
    for (method, route) in endpoints.chain(streams) {
        assert!(route.starts_with("/api/v1/") || route == "/healthz", "{route}");
        assert!(seen.insert((method, route)), "{method} {route} stands twice");
    }
}

/// `UPDATE_SNAPSHOTS=1 cargo test -p shared` rewrites the file.
#[test]
fn openapi_json_is_what_the_table_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi.json");
    let document = serde_json::to_string_pretty(&openapi::document()).unwrap() + "\n";
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(path, &document).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == document,
        "openapi.json is not what the endpoint table says: run UPDATE_SNAPSHOTS=1 cargo test -p shared, read the change and commit it"
    );
}
