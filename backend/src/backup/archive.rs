//! The few tar headers that a backup has: plain files with short names. Nothing of a name is ever a path here; who
//! reads an archive compares the name with the one that is to come.

use std::io::{self, Read, Write};

const BLOCK: usize = 512;
const NAME: std::ops::Range<usize> = 0..100;
const SIZE: std::ops::Range<usize> = 124..136;
const CHECKSUM: std::ops::Range<usize> = 148..156;
const KIND: usize = 156;
/// Larger sizes are written in base 256.
const OCTAL_LIMIT: u64 = 1 << 33;

/// A plain file that follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub size_bytes: u64,
}

pub fn write_header(archive: &mut impl Write, entry: &Entry) -> io::Result<()> {
    let mut block = [0_u8; BLOCK];
    let name = entry.name.as_bytes();
    if name.len() >= NAME.len() {
        return Err(io::Error::other("a name in the archive is too long"));
    }
    block[..name.len()].copy_from_slice(name);
    block[100..108].copy_from_slice(b"0000600\0");
    block[108..116].copy_from_slice(b"0000000\0");
    block[116..124].copy_from_slice(b"0000000\0");
    if entry.size_bytes < OCTAL_LIMIT {
        block[SIZE].copy_from_slice(format!("{:011o}\0", entry.size_bytes).as_bytes());
    } else {
        block[SIZE.start] = 0x80;
        block[SIZE.end - 8..SIZE.end].copy_from_slice(&entry.size_bytes.to_be_bytes());
    }
    block[136..148].copy_from_slice(b"00000000000\0");
    block[KIND] = b'0';
    block[257..265].copy_from_slice(b"ustar\x0000");
    let sum = checksum(&block);
    block[CHECKSUM].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    archive.write_all(&block)
}

/// Fills the last block of a file.
pub fn write_padding(archive: &mut impl Write, size_bytes: u64) -> io::Result<()> {
    archive.write_all(&[0; BLOCK][..padding(size_bytes)])
}

pub fn write_end(archive: &mut impl Write) -> io::Result<()> {
    archive.write_all(&[0; 2 * BLOCK])
}

/// The next file's header, or nothing at the archive's end.
pub fn read_header(archive: &mut impl Read) -> io::Result<Option<Entry>> {
    let mut block = [0_u8; BLOCK];
    archive.read_exact(&mut block)?;
    if block.iter().all(|byte| *byte == 0) {
        return Ok(None);
    }
    let damaged = || io::Error::new(io::ErrorKind::InvalidData, "a header in the archive is damaged");
    if octal(&block[CHECKSUM]) != Some(checksum(&block)) {
        return Err(damaged());
    }
    let length = block[NAME].iter().position(|byte| *byte == 0).ok_or_else(damaged)?;
    let name = std::str::from_utf8(&block[..length]).map_err(|_| damaged())?.to_owned();
    let size = if block[SIZE.start] == 0x80 {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&block[SIZE.end - 8..SIZE.end]);
        Some(u64::from_be_bytes(bytes))
    } else {
        octal(&block[SIZE])
    };
    match (block[KIND], size) {
        (b'0', Some(size_bytes)) => Ok(Some(Entry { name, size_bytes })),
        _ => Err(io::Error::new(io::ErrorKind::InvalidData, "the archive holds what is no plain file")),
    }
}

/// Passes over what fills the last block of a file.
pub fn read_padding(archive: &mut impl Read, size_bytes: u64) -> io::Result<()> {
    archive.read_exact(&mut [0; BLOCK][..padding(size_bytes)])
}

fn padding(size_bytes: u64) -> usize {
    let over = (size_bytes % BLOCK as u64) as usize;
    if over == 0 { 0 } else { BLOCK - over }
}

/// The sum of the header's bytes, its own field taken as spaces.
fn checksum(block: &[u8; BLOCK]) -> u64 {
    let bytes = block.iter().enumerate();
    bytes.map(|(at, byte)| if CHECKSUM.contains(&at) { 32 } else { u64::from(*byte) }).sum()
}

fn octal(field: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?;
    u64::from_str_radix(text.trim_matches(|character| character == '\0' || character == ' '), 8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let entries = [("header.json", 0), ("blobs/abc", 513), ("large", OCTAL_LIMIT + 7)];
        for (name, size_bytes) in entries {
            let entry = Entry { name: name.to_owned(), size_bytes };
            let mut bytes = Vec::new();
            write_header(&mut bytes, &entry).unwrap();
            assert_eq!(read_header(&mut bytes.as_slice()).unwrap(), Some(entry));
        }
        let mut end = Vec::new();
        write_end(&mut end).unwrap();
        assert_eq!(read_header(&mut end.as_slice()).unwrap(), None);
        assert_eq!([0, 1, 512, 513].map(padding), [0, 511, 0, 511]);
    }

    #[test]
    fn a_changed_header_and_a_link_are_refused() {
        let mut bytes = Vec::new();
        write_header(&mut bytes, &Entry { name: "a".to_owned(), size_bytes: 1 }).unwrap();
        for at in [0, 130, 156, 300] {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(read_header(&mut changed.as_slice()).is_err(), "byte {at}");
        }
        let mut link = [0_u8; BLOCK];
        link.copy_from_slice(&bytes);
        link[KIND] = b'2';
        let sum = checksum(&link);
        link[CHECKSUM].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        assert!(read_header(&mut link.as_slice()).unwrap_err().to_string().contains("no plain file"));
        assert!(read_header(&mut &bytes[..100]).is_err());
    }
}
