//! Which encoding a file is in, and its bytes as UTF-8.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, EUC_KR, UTF_16BE, UTF_16LE};
use shared::spec::Encoding;

use shared::reports::import::ImportRule;

/// What the first bytes of a file say about the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Head {
    /// Text, to be read in this encoding after this many bytes of byte-order mark.
    Text {
        encoding: Encoding,
        mark_bytes: usize,
    },
    Refused(ImportRule, String),
}

/// Judges the first bytes (up to 1 MiB) of an unpacked file. `whole` says that nothing follows.
pub fn judge(head: &[u8], declared: Encoding, whole: bool) -> Head {
    if head.is_empty() {
        return Head::Refused(ImportRule::EmptyFile, "0 bytes".to_owned());
    }
    if let Some(kind) = known_binary(head) {
        return Head::Refused(ImportRule::Binary, kind.to_owned());
    }
    // A byte-order mark is explicit; it wins over what was declared.
    let marked = match head {
        [0xef, 0xbb, 0xbf, ..] => Some((Encoding::Utf8, 3)),
        [0xff, 0xfe, ..] => Some((Encoding::Utf16Le, 2)),
        [0xfe, 0xff, ..] => Some((Encoding::Utf16Be, 2)),
        _ => None,
    };
    let (encoding, mark_bytes) = marked.unwrap_or((declared, 0));
    let text = &head[mark_bytes..];
    match encoding {
        Encoding::Utf16Le | Encoding::Utf16Be => {}
        Encoding::Utf8 | Encoding::EucKr => {
            if let Some(offset) = text.iter().position(|byte| *byte == 0) {
                let hint =
                    [Encoding::Utf16Le, Encoding::Utf16Be].into_iter().find(|guess| reads_as(text, *guess));
                return match hint {
                    Some(guess) => looks_like(guess),
                    None => Head::Refused(ImportRule::Binary, format!("a zero byte at offset {offset}")),
                };
            }
        }
    }
    if encoding == Encoding::Utf8 && mostly_invalid(text, whole) {
        return if reads_as(text, Encoding::EucKr) {
            looks_like(Encoding::EucKr)
        } else {
            let problem = "most of its lines beyond ASCII are neither UTF-8 nor EUC-KR".to_owned();
            Head::Refused(ImportRule::WrongEncoding, problem)
        };
    }
    Head::Text { encoding, mark_bytes }
}

fn looks_like(encoding: Encoding) -> Head {
    let name = match encoding {
        Encoding::Utf8 => "UTF-8",
        Encoding::EucKr => "EUC-KR",
        Encoding::Utf16Le => "UTF-16 (little-endian)",
        Encoding::Utf16Be => "UTF-16 (big-endian)",
    };
    let message = format!(
        "this file looks like {name}: run again with --encoding {encoding}, which in a spec is \
         \"encoding\": \"{encoding}\" of its source"
    );
    Head::Refused(ImportRule::WrongEncoding, message)
}

/// Formats that people put beside text. Others give themselves away by a zero byte.
fn known_binary(head: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 12] = [
        (b"%PDF-", "a PDF"),
        (b"PK\x03\x04", "a zip archive (or an office document)"),
        (b"PK\x05\x06", "a zip archive"),
        (b"\xfd7zXZ\0", "an xz archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"Rar!\x1a\x07", "a rar archive"),
        (b"\x1f\x8b", "packed twice (gzip)"),
        (b"\x28\xb5\x2f\xfd", "packed twice (zstd)"),
        (b"\x89PNG", "a PNG image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"GIF8", "a GIF image"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document (hwp, doc, xls)"),
    ];
    let bzip2 = head.len() >= 10 && head.starts_with(b"BZh") && head[4..10] == *b"1AY&SY";
    let tar = head.len() >= 262 && head[257..262] == *b"ustar";
    if bzip2 {
        return Some("a bzip2 archive");
    }
    if tar {
        return Some("a tar archive: unpack it to a folder");
    }
    MAGIC.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, kind)| *kind)
}

/// More than half of the lines that hold anything beyond ASCII are no UTF-8.
fn mostly_invalid(head: &[u8], whole: bool) -> bool {
    let mut lines: Vec<&[u8]> = head.split(|byte| *byte == b'\n').collect();
    if !whole && lines.len() > 1 {
        lines.pop();
    }
    let (mut valid, mut invalid) = (0, 0);
    for line in lines.into_iter().filter(|line| !line.is_ascii()) {
        match std::str::from_utf8(line) {
            Ok(_) => valid += 1,
            // A single line that goes on beyond the head may end inside a character.
            Err(error) if error.error_len().is_none() && !whole => valid += 1,
            Err(_) => invalid += 1,
        }
    }
    invalid > valid
}

/// Decodes without an error (a cut character at the end aside) to text with Hangul in it.
fn reads_as(head: &[u8], encoding: Encoding) -> bool {
    let Some(decoder) = decoder(encoding) else { return false };
    let mut text = Vec::new();
    let mut reader = Transcoded::new(head, decoder);
    reader.last_is_cut = true;
    if reader.read_to_end(&mut text).is_err() {
        return false;
    }
    let Ok(text) = String::from_utf8(text) else { return false };
    let hangul = text.chars().filter(|c| ('가'..='힣').contains(c)).count();
    let strange = text.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    hangul > 0 && strange == 0 && hangul * 4 > text.chars().filter(|c| !c.is_ascii()).count()
}

/// `None` for UTF-8, which needs none.
pub fn decoder(encoding: Encoding) -> Option<Decoder> {
    let encoding = match encoding {
        Encoding::Utf8 => return None,
        Encoding::EucKr => EUC_KR,
        Encoding::Utf16Le => UTF_16LE,
        Encoding::Utf16Be => UTF_16BE,
    };
    Some(encoding.new_decoder_without_bom_handling())
}

/// UTF-8 out of another encoding. A malformed sequence comes out as the byte 0xFF, which is UTF-8
/// nowhere: the line that holds it is then dropped by the same check as any other.
pub struct Transcoded<R> {
    reader: R,
    decoder: Decoder,
    input: Vec<u8>,
    position: usize,
    output: Vec<u8>,
    given: usize,
    ended: bool,
    /// The input is the head of something longer: an incomplete last character is no fault.
    last_is_cut: bool,
}

impl<R: Read> Transcoded<R> {
    pub fn new(reader: R, decoder: Decoder) -> Self {
        Self {
            reader,
            decoder,
            input: Vec::new(),
            position: 0,
            output: Vec::new(),
            given: 0,
            ended: false,
            last_is_cut: false,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        const BUFFER: usize = 1 << 15;
        self.output.clear();
        self.given = 0;
        if self.position == self.input.len() {
            self.input.resize(BUFFER, 0);
            let length = self.reader.read(&mut self.input)?;
            self.input.truncate(length);
            self.position = 0;
            self.ended = length == 0;
        }
        self.output.resize(4 * BUFFER, 0);
        let last = self.ended && !self.last_is_cut;
        let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
            &self.input[self.position..],
            &mut self.output,
            last,
        );
        self.position += read;
        self.output.truncate(written);
        if let DecoderResult::Malformed(..) = result {
            self.output.push(0xff);
        }
        Ok(())
    }
}

impl<R: Read> Read for Transcoded<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        while self.given == self.output.len() {
            if self.ended && self.position == self.input.len() {
                return Ok(0);
            }
            self.refill()?;
        }
        let length = bytes.len().min(self.output.len() - self.given);
        bytes[..length].copy_from_slice(&self.output[self.given..self.given + length]);
        self.given += length;
        Ok(length)
    }
}
