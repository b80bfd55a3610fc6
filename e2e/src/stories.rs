//! Text to train on, made by the real generator.

use std::process::Command;

use crate::process::binary;

/// `documents` generated documents as jsonl.zst bytes.
pub fn corpus(documents: u32) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("stories.jsonl.zst");
    let status = Command::new(binary("mitbadak-worker"))
        .args(["corpus", "--documents", &documents.to_string(), "--seed", "7", "--out"])
        .arg(&out)
        .status();
    assert!(status.expect("mitbadak-worker starts").success());
    std::fs::read(out).expect("the corpus was written")
}

/// The texts of generated documents.
pub fn texts(documents: u32) -> Vec<String> {
    let packed = corpus(documents);
    let rows = zstd::decode_all(&packed[..]).expect("what was packed can be unpacked");
    let rows = String::from_utf8(rows).expect("rows are text");
    let row = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line).expect("a row is JSON");
        row["text"].as_str().map(str::to_owned)
    };
    rows.lines().filter_map(row).collect()
}

/// A file of UTF-8 lines to take instead of generated ones, for trying real text.
const LINES_VARIABLE: &str = "MITBADAK_TEST_LINES";

/// What text from elsewhere has besides Hangul: other scripts, jamo, signs put together from several
/// characters, white space of all kinds, a special token's spelling.
const STRANGE: [&str; 14] = [
    "ㅋㅋㅋㅋ ㅠㅠ",
    "👩‍👩‍👧‍👦",
    "🇰🇷!!",
    "ᄀᆞᆯ",
    "e\u{301}",
    "漢字 混用",
    "Ünïcödé",
    "\u{a0}\u{200b}",
    "  \t ",
    "１２３",
    "<|endoftext|>",
    "don't",
    "한\u{1112}\u{1161}\u{11ab}",
    "\u{feff}…",
];

/// Lines of text with everything that real text has, always the same.
pub fn lines(count: usize) -> Vec<String> {
    if let Some(path) = std::env::var_os(LINES_VARIABLE) {
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        return text.lines().take(count).map(str::to_owned).collect();
    }
    let texts = texts(2_000);
    let sentences = texts.iter().flat_map(|text| text.split_inclusive(['.', '!', '?', '\n']));
    let spoiled = sentences.enumerate().map(|(index, sentence)| {
        let middle = sentence.char_indices().nth(index % 11).map_or(sentence.len(), |(at, _)| at);
        let (before, after) = sentence.split_at(middle);
        if index % 3 == 0 {
            sentence.to_owned()
        } else {
            format!("{before}{}{after}", STRANGE[index % STRANGE.len()])
        }
    });
    spoiled.take(count).collect()
}
