//! Bytes that claim to be a GGUF file.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut read_at = |offset: u64, part: &mut [u8]| {
        let start = usize::try_from(offset).ok();
        let found = start.and_then(|start| bytes.get(start..start.checked_add(part.len())?));
        part.copy_from_slice(found.ok_or_else(|| model::Error::Weights("beyond the end".to_owned()))?);
        Ok(())
    };
    let Ok(opened) = model::gguf::GgufModel::open(bytes.len() as u64, &mut read_at) else { return };
    let _ = model::gguf::tokenizer_files(&opened.header);
    let _ = opened.read_each(&mut read_at, |_, stored| stored.into_weight());
});
