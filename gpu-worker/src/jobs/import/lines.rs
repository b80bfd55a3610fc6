//! Lines of at most so many bytes. What is longer is passed over without being held in memory.

use std::io::{self, BufRead};

/// Reads line after line into one buffer.
pub struct Lines<R> {
    reader: R,
    limit_bytes: usize,
    number: u64,
    pub buffer: Vec<u8>,
}

/// One line; its bytes are in the reader's buffer, without the line end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// From 1.
    pub number: u64,
    /// Bytes in all; more than the buffer holds when the line is too long.
    pub size_bytes: u64,
    pub too_long: bool,
    /// Whether a line end was seen; only the last line of a file can lack it.
    pub ended: bool,
}

impl<R: BufRead> Lines<R> {
    pub fn new(reader: R, limit_bytes: u64) -> Self {
        Self { reader, limit_bytes: limit_bytes as usize, number: 0, buffer: Vec::new() }
    }

    /// The next line, or `None` at the end.
    pub fn read(&mut self) -> io::Result<Option<Line>> {
        self.buffer.clear();
        let mut size_bytes = 0;
        let mut ended = false;
        while !ended {
            let bytes = match self.reader.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if bytes.is_empty() {
                break;
            }
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let part = &bytes[..end.unwrap_or(bytes.len())];
            size_bytes += part.len() as u64;
            let room = self.limit_bytes.saturating_sub(self.buffer.len());
            self.buffer.extend_from_slice(&part[..part.len().min(room)]);
            ended = end.is_some();
            let used = part.len() + usize::from(ended);
            self.reader.consume(used);
        }
        if size_bytes == 0 && !ended {
            return Ok(None);
        }
        self.number += 1;
        let too_long = size_bytes > self.limit_bytes as u64;
        if self.buffer.last() == Some(&b'\r') && !too_long {
            self.buffer.pop();
        }
        Ok(Some(Line { number: self.number, size_bytes, too_long, ended }))
    }
}

/// Nothing but ASCII blanks.
pub fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_whitespace)
}
