//! Endpoints on the router. The function that routes a handler must fit the endpoint's `ACCESS`, or
//! it does not compile; it decodes the request, finds out who calls and refuses the others.

use std::collections::BTreeMap;
use std::future::Future;

use axum::body::Body;
use axum::extract::{RawPathParams, Request};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use axum::{Json, RequestPartsExt, Router};
use serde_json::Value;
use shared::api::{Access, Endpoint, Method, Role, bytes, encoding};
use shared::ids::CohortId;

use crate::access::{self, LeaseHolder, Member, Person, WorkerCaller};
use crate::app::App;
use crate::error::{ApiError, Result};

/// JSON of a request, unless [`body_limit_bytes`] knows better.
const BODY_LIMIT_BYTES: usize = 256 << 10;

/// A router under construction, with the names of what it routes.
pub struct Routes {
    app: App,
    routes: BTreeMap<&'static str, MethodRouter>,
    routed: Vec<(Method, &'static str)>,
}

impl Routes {
    pub fn new(app: App) -> Self {
        Self { app, routes: BTreeMap::new(), routed: Vec::new() }
    }

    /// Anyone may call. The handler gets the request's head for addresses and headers.
    pub fn public<E, F>(self, handler: fn(App, Parts, E) -> F) -> Self
    where
        E: Endpoint,
        F: Future<Output = Result<WithHeaders<E::Reply>>> + Send + 'static,
    {
        const { assert!(matches!(E::ACCESS, Access::Public)) };
        self.route::<E, _, _>(move |app, mut parts, body| async move {
            let request = decode::<E>(&mut parts, body).await?;
            handler(app, parts, request).await
        })
    }

    pub fn signed_in<E, F>(self, handler: fn(App, Person, E) -> F) -> Self
    where
        E: Endpoint,
        F: Future<Output = Result<E::Reply>> + Send + 'static,
    {
        const { assert!(matches!(E::ACCESS, Access::SignedIn)) };
        self.route::<E, _, _>(move |app, mut parts, body| async move {
            let person = access::person(&app, &parts.method, &parts.headers).await?;
            let request = decode::<E>(&mut parts, body).await?;
            handler(app, person, request).await.map(plain)
        })
    }

    pub fn cohort<E, F>(self, handler: fn(App, Member, E) -> F) -> Self
    where
        E: Endpoint,
        F: Future<Output = Result<E::Reply>> + Send + 'static,
    {
        const { assert!(matches!(E::ACCESS, Access::Cohort(_))) };
        self.route::<E, _, _>(move |app, mut parts, body| async move {
            let person = access::person(&app, &parts.method, &parts.headers).await?;
            let member =
                access::member(&app, person, cohort_id(&mut parts).await?, least_role::<E>()).await?;
            let request = decode::<E>(&mut parts, body).await?;
            handler(app, member, request).await.map(plain)
        })
    }

    pub fn operator<E, F>(self, handler: fn(App, Person, E) -> F) -> Self
    where
        E: Endpoint,
        F: Future<Output = Result<E::Reply>> + Send + 'static,
    {
        const { assert!(matches!(E::ACCESS, Access::Operator)) };
        self.route::<E, _, _>(move |app, mut parts, body| async move {
            let person = access::operator(access::person(&app, &parts.method, &parts.headers).await?)?;
            let request = decode::<E>(&mut parts, body).await?;
            handler(app, person, request).await.map(plain)
        })
    }

    pub fn worker<E, F>(self, handler: fn(App, WorkerCaller, E) -> F) -> Self
    where
        E: Endpoint,
        F: Future<Output = Result<E::Reply>> + Send + 'static,
    {
        const { assert!(matches!(E::ACCESS, Access::Worker)) };
        self.route::<E, _, _>(move |app, mut parts, body| async move {
            let worker = access::worker(&app, &parts.headers).await?;
            let request = decode::<E>(&mut parts, body).await?;
            handler(app, worker, request).await.map(plain)
        })
    }

    pub fn lease<E, F>(self, handler: fn(App, LeaseHolder, E) -> F) -> Self
    where
        E: Endpoint,
        F: Future<Output = Result<E::Reply>> + Send + 'static,
    {
        self.lease_that(|holder| holder.standing, handler)
    }

    /// Also for an attempt that has ended; the handler decides what that means.
    pub fn lease_even_ended<E, F>(self, handler: fn(App, LeaseHolder, E) -> F) -> Self
    where
        E: Endpoint,
        F: Future<Output = Result<E::Reply>> + Send + 'static,
    {
        self.lease_that(|_| true, handler)
    }

    fn lease_that<E, F>(
        self,
        admitted: fn(&LeaseHolder) -> bool,
        handler: fn(App, LeaseHolder, E) -> F,
    ) -> Self
    where
        E: Endpoint,
        F: Future<Output = Result<E::Reply>> + Send + 'static,
    {
        const { assert!(matches!(E::ACCESS, Access::Lease)) };
        self.route::<E, _, _>(move |app, mut parts, body| async move {
            let holder = access::lease(&app, &parts.headers).await?;
            if !admitted(&holder) {
                return Err(ApiError::lease_lost());
            }
            let request = decode::<E>(&mut parts, body).await?;
            handler(app, holder, request).await.map(plain)
        })
    }

    /// A route of bytes or a stream; its handler checks the access that the table names.
    pub fn bytes<F>(mut self, route: bytes::ByteRoute, handler: fn(App, Request) -> F) -> Self
    where
        F: Future<Output = Result<Response>> + Send + 'static,
    {
        let app = self.app.clone();
        let answer = move |request: Request| {
            let answer = handler(app.clone(), request);
            async move { answer.await.into_response() }
        };
        self.add(route.method, route.route, on(filter(route.method), answer));
        self
    }

    /// Method and route of everything that was added.
    pub fn routed(&self) -> &[(Method, &'static str)] {
        &self.routed
    }

    pub fn into_router(self) -> Router {
        self.routes.into_iter().fold(Router::new(), |router, (path, route)| router.route(path, route))
    }

    fn route<E, H, F>(mut self, handler: H) -> Self
    where
        E: Endpoint,
        H: Fn(App, Parts, Body) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<WithHeaders<E::Reply>>> + Send + 'static,
    {
        let app = self.app.clone();
        let answer = move |request: Request| {
            let (parts, body) = request.into_parts();
            let answer = handler(app.clone(), parts, body);
            async move { answer.await.map(|(headers, reply)| (headers, Json(reply))).into_response() }
        };
        self.add(E::METHOD, E::ROUTE, on(filter(E::METHOD), answer));
        self
    }

    fn add(&mut self, method: Method, path: &'static str, route: MethodRouter) {
        let merged = match self.routes.remove(path) {
            Some(others) => others.merge(route),
            None => route,
        };
        self.routes.insert(path, merged);
        self.routed.push((method, path));
    }
}

/// A reply with headers of its own.
pub type WithHeaders<T> = (axum::http::HeaderMap, T);

pub fn plain<T>(reply: T) -> WithHeaders<T> {
    (axum::http::HeaderMap::new(), reply)
}

/// The path's fields, percent-decoded.
pub async fn path_fields(parts: &mut Parts) -> Result<Vec<(String, String)>> {
    let fields = parts.extract::<RawPathParams>().await;
    let fields = fields.map_err(|_| ApiError::bad_request("the path is not UTF-8"))?;
    if let Some((name, _)) = fields.iter().find(|(_, value)| value.contains('\0')) {
        return Err(ApiError::bad_request(format!("{name} in the path: {ZERO}")));
    }
    Ok(fields.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

/// PostgreSQL stores no such text, so that it would fail there as if by our mistake.
const ZERO: &str = "leave out the character U+0000, no text can hold it";

/// Names the field of a person's request that holds U+0000. What workers send is stored as JSON, where
/// it is written with an escape: a model may well write that character.
fn refuse_zero<E: Endpoint>(request: &E) -> Result<()> {
    if matches!(E::ACCESS, Access::Worker | Access::Lease) {
        return Ok(());
    }
    match field_with_zero(&serde_json::to_value(request)?) {
        Some(field) => Err(ApiError::field(field.join("."), ZERO)),
        None => Ok(()),
    }
}

fn field_with_zero(value: &Value) -> Option<Vec<String>> {
    let inside = |name: &str, value: &Value| {
        let mut path = if name.contains('\0') { Vec::new() } else { field_with_zero(value)? };
        path.insert(0, name.replace('\0', "\u{fffd}"));
        Some(path)
    };
    match value {
        Value::String(text) => text.contains('\0').then(Vec::new),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(index, item)| inside(&index.to_string(), item))
        }
        Value::Object(fields) => fields.iter().find_map(|(name, field)| inside(name, field)),
        _ => None,
    }
}

async fn decode<E: Endpoint>(parts: &mut Parts, body: Body) -> Result<E> {
    let path = path_fields(parts).await?;
    let limit = body_limit_bytes(E::ROUTE);
    let body = axum::body::to_bytes(body, limit).await.map_err(|_| {
        ApiError::too_large(format!("the request's body is above {limit} bytes, or broke off"))
    })?;
    let request = encoding::decode(E::METHOD, path, parts.uri.query().unwrap_or(""), &body)
        .map_err(|error| ApiError::bad_request(format!("the request cannot be read: {error}")))?;
    refuse_zero(&request)?;
    Ok(request)
}

fn body_limit_bytes(route: &str) -> usize {
    match route {
        "/api/v1/pipelines" => 2 << 20,
        "/api/v1/lease/events" => 4 << 20,
        // A lesson, with what JSON makes of its line ends and quotes.
        "/api/v1/cohorts/{cohort_id}/lessons/{week}/source"
        | "/api/v1/cohorts/{cohort_id}/lessons/{week}/preview" => 3 << 20,
        "/api/v1/cohorts/{cohort_id}/gradebook/csv" => 1 << 20,
        "/api/v1/lease/checkpoint" | "/api/v1/lease/finish" | "/api/v1/artifacts" => 1 << 20,
        _ => BODY_LIMIT_BYTES,
    }
}

/// Every cohort route names its cohort in the path; the access test calls each of them.
async fn cohort_id(parts: &mut Parts) -> Result<CohortId> {
    let fields = path_fields(parts).await?;
    let named = fields.into_iter().find_map(|(name, value)| (name == "cohort_id").then_some(value));
    let named = named.ok_or_else(|| ApiError::Bug("a cohort route without a cohort_id".to_owned()))?;
    named.parse().map_err(|_| ApiError::bad_request(format!("{named:?} is no cohort number")))
}

fn least_role<E: Endpoint>() -> Role {
    match E::ACCESS {
        Access::Cohort(role) => role,
        _ => Role::Instructor,
    }
}

fn filter(method: Method) -> MethodFilter {
    match method {
        Method::Get => MethodFilter::GET,
        Method::Post => MethodFilter::POST,
        Method::Put => MethodFilter::PUT,
        Method::Delete => MethodFilter::DELETE,
    }
}
