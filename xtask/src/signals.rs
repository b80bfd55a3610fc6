//! Ctrl-C, SIGTERM and a closed terminal: counted, and acted on where the work allows it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

static STOP_REQUESTS: AtomicUsize = AtomicUsize::new(0);

/// From now on a stop signal is counted instead of ending this process.
pub fn count_stop_requests() -> Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM]).context("signals cannot be handled here")?;
    thread::spawn(move || {
        for _ in signals.forever() {
            STOP_REQUESTS.fetch_add(1, Ordering::SeqCst);
        }
    });
    Ok(())
}

/// How often we were asked to stop: once means drain, twice means now.
pub fn stop_requests() -> usize {
    STOP_REQUESTS.load(Ordering::SeqCst)
}

pub fn asked_to_stop() -> bool {
    stop_requests() > 0
}
