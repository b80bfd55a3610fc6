//! How an attempt's process learns that it should stop: signals, and the agent's line on standard
//! input. The first wish raises the flag and the job ends at its next safe point; a second signal,
//! or the end of the agent, ends the process at once.

use std::io::{self, BufRead};
use std::thread;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::protocol;
use crate::jobs::{StopFlag, StopReason};

/// Exit code of a job that stopped with its checkpoint saved (EX_TEMPFAIL: try again).
pub const STOPPED: i32 = 75;
/// Exit code of a process that was told to end at once.
const ENDED_AT_ONCE: i32 = 1;

/// Turns SIGINT and SIGTERM into a drain. `told` runs at the first one.
pub fn listen_to_signals(stop: StopFlag, told: impl Fn() + Send + 'static) -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for _ in signals.forever() {
            if stop.raised().is_some() {
                std::process::exit(ENDED_AT_ONCE);
            }
            stop.raise(StopReason::Drain);
            told();
        }
    })?;
    Ok(())
}

/// Reads the agent's wishes. When the pipe closes the agent is gone: its lease will pass to another
/// attempt, and whatever this process would still do could only collide with that.
pub fn listen_to_agent(stop: StopFlag) -> io::Result<()> {
    thread::Builder::new().name("agent's wishes".to_owned()).spawn(move || {
        for line in io::stdin().lock().lines() {
            match line.as_deref().map(protocol::parse_request) {
                Ok(Some(reason)) => stop.raise(reason),
                Ok(None) => {}
                Err(_) => break,
            }
        }
        std::process::exit(ENDED_AT_ONCE);
    })?;
    Ok(())
}
