//! One live line below the lines that stay.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// Without a terminal a status is worth a line this often.
const QUIET: Duration = Duration::from_secs(10);
/// A longer line would wrap and could not be overwritten.
const WIDTH: usize = 100;

#[derive(Debug)]
pub struct Terminal {
    is_terminal: bool,
    last_status: Option<(Instant, String)>,
}

impl Terminal {
    pub fn new() -> Self {
        Self { is_terminal: io::stdout().is_terminal(), last_status: None }
    }

    /// A line that stays.
    pub fn line(&mut self, text: &str) {
        if self.is_terminal {
            print!("\r\x1b[K");
        }
        println!("{text}");
    }

    /// Replaces the status.
    pub fn status(&mut self, text: &str) {
        if self.is_terminal {
            let short: String = text.chars().take(WIDTH).collect();
            print!("\r\x1b[K{short}");
            // A terminal that went away is noticed by the next line that stays.
            let _ = io::stdout().flush();
            return;
        }
        let is_news =
            self.last_status.as_ref().is_none_or(|(at, last)| last != text && at.elapsed() >= QUIET);
        if is_news {
            println!("{text}");
            self.last_status = Some((Instant::now(), text.to_owned()));
        }
    }
}

/// `1 h 5 min`, `3 min 20 s`, `12 s`
pub fn duration(seconds: f64) -> String {
    let seconds = seconds.max(0.0).round() as u64;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_are_read_aloud() {
        for (seconds, text) in
            [(0.4, "0 s"), (59.6, "1 min 0 s"), (200.0, "3 min 20 s"), (3900.0, "1 h 5 min")]
        {
            assert_eq!(duration(seconds), text);
        }
    }
}
