//! Running other programs, with errors that say what to do.

use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::workspace;

/// `cargo …` in the repository, as a person would type it there.
pub fn cargo() -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(workspace::root());
    without_cargo_environment(&mut command);
    // `cargo run` chose the toolchain already; the same one goes on.
    if let Some(toolchain) = env::var_os("RUSTUP_TOOLCHAIN") {
        command.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    // Incremental files cost space and time that a CI machine never gets back.
    if env::var_os("CI").is_some() {
        command.env("CARGO_INCREMENTAL", "0");
    }
    command
}

/// `cargo run` describes xtask in variables that build scripts of other crates watch: passed on,
/// they would rebuild those crates every time that a person alternates `cargo` and `cargo xtask`.
pub fn without_cargo_environment(command: &mut Command) {
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"]
            .iter()
            .any(|prefix| text.starts_with(prefix))
        {
            command.env_remove(&name);
        }
    }
}

/// Runs to the end with our own input and output; a failure names the command.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| cannot_start(command))?;
    succeeded(command, status)
}

/// Runs to the end and returns what it wrote to standard output; its errors go to ours.
pub fn output(command: &mut Command) -> Result<String> {
    command.stderr(Stdio::inherit());
    let Output { status, stdout, .. } = command.output().with_context(|| cannot_start(command))?;
    succeeded(command, status)?;
    Ok(String::from_utf8_lossy(&stdout).into_owned())
}

/// As [`output`], silent and without a reason for a failure: for asking whether something is there.
pub fn answer(command: &mut Command) -> Option<String> {
    let Output { status, stdout, .. } = command.stdin(Stdio::null()).output().ok()?;
    status.success().then(|| String::from_utf8_lossy(&stdout).into_owned())
}

/// Runs to the end, handing every line of its standard output on and to `read`.
pub fn run_reading_lines(command: &mut Command, mut read: impl FnMut(&str)) -> Result<ExitStatus> {
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| cannot_start(command))?;
    let mut lines = BufReader::new(child.stdout.take().context("no pipe to read from")?);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        io::stdout().write_all(text.as_bytes())?;
        read(text.trim_end());
        line.clear();
    }
    Ok(child.wait()?)
}

/// Runs for at most `limit`; a command that hangs is ended and counts as failed.
pub fn run_within(command: &mut Command, limit: Duration) -> Result<()> {
    let mut child = command.spawn().with_context(|| cannot_start(command))?;
    wait_within(command, &mut child, limit)
}

fn wait_within(command: &Command, child: &mut Child, limit: Duration) -> Result<()> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return succeeded(command, status);
        }
        if Instant::now() > deadline {
            child.kill()?;
            child.wait()?;
            bail!("`{}` did not end within {} s", shown(command), limit.as_secs());
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// As [`output`] for at most `limit`; a command that takes longer is ended and counts as failed.
pub fn output_within(command: &mut Command, limit: Duration) -> Result<String> {
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| cannot_start(command))?;
    let mut pipe = child.stdout.take().context("no pipe to read from")?;
    let (sender, receiver) = mpsc::channel();
    // Not waited for: processes that the command left behind may keep the pipe open.
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = pipe.read_to_end(&mut bytes);
        sender.send(read.map(|_| bytes))
    });
    wait_within(command, &mut child, limit)?;
    let bytes = receiver
        .recv_timeout(Duration::from_secs(10))
        .with_context(|| format!("`{}` ended, but not what it writes", shown(command)))??;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Finds a program on PATH.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// The command as a person would type it.
pub fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn succeeded(command: &Command, status: ExitStatus) -> Result<()> {
    if status.success() {
        return Ok(());
    }
    bail!("`{}` failed ({status})", shown(command))
}

fn cannot_start(command: &Command) -> String {
    let program = Path::new(command.get_program());
    format!("`{}` cannot be started: is {} installed and on PATH?", shown(command), program.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_may_not_take_that_long_is_ended() {
        let hanging = output_within(Command::new("sleep").arg("1000"), Duration::ZERO).unwrap_err();
        assert_eq!(hanging.to_string(), "`sleep 1000` did not end within 0 s");
        let minute = Duration::from_secs(60);
        assert_eq!(output_within(Command::new("echo").arg("done"), minute).unwrap(), "done\n");
        let failing = output_within(&mut Command::new("false"), minute).unwrap_err();
        assert!(failing.to_string().starts_with("`false` failed"), "{failing}");
    }
}
