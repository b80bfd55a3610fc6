//! The platform as a child of ours: built, started, signed in to, drained.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

use crate::{process, signals, workspace};

const START_LIMIT: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(100);

/// How to start it.
#[derive(Debug)]
pub struct PlatformOptions {
    /// Where to listen.
    pub bind: SocketAddr,
    /// Folder of the database and the files.
    pub data: PathBuf,
    /// Workers on this machine.
    pub workers: u32,
    /// Threads of each worker's jobs; the machine's when absent.
    pub threads: Option<u32>,
    /// The page, as [`crate::front_end::build`] left it.
    pub front_end: PathBuf,
    pub log: Log,
}

/// Where the platform's own log goes.
#[derive(Debug)]
pub enum Log {
    Terminal,
    File(PathBuf),
}

/// A running platform. Dropping it drains it.
#[derive(Debug)]
pub struct Platform {
    child: Child,
    address: String,
    data: PathBuf,
    ended: bool,
}

/// Builds the two programs.
pub fn build() -> Result<()> {
    if process::find("cc").is_none() {
        bail!(
            "a C compiler is missing (some libraries are built from C): `sudo apt-get install gcc libc6-dev`"
        );
    }
    process::run(process::cargo().args(["build", "--locked", "-p", "backend", "-p", "gpu-worker", "--bins"]))
        .context("the platform cannot be built: if the disk is full, `cargo clean` makes room")
}

impl Platform {
    pub fn start(options: &PlatformOptions) -> Result<Self> {
        fs::create_dir_all(&options.data)
            .with_context(|| format!("no folder {}: can it be written?", options.data.display()))?;
        let data = fs::canonicalize(&options.data)?;
        refuse_a_second_one(&data)?;
        refuse_a_taken_port(options.bind)?;
        let port_file = data.join("address");
        remove_if_there(&port_file)?;

        let mut command = Command::new(workspace::binary("mitbadak"));
        process::without_cargo_environment(&mut command);
        command
            .arg("serve")
            .arg("--data")
            .arg(&data)
            .args(["--bind", &options.bind.to_string()])
            .args(["--local-workers", &options.workers.to_string()])
            .arg("--worker-binary")
            .arg(workspace::binary("mitbadak-worker"))
            .arg("--port-file")
            .arg(&port_file)
            .arg("--front-end")
            .arg(&options.front_end)
            .arg("--course")
            .arg(workspace::root().join("course"))
            .stdin(Stdio::null());
        if let Some(threads) = options.threads {
            limit_threads(threads)?;
        }
        if let Log::File(path) = &options.log {
            let log = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
            command.stdout(log.try_clone()?).stderr(log);
        }
        // Ctrl-C reaches us alone; we ask the platform to drain.
        let child = command
            .process_group(0)
            .spawn()
            .with_context(|| format!("{} cannot be started", workspace::binary("mitbadak").display()))?;
        fs::write(data.join("pid"), child.id().to_string())?;
        let mut platform = Self { child, address: String::new(), data, ended: false };
        platform.address = platform.wait_for_address(&port_file, &options.log)?;
        Ok(platform)
    }

    /// `http://127.0.0.1:8080`
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A new one-time link for the operator, who is made when there is none yet.
    pub fn sign_in_link(&self) -> Result<SignInLink> {
        let printed = process::output(
            Command::new(workspace::binary("mitbadak"))
                .args(["sign-in-link", "--user", "operator", "--operator", "--create", "--data"])
                .arg(&self.data)
                .env("MITBADAK_LOG", "warn"),
        )
        .context("no sign-in link could be made")?;
        match printed.split_whitespace().find_map(|word| word.split_once('#')) {
            Some((_, token)) if !token.is_empty() => {
                let token = token.to_owned();
                Ok(SignInLink { url: format!("{}/sign-in#{token}", self.url()), token })
            }
            _ => bail!("`mitbadak sign-in-link` printed no link"),
        }
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> Result<Option<ExitStatus>> {
        let status = self.child.try_wait()?;
        self.ended |= status.is_some();
        Ok(status)
    }

    /// Stays until Ctrl-C, or until the platform ends by itself.
    pub fn wait_for_stop(&mut self) -> Result<()> {
        while !signals::asked_to_stop() {
            if let Some(status) = self.has_ended()? {
                bail!("the platform ended by itself ({status})");
            }
            thread::sleep(LOOK);
        }
        Ok(())
    }

    /// Asks it to drain and waits: running jobs are saved and given back. One more Ctrl-C ends it now.
    pub fn stop(&mut self) -> Result<()> {
        if self.ended || self.has_ended()?.is_some() {
            return Ok(());
        }
        let pid = Pid::from_child(&self.child);
        let asked_before = signals::stop_requests();
        if asked_before > 0 {
            eprintln!("\nStopping: running work is saved and given back. Ctrl-C again ends it at once.");
        }
        kill_process(pid, Signal::TERM).context("the platform cannot be asked to stop")?;
        while self.has_ended()?.is_none() {
            if signals::stop_requests() > asked_before {
                kill_process_group(pid, Signal::KILL).context("the platform cannot be ended")?;
                self.child.wait()?;
                self.ended = true;
            }
            thread::sleep(LOOK);
        }
        remove_if_there(&self.data.join("address"))?;
        remove_if_there(&self.data.join("pid"))
    }

    fn wait_for_address(&mut self, port_file: &Path, log: &Log) -> Result<String> {
        let deadline = Instant::now() + START_LIMIT;
        loop {
            if let Ok(address) = fs::read_to_string(port_file)
                && !address.trim().is_empty()
            {
                return Ok(address.trim().trim_start_matches("http://").to_owned());
            }
            if let Some(status) = self.has_ended()? {
                bail!("the platform did not start ({status}){}", last_words(log));
            }
            if Instant::now() > deadline {
                bail!("the platform did not listen within {} s{}", START_LIMIT.as_secs(), last_words(log));
            }
            if signals::asked_to_stop() {
                bail!("stopped before the platform was up");
            }
            thread::sleep(LOOK);
        }
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            eprintln!("{error:#}");
        }
    }
}

#[derive(Debug)]
pub struct SignInLink {
    /// For a browser.
    pub url: String,
    /// For a program.
    pub token: String,
}

/// Confines us and every child from now on to that many processors; workers take as many threads as
/// they are allowed processors.
fn limit_threads(threads: u32) -> Result<()> {
    let allowed = sched_getaffinity(None).context("the processors cannot be counted")?;
    let mut chosen = CpuSet::new();
    let processors = (0..CpuSet::MAX_CPU).filter(|processor| allowed.is_set(*processor));
    for processor in processors.take(threads.max(1) as usize) {
        chosen.set(processor);
    }
    sched_setaffinity(None, &chosen).context("the number of threads cannot be limited here")
}

fn refuse_a_second_one(data: &Path) -> Result<()> {
    let Ok(address) = fs::read_to_string(data.join("address")) else { return Ok(()) };
    let answers =
        address.trim().trim_start_matches("http://").parse::<SocketAddr>().is_ok_and(|address| {
            std::net::TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok()
        });
    if answers {
        let pid = fs::read_to_string(data.join("pid")).unwrap_or_default();
        bail!(
            "a platform already runs on {} at {}: stop it (Ctrl-C there, or `kill {}`), or choose another --data",
            data.display(),
            address.trim(),
            pid.trim()
        );
    }
    Ok(())
}

fn refuse_a_taken_port(bind: SocketAddr) -> Result<()> {
    match TcpListener::bind(bind) {
        Ok(_) => Ok(()),
        Err(error) => {
            bail!("{bind} cannot be listened on ({error}): choose another with --bind 127.0.0.1:PORT")
        }
    }
}

/// The end of the log, when it is in a file: a terminal has shown it already.
fn last_words(log: &Log) -> String {
    let Log::File(path) = log else { return String::new() };
    let text = fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let last = lines[lines.len().saturating_sub(12)..].join("\n  ");
    let full = if text.contains("No space left on device") {
        "\nThe disk is full: make room and try again."
    } else {
        ""
    };
    format!("; it said (more in {}):\n  {last}{full}", path.display())
}

fn remove_if_there(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}
