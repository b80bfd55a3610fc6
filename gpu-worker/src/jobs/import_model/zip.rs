//! A zip archive from a stranger: its list of files, and the bytes of one of them
//! (<https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>; with the 64-bit fields, for weights
//! above 4 GiB).
//!
//! Names are only compared, never opened; sizes are measured against the archive before anything is
//! read; what comes out is counted against what was claimed.

use std::io::{self, Read, Write};

use flate2::Crc;
use flate2::read::DeflateDecoder;
use thiserror::Error;

/// What an archive may begin with, for whoever looks for one.
pub const MAGIC: &[u8; 4] = b"PK\x03\x04";

/// More than a model's folder ever holds.
const ENTRY_LIMIT: u64 = 10_000;
const LIST_LIMIT_BYTES: u64 = 8 << 20;
/// The end of an archive may be followed by a comment of 64 KiB.
const END_LIMIT_BYTES: u64 = (64 << 10) + 22 + 20;
const PART_BYTES: usize = 64 << 10;

const END: [u8; 4] = *b"PK\x05\x06";
const LARGE_END_PLACE: [u8; 4] = *b"PK\x06\x07";
const LARGE_END: [u8; 4] = *b"PK\x06\x06";
const LISTED: [u8; 4] = *b"PK\x01\x02";

#[derive(Debug, Error)]
pub enum ZipError {
    #[error("it is no zip archive or is cut off: pack it again")]
    NotZip,
    #[error("{0}: pack it again")]
    Broken(&'static str),
    #[error("it holds {count} files; at most {limit} are read: pack the model's files only")]
    TooMany { count: u64, limit: u64 },
    #[error("{name:?} is packed by a method that is not read: pack it again as an ordinary zip, unencrypted")]
    Method { name: String },
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// How the bytes of a file lie in the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    Stored,
    Deflated,
    Unknown,
}

/// A file of an archive, as the list at its end has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// With folders, parted by `/`; a folder's own entry ends in one.
    pub name: String,
    pub size_bytes: u64,
    packed_bytes: u64,
    method: Method,
    crc: u32,
    header_offset: u64,
}

/// Fills a buffer from an offset of the archive on.
pub type ReadAt<'a> = dyn FnMut(u64, &mut [u8]) -> io::Result<()> + 'a;

/// Every file of the archive.
///
/// # Errors
/// [`ZipError`] when it is none, is cut off, or holds too many.
pub fn entries(archive_bytes: u64, read_at: &mut ReadAt<'_>) -> Result<Vec<Entry>, ZipError> {
    let (count, list_bytes, list_offset) = list_place(archive_bytes, read_at)?;
    if count > ENTRY_LIMIT || list_bytes > LIST_LIMIT_BYTES {
        return Err(ZipError::TooMany { count, limit: ENTRY_LIMIT });
    }
    if list_offset.checked_add(list_bytes).is_none_or(|end| end > archive_bytes) {
        return Err(ZipError::NotZip);
    }
    let mut list = vec![0; list_bytes as usize];
    read_at(list_offset, &mut list)?;
    let mut fields = Fields(&list);
    (0..count).map(|_| entry(&mut fields, archive_bytes)).collect()
}

/// Where the list of files lies: how many, of how many bytes, from which offset on.
fn list_place(archive_bytes: u64, read_at: &mut ReadAt<'_>) -> Result<(u64, u64, u64), ZipError> {
    let tail_bytes = archive_bytes.min(END_LIMIT_BYTES);
    let tail_offset = archive_bytes - tail_bytes;
    let mut tail = vec![0; tail_bytes as usize];
    read_at(tail_offset, &mut tail)?;
    let is_end = |start: &usize| {
        let Some(end) = tail.get(*start..*start + 22) else { return false };
        let comment_bytes = usize::from(u16::from_le_bytes([end[20], end[21]]));
        end[..4] == END && *start + 22 + comment_bytes == tail.len()
    };
    let start = (0..tail.len()).rev().find(is_end).ok_or(ZipError::NotZip)?;
    let mut fields = Fields(&tail[start + 10..]);
    let (count, list_bytes, list_offset) =
        (u64::from(fields.u16()?), u64::from(fields.u32()?), u64::from(fields.u32()?));
    let place = start.checked_sub(20).map(|place| &tail[place..place + 20]);
    let Some(place) = place.filter(|place| place[..4] == LARGE_END_PLACE) else {
        return Ok((count, list_bytes, list_offset));
    };
    let offset = Fields(&place[8..]).u64()?;
    let mut end = [0; 56];
    if offset.checked_add(56).is_none_or(|end| end > archive_bytes) {
        return Err(ZipError::NotZip);
    }
    read_at(offset, &mut end)?;
    if end[..4] != LARGE_END {
        return Err(ZipError::NotZip);
    }
    let mut fields = Fields(&end[32..]);
    Ok((fields.u64()?, fields.u64()?, fields.u64()?))
}

fn entry(fields: &mut Fields<'_>, archive_bytes: u64) -> Result<Entry, ZipError> {
    if fields.take(4)? != LISTED {
        return Err(ZipError::Broken("its list of files is damaged"));
    }
    fields.take(4)?;
    let flags = fields.u16()?;
    let method = fields.u16()?;
    fields.take(4)?;
    let crc = fields.u32()?;
    let (mut packed_bytes, mut size_bytes) = (u64::from(fields.u32()?), u64::from(fields.u32()?));
    let (name_bytes, extra_bytes, comment_bytes) = (fields.u16()?, fields.u16()?, fields.u16()?);
    fields.take(8)?;
    let mut header_offset = u64::from(fields.u32()?);
    let name = String::from_utf8_lossy(fields.take(name_bytes.into())?).into_owned();
    let mut extra = Fields(fields.take(extra_bytes.into())?);
    fields.take(comment_bytes.into())?;
    const LARGE: u16 = 1;
    const IN_EXTRA: u64 = 0xffff_ffff;
    while extra.0.len() >= 4 {
        let (id, length) = (extra.u16()?, extra.u16()?);
        let mut field = Fields(extra.take(length.into())?);
        if id == LARGE {
            // In this order, and only those that did not fit.
            for value in [&mut size_bytes, &mut packed_bytes, &mut header_offset] {
                if *value == IN_EXTRA {
                    *value = field.u64()?;
                }
            }
        }
    }
    let end = header_offset.checked_add(30).and_then(|start| start.checked_add(packed_bytes));
    if end.is_none_or(|end| end > archive_bytes) {
        return Err(ZipError::Broken("one of its files lies beyond its end"));
    }
    const ENCRYPTED: u16 = 1;
    let method = match method {
        _ if flags & ENCRYPTED != 0 => Method::Unknown,
        0 => Method::Stored,
        8 => Method::Deflated,
        _ => Method::Unknown,
    };
    Ok(Entry { name, size_bytes, packed_bytes, method, crc, header_offset })
}

/// Writes the bytes of a file to `out`, never more than the list claims, and compares their checksum.
///
/// # Errors
/// [`ZipError`] when it is damaged or packed by a method that is not read; what `read_at` and `out` fail
/// with.
pub fn unpack(
    entry: &Entry,
    archive_bytes: u64,
    read_at: &mut ReadAt<'_>,
    out: &mut impl Write,
) -> Result<(), ZipError> {
    let mut header = [0; 30];
    read_at(entry.header_offset, &mut header)?;
    if &header[..4] != MAGIC {
        return Err(ZipError::Broken("one of its files is not where the list says"));
    }
    let mut lengths = Fields(&header[26..]);
    let data_offset = entry.header_offset + 30 + u64::from(lengths.u16()?) + u64::from(lengths.u16()?);
    if data_offset.checked_add(entry.packed_bytes).is_none_or(|end| end > archive_bytes) {
        return Err(ZipError::Broken("one of its files lies beyond its end"));
    }
    let packed = Part { read_at, offset: data_offset, left: entry.packed_bytes };
    match entry.method {
        Method::Stored => copy(packed, entry, out),
        Method::Deflated => {
            copy(DeflateDecoder::new(io::BufReader::with_capacity(PART_BYTES, packed)), entry, out)
        }
        Method::Unknown => Err(ZipError::Method { name: entry.name.clone() }),
    }
}

fn copy(mut reader: impl Read, entry: &Entry, out: &mut impl Write) -> Result<(), ZipError> {
    let mut crc = Crc::new();
    let mut part = vec![0; PART_BYTES];
    let mut left = entry.size_bytes;
    loop {
        let count = match reader.read(&mut part) {
            Ok(count) => count,
            Err(error) => {
                return Err(match error.kind() {
                    io::ErrorKind::InvalidInput
                    | io::ErrorKind::InvalidData
                    | io::ErrorKind::UnexpectedEof => ZipError::Broken("one of its files is damaged"),
                    _ => error.into(),
                });
            }
        };
        if count == 0 {
            break;
        }
        left = left
            .checked_sub(count as u64)
            .ok_or(ZipError::Broken("one of its files is larger than the list says"))?;
        crc.update(&part[..count]);
        out.write_all(&part[..count])?;
    }
    if left > 0 || crc.sum() != entry.crc {
        return Err(ZipError::Broken("one of its files is damaged"));
    }
    Ok(())
}

/// A stretch of the archive.
struct Part<'a, 'b> {
    read_at: &'a mut ReadAt<'b>,
    offset: u64,
    left: u64,
}

impl Read for Part<'_, '_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = bytes.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        (self.read_at)(self.offset, &mut bytes[..count])?;
        self.offset += count as u64;
        self.left -= count as u64;
        Ok(count)
    }
}

/// Takes little-endian numbers off the beginning.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], ZipError> {
        let (taken, rest) =
            self.0.split_at_checked(count).ok_or(ZipError::Broken("its list of files is cut off"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn number(&mut self, bytes: usize) -> Result<u64, ZipError> {
        let taken = self.take(bytes)?;
        Ok(taken.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    fn u16(&mut self) -> Result<u16, ZipError> {
        Ok(self.number(2)? as u16)
    }

    fn u32(&mut self) -> Result<u32, ZipError> {
        Ok(self.number(4)? as u32)
    }

    fn u64(&mut self) -> Result<u64, ZipError> {
        self.number(8)
    }
}
