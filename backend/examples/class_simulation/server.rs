//! The server's own program, on a free port of the loopback and in a folder that goes with it.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};

pub struct Server {
    pub url: String,
    child: Child,
    folder: tempfile::TempDir,
    database_url: Option<String>,
}

/// Beside the folder of the examples.
fn program() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own.parent().and_then(Path::parent).context("no folder of programs")?;
    let program = folder.join("mitbadak");
    if !program.is_file() {
        bail!("{} is missing: `cargo build -p backend --bins`", program.display());
    }
    Ok(program)
}

fn command(folder: &Path, name: &str, database_url: Option<&str>) -> anyhow::Result<Command> {
    let mut command = Command::new(program()?);
    command.arg(name).arg("--data").arg(folder.join("data")).env_remove("DATABASE_URL");
    command.env("MITBADAK_LOG", "warn").kill_on_drop(true);
    if let Some(url) = database_url {
        command.env("DATABASE_URL", url);
    }
    Ok(command)
}

impl Server {
    pub async fn start(database_url: Option<&str>) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let port_file = folder.path().join("address");
        let course = Path::new(env!("CARGO_MANIFEST_DIR")).join("../course");
        let mut command = command(folder.path(), "serve", database_url)?;
        command.args(["--bind", "127.0.0.1:0", "--port-file"]).arg(&port_file).arg("--course").arg(course);
        let mut child = command.stdin(Stdio::null()).spawn()?;
        let mut looks = 0;
        let address = loop {
            if let Ok(address) = std::fs::read_to_string(&port_file) {
                break address;
            }
            looks += 1;
            if let Some(status) = child.try_wait()? {
                bail!("the server ended by itself ({status})");
            }
            if looks > 600 {
                bail!("the server did not listen within a minute");
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        let url = format!("http://{}", address.trim());
        Ok(Self { url, child, folder, database_url: database_url.map(str::to_owned) })
    }

    /// A one-time token of the operator.
    pub async fn operator_token(&self) -> anyhow::Result<String> {
        let mut command = command(self.folder.path(), "sign-in-link", self.database_url.as_deref())?;
        let output = command.args(["--user", "operator", "--operator", "--create"]).output().await?;
        let printed = String::from_utf8_lossy(&output.stdout);
        let token = printed.trim().split_once('#').map(|(_, token)| token.to_owned());
        token.context("`mitbadak sign-in-link` printed no link")
    }

    pub async fn stop(mut self) -> anyhow::Result<()> {
        let id = self.child.id().context("the server has ended")?;
        let id = Pid::from_raw(i32::try_from(id)?).context("no process")?;
        kill_process(id, Signal::TERM)?;
        self.child.wait().await?;
        Ok(())
    }
}
