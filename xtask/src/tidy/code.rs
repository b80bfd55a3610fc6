//! Rust text without comments, strings and test modules, line by line: what a word rule looks at.

/// The code of every line; line numbers stay as they are.
pub fn lines(text: &str) -> Vec<String> {
    let code = without_comments_and_strings(text);
    let mut kept: Vec<String> = Vec::new();
    let mut lines = code.lines().peekable();
    while let Some(line) = lines.next() {
        let opens_tests = line.trim() == "#[cfg(test)]"
            && lines.peek().is_some_and(|next| next.trim_start().starts_with("mod ") && next.ends_with('{'));
        if opens_tests {
            break;
        }
        kept.push(line.to_owned());
    }
    kept
}

fn without_comments_and_strings(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < characters.len() {
        let rest = &characters[at..];
        let length = match rest {
            ['/', '/', ..] => until(rest, |rest| rest[0] == '\n'),
            ['/', '*', ..] => block_comment(rest),
            ['r', '"' | '#', ..] if !after_word(&characters, at) => raw_string(rest),
            ['"', ..] => quoted(rest),
            ['\'', '\\', _, '\'', ..] => 4,
            ['\'', _, '\'', ..] => 3,
            _ => 0,
        };
        if length == 0 {
            code.push(rest[0]);
            at += 1;
        } else {
            code.extend(rest[..length].iter().filter(|character| **character == '\n'));
            at += length;
        }
    }
    code
}

fn after_word(characters: &[char], at: usize) -> bool {
    at > 0 && (characters[at - 1].is_alphanumeric() || characters[at - 1] == '_')
}

fn until(rest: &[char], ends: impl Fn(&[char]) -> bool) -> usize {
    (0..rest.len()).find(|&at| ends(&rest[at..])).unwrap_or(rest.len())
}

fn block_comment(rest: &[char]) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        match &rest[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn quoted(rest: &[char]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// Zero when it is no raw string but a raw identifier.
fn raw_string(rest: &[char]) -> usize {
    let hashes = rest[1..].iter().take_while(|character| **character == '#').count();
    if rest.get(1 + hashes) != Some(&'"') {
        return 0;
    }
    let body = 2 + hashes;
    let closes = |rest: &[char]| {
        rest[0] == '"' && rest.len() > hashes && rest[1..=hashes].iter().all(|character| *character == '#')
    };
    (body + until(&rest[body..], closes) + 1 + hashes).min(rest.len())
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn comments_strings_and_test_modules_are_no_code() {
        let text = "let a = \"std::fs // \\\" x\"; // std::env\n/* one\n/* two */ */ let b = 'c';\n\
            let c = r#\"std::net \"quoted\" \"#;\nlet d: &'static str = e;\n#[cfg(test)]\nmod tests {\n std::fs\n}\n";
        let code = lines(text);
        assert_eq!(code, ["let a = ; ", "", " let b = ;", "let c = ;", "let d: &'static str = e;"]);
    }
}
