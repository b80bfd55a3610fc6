//! The page for browsers: files that `cargo xtask` built, and index.html for every path that the page
//! routes by itself.
//!
//! Names that carry a hash or a version never change and are kept for ever; the others are asked for
//! again each time. A `.br` beside a file goes to every browser that can read it.

use std::path::Path;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tower_http::services::ServeDir;

/// No inline script or style, nothing from elsewhere. `wasm-unsafe-eval` is how a page may run
/// WebAssembly. Worker scripts carry it too: a worker obeys the policy of its own reply.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

const NO_FRONT_END: &str = "\
This Mitbadak server has no page for browsers; only its API answers, under /api/v1.

To get the page, start the server with `cargo xtask up`, which builds it, or give the folder of a
page that was built already: `mitbadak serve --front-end DIR` (or MITBADAK_FRONT_END=DIR).
";

#[derive(Clone)]
pub struct FrontEnd(Option<ServeDir>);

/// Whether a request that no route took is a browser's, for the page or one of its files.
pub fn is_for_the_page(request: &Request) -> bool {
    let path = request.uri().path();
    let is_api = ["/api", "/healthz"]
        .iter()
        .any(|prefix| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
    matches!(*request.method(), Method::GET | Method::HEAD) && !is_api
}

impl FrontEnd {
    pub fn new(folder: Option<&Path>) -> Self {
        Self(
            folder.map(|folder| {
                ServeDir::new(folder).precompressed_br().append_index_html_on_directories(false)
            }),
        )
    }

    pub async fn answer(&self, request: Request) -> Response {
        let Some(files) = &self.0 else {
            let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
            return (StatusCode::NOT_FOUND, kind, NO_FRONT_END).into_response();
        };
        let path = request.uri().path().to_owned();
        let page = index_request(&request);
        let mut response = match file(files, request).await {
            // A name with an extension is a file that is gone, not a place in the page.
            response if response.status() == StatusCode::NOT_FOUND && !names_a_file(&path) => {
                file(files, page).await
            }
            response => response,
        };
        let found = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
        let cache = if found && names_a_file(&path) && never_changes(&path) { FOR_EVER } else { ASK_AGAIN };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        response
    }
}

async fn file(files: &ServeDir, request: Request) -> Response {
    match files.clone().try_call(request).await {
        Ok(response) => response.map(Body::new),
        Err(error) => {
            tracing::error!(%error, "a file of the page cannot be read");
            let words = "a file of the page cannot be read; it is in the server's log\n";
            (StatusCode::INTERNAL_SERVER_ERROR, words).into_response()
        }
    }
}

/// The same request for index.html.
fn index_request(request: &Request) -> Request {
    let mut page = Request::new(Body::empty());
    *page.method_mut() = request.method().clone();
    *page.uri_mut() = axum::http::Uri::from_static("/index.html");
    *page.headers_mut() = request.headers().clone();
    page
}

fn names_a_file(path: &str) -> bool {
    path.rsplit('/').next().unwrap_or_default().contains('.')
}

/// `/frontend-0123456789abcdef_bg.wasm`, and everything under `/vendor/NAME-1.2.3/`.
fn never_changes(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let hashed = name.split(['-', '_', '.']).any(|part| {
        part.len() == 16 && part.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    });
    let versioned =
        path.strip_prefix("/vendor/").and_then(|rest| rest.split('/').next()).is_some_and(|package| {
            package
                .rsplit('-')
                .next()
                .is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit()))
        });
    hashed || versioned
}

#[cfg(test)]
mod tests {
    use super::never_changes;

    #[test]
    fn names_with_a_hash_or_a_version_never_change() {
        for path in [
            "/frontend-0123456789abcdef.js",
            "/frontend-0123456789abcdef_bg.wasm",
            "/tokens-00ff00ff00ff00ff.css",
            "/vendor/uplot-1.6.32/dist/uPlot.min.css",
        ] {
            assert!(never_changes(path), "{path}");
        }
        for path in ["/index.html", "/engine.js", "/vendor/uplot/uPlot.css", "/runs/12", "/icon.svg"] {
            assert!(!never_changes(path), "{path}");
        }
    }
}
