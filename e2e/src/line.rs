//! A line between a browser and the platform that can be slow and can break.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

const PIECE_BYTES: usize = 16 << 10;
const UNBOUNDED: u64 = u64::MAX;

#[derive(Debug)]
struct State {
    bytes_per_second: AtomicU64,
    /// Bytes from the platform until everything is cut.
    left_bytes: AtomicU64,
    is_at_end: AtomicBool,
}

/// Carries bytes both ways between an address of its own and the platform's.
#[derive(Debug)]
pub struct Line {
    /// `http://127.0.0.1:…`
    pub address: String,
    state: Arc<State>,
}

impl Line {
    pub fn to(platform: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("a bound port"));
        let state = Arc::new(State {
            bytes_per_second: AtomicU64::new(UNBOUNDED),
            left_bytes: AtomicU64::new(UNBOUNDED),
            is_at_end: AtomicBool::new(false),
        });
        let platform = platform.trim_start_matches("http://").to_owned();
        let carried = Arc::clone(&state);
        thread::spawn(move || {
            for browser in listener.incoming().flatten() {
                if carried.is_at_end.load(Ordering::Relaxed) {
                    break;
                }
                let Ok(server) = TcpStream::connect(&platform) else { continue };
                carry(&browser, &server, &carried);
            }
        });
        Self { address, state }
    }

    /// At most so many bytes a second come from the platform, over each connection.
    pub fn slow_down(&self, bytes_per_second: u64) {
        self.state.bytes_per_second.store(bytes_per_second, Ordering::Relaxed);
    }

    /// Cuts all connections after so many bytes more; new ones break at once.
    pub fn break_after(&self, bytes: u64) {
        self.state.left_bytes.store(bytes, Ordering::Relaxed);
    }

    pub fn is_broken(&self) -> bool {
        self.state.left_bytes.load(Ordering::Relaxed) == 0
    }

    pub fn mend(&self) {
        self.state.left_bytes.store(UNBOUNDED, Ordering::Relaxed);
        self.state.bytes_per_second.store(UNBOUNDED, Ordering::Relaxed);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.state.is_at_end.store(true, Ordering::Relaxed);
        // The listener waits for one more connection.
        let _ = TcpStream::connect(self.address.trim_start_matches("http://"));
    }
}

fn carry(browser: &TcpStream, server: &TcpStream, state: &Arc<State>) {
    let pair = |one: &TcpStream, other: &TcpStream| Some((one.try_clone().ok()?, other.try_clone().ok()?));
    if let (Some((mut from, mut to)), Some((answers, browser))) =
        (pair(browser, server), pair(server, browser))
    {
        thread::spawn(move || {
            let _ = std::io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Write);
        });
        let state = Arc::clone(state);
        thread::spawn(move || {
            let _ = answer(&answers, &browser, &state);
            let _ = answers.shutdown(Shutdown::Both);
            let _ = browser.shutdown(Shutdown::Both);
        });
    }
}

fn answer(mut from: &TcpStream, mut to: &TcpStream, state: &State) -> std::io::Result<()> {
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let read_bytes = from.read(&mut piece)?;
        let left_bytes = state.left_bytes.load(Ordering::Relaxed);
        let carried_bytes = read_bytes.min(usize::try_from(left_bytes).unwrap_or(usize::MAX));
        to.write_all(&piece[..carried_bytes])?;
        if left_bytes != UNBOUNDED {
            // One download at a time is what tests break.
            state.left_bytes.store(left_bytes - carried_bytes as u64, Ordering::Relaxed);
        }
        if carried_bytes < read_bytes || read_bytes == 0 {
            return Ok(());
        }
        let bytes_per_second = state.bytes_per_second.load(Ordering::Relaxed);
        if bytes_per_second != UNBOUNDED {
            thread::sleep(Duration::from_micros(1_000_000 * read_bytes as u64 / bytes_per_second));
        }
    }
}
