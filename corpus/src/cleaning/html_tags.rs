//! Which names are HTML, and what becomes of them.

/// What a tag leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing: the words around it belong together.
    Inline,
    /// The end of a line.
    Line,
    /// The end of a paragraph.
    Paragraph,
    /// A gap between table cells.
    Cell,
    /// Its content goes with it: program text, drawings, navigation, forms.
    Dropped,
}

/// By lower-case name. Names that are no HTML element are `None`: `Vec<T>`, `<기생충>` and `<3` are
/// text.
pub fn effect(name: &str) -> Option<Effect> {
    Some(match name {
        "script" | "style" | "noscript" | "template" | "svg" | "iframe" | "object" | "canvas" | "nav"
        | "footer" | "button" | "select" | "audio" | "video" => Effect::Dropped,
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "pre" | "table" | "ul" | "ol"
        | "dl" | "section" | "article" | "main" | "figure" | "title" | "hr" => Effect::Paragraph,
        "br" | "div" | "li" | "tr" | "dt" | "dd" | "header" | "aside" | "figcaption" | "caption"
        | "thead" | "tbody" | "tfoot" | "form" | "fieldset" | "legend" | "address" | "details"
        | "summary" | "html" | "head" | "body" | "meta" | "link" | "base" | "center" | "dialog" | "menu"
        | "search" | "hgroup" | "option" | "optgroup" | "textarea" | "frameset" | "frame" | "noframes"
        | "dir" | "colgroup" | "col" => Effect::Line,
        "td" | "th" => Effect::Cell,
        "a" | "abbr" | "acronym" | "area" | "b" | "bdi" | "bdo" | "big" | "cite" | "code" | "data"
        | "datalist" | "del" | "dfn" | "em" | "embed" | "font" | "i" | "img" | "input" | "ins" | "kbd"
        | "label" | "map" | "mark" | "meter" | "output" | "param" | "picture" | "progress" | "q" | "rp"
        | "rt" | "ruby" | "s" | "samp" | "slot" | "small" | "source" | "span" | "strike" | "strong"
        | "sub" | "sup" | "time" | "track" | "tt" | "u" | "var" | "wbr" | "nobr" | "marquee" | "math"
        | "annotation" => Effect::Inline,
        // Custom elements have a hyphen.
        _ if name.contains('-') => Effect::Inline,
        _ => return None,
    })
}

/// A tag at the start of some text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'a> {
    pub name: &'a str,
    pub closes: bool,
    /// `<br/>`: without content.
    pub alone: bool,
    pub size_bytes: usize,
}

/// A tag is `<`, a name, attributes, `>`. Another `<` before the end means that this one was only a
/// sign. Quoted attributes may hold `>` and `<`; `patient` tells whether to look for the ends of quotes,
/// and is taken away when a quote never ends.
pub fn tag<'a>(text: &'a str, patient: &mut bool) -> Option<Tag<'a>> {
    let bytes = text.as_bytes();
    let closes = bytes.get(1) == Some(&b'/');
    let start = 1 + usize::from(closes);
    let name_bytes = bytes[start.min(bytes.len())..]
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-')
        .take(40)
        .count();
    let name = &text[start.min(bytes.len())..][..name_bytes];
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return None;
    }
    let mut position = start + name_bytes;
    if !matches!(bytes.get(position)?, b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r') {
        return None;
    }
    let mut quote = None;
    loop {
        let Some(byte) = bytes.get(position).copied() else {
            if quote.is_some() {
                *patient = false;
                return tag(text, patient);
            }
            return None;
        };
        match (quote, byte) {
            (None, b'>') => break,
            (None, b'<') => return None,
            (None, b'"' | b'\'') if *patient && bytes[position - 1] == b'=' => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        position += 1;
    }
    let alone = bytes[position - 1] == b'/';
    Some(Tag { name, closes, alone, size_bytes: position + 1 })
}
