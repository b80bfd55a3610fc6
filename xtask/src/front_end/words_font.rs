//! A font of the page's own words. Pretendard comes in 92 subsets by how often a character occurs, and
//! the words of one Korean page are spread over fourteen of them (380 KB); all characters that the page's
//! sources hold, in the weights that its styles use, are a quarter of that. What people write is
//! in other characters too: those come from the subsets, which stay behind it in `--font`.
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

use super::{files_below, vendored_folder};
use crate::tools::install::npm_package;
use crate::workspace;

/// BSD-3-Clause; HarfBuzz's own subsetter, compiled to WebAssembly.
const SUBSETTER: (&str, &str) = ("subset-font", "2.9.0");
/// The lightest and the heaviest `font-weight` of the styles.
const WEIGHTS: &str = "400 800";
const FAMILY: &str = "Mitbadak Words";
/// Where `index.html` wants it.
const PLACE: &str = "<!-- The font of the page's own words: xtask/src/front_end/words_font.rs -->";

/// Makes the font and its style sheet inside of `page` and names both in its `index.html`.
pub fn add(page: &Path) -> Result<()> {
    let characters = characters()?;
    let unnamed = page.join("words.woff2");
    subset(&characters, &unnamed)?;
    let font = with_hash(&unnamed)?;
    let sheet = page.join("words.css");
    let rule = format!(
        "/* Glyphs of Pretendard, Copyright (c) 2021 Kil Hyung-jin, under the SIL Open Font License 1.1. */\n\
         @font-face {{\n  font-family: \"{FAMILY}\";\n  font-weight: {WEIGHTS};\n  font-display: swap;\n  \
         src: url(/{font}) format(\"woff2\");\n}}\n"
    );
    fs::write(&sheet, rule).with_context(|| format!("cannot write {}", sheet.display()))?;
    let sheet = with_hash(&sheet)?;

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

/// Every character of the page's sources: its words are in there, and nothing that is not text.
fn characters() -> Result<String> {
    let root = workspace::root();
    let mut found = BTreeSet::new();
    let sources = ["frontend/src", "frontend/index.html", "frontend/start.js"];
    for source in sources {
        for path in files_below(&root.join(source))? {
            let text =
                fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            found.extend(text.chars().filter(|character| !character.is_control()));
        }
    }
    Ok(found.into_iter().collect())
}

fn subset(characters: &str, into: &Path) -> Result<()> {
    let (package, version) = SUBSETTER;
    let script = workspace::root().join("xtask/src/front_end/subset.mjs");
    let font = vendored_folder("pretendard")?.join("dist/web/variable/woff2/PretendardVariable.woff2");
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
