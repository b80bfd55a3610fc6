//! Giving bytes out: as an attachment, with one range, never changing.

use std::ops::Range;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use object_store::{GetOptions, GetRange, ObjectStore};
use shared::artifacts::ArtifactFile;

use super::key;
use crate::app::App;
use crate::error::{ApiError, Result};

/// What a Range header asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    All,
    Part(Range<u64>),
    Unsatisfiable,
}

/// The bytes of a file that the caller may have.
pub async fn download(app: &App, file: &ArtifactFile, headers: &HeaderMap) -> Result<Response> {
    let tag = format!("\"{}\"", file.sha256);
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let matches = |value: &str| value.split(',').any(|one| one.trim() == tag || one.trim() == "*");
    let mut reply = HeaderMap::new();
    reply.insert(header::ETAG, value(&tag)?);
    reply.insert(header::CACHE_CONTROL, value("private, max-age=31536000, immutable")?);
    if text(header::IF_NONE_MATCH).is_some_and(matches) {
        return Ok((StatusCode::NOT_MODIFIED, reply).into_response());
    }
    reply.insert(header::ACCEPT_RANGES, value("bytes")?);
    reply.insert(header::CONTENT_TYPE, value("application/octet-stream")?);
    // The name is restricted to letters, digits, '.', '_' and '-' between its slashes.
    let name = file.name.as_str().rsplit('/').next().unwrap_or("file");
    reply.insert(header::CONTENT_DISPOSITION, value(&format!("attachment; filename=\"{name}\""))?);
    let range = text(header::RANGE).filter(|_| text(header::IF_RANGE).is_none_or(|given| given == tag));
    let (status, range) = match wanted(range, file.size_bytes) {
        Wanted::All => (StatusCode::OK, None),
        Wanted::Part(range) => {
            let shown = format!("bytes {}-{}/{}", range.start, range.end - 1, file.size_bytes);
            reply.insert(header::CONTENT_RANGE, value(&shown)?);
            (StatusCode::PARTIAL_CONTENT, Some(range))
        }
        Wanted::Unsatisfiable => {
            reply.insert(header::CONTENT_RANGE, value(&format!("bytes */{}", file.size_bytes))?);
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, reply).into_response());
        }
    };
    let length = range.as_ref().map_or(file.size_bytes, |range| range.end - range.start);
    reply.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
    let stream = app.storage.store.get_opts(&key(&file.sha256), options).await?.into_stream();
    Ok((status, reply, Body::from_stream(stream)).into_response())
}

fn value(text: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(text).map_err(|_| ApiError::Bug(format!("{text:?} is no header")))
}

/// One range of bytes; several, or something else, is answered with everything (RFC 9110, 14.2).
fn wanted(range: Option<&str>, size: u64) -> Wanted {
    let Some((first, last)) = range
        .and_then(|range| range.trim().strip_prefix("bytes="))
        .filter(|range| !range.contains(','))
        .and_then(|range| range.trim().split_once('-'))
    else {
        return Wanted::All;
    };
    let number =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u64>().ok());
    match (first.is_empty(), last.is_empty(), number(first).flatten(), number(last).flatten()) {
        (true, false, _, Some(suffix)) if suffix > 0 && size > 0 => {
            Wanted::Part(size.saturating_sub(suffix)..size)
        }
        (true, false, _, Some(_)) => Wanted::Unsatisfiable,
        (false, true, Some(first), _) if first < size => Wanted::Part(first..size),
        (false, true, Some(_), _) => Wanted::Unsatisfiable,
        (false, false, Some(first), Some(last)) if first <= last && first < size => {
            Wanted::Part(first..last.saturating_add(1).min(size))
        }
        (false, false, Some(first), Some(last)) if first <= last => Wanted::Unsatisfiable,
        _ => Wanted::All,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_honoured_and_nonsense_is_not() {
        let cases = [
            (None, Wanted::All),
            (Some("bytes=0-0"), Wanted::Part(0..1)),
            (Some("bytes=2-"), Wanted::Part(2..10)),
            (Some("bytes=-3"), Wanted::Part(7..10)),
            (Some("bytes=-30"), Wanted::Part(0..10)),
            (Some("bytes=4-400"), Wanted::Part(4..10)),
            (Some("bytes=10-"), Wanted::Unsatisfiable),
            (Some("bytes=10-12"), Wanted::Unsatisfiable),
            (Some("bytes=-0"), Wanted::Unsatisfiable),
            (Some("bytes=5-4"), Wanted::All),
            (Some("bytes=0-1,3-4"), Wanted::All),
            (Some("bytes=+1-2"), Wanted::All),
            (Some("bytes=-"), Wanted::All),
            (Some("lines=1-2"), Wanted::All),
        ];
        for (range, expected) in cases {
            assert_eq!(wanted(range, 10), expected, "{range:?}");
        }
    }
}
