//! The page's font. Pretendard comes in 92 subsets by how often a character occurs, and the words of one
//! Korean page are spread over fourteen of them (380 KB). All characters that the page's sources hold, in
//! the weights that its styles use, are a quarter of that: they become a subset of their own. What people
//! write is in other characters too: those come from Pretendard's subsets.
//!
//! All are one family with a range of characters each, and say the same weights: a browser puts only such
//! faces together. Two families behind each other would not do: while the first loads, a browser shows the
//! text in the second, and loads that for it.
//!
//! The licence of Pretendard (OFL 1.1) reserves its name: an altered version bears another one.

use std::collections::BTreeSet;
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::{files_below, vendored};
use crate::tools::install::npm_package;
use crate::workspace;

/// BSD-3-Clause; HarfBuzz's own subsetter, compiled to WebAssembly.
const SUBSETTER: (&str, &str) = ("subset-font", "2.9.0");
/// The lightest and the heaviest `font-weight` of the styles: nothing beyond is in the font.
const WEIGHTS: &str = "400 800";
/// What Pretendard's sheet says of every subset.
const SAID_WEIGHTS: &str = "45 920";
/// As `--font` of the styles calls it.
const FAMILY: &str = "Mitbadak Sans";
/// Pretendard's own sheet, what it calls the family, and how it writes the addresses of its subsets.
const SUBSETS: (&str, &str, &str) =
    ("dist/web/variable/pretendardvariable-dynamic-subset.css", "'Pretendard Variable'", "url(./");
/// Where `index.html` wants it.
const PLACE: &str = "<!-- The page's font: xtask/src/front_end/font.rs -->";

/// Makes the font and its style sheet inside of `page` and names both in its `index.html`.
pub fn add(page: &Path) -> Result<()> {
    let characters = characters()?;
    let unnamed = page.join("words.woff2");
    subset(&characters, &unnamed)?;
    let font = with_hash(&unnamed)?;
    let unnamed = page.join("font.css");
    fs::write(&unnamed, sheet(&characters, &font)?)
        .with_context(|| format!("cannot write {}", unnamed.display()))?;
    let sheet = with_hash(&unnamed)?;

    let index = page.join("index.html");
    let html = fs::read_to_string(&index).with_context(|| format!("cannot read {}", index.display()))?;
    if !html.contains(PLACE) {
        bail!("{} has no place for the font: it needs the line {PLACE}", index.display());
    }
    let links = format!(
        "<link rel=\"preload\" href=\"/{font}\" as=\"font\" type=\"font/woff2\" crossorigin>\n    \
         <link rel=\"stylesheet\" href=\"/{sheet}\">"
    );
    fs::write(&index, html.replace(PLACE, &links))
        .with_context(|| format!("cannot write {}", index.display()))
}

/// Pretendard's sheet under our family, and after it, so that it goes first, the page's own words.
fn sheet(characters: &str, font: &str) -> Result<String> {
    let (place, family, address) = SUBSETS;
    let pretendard = vendored("pretendard")?;
    let path = pretendard.folder()?.join(place);
    let theirs = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let expected = [family, address, &format!("font-weight: {SAID_WEIGHTS};")];
    if expected.iter().any(|part| !theirs.contains(part)) {
        bail!("{} is not written as font.rs expects", path.display());
    }
    let folder = place.rsplit_once('/').map_or("", |(folder, _)| folder);
    let absolute = format!("url({}/{folder}/", pretendard.address());
    let theirs = theirs.replace(family, &format!("'{FAMILY}'")).replace(address, &absolute);
    let range: Vec<String> = characters.chars().map(|letter| format!("U+{:x}", u32::from(letter))).collect();
    Ok(format!(
        "{theirs}\n/* The page's own words. */\n@font-face {{\n  font-family: '{FAMILY}';\n  \
         font-weight: {SAID_WEIGHTS};\n  font-display: swap;\n  src: url(/{font}) format('woff2-variations');\n  \
         unicode-range: {};\n}}\n",
        range.join(", ")
    ))
}

/// Every character of the page's sources: its words are in there, and nothing that is not text.
fn characters() -> Result<String> {
    let root = workspace::root();
    let mut found = BTreeSet::new();
    let sources = ["frontend/src", "frontend/index.html", "frontend/start.js"];
    for source in sources {
        for path in files_below(&root.join(source))? {
            let text =
                fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            // What tests say stands on no page.
            let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
            found.extend(text.chars().filter(|character| !character.is_control()));
        }
    }
    Ok(found.into_iter().collect())
}

fn subset(characters: &str, into: &Path) -> Result<()> {
    let (package, version) = SUBSETTER;
    let script = workspace::root().join("xtask/src/front_end/subset.mjs");
    let font = vendored("pretendard")?.folder()?.join("dist/web/variable/woff2/PretendardVariable.woff2");
    let mut child = Command::new("node")
        .arg(script)
        .args([npm_package(package, version)?, font, into.to_owned()])
        .env("WEIGHTS", WEIGHTS)
        .stdin(Stdio::piped())
        .spawn()
        .context("node is missing: `sudo apt-get install nodejs npm`, then run this again")?;
    let mut stdin = child.stdin.take().context("node has no standard input")?;
    stdin.write_all(characters.as_bytes()).context("node ended early")?;
    drop(stdin);
    if !child.wait().context("cannot wait for node")?.success() {
        bail!("the font of the page's words cannot be made; node's words stand above");
    }
    Ok(())
}

/// Renames `name.ending` to `name-HASH.ending`, which browsers may keep for ever; the new name.
fn with_hash(path: &Path) -> Result<String> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    let name = format!("{stem}-{:016x}.{ending}", hasher.finish());
    fs::rename(path, path.with_file_name(&name))
        .with_context(|| format!("cannot rename {}", path.display()))?;
    Ok(name)
}
