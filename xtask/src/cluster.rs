//! A throwaway PostgreSQL cluster: a temporary folder, a free port of the loopback interface, gone
//! when its owner is gone.

use std::env;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::process;

/// Tests that want PostgreSQL make databases of their own on this server.
pub const URL_VARIABLE: &str = "MITBADAK_TEST_POSTGRES_URL";

/// The server lives as long as this pipe: it closes however we end, SIGKILL included, and the shell
/// then stops the server and removes the folder.
const KEEPER: &str = "folder=$1; shift
\"$@\" >\"$folder/log\" 2>&1 &
server=$!
cat >/dev/null
kill -QUIT $server
wait $server
rm -rf \"$folder\"";

#[derive(Debug)]
pub struct Cluster {
    port: u16,
    folder: PathBuf,
    keeper: Child,
    pipe: Option<ChildStdin>,
}

/// Whether a commit waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Nothing here survives a crash, so nothing waits: for tests.
    None,
    /// As in earnest: for measurements.
    Full,
}

impl Cluster {
    pub fn start(programs: &Path, durability: Durability) -> Result<Self> {
        let account = server_account()?;
        let folder = new_folder(account)?;
        let data = folder.join("data");
        let begin = |program: &Path| {
            let mut command = Command::new(program);
            command.current_dir(&folder);
            if let Some(Account { user, group }) = account {
                command.uid(user).gid(group);
            }
            command
        };
        process::output(begin(&programs.join("initdb")).arg("-D").arg(&data).args([
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]))?;
        let port = free_port()?;
        let mut command = begin(Path::new("/bin/sh"));
        command.args(["-c", KEEPER, "keeper"]).arg(&folder).arg(programs.join("postgres"));
        command.arg("-D").arg(&data).args(["-p", &port.to_string()]);
        let always = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200"];
        let durable: &[&str] = match durability {
            Durability::None => &["fsync=off", "synchronous_commit=off", "full_page_writes=off"],
            Durability::Full => &[],
        };
        for setting in always.iter().chain(durable) {
            command.args(["-c", *setting]);
        }
        // Ctrl-C at the terminal reaches the tests first; the server goes with the pipe.
        let mut keeper = command
            .process_group(0)
            .stdin(Stdio::piped())
            .spawn()
            .context("the PostgreSQL server cannot be started")?;
        let pipe = keeper.stdin.take();
        let mut cluster = Self { port, folder, keeper, pipe };
        cluster.wait_until_ready(programs)?;
        Ok(cluster)
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn wait_until_ready(&mut self, programs: &Path) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let mut ask = Command::new(programs.join("pg_isready"));
            ask.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
            if process::answer(&mut ask).is_some() {
                return Ok(());
            }
            if Instant::now() > deadline {
                let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                bail!("the PostgreSQL server did not start within a minute; it said:\n{log}");
            }
            thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.pipe.take());
        if let Err(error) = self.keeper.wait() {
            eprintln!("the PostgreSQL server of the tests: {error}");
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Account {
    user: u32,
    group: u32,
}

/// PostgreSQL refuses to run as root; its package makes an account for it.
fn server_account() -> Result<Option<Account>> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let accounts = fs::read_to_string("/etc/passwd").context("no accounts to read in /etc/passwd")?;
    match account(&accounts, "postgres") {
        Some(account) => Ok(Some(account)),
        None => bail!(
            "PostgreSQL does not run as root, and there is no account `postgres`: make one, or test as another user"
        ),
    }
}

fn account(accounts: &str, name: &str) -> Option<Account> {
    let fields: Vec<&str> = accounts
        .lines()
        .map(|line| line.split(':').collect())
        .find(|fields: &Vec<&str>| fields[0] == name)?;
    Some(Account { user: fields.get(2)?.parse().ok()?, group: fields.get(3)?.parse().ok()? })
}

fn new_folder(account: Option<Account>) -> Result<PathBuf> {
    let folder = env::temp_dir().join(format!("mitbadak-postgres-{}", std::process::id()));
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))?;
    if let Some(Account { user, group }) = account {
        chown(&folder, Some(user), Some(group))?;
    }
    Ok(folder)
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    /// Where the whole suite runs, a server is installed; elsewhere there is nothing to try.
    #[test]
    fn a_cluster_answers_and_leaves_nothing_behind() {
        if env::var_os(URL_VARIABLE).is_none() {
            return;
        }
        let cluster = Cluster::start(&crate::tools::postgres::ensure().unwrap(), Durability::None).unwrap();
        let (port, folder) = (cluster.port, cluster.folder.clone());
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok());
        drop(cluster);
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err());
        assert!(!folder.exists());
    }

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let accounts = "root:x:0:0:root:/root:/bin/bash\npostgresql:x:7:7::/:/bin/sh\npostgres:x:104:112:,,,:/var/lib/postgresql:/bin/bash";
        let found = account(accounts, "postgres").unwrap();
        assert_eq!((found.user, found.group), (104, 112));
        assert!(account(accounts, "nobody").is_none());
    }
}
