//! Everything that an attempt's process said, in order, in a file that outlives the agent's
//! process. Events are numbered here, from 1 without gaps; the server skips numbers that it has, so
//! that sending again is always safe.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use shared::events::{AttemptEvent, JobEvent};

use crate::attempt::protocol::Outcome;

/// One line of `outbox.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    Event(AttemptEvent),
    /// The process has a complete checkpoint, and every event up to it stands above this line.
    Checkpoint {
        step: u64,
    },
    /// The server has that checkpoint.
    CheckpointStored {
        step: u64,
    },
    Outcome(Outcome),
}

/// The writing end.
#[derive(Debug)]
pub struct Outbox {
    file: File,
    last_event_number: u64,
}

impl Outbox {
    /// Opens the file or makes it, and goes on after its last complete line.
    pub fn open(path: &Path) -> io::Result<(Self, Vec<Entry>)> {
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let mut reader = BufReader::new(&file);
        let mut entries = Vec::new();
        let mut last_event_number = 0;
        let mut complete_bytes = 0;
        while let Some((entry, length)) = read_entry(&mut reader)? {
            if let Entry::Event(event) = &entry {
                last_event_number = event.event_number;
            }
            // Events are only wanted by the reading end; there can be very many.
            if !matches!(entry, Entry::Event(_)) {
                entries.push(entry);
            }
            complete_bytes += length;
        }
        // The agent was killed in the middle of a line: nobody has seen it.
        file.set_len(complete_bytes)?;
        file.seek(SeekFrom::Start(complete_bytes))?;
        Ok((Self { file, last_event_number }, entries))
    }

    /// Numbers an event and keeps it; returns the number.
    pub fn append_event(&mut self, event: JobEvent) -> io::Result<u64> {
        let event_number = self.last_event_number + 1;
        self.append(&Entry::Event(AttemptEvent { event_number, event }))?;
        self.last_event_number = event_number;
        Ok(event_number)
    }

    pub fn append(&mut self, entry: &Entry) -> io::Result<()> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        let before = self.file.stream_position()?;
        self.file.write_all(&line).inspect_err(|_| {
            // Half a line would hide everything after it; the error itself is reported.
            let _ = self.file.set_len(before);
            let _ = self.file.seek(SeekFrom::Start(before));
        })
    }

    /// The number of the newest event; 0 before the first.
    pub fn last_event_number(&self) -> u64 {
        self.last_event_number
    }
}

/// The reading end, with its own place in the file.
#[derive(Debug)]
pub struct OutboxReader {
    reader: BufReader<File>,
}

impl OutboxReader {
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { reader: BufReader::new(File::open(path)?) })
    }

    /// The next events after `stored`, at most so many and about so many bytes of them; empty when
    /// all were read.
    pub fn next_batch(&mut self, stored: u64, events: usize, bytes: u64) -> io::Result<Vec<AttemptEvent>> {
        let mut batch = Vec::new();
        let mut batch_bytes = 0;
        while batch.len() < events && batch_bytes < bytes {
            match read_entry(&mut self.reader)? {
                Some((Entry::Event(event), length)) if event.event_number > stored => {
                    batch.push(event);
                    batch_bytes += length;
                }
                Some(_) => {}
                None => break,
            }
        }
        Ok(batch)
    }
}

/// The next complete line and its length in bytes. Stays in front of an incomplete one.
fn read_entry(reader: &mut BufReader<impl Read + Seek>) -> io::Result<Option<(Entry, u64)>> {
    let mut line = Vec::new();
    let length = reader.read_until(b'\n', &mut line)? as u64;
    if line.last() != Some(&b'\n') {
        reader.seek_relative(-length.cast_signed())?;
        return Ok(None);
    }
    Ok(Some((serde_json::from_slice(&line)?, length)))
}

#[cfg(test)]
mod tests {
    use shared::events::LogLevel;

    use super::*;

    fn log(message: &str) -> JobEvent {
        JobEvent::Log { level: LogLevel::Info, message: message.to_owned() }
    }

    fn numbers(batch: &[AttemptEvent]) -> Vec<u64> {
        batch.iter().map(|event| event.event_number).collect()
    }

    #[test]
    fn numbers_have_no_gap_across_a_kill_in_the_middle_of_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("outbox.jsonl");
        let (mut outbox, before) = Outbox::open(&path).unwrap();
        assert!(before.is_empty());
        outbox.append_event(log("하나")).unwrap();
        outbox.append(&Entry::Checkpoint { step: 40 }).unwrap();
        outbox.append_event(log("둘")).unwrap();
        drop(outbox);
        let half = b"{\"event\":{\"event_number\":3,\"type\":\"lo";
        OpenOptions::new().append(true).open(&path).unwrap().write_all(half).unwrap();

        let (mut outbox, entries) = Outbox::open(&path).unwrap();
        assert_eq!(entries, [Entry::Checkpoint { step: 40 }]);
        assert_eq!(outbox.append_event(log("셋")).unwrap(), 3);
        let batch = OutboxReader::open(&path).unwrap().next_batch(0, 100, 1 << 20).unwrap();
        assert_eq!(numbers(&batch), [1, 2, 3]);
        assert_eq!(batch[2].event, log("셋"));
    }

    #[test]
    fn a_reader_takes_batches_and_waits_for_more() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("outbox.jsonl");
        let (mut outbox, _) = Outbox::open(&path).unwrap();
        let mut reader = OutboxReader::open(&path).unwrap();
        assert!(reader.next_batch(0, 10, 1 << 20).unwrap().is_empty());
        for number in 0..25 {
            outbox.append_event(log(&format!("{number}"))).unwrap();
        }
        assert_eq!(numbers(&reader.next_batch(0, 10, 1 << 20).unwrap()), (1..=10).collect::<Vec<_>>());
        // What the server has already is passed over.
        assert_eq!(numbers(&reader.next_batch(20, 10, 1 << 20).unwrap()), (21..=25).collect::<Vec<_>>());
        outbox.append_event(log("late")).unwrap();
        assert_eq!(numbers(&reader.next_batch(25, 10, 1 << 20).unwrap()), [26]);
        // A batch is closed once it is big enough.
        let mut again = OutboxReader::open(&path).unwrap();
        assert_eq!(numbers(&again.next_batch(0, 10, 1).unwrap()), [1]);
    }
}
