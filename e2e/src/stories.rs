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
