//! Bytes that claim to be a zip archive.
#![no_main]

// The worker's own reader: the worker itself would take minutes to build.
#[allow(dead_code)]
#[path = "../../gpu-worker/src/jobs/import_model/zip.rs"]
mod zip;

use std::io;

/// As much as the limit of an import leaves to a small archive.
const UNPACKED_LIMIT_BYTES: u64 = 1 << 20;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut read_at = |offset: u64, part: &mut [u8]| {
        let start = usize::try_from(offset).ok();
        let found = start.and_then(|start| bytes.get(start..start.checked_add(part.len())?));
        part.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    };
    let Ok(entries) = zip::entries(bytes.len() as u64, &mut read_at) else { return };
    let mut left = UNPACKED_LIMIT_BYTES;
    for entry in entries {
        let Some(rest) = left.checked_sub(entry.size_bytes) else { continue };
        left = rest;
        let mut out = Vec::new();
        let unpacked = zip::unpack(&entry, bytes.len() as u64, &mut read_at, &mut out);
        assert!(out.len() as u64 <= entry.size_bytes, "more came out than the list says");
        assert!(unpacked.is_err() || out.len() as u64 == entry.size_bytes);
    }
});
