//! Figures: SVG that stands inside the page, so that the page's theme colours it.

use std::collections::BTreeMap;
use std::fmt::Write;

/// By the name that lessons use: `figures/merges.svg`.
pub type Figures = BTreeMap<String, Figure>;

/// The content of an SVG, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    view_box: String,
    content: String,
}

const ELEMENTS: &[&str] = &[
    "svg", "g", "path", "line", "polyline", "polygon", "rect", "circle", "ellipse", "text", "tspan", "title",
    "desc",
];
const ATTRIBUTES: &[&str] = &[
    "class",
    "cx",
    "cy",
    "d",
    "dominant-baseline",
    "dx",
    "dy",
    "font-size",
    "font-weight",
    "height",
    "opacity",
    "points",
    "r",
    "rx",
    "ry",
    "stroke-width",
    "text-anchor",
    "transform",
    "viewBox",
    "width",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
];

/// # Errors
/// What the figure has that a figure must not have, with its place.
pub fn read(svg: &str) -> Result<Figure, String> {
    let document = roxmltree::Document::parse(svg).map_err(|error| error.to_string())?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" {
        return Err("the outermost element is svg".to_owned());
    }
    let view_box = root.attribute("viewBox").ok_or("svg needs a viewBox")?;
    for node in root.descendants().filter(roxmltree::Node::is_element) {
        let line = document.text_pos_at(node.range().start).row;
        let name = node.tag_name().name();
        if !ELEMENTS.contains(&name) {
            return Err(format!("line {line}: no <{name}> in a figure; use {}", ELEMENTS.join(", ")));
        }
        if let Some(attribute) = node.attributes().find(|attribute| !ATTRIBUTES.contains(&attribute.name())) {
            let name = attribute.name();
            return Err(format!("line {line}: no attribute {name} in a figure; classes give colours"));
        }
    }
    if root.attribute("width").is_some() || root.attribute("height").is_some() {
        return Err("svg has a viewBox, but no width and height".to_owned());
    }
    let mut content = String::new();
    for child in root.children() {
        write(child, &mut content);
    }
    Ok(Figure { view_box: view_box.to_owned(), content })
}

/// Written anew from what was checked, so that nothing unseen (a comment, an entity, a namespace) comes along.
fn write(node: roxmltree::Node<'_, '_>, out: &mut String) {
    if let Some(text) = node.text().filter(|_| node.is_text()) {
        escape(text, out);
        return;
    }
    if !node.is_element() {
        return;
    }
    let name = node.tag_name().name();
    let _ = write!(out, "<{name}");
    for attribute in node.attributes() {
        let _ = write!(out, " {}=\"", attribute.name());
        escape(attribute.value(), out);
        out.push('"');
    }
    out.push('>');
    for child in node.children() {
        write(child, out);
    }
    let _ = write!(out, "</{name}>");
}

impl Figure {
    pub fn html(&self, alternative: &str) -> String {
        let mut html = String::from("<svg class=\"figure\" role=\"img\" viewBox=\"");
        escape(&self.view_box, &mut html);
        html.push_str("\" aria-label=\"");
        escape(alternative, &mut html);
        html.push_str("\">");
        html.push_str(&self.content);
        html.push_str("</svg>");
        html
    }
}

pub fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
}
