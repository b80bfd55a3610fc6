//! Words that code may not hold, room by room: what keeps `shared` free of I/O and `model` free of files.

use super::files::File;
use super::{Finding, code};

/// A word, where it is refused, and what to do instead.
struct Forbidden {
    words: &'static [&'static str],
    refused: fn(&File) -> bool,
    instead: &'static str,
}

const FORBIDDEN: &[Forbidden] = &[
    Forbidden {
        words: &["std::fs", "std::net", "std::env", "std::process", "tokio::"],
        refused: |file| ["shared", "model", "corpus", "engine", "labs"].contains(&file.room()),
        instead: "this room takes bytes and returns bytes: files, sockets and the environment are the caller's",
    },
    Forbidden {
        words: &["Instant::now", "SystemTime"],
        refused: |file| ["shared", "model", "corpus", "engine", "labs"].contains(&file.room()),
        instead: "this room has no clock: take the time from the caller, in the browser from the page",
    },
    Forbidden {
        words: &["async fn", "async move", "async {", ".await"],
        refused: |file| file.room() == "shared",
        instead: "the contract is not async",
    },
    Forbidden {
        words: &["rand::", "thread_rng", "rand_chacha", "getrandom"],
        refused: |file| file.room() == "shared",
        instead: "the contract draws no random numbers",
    },
    Forbidden {
        words: &["thread_rng", "rand::rng()", "from_os_rng", "from_entropy"],
        refused: |file| ["model", "corpus"].contains(&file.room()),
        instead: "seed a ChaCha generator: everything here can be repeated",
    },
    Forbidden {
        words: &["sea_orm", "sqlx"],
        refused: |file| !["backend", "migrations"].contains(&file.room()),
        instead: "only the backend knows SQL",
    },
    Forbidden {
        words: &[
            ".begin()",
            ".begin_with_config(",
            ".transaction(",
            ".transaction_with_config(",
            "begin_with_options(",
        ],
        refused: |file| file.room() == "backend" && !file.path.starts_with("backend/src/db"),
        instead: "transactions are opened by backend/src/db alone",
    },
    Forbidden {
        words: &["candle_core", "candle_nn"],
        refused: |file| !["model", "gpu-worker"].contains(&file.room()),
        instead: "tensors live in model, and the worker drives them",
    },
];

/// Each room keeps to its means.
pub fn rooms(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.is_product_code()) {
        let rules: Vec<&Forbidden> = FORBIDDEN.iter().filter(|rule| (rule.refused)(file)).collect();
        for (number, line) in code::lines(file.text()).iter().enumerate() {
            for rule in &rules {
                if let Some(word) = rule.words.iter().find(|word| holds_word(line, word)) {
                    let place = format!("{}:{}", file.path, number + 1);
                    findings.push(Finding::new(place, format!("`{word}`: {}", rule.instead)));
                }
            }
        }
    }
    findings
}

/// Kernels may be unsafe; elsewhere each place says why with `#[allow(unsafe_code, reason = …)]`.
pub fn unsafe_code(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let outside = |file: &&File| file.has_extension(&["rs"]) && !file.path.contains("/kernels/");
    for file in files.iter().filter(outside) {
        let code = code::lines(file.text());
        for (number, line) in code.iter().enumerate() {
            let before = &code[number.saturating_sub(3)..number];
            let allowed = before.iter().any(|line| line.contains("allow(unsafe_code"));
            if holds_word(line, "unsafe") && !allowed {
                let message =
                    "`unsafe` belongs in a kernels folder, or under `#[allow(unsafe_code, reason = \"…\")]`";
                findings.push(Finding::new(format!("{}:{}", file.path, number + 1), message));
            }
        }
    }
    findings
}

/// What is not done is an issue, not a mark in the code.
pub fn unfinished_work(files: &[File]) -> Vec<Finding> {
    const MACROS: &[&str] = &["todo!", "unimplemented!", "dbg!"];
    // Put together here, so that this file does not find itself.
    const MARKS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];
    let mut findings = Vec::new();
    let written =
        |file: &&File| file.has_extension(&["rs", "wgsl", "cu", "css", "ts", "py", "toml", "md", "sh"]);
    for file in files.iter().filter(written) {
        let code = if file.has_extension(&["rs"]) { code::lines(file.text()) } else { Vec::new() };
        for (number, line) in file.text().lines().enumerate() {
            let marks = MARKS.iter().filter(|mark| line.contains(**mark));
            let macros =
                MACROS.iter().filter(|name| code.get(number).is_some_and(|code| holds_word(code, name)));
            if let Some(mark) = marks.chain(macros).next() {
                let place = format!("{}:{}", file.path, number + 1);
                findings.push(Finding::new(place, format!("`{mark}`: finish it, or write an issue")));
            }
        }
    }
    findings
}

/// Whether the line holds the word, not as the end or the beginning of a longer one.
fn holds_word(line: &str, word: &str) -> bool {
    let part_of_word = |character: char| character.is_alphanumeric() || character == '_';
    line.match_indices(word).any(|(at, _)| {
        let starts_inside = word.starts_with(part_of_word) && line[..at].ends_with(part_of_word);
        let ends_inside = word.ends_with(part_of_word) && line[at + word.len()..].starts_with(part_of_word);
        !starts_inside && !ends_inside
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_that_reaches_for_means_it_must_not_have_is_refused() {
        for (path, line) in [
            ("shared/src/api/jobs.rs", "use std::fs;"),
            ("model/src/weights.rs", "std::env::var(name)"),
            ("corpus/src/lib.rs", "let begin = Instant::now();"),
            ("shared/src/lib.rs", "pub async fn call() {}"),
            ("shared/src/ids.rs", "rand::random()"),
            ("model/src/sampling.rs", "let mut rng = rand::rng();"),
            ("gpu-worker/src/lib.rs", "use sea_orm::Database;"),
            ("backend/src/queue/claim.rs", "let transaction = connection.begin().await?;"),
            ("backend/src/main.rs", "use candle_core::Tensor;"),
        ] {
            assert_eq!(rooms(&[File::new(path, line)]).len(), 1, "{path}: {line}");
        }
    }

    #[test]
    fn what_a_room_may_do_is_not_found() {
        for (path, text) in [
            ("backend/src/db/write.rs", "let transaction = connection.begin().await?;"),
            ("gpu-worker/src/main.rs", "use std::fs;"),
            ("model/src/lib.rs", "// std::fs is the caller's\nlet operand::x = 1;"),
            ("model/tests/golden.rs", "use std::fs;"),
            ("model/src/lib.rs", "fn a() {}\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n"),
        ] {
            assert_eq!(rooms(&[File::new(path, text)]), [], "{path}");
        }
    }

    #[test]
    fn unsafe_code_outside_kernels_needs_its_reason() {
        let code = "fn a() { unsafe { b() } }";
        assert_eq!(unsafe_code(&[File::new("gpu-worker/src/lib.rs", code)]).len(), 1);
        assert_eq!(unsafe_code(&[File::new("model/src/kernels/linear/cpu.rs", code)]), []);
        let reasoned = format!("#[allow(unsafe_code, reason = \"…\")]\n{code}");
        assert_eq!(unsafe_code(&[File::new("gpu-worker/src/lib.rs", &reasoned)]), []);
        assert_eq!(unsafe_code(&[File::new("model/src/lib.rs", "#![deny(unsafe_code)]")]), []);
    }

    #[test]
    fn marks_of_unfinished_work_are_found_with_their_line() {
        let mark = concat!("// TO", "DO: the rest");
        let findings = unfinished_work(&[File::new("model/src/lib.rs", &format!("fn a() {{}}\n{mark}\n"))]);
        assert_eq!(findings[0].place, "model/src/lib.rs:2");
        let macros = [File::new("model/src/lib.rs", "fn a() { todo!() }\nfn b() { dbg!(1); }")];
        assert_eq!(unfinished_work(&macros).len(), 2);
    }
}
