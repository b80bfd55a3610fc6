//! The agent's end of an attempt's process: starting it, hearing it, watching its memory, ending it.

use std::collections::VecDeque;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use rustix::process::{Pid, Signal};
use shared::provenance::JobOrigin;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::protocol::{self, Line};
use crate::jobs::StopReason;

/// Kept of what the process wrote to its standard error, for the failure message.
const STDERR_TAIL_BYTES: usize = 8 << 10;
/// A longer line ends the attempt: the two ends do not speak the same language.
const LINE_LIMIT_BYTES: u64 = 4 << 20;
/// What the process may see of the agent's environment; no token is among it.
const PASSED_ENVIRONMENT: [&str; 9] = [
    "PATH",
    "HOME",
    "LANG",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "CUDA_VISIBLE_DEVICES",
    "NVIDIA_VISIBLE_DEVICES",
    "NVIDIA_DRIVER_CAPABILITIES",
    "RUST_BACKTRACE",
];

/// What to start.
#[derive(Debug, Clone)]
pub struct Launch {
    /// The worker's own program.
    pub program: PathBuf,
    /// The process's working folder.
    pub folder: PathBuf,
    pub spec: PathBuf,
    pub inputs: Vec<(String, PathBuf)>,
    pub output: PathBuf,
    pub threads: usize,
    pub origin: JobOrigin,
}

/// A running attempt.
#[derive(Debug)]
pub struct AttemptProcess {
    child: Child,
    stdin: ChildStdin,
    /// Closed when the process has said everything.
    pub lines: mpsc::Receiver<io::Result<Line>>,
    stderr_tail: JoinHandle<String>,
}

/// How the process ended, when it did not say so itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exit {
    pub code: Option<i32>,
    pub signal: Option<i32>,
    pub stderr_tail: String,
}

impl AttemptProcess {
    pub fn start(launch: &Launch) -> io::Result<Self> {
        let mut command = Command::new(&launch.program);
        command.arg0("mitbadak-worker").arg("job").arg(&launch.spec).arg("--out").arg(&launch.output);
        for (name, path) in &launch.inputs {
            let mut binding = std::ffi::OsString::from(format!("{name}="));
            binding.push(path);
            command.arg("--input").arg(binding);
        }
        command.arg("--threads").arg(launch.threads.to_string()).args(["--events", "pipe"]);
        command.arg("--origin").arg(serde_json::to_string(&launch.origin)?);
        set_environment(&mut command, launch.threads);
        command.current_dir(&launch.folder).process_group(0).kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let missing = || io::Error::other("the process has no pipes");
        let stdin = child.stdin.take().ok_or_else(missing)?;
        let stdout = child.stdout.take().ok_or_else(missing)?;
        let stderr = child.stderr.take().ok_or_else(missing)?;
        let (sender, lines) = mpsc::channel(256);
        tokio::spawn(read_lines(stdout, sender));
        Ok(Self { child, stdin, lines, stderr_tail: tokio::spawn(read_tail(stderr)) })
    }

    /// Asks in words; the process stops at its next safe point.
    pub async fn ask(&mut self, reason: StopReason) {
        // A process that has ended no longer listens, and that is what was wanted.
        let _ = self.stdin.write_all(protocol::request_line(reason).as_bytes()).await;
    }

    pub fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    pub fn kill(&self) {
        self.signal(Signal::KILL);
    }

    fn signal(&self, signal: Signal) {
        let group = self.child.id().and_then(|pid| Pid::from_raw(pid.cast_signed()));
        if let Some(group) = group {
            // Its only error is that the group has ended already.
            let _ = rustix::process::kill_process_group(group, signal);
        }
    }

    /// Memory that only this process holds: what would be free if it ended. Absent when it has.
    pub fn resident_bytes(&self) -> Option<u64> {
        resident_bytes(&std::fs::read_to_string(format!("/proc/{}/status", self.child.id()?)).ok()?)
    }

    /// Waits for the end. Call it after the lines have ended.
    pub async fn wait(&mut self) -> io::Result<Exit> {
        let status: ExitStatus = self.child.wait().await?;
        let stderr_tail = (&mut self.stderr_tail).await.unwrap_or_default();
        Ok(Exit { code: status.code(), signal: status.signal(), stderr_tail })
    }
}

impl Exit {
    /// For people: what ended a process that did not say how it ended.
    pub fn explain(&self) -> String {
        let what = match (self.signal, self.code) {
            (Some(9), _) => "the process was killed by signal 9 (out of memory?)".to_owned(),
            (Some(11), _) => "the process crashed (signal 11, a bad memory access)".to_owned(),
            (Some(6), _) => "the process aborted (signal 6)".to_owned(),
            (Some(signal), _) => format!("the process was ended by signal {signal}"),
            (None, Some(code)) => format!("the process ended with exit code {code} and without an outcome"),
            (None, None) => "the process ended in an unknown way".to_owned(),
        };
        match self.stderr_tail.trim() {
            "" => what,
            tail => format!("{what}; it wrote last: {tail}"),
        }
    }
}

/// Anonymous and shared memory, without mapped files: those cost no memory that others could need.
fn resident_bytes(status: &str) -> Option<u64> {
    let kilobytes = |name: &str| -> Option<u64> {
        let line = status.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse().ok()
    };
    Some((kilobytes("RssAnon:")? + kilobytes("RssShmem:")?) << 10)
}

async fn read_lines(stdout: ChildStdout, sender: mpsc::Sender<io::Result<Line>>) {
    let mut reader = BufReader::with_capacity(1 << 16, stdout);
    loop {
        let mut line = Vec::new();
        let read = (&mut reader).take(LINE_LIMIT_BYTES).read_until(b'\n', &mut line).await;
        let parsed = match read {
            Ok(0) => return,
            Ok(_) if line.last() != Some(&b'\n') => {
                // The process was killed in the middle of a line, or the line has no end.
                if (line.len() as u64) < LINE_LIMIT_BYTES {
                    return;
                }
                Err(io::Error::other("a line of the attempt's process is too long"))
            }
            Ok(_) => serde_json::from_slice(&line).map_err(|error| {
                let shown: String = String::from_utf8_lossy(&line).chars().take(200).collect();
                io::Error::other(format!("the attempt's process wrote no event but {shown:?}: {error}"))
            }),
            Err(error) => Err(error),
        };
        let broken = parsed.is_err();
        if sender.send(parsed).await.is_err() || broken {
            return;
        }
    }
}

async fn read_tail(mut stderr: ChildStderr) -> String {
    let mut tail: VecDeque<u8> = VecDeque::with_capacity(2 * STDERR_TAIL_BYTES);
    let mut chunk = [0; 4096];
    while let Ok(length @ 1..) = stderr.read(&mut chunk).await {
        tail.extend(&chunk[..length]);
        tail.drain(..tail.len().saturating_sub(STDERR_TAIL_BYTES));
    }
    String::from_utf8_lossy(tail.make_contiguous()).into_owned()
}

/// What a process sees that computes for the agent.
pub fn set_environment(command: &mut Command, threads: usize) {
    command.env_clear();
    for name in PASSED_ENVIRONMENT {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.envs(prepared_environment(threads));
}

/// What libraries read before `main` can set it: candle its number of threads, mimalloc that it
/// shall keep its pages (giving them back and clearing them anew was 14 % of a training step) and
/// take none before they are needed (5 % of a training's memory).
pub fn prepared_environment(threads: usize) -> [(&'static str, String); 3] {
    [
        ("RAYON_NUM_THREADS", threads.to_string()),
        ("MIMALLOC_PURGE_DELAY", "-1".to_owned()),
        ("MIMALLOC_ARENA_EAGER_COMMIT", "0".to_owned()),
    ]
}

/// The program to start attempts with: this one, also after its file was replaced by an upgrade.
pub fn own_program() -> PathBuf {
    Path::new("/proc/self/exe").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_of_mapped_files_is_not_counted() {
        let status =
            "Name:\tjob\nVmRSS:\t  9000 kB\nRssAnon:\t  2048 kB\nRssFile:\t  6904 kB\nRssShmem:\t    48 kB\n";
        assert_eq!(resident_bytes(status), Some(2096 << 10));
        assert_eq!(resident_bytes("Name:\tzombie\n"), None);
    }

    #[test]
    fn an_end_without_an_outcome_is_explained() {
        let exit = |code, signal, tail: &str| Exit { code, signal, stderr_tail: tail.to_owned() }.explain();
        assert!(exit(None, Some(9), "").contains("out of memory?"));
        assert!(exit(Some(101), None, "thread panicked at model.rs:3\n").contains("panicked at model.rs:3"));
    }
}
