//! HTML → what a reader of the page sees. Tags, comments and what is no prose go, character
//! references become characters; "a < b", "<3" and titles like <기생충> stay.
//!
//! Markdown's code (`` `<div>` ``) is left alone: there a tag is what the sentence talks about.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use super::control_characters;
use super::html_tags::{Effect, Tag, effect, tag};

pub fn remove(text: &str) -> Cow<'_, str> {
    if !text.contains(['<', '&']) {
        return Cow::Borrowed(text);
    }
    let page =
        Page { text, clean: String::with_capacity(text.len()), patient: true, unclosed: HashSet::new() };
    let clean = page.read(code_ranges(text));
    if clean == text { Cow::Borrowed(text) } else { Cow::Owned(clean) }
}

struct Page<'a> {
    text: &'a str,
    clean: String,
    /// Off once a quoted attribute ran to the end: then the quotes cannot be trusted, and looking for
    /// their ends at every tag would take quadratic time.
    patient: bool,
    /// Elements whose end is missing from here on.
    unclosed: HashSet<String>,
}

impl Page<'_> {
    /// Code that begins inside of markup (a backtick in a script) is part of the markup.
    fn read(mut self, code: Vec<Range<usize>>) -> String {
        let mut code = code.into_iter().peekable();
        let mut position = 0;
        while position < self.text.len() {
            while code.next_if(|range| range.start < position).is_some() {}
            let next_code = code.peek().map_or(self.text.len(), |range| range.start);
            match self.text[position..next_code].find('<') {
                Some(length) => {
                    let start = position + length;
                    self.decode(&self.text[position..start]);
                    let used = self.markup(&self.text[start..]);
                    if used == 0 {
                        self.clean.push('<');
                    }
                    position = start + used.max(1);
                }
                None => {
                    self.decode(&self.text[position..next_code]);
                    position = next_code;
                    if let Some(range) = code.next() {
                        self.clean.push_str(&self.text[range.clone()]);
                        position = range.end;
                    }
                }
            }
        }
        self.clean
    }

    /// Bytes of markup at the start of `rest`; 0 when its `<` is only a sign.
    fn markup(&mut self, rest: &str) -> usize {
        for (open, close) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")] {
            if rest.starts_with(open) {
                return self.span(rest, open, close);
            }
        }
        if rest.len() > 8 && rest.as_bytes()[..9].eq_ignore_ascii_case(b"<!doctype") {
            return self.span(rest, "<!", ">");
        }
        let Some(tag) = tag(rest, &mut self.patient) else { return 0 };
        let name = tag.name.to_ascii_lowercase();
        let Some(effect) = effect(&name) else { return 0 };
        if effect == Effect::Dropped && !tag.closes && !tag.alone {
            return tag.size_bytes + self.content(&rest[tag.size_bytes..], &name);
        }
        self.leave(effect, tag);
        tag.size_bytes
    }

    /// A comment and the like; without its end it is a sign.
    fn span(&mut self, rest: &str, open: &str, close: &str) -> usize {
        if self.unclosed.contains(open) {
            return 0;
        }
        match rest[open.len()..].find(close) {
            Some(length) => open.len() + length + close.len(),
            None => {
                self.unclosed.insert(open.to_owned());
                0
            }
        }
    }

    /// Bytes up to and with the end tag of a dropped element; 0 when there is none.
    fn content(&mut self, rest: &str, name: &str) -> usize {
        if self.unclosed.contains(name) {
            return 0;
        }
        let mut depth = 1;
        let mut position = 0;
        while let Some(found) = rest[position..].find('<') {
            let start = position + found;
            position = start + 1;
            match tag(&rest[start..], &mut false) {
                Some(tag) if tag.name.eq_ignore_ascii_case(name) => {
                    depth = if tag.closes { depth - 1 } else { depth + u32::from(!tag.alone) };
                    // Script is no markup: its first end tag ends it.
                    if depth == 0 || (tag.closes && matches!(name, "script" | "style")) {
                        self.end_lines(1);
                        return start + tag.size_bytes;
                    }
                }
                _ => {}
            }
        }
        self.unclosed.insert(name.to_owned());
        0
    }

    fn leave(&mut self, effect: Effect, tag: Tag) {
        match effect {
            Effect::Inline | Effect::Dropped => {}
            Effect::Cell if tag.closes => self.clean.push('\t'),
            Effect::Cell => {}
            Effect::Line => self.end_lines(1),
            Effect::Paragraph => self.end_lines(2),
        }
    }

    fn end_lines(&mut self, wanted: usize) {
        let bytes = self.clean.as_bytes();
        let there = bytes.iter().rev().take(wanted).take_while(|byte| **byte == b'\n').count();
        if !bytes.is_empty() {
            self.clean.extend(std::iter::repeat_n('\n', wanted - there));
        }
    }

    fn decode(&mut self, text: &str) {
        if !text.contains('&') {
            self.clean.push_str(text);
            return;
        }
        // References can name characters that the rule before this one has taken out.
        match html_escape::decode_html_entities(text) {
            Cow::Borrowed(text) => self.clean.push_str(text),
            Cow::Owned(text) => {
                self.clean.push_str(&control_characters::remove(&text.replace('\u{a0}', " ")))
            }
        }
    }
}

/// Fenced blocks, and spans between equal runs of backticks on one line.
fn code_ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    if !text.contains('`') && !text.contains("~~~") {
        return ranges;
    }
    let mut fence: Option<(usize, &str)> = None;
    let mut position = 0;
    for line in text.split_inclusive('\n') {
        let end = position + line.len();
        let trimmed = line.trim_start().trim_start_matches(['>', ' ']);
        let opens = ["```", "~~~"].into_iter().find(|mark| trimmed.starts_with(mark));
        match (fence, opens) {
            (Some((start, mark)), Some(same)) if same == mark => {
                ranges.push(start..end);
                fence = None;
            }
            (Some(_), _) => {}
            (None, Some(mark)) if !trimmed[3..].contains('`') => fence = Some((position, mark)),
            (None, _) => spans(line, position, &mut ranges),
        }
        position = end;
    }
    ranges
}

fn spans(line: &str, offset: usize, ranges: &mut Vec<Range<usize>>) {
    let mut position = 0;
    let run = |at: usize| line[at..].bytes().take_while(|byte| *byte == b'`').count();
    let mut runs = Vec::new();
    while let Some(found) = line[position..].find('`') {
        let start = position + found;
        runs.push((start, run(start)));
        position = start + run(start);
    }
    let mut index = 0;
    while index < runs.len() {
        let (start, length) = runs[index];
        // A line with hundreds of backticks is no prose: pairs far apart are not looked for.
        let close = runs[index + 1..].iter().take(64).position(|(_, other)| *other == length);
        match close {
            Some(distance) => {
                let (end, _) = runs[index + 1 + distance];
                ranges.push(offset + start..offset + end + length);
                index += distance + 2;
            }
            None => index += 1,
        }
    }
}
