//! A lesson's Markdown to HTML. What an author may write is listed in `course/README.md`; everything else is
//! named by its line. No HTML of an author gets through but `details` and `summary`.

use std::collections::BTreeSet;
use std::fmt::Write;

use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use shared::spec::Problems;

use super::figures::{Figures, escape};
use super::{labs, math, sanitize};

/// A heading of the second level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionTitle {
    pub name: String,
    pub title: String,
}

#[derive(Debug, Default)]
pub struct Rendered {
    pub html: String,
    pub sections: Vec<SectionTitle>,
    pub names: BTreeSet<String>,
}

/// Names that the page itself uses.
const RESERVED: &[&str] = &["main", "starting", "questions"];

/// `first_line` is the number of the Markdown's first line in its file.
pub fn lesson(markdown: &str, first_line: usize, figures: &Figures, problems: &mut Problems) -> Rendered {
    let mut renderer = Renderer { figures: Some(figures), ..Renderer::new(problems) };
    let line_of = |offset: usize| {
        format!("line {}", first_line + markdown[..offset].bytes().filter(|&byte| byte == b'\n').count())
    };
    renderer.walk(markdown, &line_of);
    renderer.check_references();
    let mut html = with_header_names(&sanitize::clean(&renderer.html()));
    for (number, piece) in renderer.places.iter().enumerate() {
        html = html.replacen(&place(number), piece, 1);
    }
    Rendered { html, sections: renderer.sections, names: renderer.names }
}

/// A short text without headings, figures and labs: a question, an option, a note.
pub fn passage(markdown: &str, name: &str, problems: &mut Problems) -> String {
    let mut renderer = Renderer::new(problems);
    renderer.walk(markdown, &|_| name.to_owned());
    with_header_names(&sanitize::clean(&renderer.html()))
}

/// Markdown has a header cell above every column: an empty one is none. Of one that is a formula alone the
/// text is what is read aloud, since not every screen reader reads MathML.
fn with_header_names(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("<th>") {
        let (before, cell) = rest.split_at(at);
        let cell = &cell["<th>".len()..];
        let end = cell.find("</th>").unwrap_or(cell.len());
        let content = &cell[..end];
        rest = cell[end..].strip_prefix("</th>").unwrap_or_default();
        out.push_str(before);
        if content.trim().is_empty() {
            out.push_str("<td></td>");
        } else if content.starts_with("<math") {
            let text = text_of(content);
            let _ = write!(
                out,
                "<th><span class=\"visually-hidden\">{text}</span><span aria-hidden=\"true\">{content}</span></th>"
            );
        } else {
            let _ = write!(out, "<th>{content}</th>");
        }
    }
    out.push_str(rest);
    out
}

/// What stands between the tags.
fn text_of(html: &str) -> String {
    html.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, text)| text).collect()
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_STRIKETHROUGH
}

/// Where something goes that was checked already and must not be taken apart by the sanitizer.
fn place(number: usize) -> String {
    format!("<div data-place=\"{number}\"></div>")
}

struct Renderer<'a> {
    figures: Option<&'a Figures>,
    problems: &'a mut Problems,
    out: Vec<Event<'a>>,
    places: Vec<String>,
    sections: Vec<SectionTitle>,
    names: BTreeSet<String>,
    /// `#name` of links, with the line.
    references: Vec<(String, String)>,
}

impl<'a> Renderer<'a> {
    fn new(problems: &'a mut Problems) -> Self {
        Self {
            figures: None,
            problems,
            out: Vec::new(),
            places: Vec::new(),
            sections: Vec::new(),
            names: BTreeSet::new(),
            references: Vec::new(),
        }
    }

    fn html(&mut self) -> String {
        let mut html = String::new();
        pulldown_cmark::html::push_html(&mut html, std::mem::take(&mut self.out).into_iter());
        html
    }

    fn walk(&mut self, markdown: &str, line_of: &dyn Fn(usize) -> String) {
        let mut events = Parser::new_ext(markdown, options())
            .into_offset_iter()
            .map(|(event, range)| (event.into_static(), range.start))
            .peekable();
        while let Some((event, offset)) = events.next() {
            let line = || line_of(offset);
            match event {
                Event::Start(Tag::Heading { level, id, .. }) => {
                    let inside = until(&mut events, |event| matches!(event, Event::End(TagEnd::Heading(_))));
                    self.heading(level, id.map(|id| id.to_string()), inside, &line());
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    let inside = until(&mut events, |event| matches!(event, Event::End(TagEnd::CodeBlock)));
                    self.code(&kind, &plain(&inside), &line());
                }
                Event::Start(Tag::Paragraph)
                    if matches!(events.peek(), Some((Event::Start(Tag::Image { .. }), _))) =>
                {
                    let inside = until(&mut events, |event| matches!(event, Event::End(TagEnd::Paragraph)));
                    self.figure(inside, &line());
                }
                Event::Start(Tag::Image { .. }) => {
                    self.problem(&line(), "let an image be a paragraph of its own");
                    until(&mut events, |event| matches!(event, Event::End(TagEnd::Image)));
                }
                Event::Start(Tag::Link { ref dest_url, .. }) => {
                    self.link(dest_url, &line());
                    self.out.push(event);
                }
                Event::Start(Tag::BlockQuote(Some(kind))) => {
                    let (class, title) = call_out(kind);
                    let html = format!(
                        "<aside class=\"call-out {class}\"><p class=\"call-out-title\">{title}</p>\n"
                    );
                    self.out.push(Event::Html(html.into()));
                }
                Event::End(TagEnd::BlockQuote(Some(_))) => self.out.push(Event::Html("</aside>\n".into())),
                Event::Start(Tag::Table(_)) => {
                    self.out.push(Event::Html("<div class=\"table-scroll\">".into()));
                    self.out.push(event);
                }
                Event::End(TagEnd::Table) => {
                    self.out.push(event);
                    self.out.push(Event::Html("</div>\n".into()));
                }
                Event::InlineMath(latex) => self.formula(&latex, false, &line()),
                Event::DisplayMath(latex) => self.formula(&latex, true, &line()),
                Event::Html(html) => match fold(&html) {
                    Some(html) => self.out.push(Event::Html(html.into())),
                    None => {
                        self.problem(&line(), "no HTML but <details> and <summary>, each on its own line")
                    }
                },
                Event::InlineHtml(html) if html.as_ref() == "<br>" => self.out.push(Event::HardBreak),
                Event::InlineHtml(_) => {
                    self.problem(&line(), "no HTML inside a paragraph; write < as &lt; or set it as `code`");
                }
                other => self.out.push(other),
            }
        }
    }

    fn problem(&mut self, line: &str, message: impl Into<String>) {
        self.problems.require(false, line, message);
    }

    fn heading(&mut self, level: HeadingLevel, id: Option<String>, inside: Vec<Event<'a>>, line: &str) {
        if self.figures.is_none() || level == HeadingLevel::H1 {
            return self.problem(line, "headings begin with ##, and stand in lessons only");
        }
        let title = plain(&inside);
        let name = id.unwrap_or_else(|| slug(&title));
        if RESERVED.contains(&name.as_str()) || name.is_empty() || !self.names.insert(name.clone()) {
            self.problem(line, format!("{name:?} is taken; give the heading another name: {{#name}}"));
        }
        if level == HeadingLevel::H2 {
            self.sections.push(SectionTitle { name: name.clone(), title });
        }
        let mut tag = format!("<{level} id=\"");
        escape(&name, &mut tag);
        tag.push_str("\">");
        self.out.push(Event::Html(tag.into()));
        self.out.extend(inside);
        self.out.push(Event::Html(format!("</{level}>\n").into()));
    }

    fn code(&mut self, kind: &CodeBlockKind<'_>, text: &str, line: &str) {
        let info = match kind {
            CodeBlockKind::Fenced(info) => info.trim(),
            CodeBlockKind::Indented => "",
        };
        if let Some(name) = info.strip_prefix("lab ") {
            return match labs::read(name.trim(), text) {
                Ok(_) if self.figures.is_none() => self.problem(line, "labs stand in lessons only"),
                Ok((name, settings)) => {
                    let mut html = format!("<div class=\"lab\" data-lab=\"{name}\" data-settings=\"");
                    escape(&settings, &mut html);
                    html.push_str("\"></div>\n");
                    self.out.push(Event::Html(html.into()));
                }
                Err(message) => self.problem(line, message),
            };
        }
        let mut html = String::from("<pre class=\"code\"");
        if let Some(language) = info.split_whitespace().next() {
            html.push_str(" data-language=\"");
            escape(language, &mut html);
            html.push('"');
        }
        html.push_str("><code>");
        escape(text, &mut html);
        html.push_str("</code></pre>\n");
        self.out.push(Event::Html(html.into()));
    }

    /// A paragraph that begins with an image.
    fn figure(&mut self, inside: Vec<Event<'a>>, line: &str) {
        let Some(Event::Start(Tag::Image { dest_url, title, .. })) = inside.first() else { return };
        if !matches!(inside.last(), Some(Event::End(TagEnd::Image))) {
            return self.problem(line, "let an image be a paragraph of its own");
        }
        let Some(figure) = self.figures.and_then(|figures| figures.get(dest_url.as_ref())) else {
            return self.problem(line, format!("there is no figure {dest_url}"));
        };
        let alternative = plain(&inside[1..inside.len() - 1]);
        if alternative.trim().is_empty() {
            return self.problem(line, "say between the brackets what one sees");
        }
        let mut html = format!("<figure class=\"drawing\">{}", place(self.places.len()));
        self.places.push(figure.html(&alternative));
        if !title.is_empty() {
            html.push_str("<figcaption>");
            escape(title, &mut html);
            html.push_str("</figcaption>");
        }
        html.push_str("</figure>\n");
        self.out.push(Event::Html(html.into()));
    }

    fn formula(&mut self, latex: &str, display: bool, line: &str) {
        match math::mathml(latex, display) {
            Ok(html) if display => {
                self.out.push(Event::InlineHtml(format!("<span class=\"formula\">{html}</span>").into()));
            }
            Ok(html) => self.out.push(Event::InlineHtml(html.into())),
            Err(message) => self.problem(line, message),
        }
    }

    fn link(&mut self, address: &str, line: &str) {
        match address.strip_prefix('#') {
            Some(name) => self.references.push((name.to_owned(), line.to_owned())),
            None => {
                let ours = address.starts_with('/') && !address.starts_with("//");
                let known = ours || address.starts_with("https://") || address.starts_with("http://");
                self.problems.require(
                    known,
                    line,
                    format!("{address}: links begin with https://, / (this platform) or # (this lesson)"),
                );
            }
        }
    }

    fn check_references(&mut self) {
        for (name, line) in std::mem::take(&mut self.references) {
            let found = self.names.contains(&name);
            self.problems.require(found, &line, format!("no heading of this lesson is named #{name}"));
        }
    }
}

/// What comes before the end, which is taken off too.
fn until<'a>(
    events: &mut impl Iterator<Item = (Event<'a>, usize)>,
    is_end: impl Fn(&Event<'a>) -> bool,
) -> Vec<Event<'a>> {
    events.map(|(event, _)| event).take_while(|event| !is_end(event)).collect()
}

fn plain(events: &[Event<'_>]) -> String {
    let mut text = String::new();
    for event in events {
        match event {
            Event::Text(words) | Event::Code(words) | Event::InlineMath(words) => text.push_str(words),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

/// The name of a heading that was given none: its letters and numbers, joined by `-`.
fn slug(title: &str) -> String {
    let lower = title.to_lowercase();
    let words = lower.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

fn call_out(kind: BlockQuoteKind) -> (&'static str, &'static str) {
    match kind {
        BlockQuoteKind::Note => ("note", "참고"),
        BlockQuoteKind::Tip => ("tip", "도움말"),
        BlockQuoteKind::Important => ("important", "중요"),
        BlockQuoteKind::Warning => ("warning", "흔한 함정"),
        BlockQuoteKind::Caution => ("warning", "주의"),
    }
}

/// The lines of HTML that a lesson may have, written by us again.
fn fold(html: &str) -> Option<String> {
    let mut out = String::new();
    for line in html.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut rest = line;
        for tag in ["<details>", "<summary>"] {
            if let Some(after) = rest.strip_prefix(tag) {
                out.push_str(tag);
                rest = after;
            }
        }
        let (words, end) = rest.split_at(rest.find("</").unwrap_or(rest.len()));
        if words.contains(['<', '>']) || !["", "</summary>", "</details>"].contains(&end) {
            return None;
        }
        escape(words, &mut out);
        let _ = writeln!(out, "{end}");
    }
    Some(out)
}
