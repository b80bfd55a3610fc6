//! A file's bytes, unpacked if they are packed. However the file ends, the reader just ends: what
//! stopped it is asked afterwards. So every reader above keeps the rows that came before.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

use flate2::read::MultiGzDecoder;

use crate::jobs::JobError;

/// A ratio beyond this, once this much is unpacked, is no text: zstd and gzip reach 3 to 20 on prose,
/// a few hundred on logs.
const SUSPICIOUS_RATIO: u64 = 1000;
const SUSPICIOUS_FROM_BYTES: u64 = 64 << 20;

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// Why a reader ended before its file did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The packed bytes are damaged or cut off near this offset of the packed file.
    Broken {
        offset: u64,
        message: String,
    },
    ZipBomb {
        unpacked_bytes: u64,
        packed_bytes: u64,
    },
    TooLarge {
        limit_bytes: u64,
    },
    /// The disk, not the file.
    Disk(String),
}

#[derive(Debug, Default)]
struct Progress {
    packed_bytes: u64,
    unpacked_bytes: u64,
    fault: Option<Fault>,
}

/// Asks about a reader that others have wrapped.
#[derive(Debug, Clone, Default)]
pub struct Gauge(Rc<RefCell<Progress>>);

impl Gauge {
    pub fn fault(&self) -> Option<Fault> {
        self.0.borrow().fault.clone()
    }

    pub fn unpacked_bytes(&self) -> u64 {
        self.0.borrow().unpacked_bytes
    }

    pub fn packed_bytes(&self) -> u64 {
        self.0.borrow().packed_bytes
    }
}

/// How the bytes on disk are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    Plain,
    Gzip,
    Zstd,
}

pub struct Unpacked {
    reader: Box<dyn Read>,
    gauge: Gauge,
    packing: Packing,
    limit_bytes: u64,
}

/// Opens a file of which at most `limit_bytes` may come out.
pub fn open(path: &Path, limit_bytes: u64) -> Result<(Unpacked, Gauge), JobError> {
    let mut file = File::open(path).map_err(JobError::io(path.display()))?;
    let mut head = Vec::new();
    file.by_ref().take(4).read_to_end(&mut head).map_err(JobError::io(path.display()))?;
    let packing = if head.starts_with(GZIP) {
        Packing::Gzip
    } else if head == ZSTD {
        Packing::Zstd
    } else {
        Packing::Plain
    };
    let gauge = Gauge::default();
    let packed = Packed { reader: io::Cursor::new(head).chain(file), gauge: gauge.clone() };
    let buffered = BufReader::with_capacity(1 << 16, packed);
    let reader: Box<dyn Read> = match packing {
        Packing::Plain => Box::new(buffered),
        Packing::Gzip => Box::new(MultiGzDecoder::new(buffered)),
        // The library refuses windows above 128 MiB by itself.
        Packing::Zstd => {
            Box::new(zstd::Decoder::with_buffer(buffered).map_err(JobError::io(path.display()))?)
        }
    };
    Ok((Unpacked { reader, gauge: gauge.clone(), packing, limit_bytes }, gauge))
}

impl Unpacked {
    pub fn packing(&self) -> Packing {
        self.packing
    }
}

impl Read for Unpacked {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if bytes.is_empty() || self.gauge.0.borrow().fault.is_some() {
            return Ok(0);
        }
        let result = self.reader.read(bytes);
        let mut progress = self.gauge.0.borrow_mut();
        match result {
            Ok(length) => {
                progress.unpacked_bytes += length as u64;
                let (unpacked_bytes, packed_bytes) = (progress.unpacked_bytes, progress.packed_bytes);
                if unpacked_bytes > self.limit_bytes {
                    progress.fault = Some(Fault::TooLarge { limit_bytes: self.limit_bytes });
                    return Ok(length - ((unpacked_bytes - self.limit_bytes) as usize).min(length));
                }
                if self.packing != Packing::Plain
                    && unpacked_bytes > SUSPICIOUS_FROM_BYTES
                    && unpacked_bytes / SUSPICIOUS_RATIO > packed_bytes
                {
                    progress.fault = Some(Fault::ZipBomb { unpacked_bytes, packed_bytes });
                    return Ok(0);
                }
                Ok(length)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                let offset = progress.packed_bytes;
                let message = error.to_string();
                progress.fault.get_or_insert(Fault::Broken { offset, message });
                Ok(0)
            }
        }
    }
}

/// Counts what is read from the disk and tells the disk's errors from the archive's.
struct Packed<R> {
    reader: R,
    gauge: Gauge,
}

impl<R: Read> Read for Packed<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let result = self.reader.read(bytes);
        let mut progress = self.gauge.0.borrow_mut();
        match &result {
            Ok(length) => progress.packed_bytes += *length as u64,
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                progress.fault = Some(Fault::Disk(error.to_string()));
            }
            Err(_) => {}
        }
        result
    }
}
