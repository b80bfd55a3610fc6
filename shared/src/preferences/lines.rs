//! Pairs as people hand them in: one JSON object per line.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Pair;

pub const PAIR_LIMIT: usize = 500;
pub const TEXT_LIMIT_CHARACTERS: usize = 4_000;
const SOURCE_LIMIT_CHARACTERS: usize = 100;

/// What is wrong with a line, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LineProblem {
    pub line: u32,
    pub message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    prompt: String,
    a: String,
    b: String,
    #[serde(default)]
    a_from: String,
    #[serde(default)]
    b_from: String,
}

/// `{"prompt": …, "a": …, "b": …, "a_from": …, "b_from": …}` per line; the last two may be left out, empty lines too.
///
/// # Errors
/// Every line that cannot be read, at most 20 of them.
pub fn read(text: &str) -> Result<Vec<Pair>, Vec<LineProblem>> {
    let mut pairs = Vec::new();
    let mut problems = Vec::new();
    for (number, line) in (1_u32..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        if problems.len() >= 20 {
            break;
        }
        let mut refuse = |message: String| problems.push(LineProblem { line: number, message });
        if pairs.len() >= PAIR_LIMIT {
            refuse(format!("there are more than {PAIR_LIMIT} pairs; make two sets of them"));
            break;
        }
        match pair(line) {
            Ok(pair) => pairs.push(pair),
            Err(message) => refuse(message),
        }
    }
    if problems.is_empty() && pairs.is_empty() {
        problems.push(LineProblem {
            line: 1,
            message: "there is no pair; write one JSON object per line".into(),
        });
    }
    if problems.is_empty() { Ok(pairs) } else { Err(problems) }
}

fn pair(line: &str) -> Result<Pair, String> {
    let Line { prompt, a, b, a_from, b_from } = serde_json::from_str(line)
        .map_err(|error| format!("this is no pair ({error}); write {{\"prompt\": …, \"a\": …, \"b\": …}}"))?;
    for (name, text) in [("prompt", &prompt), ("a", &a), ("b", &b)] {
        if text.trim().is_empty() {
            return Err(format!("{name} is empty; write a text"));
        }
        if text.chars().count() > TEXT_LIMIT_CHARACTERS {
            return Err(format!("{name} is longer than {TEXT_LIMIT_CHARACTERS} characters; cut it"));
        }
        // No database keeps it.
        if text.contains('\0') {
            return Err(format!("{name} has a character that cannot be kept (U+0000); leave it out"));
        }
    }
    if a == b {
        return Err("a and b are the same; there is nothing to choose".into());
    }
    let source = |name: String, otherwise: &str| {
        let name = name.trim();
        let name = if name.is_empty() { otherwise } else { name };
        name.chars().filter(|character| !character.is_control()).take(SOURCE_LIMIT_CHARACTERS).collect()
    };
    Ok(Pair { a_from: source(a_from, "a"), b_from: source(b_from, "b"), prompt, a, b })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_is_a_pair_or_says_why_not() {
        let good = r#"{"prompt": "수도는?", "a": "서울", "b": "부산", "a_from": "sft", "b_from": "base"}"#;
        let text = format!("{good}\n\n  \n{{\"prompt\": \"p\", \"a\": \"1\", \"b\": \"2\"}}\n");
        let pairs = read(&text).unwrap();
        assert_eq!((pairs.len(), pairs[0].a_from.as_str(), pairs[1].b_from.as_str()), (2, "sft", "b"));
        for (line, expected) in [
            ("수도는?", "this is no pair"),
            (r#"{"prompt": "p", "a": "1"}"#, "this is no pair"),
            (r#"{"prompt": "p", "a": "1", "b": "2", "chosen": "a"}"#, "this is no pair"),
            (r#"{"prompt": " ", "a": "1", "b": "2"}"#, "prompt is empty"),
            (r#"{"prompt": "p", "a": "1", "b": "1"}"#, "the same"),
            (r#"{"prompt": "p\u0000", "a": "1", "b": "2"}"#, "cannot be kept"),
        ] {
            let problems = read(&format!("{good}\n{line}")).unwrap_err();
            assert_eq!((problems.len(), problems[0].line), (1, 2), "{line}");
            assert!(problems[0].message.contains(expected), "{}", problems[0].message);
        }
        let long =
            format!(r#"{{"prompt": "p", "a": "{}", "b": "2"}}"#, "가".repeat(TEXT_LIMIT_CHARACTERS + 1));
        assert!(read(&long).unwrap_err()[0].message.contains("longer than 4000"));
        let many = format!("{good}\n").repeat(PAIR_LIMIT + 1);
        assert_eq!(read(&many).unwrap_err()[0].line, PAIR_LIMIT as u32 + 1);
        assert_eq!(read(" \n").unwrap_err()[0].line, 1);
        assert_eq!(read(&"x\n".repeat(100)).unwrap_err().len(), 20);
    }

    proptest! {
        #[test]
        fn whatever_is_handed_in_is_read_or_refused(text in ".{0,400}") {
            match read(&text) {
                Ok(pairs) => prop_assert!(!pairs.is_empty()),
                Err(problems) => prop_assert!(!problems.is_empty()),
            }
        }

        #[test]
        fn what_is_written_comes_back(prompt in "[가-힣a-z\"\\\\]{1,40}", a in "[가-힣\n]{1,40}x", b in "[가-힣\t]{1,40}y") {
            let line = serde_json::json!({ "prompt": prompt, "a": a, "b": b, "a_from": "m", "b_from": "n" });
            let pairs = read(&line.to_string()).unwrap();
            prop_assert_eq!(&pairs[0].prompt, &prompt);
            prop_assert_eq!((&pairs[0].a, &pairs[0].b), (&a, &b));
        }
    }
}
