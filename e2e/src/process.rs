//! A child process that can be killed, stopped and continued, and never outlives its test.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The signals that tests send.
#[derive(Debug, Clone, Copy)]
pub enum Signal {
    Kill,
    Terminate,
    Stop,
    Continue,
}

impl Signal {
    fn flag(self) -> &'static str {
        match self {
            Self::Kill => "-KILL",
            Self::Terminate => "-TERM",
            Self::Stop => "-STOP",
            Self::Continue => "-CONT",
        }
    }
}

/// Sends a signal to one process that a test started. Whether it still lived is not said.
pub fn signal(process: u32, signal: Signal) {
    let _ = Command::new("kill").args([signal.flag(), &process.to_string()]).status();
}

/// A process of a test; killed when it is dropped.
#[derive(Debug)]
pub struct Process(Child);

impl Process {
    pub fn start(command: &mut Command) -> Self {
        let child = command.spawn();
        Self(child.unwrap_or_else(|error| panic!("{command:?} does not start: {error}")))
    }

    pub fn id(&self) -> u32 {
        self.0.id()
    }

    pub fn signal(&self, kind: Signal) {
        signal(self.id(), kind);
    }

    /// Kills it and waits until it is gone.
    pub fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }

    /// Asks it to end and waits for it.
    pub fn terminate(&mut self) -> ExitStatus {
        self.signal(Signal::Terminate);
        self.wait()
    }

    pub fn wait(&mut self) -> ExitStatus {
        let child = &mut self.0;
        eventually("the process ends", || child.try_wait().unwrap())
    }

    /// Process ids of its children whose command line holds `word`.
    pub fn children(&self, word: &str) -> Vec<u32> {
        let task = format!("/proc/{0}/task/{0}/children", self.id());
        let mut found = Vec::new();
        // Children belong to the thread that started them.
        let threads = std::fs::read_dir(format!("/proc/{}/task", self.id()));
        let lists = threads.into_iter().flatten().flatten().map(|thread| thread.path().join("children"));
        for list in lists.chain([PathBuf::from(task)]) {
            let ids = std::fs::read_to_string(list).unwrap_or_default();
            for id in ids.split_whitespace().filter_map(|id| id.parse::<u32>().ok()) {
                let line = std::fs::read_to_string(format!("/proc/{id}/cmdline")).unwrap_or_default();
                if line.contains(word) && !found.contains(&id) {
                    found.push(id);
                }
            }
        }
        found
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A binary of the workspace, beside the test's own. `cargo build --workspace --bins` makes them.
pub fn binary(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the test has a path");
    let folder = test.parent().and_then(Path::parent).expect("the test lies in target/<profile>/deps");
    let path = folder.join(name);
    assert!(path.exists(), "{} is missing: run cargo build --workspace --bins", path.display());
    path
}

/// How long `eventually` waits, for whoever looks for a fault.
const PATIENCE_VARIABLE: &str = "MITBADAK_TEST_PATIENCE_SECONDS";

/// Polls until there is an answer. The limit only turns a hang into a failure; nothing is timed.
pub fn eventually<T>(what: &str, mut answer: impl FnMut() -> Option<T>) -> T {
    let seconds = std::env::var(PATIENCE_VARIABLE).ok().and_then(|seconds| seconds.parse().ok());
    let patience = Duration::from_secs(seconds.unwrap_or(240));
    let start = Instant::now();
    loop {
        if let Some(answer) = answer() {
            return answer;
        }
        assert!(start.elapsed() < patience, "waited {patience:?} for: {what}");
        sleep(Duration::from_millis(20));
    }
}
