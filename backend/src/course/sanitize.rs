//! The last thing that a lesson's HTML goes through: only what stands here comes out. It is a second fence: the
//! renderer lets no HTML of an author in.

use std::sync::LazyLock;

use ammonia::Builder;

const MATH: &[&str] = &[
    "math",
    "mrow",
    "mi",
    "mn",
    "mo",
    "ms",
    "mtext",
    "mspace",
    "mfrac",
    "msqrt",
    "mroot",
    "msub",
    "msup",
    "msubsup",
    "munder",
    "mover",
    "munderover",
    "mtable",
    "mtr",
    "mtd",
    "mpadded",
    "mphantom",
    "menclose",
    "mstyle",
    "mmultiscripts",
    "mprescripts",
];
const MATH_ATTRIBUTES: &[&str] = &[
    "display",
    "displaystyle",
    "scriptlevel",
    "mathvariant",
    "stretchy",
    "symmetric",
    "fence",
    "separator",
    "form",
    "lspace",
    "rspace",
    "minsize",
    "maxsize",
    "largeop",
    "movablelimits",
    "accent",
    "accentunder",
    "linethickness",
    "width",
    "height",
    "depth",
    "voffset",
    "notation",
    "columnalign",
    "class",
];

static BUILDER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder.add_tags(MATH).add_tags(["aside", "section"]);
    for tag in MATH {
        builder.add_tag_attributes(tag, MATH_ATTRIBUTES);
    }
    for tag in ["h2", "h3", "h4", "h5", "h6"] {
        builder.add_tag_attributes(tag, ["id"]);
    }
    builder
        .add_tag_attributes("div", ["id", "class", "data-lab", "data-settings", "data-place"])
        .add_tag_attributes("aside", ["class"])
        .add_tag_attributes("p", ["class"])
        .add_tag_attributes("span", ["class"])
        .add_tag_attributes("sup", ["class"])
        .add_tag_attributes("pre", ["class", "data-language"])
        .add_tag_attributes("figure", ["class"])
        .add_tag_attributes("ol", ["start"])
        .url_schemes(["http", "https"].into())
        .link_rel(Some("noopener noreferrer"));
    builder
});

pub fn clean(html: &str) -> String {
    BUILDER.clean(html).to_string()
}
