//! What every reply carries and what every request leaves in the log.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, MatchedPath, Request};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

const HEADERS: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Together they let a page share memory between threads. Browsers take them from origins that they
/// trust, and complain on every page of another one.
const ISOLATION: [(HeaderName, &str); 2] = [
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
];

/// Of replies that are no page: data is never rendered.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// Security headers on every reply; nothing is cached unless its handler says so.
pub async fn headers(secure: bool, request: Request, next: Next) -> Response {
    let isolation = if secure || is_this_machine(&request) { &ISOLATION[..] } else { &[] };
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS.iter().chain(isolation) {
        headers.insert(name.clone(), HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(DATA_POLICY));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if secure {
        let value = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    response
}

/// Whether the browser calls the server by a name that it trusts without TLS.
fn is_this_machine(request: &Request) -> bool {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = host.and_then(|host| host.parse::<Authority>().ok());
    authority.is_some_and(|authority| ["localhost", "127.0.0.1", "[::1]"].contains(&authority.host()))
}

/// Method, route template, status, milliseconds: no path, query, header or body, so no secret.
pub async fn trace(request: Request, next: Next) -> Response {
    let started = std::time::Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let response = next.run(request).await;
    let route = route.as_deref().unwrap_or("unknown route");
    let milliseconds = started.elapsed().as_millis() as u64;
    let status = response.status().as_u16();
    if status >= 500 {
        tracing::warn!(%method, route, status, milliseconds, "answered");
    } else {
        tracing::debug!(%method, route, status, milliseconds, "answered");
    }
    response
}

/// Where a request comes from: the peer's address, or what trusted proxies say of it. Each proxy
/// appends its own peer, so the list is read from its end, as far as it was written by trusted ones;
/// whatever stands before was written by the caller. Requests that came over no socket (tests) count
/// as this machine.
pub fn caller_address(trusted: &[IpAddr], parts: &Parts) -> IpAddr {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let mut address = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(peer)| peer.ip());
    for entry in forwarded_for(&parts.headers).into_iter().rev() {
        if !is_trusted(trusted, address) {
            break;
        }
        // A trusted proxy that writes no address here (`unknown`) is as far as anybody can tell.
        let Some(before) = entry else { break };
        address = before;
    }
    address.to_canonical()
}

fn is_trusted(trusted: &[IpAddr], address: IpAddr) -> bool {
    trusted.iter().any(|proxy| proxy.to_canonical() == address.to_canonical())
}

/// The entries of all `X-Forwarded-For` lines in their order; none where an entry is no address.
fn forwarded_for(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let lines = headers.get_all("x-forwarded-for").iter();
    let entries = lines.flat_map(|line| line.to_str().unwrap_or("").split(','));
    entries.map(|entry| forwarded_address(entry.trim())).collect()
}

/// `192.0.2.1`, `2001:db8::1`, and both with a port as some proxies write them.
fn forwarded_address(entry: &str) -> Option<IpAddr> {
    let bare = entry.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| entry.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}
