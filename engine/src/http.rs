//! What a server's answer means for a file of which a part is here already.

use shared::artifacts::FileName;
use shared::engine::EngineError;

/// What to do with the answer to a request for the bytes from an offset on.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// The body goes on where the part ends.
    GoesOn,
    /// The body is the whole file: the part is void.
    FromStart,
    /// The part is of no use to this server: ask for the whole file.
    AskAnew,
    /// The server may do better later.
    Later(u16),
    Fails(EngineError),
}

/// `offset` is where the request began.
pub fn meaning(file: &FileName, status: u16, content_range: Option<&str>, offset: u64) -> Answer {
    let file = file.clone();
    match status {
        200 => Answer::FromStart,
        206 if content_range.and_then(first_byte) == Some(offset) => Answer::GoesOn,
        206 | 416 if offset > 0 => Answer::AskAnew,
        404 | 410 => Answer::Fails(EngineError::NotFound { file }),
        408 | 425 | 429 | 500..=599 => Answer::Later(status),
        _ => Answer::Fails(EngineError::Refused { file, status }),
    }
}

/// `bytes 100-199/200` → 100 (RFC 9110, 14.4).
fn first_byte(content_range: &str) -> Option<u64> {
    let range = content_range.trim().strip_prefix("bytes")?.trim_start();
    range.split_once('-')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_grows_only_by_what_follows_it() {
        let file = FileName::try_from("model.safetensors".to_owned()).unwrap();
        let refused = |status| Answer::Fails(EngineError::Refused { file: file.clone(), status });
        let cases = [
            (206, Some("bytes 100-199/200"), 100, Answer::GoesOn),
            (206, Some("bytes 100-199/*"), 100, Answer::GoesOn),
            (206, Some("bytes 0-199/200"), 100, Answer::AskAnew),
            (206, Some("pages 100-199/200"), 100, Answer::AskAnew),
            (206, None, 100, Answer::AskAnew),
            (206, None, 0, refused(206)),
            (200, None, 100, Answer::FromStart),
            (200, None, 0, Answer::FromStart),
            (416, Some("bytes */50"), 100, Answer::AskAnew),
            (404, None, 0, Answer::Fails(EngineError::NotFound { file: file.clone() })),
            (401, None, 0, refused(401)),
            (302, None, 0, refused(302)),
            (503, None, 100, Answer::Later(503)),
            (429, None, 0, Answer::Later(429)),
        ];
        for (status, content_range, offset, expected) in cases {
            let answer = meaning(&file, status, content_range, offset);
            assert_eq!(answer, expected, "{status} {content_range:?} from {offset}");
        }
    }
}
