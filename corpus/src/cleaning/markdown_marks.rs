//! What people write around Markdown that no Markdown reader knows: front matter, MDX, the includes
//! and shortcodes of site generators. And the question whether a text is Markdown at all.

use std::borrow::Cow;

/// Plain Korean text uses `*`, `_`, `#`, `~~`, `>`, `---` and `1.` in its own ways, so a text counts as
/// Markdown only by signs that plain text does not have: three points from
/// - 3 each: a heading (`# ` and words, with more text below), a fence pair, a link or image with an
///   address, a table's rule, front matter;
/// - 1 each kind: bold in pairs, inline code, three list marks, a quote, an underlined heading.
pub fn looks_like_markdown(text: &str) -> bool {
    if !text.contains(['#', '`', '[', '*', '|', '-', '>']) {
        return false;
    }
    if front_matter(text) > 0 || has_link(text) {
        return true;
    }
    let (mut lines, mut headings, mut fences, mut items) = (0, 0, 0, 0);
    let (mut bold, mut code, mut quote, mut underlined) = (false, false, false, false);
    for line in text.lines() {
        let line = line.trim_end();
        let content = line.trim_start();
        if content.is_empty() {
            continue;
        }
        lines += 1;
        headings += usize::from(is_heading(line));
        fences += usize::from(content.starts_with("```"));
        items += usize::from(["- ", "* ", "+ "].iter().any(|mark| content.starts_with(mark)));
        quote |= line.starts_with("> ");
        underlined |= lines > 1 && line.len() >= 3 && line.bytes().all(|byte| byte == b'=');
        bold |= is_bold(content);
        code |= content.matches('`').count() >= 2 && !content.starts_with("```");
        if is_table_rule(content) {
            return true;
        }
    }
    let weak = usize::from(bold)
        + usize::from(code)
        + usize::from(items >= 3)
        + usize::from(quote)
        + usize::from(underlined);
    (headings > 0 && lines > 1) || fences >= 2 || weak >= 3
}

fn is_heading(line: &str) -> bool {
    let marks = line.bytes().take_while(|byte| *byte == b'#').count();
    (1..=6).contains(&marks)
        && line[marks..].starts_with(' ')
        && line[marks..].chars().any(char::is_alphanumeric)
}

/// `**굵게**`: two marks with a letter or a quote right inside.
fn is_bold(line: &str) -> bool {
    let Some((_, rest)) = line.split_once("**") else { return false };
    let Some((inside, _)) = rest.split_once("**") else { return false };
    !inside.is_empty() && !inside.starts_with([' ', '*']) && !inside.ends_with([' ', '*'])
}

/// `|---|:--:|`, `--- | ---`
fn is_table_rule(line: &str) -> bool {
    line.contains('|')
        && line.contains("--")
        && line.chars().all(|character| matches!(character, '|' | '-' | ':' | ' ' | '\t'))
}

/// `[글](주소)` with an address that looks like one.
fn has_link(text: &str) -> bool {
    text.lines().any(|line| {
        let Some(opening) = line.find('[') else { return false };
        line[opening..].match_indices("](").any(|(position, _)| {
            let address = &line[opening + position + 2..];
            let end = address.bytes().take(2000).position(|byte| matches!(byte, b')' | b' ')).unwrap_or(0);
            address.as_bytes()[..end].iter().any(|byte| matches!(byte, b'/' | b'.' | b'#'))
        })
    })
}

/// Bytes of YAML or TOML front matter at the start; 0 without.
pub fn front_matter(text: &str) -> usize {
    let mark = match text.get(..4) {
        Some("---\n") => "---",
        Some("+++\n") => "+++",
        _ => return 0,
    };
    let mut position = 4;
    let mut keys = 0;
    for line in text[4..].split_inclusive('\n').take(400) {
        position += line.len();
        if line.trim_end() == mark {
            return if keys > 0 { position } else { 0 };
        }
        let key = line.split([':', '=']).next().unwrap_or_default().trim();
        let is_key = line.len() > key.len() && !key.is_empty() && !key.contains(' ');
        keys += usize::from(is_key && !line.starts_with([' ', '\t', '#']));
    }
    0
}

/// Takes out what belongs to the site generator. Fenced code is left to the Markdown reader.
pub fn remove_generator_marks(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut fence: Option<&str> = None;
    for line in text[front_matter(text)..].split_inclusive('\n') {
        let content = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| content.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            _ => {}
        }
        if fence.is_some() || mark.is_some() {
            clean.push_str(line);
            continue;
        }
        if is_generator_line(line) {
            clean.push('\n');
            continue;
        }
        clean.push_str(&inline_marks(line));
    }
    clean
}

/// MDX imports and exports, `:::note` fences, `> [!NOTE]`, `[[toc]]`, kramdown attributes.
fn is_generator_line(line: &str) -> bool {
    let content = line.trim();
    let bare = content.trim_start_matches(['>', ' ']);
    let mdx = (line.starts_with("import ") && (line.contains(" from ") || line.contains(['\'', '"'])))
        || line.starts_with("export default ")
        || line.starts_with("export const ");
    mdx || content.starts_with(":::")
        || (bare.starts_with("[!") && bare.ends_with(']') && !bare.contains("]("))
        || matches!(bare, "[[toc]]" | "[TOC]" | "{:toc}" | "* TOC" | "<!-- more -->")
        || (bare.starts_with("{:") && bare.ends_with('}'))
}

/// `{{< … >}}`, `{{% … %}}`, `{% … %}`, `{/* … */}`, `[!INCLUDE […](…)]`, `<Component …>`.
fn inline_marks(line: &str) -> Cow<'_, str> {
    const MARKS: [(&str, &str); 6] = [
        ("{{<", ">}}"),
        ("{{%", "%}}"),
        ("{%", "%}"),
        ("{/*", "*/}"),
        ("[!INCLUDE", ")]"),
        ("[!include", ")]"),
    ];
    let mut text = Cow::Borrowed(line);
    for (open, close) in MARKS {
        if text.contains(open) {
            text = Cow::Owned(without_spans(&text, open, close));
        }
    }
    remove_components(text)
}

/// Without what stands between the marks; a glossary's shortcode shows its `text="…"`.
fn without_spans(text: &str, open: &str, close: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(open) {
        let Some(length) = rest[start..].find(close) else { break };
        clean.push_str(&rest[..start]);
        let inside = &rest[start..start + length];
        let shown = inside.split_once("text=\"").and_then(|(_, rest)| rest.split_once('"'));
        clean.push_str(shown.map_or("", |(shown, _)| shown));
        rest = &rest[start + length + close.len()..];
    }
    clean.push_str(rest);
    clean
}

/// JSX components start with a capital letter and stand at the start of a line: `<Intro>`,
/// `</YouWillLearn>`, `<Sandpack title="…">`. A single capital is a type parameter: `<T>`.
fn remove_components(text: Cow<'_, str>) -> Cow<'_, str> {
    let mut rest = text.trim_start();
    let mut removed = false;
    while let Some(name) = rest.strip_prefix('<') {
        let name = name.trim_start_matches('/');
        let length = name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'.').count();
        if length < 2 || !name.starts_with(|first: char| first.is_ascii_uppercase()) {
            break;
        }
        let Some(end) = rest.find('>') else { break };
        rest = rest[end + 1..].trim_start_matches([' ', '\t']);
        removed = true;
    }
    if removed { Cow::Owned(rest.to_owned()) } else { text }
}
