//! Markdown → the words and the punctuation of its sentences. Only texts that look like Markdown are
//! touched (`markdown_marks`); then a CommonMark reader says what is a mark and what is text.
//!
//! Kept: text, inline code, link texts, ordered numbers, table cells (a tab between them, a line per
//! row). Left out: images, addresses of links, bullet marks, rules, and fenced code, because a program
//! is no Korean prose; a fenced block that is mostly Hangul stays. Indented blocks stay: in Korean
//! texts an indent is layout more often than code.

use std::borrow::Cow;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd, TextMergeStream};

use super::hangul_share;
use super::markdown_marks::{looks_like_markdown, remove_generator_marks};

/// Stands for `*` in text while a block is put together; no text has this noncharacter.
const STAR: char = '\u{fdd0}';

pub fn remove(text: &str) -> Cow<'_, str> {
    if !looks_like_markdown(text) {
        return Cow::Borrowed(text);
    }
    let source = remove_generator_marks(&text.replace(STAR, ""));
    // No strikethrough: "안녕~~ 반가워~~" is a tone of voice, not two marks.
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES;
    let mut prose = Prose::default();
    for event in TextMergeStream::new(Parser::new_ext(&source, options)) {
        prose.event(event);
    }
    Cow::Owned(prose.finish())
}

#[derive(Default)]
struct Prose {
    clean: String,
    /// Where the block at hand starts in `clean`.
    block: usize,
    /// Next number of each open list; `None` for bullets.
    lists: Vec<Option<u64>>,
    image_depth: usize,
    /// The text of a fenced block, until its end says whether it is prose.
    fenced: Option<String>,
    in_metadata: bool,
    /// A line of the source ended inside a paragraph; what follows decides what that means.
    soft_break: bool,
    /// Right behind an item's mark: what comes next stays on its line.
    at_mark: bool,
}

impl Prose {
    fn event(&mut self, event: Event) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            _ if self.image_depth > 0 || self.in_metadata => {}
            Event::Text(text) => match &mut self.fenced {
                Some(fenced) => fenced.push_str(&text),
                None => self.text(&text),
            },
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.settle_break(&text);
                self.clean.push_str(&text);
                self.at_mark = false;
            }
            // Tags were the business of another rule; what still looks like one here is text.
            Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::SoftBreak => self.soft_break = true,
            Event::HardBreak => self.clean.push('\n'),
            Event::Rule => self.end_lines(2),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag) {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock | Tag::FootnoteDefinition(_) | Tag::DefinitionListTitle => {
                self.open_block(1)
            }
            Tag::Heading { .. } | Tag::BlockQuote(_) | Tag::Table(_) => self.open_block(2),
            Tag::TableRow | Tag::TableHead | Tag::DefinitionListDefinition => self.open_block(1),
            Tag::List(first) => {
                self.open_block(1);
                self.lists.push(first);
            }
            Tag::Item => {
                self.open_block(1);
                if let Some(Some(number)) = self.lists.last_mut() {
                    self.clean.push_str(&format!("{number}. "));
                    *number += 1;
                }
                self.at_mark = true;
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => self.fenced = Some(String::new()),
            Tag::CodeBlock(CodeBlockKind::Indented) => self.open_block(2),
            Tag::Image { .. } => self.image_depth += 1,
            Tag::MetadataBlock(_) => self.in_metadata = true,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => {
                let lines = if self.lists.is_empty() { 2 } else { 1 };
                self.close_block(lines);
            }
            TagEnd::Heading(_) | TagEnd::BlockQuote(_) | TagEnd::Table | TagEnd::HtmlBlock => {
                self.close_block(2)
            }
            TagEnd::FootnoteDefinition | TagEnd::DefinitionListTitle | TagEnd::DefinitionListDefinition => {
                self.close_block(1);
            }
            TagEnd::TableRow | TagEnd::TableHead => {
                self.clean.truncate(self.clean.trim_end_matches(['\t', ' ']).len());
                self.close_block(1);
            }
            TagEnd::TableCell => self.clean.push('\t'),
            TagEnd::Item => {
                self.at_mark = false;
                self.close_block(1);
            }
            TagEnd::List(_) => {
                self.lists.pop();
                let lines = if self.lists.is_empty() { 2 } else { 1 };
                self.close_block(lines);
            }
            TagEnd::CodeBlock => {
                if let Some(fenced) = self.fenced.take().filter(|code| hangul_share::is_at_least(code, 0.5)) {
                    self.open_block(2);
                    self.clean.push_str(&fenced);
                }
                self.close_block(2);
            }
            TagEnd::Image => self.image_depth = self.image_depth.saturating_sub(1),
            TagEnd::MetadataBlock(_) => self.in_metadata = false,
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        self.settle_break(text);
        self.at_mark = false;
        self.clean.extend(text.chars().map(|character| if character == '*' { STAR } else { character }));
    }

    /// A sentence that goes on in the next line is joined; where one ended, or an enumeration goes on
    /// (statutes count in escaped numbers, syllables and circled numbers), the line end stays.
    fn settle_break(&mut self, next: &str) {
        if std::mem::take(&mut self.soft_break) {
            let ended =
                self.clean.ends_with(['.', '?', '!', ':', ';', '"', '\'', ')', '>', '…', '”', '’', '。']);
            self.clean.push(if ended || is_enumerated(next) { '\n' } else { ' ' });
        }
    }

    fn open_block(&mut self, lines: usize) {
        self.soft_break = false;
        if !self.at_mark {
            self.settle_stars();
            self.end_lines(lines);
            self.block = self.clean.len();
        }
    }

    fn close_block(&mut self, lines: usize) {
        self.soft_break = false;
        self.settle_stars();
        self.end_lines(lines);
        self.block = self.clean.len();
    }

    fn end_lines(&mut self, wanted: usize) {
        let bytes = self.clean.as_bytes();
        let there = bytes.iter().rev().take(wanted).take_while(|byte| **byte == b'\n').count();
        if !bytes.is_empty() {
            self.clean.extend(std::iter::repeat_n('\n', wanted - there));
        }
    }

    /// CommonMark does not see the end of bold in `**"인용"**은`, as a particle follows a quotation mark;
    /// Korean is full of it. A `**` before a word and the next one behind a word are taken for the marks
    /// that they are; other stars are text.
    fn settle_stars(&mut self) {
        let block = &self.clean[self.block..];
        if !block.contains(STAR) {
            return;
        }
        let characters: Vec<char> = block.chars().collect();
        let mut is_mark = vec![false; characters.len()];
        let mut open = None;
        let mut start = 0;
        for run in characters.chunk_by(|left, right| (*left == STAR) == (*right == STAR)) {
            let end = start + run.len();
            if run == [STAR, STAR] {
                let touches = |index: Option<usize>| {
                    index
                        .and_then(|index| characters.get(index))
                        .is_some_and(|character| !character.is_whitespace())
                };
                match open {
                    Some(opener) if touches(start.checked_sub(1)) => {
                        let marks: [usize; 4] = [opener, opener + 1, start, start + 1];
                        marks.into_iter().for_each(|mark| is_mark[mark] = true);
                        open = None;
                    }
                    _ if touches(Some(end)) => open = Some(start),
                    _ => {}
                }
            }
            start = end;
        }
        let settled = characters.iter().zip(is_mark).filter(|(_, is_mark)| !is_mark);
        let settled: String =
            settled.map(|(character, _)| if *character == STAR { '*' } else { *character }).collect();
        self.clean.truncate(self.block);
        self.clean.push_str(&settled);
    }

    fn finish(mut self) -> String {
        self.settle_stars();
        let length = self.clean.trim_end().len();
        self.clean.truncate(length);
        self.clean
    }
}

/// `1. `, `가. `, `2) `, `①`, `- `, `※`, `○` and the like.
fn is_enumerated(line: &str) -> bool {
    let line = line.trim_start();
    let Some(first) = line.chars().next() else { return false };
    let is_mark = matches!(first, '①'..='⑳' | '㉠'..='㉿')
        || ['※', '○', '●', '□', '■', '◎', '▶', '•', '·', '-'].contains(&first);
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let counter = match first {
        _ if "가나다라마바사아자차카타파하".contains(first) => first.len_utf8(),
        _ if (1..=2).contains(&digits) => digits,
        _ => return is_mark,
    };
    line[counter..].starts_with(['.', ')'])
}
