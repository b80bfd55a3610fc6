//! A folder of the hub: four bytes that say how long `config.json` is, `config.json`, and then the weights.
//! The first part is also read as an index of shards.
#![no_main]

use model::hugging_face::{FolderTensors, SpecialIds, from_config, shard_files, special_ids, to_config};
use model::weights::Header;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((length, rest)) = bytes.split_first_chunk() else { return };
    let (config, weights) = rest.split_at((u32::from_le_bytes(*length) as usize).min(rest.len()));
    let _ = shard_files(config);
    let _ = special_ids(config);
    let Ok(spec) = from_config(config) else { return };
    let again = to_config(&spec, SpecialIds { end_of_text: 0, padding: 0 }).to_string();
    assert_eq!(from_config(again.as_bytes()).ok().as_ref(), Some(&spec), "what is read is written as it was");
    let mut read_at = |_: usize, offset: u64, part: &mut [u8]| {
        let start = usize::try_from(offset).ok();
        let found = start.and_then(|start| weights.get(start..start.checked_add(part.len())?));
        part.copy_from_slice(found.ok_or_else(|| model::Error::Weights("beyond the end".to_owned()))?);
        Ok(())
    };
    let header = Header::read(weights.len() as u64, &mut |offset, part| read_at(0, offset, part));
    let Ok(folder) = header.and_then(|header| FolderTensors::new(&spec, vec![header])) else { return };
    let _ = folder.read_each(&mut read_at, &mut |_, values| values.to_tensor(&model::Device::Cpu));
});
