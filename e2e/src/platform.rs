//! A backend and its workers, as separate processes over one data folder.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use shared::api::Role;
use shared::api::cohorts::{CreateCohort, SetMember};
use shared::api::sessions::{Health, SessionTransport, SignIn};
use shared::api::workers::CreateWorker;
use shared::ids::{CohortId, UserId};

use crate::client::Client;
use crate::databases::{self, Kind};
use crate::process::{Process, binary, eventually};

/// Leases and limits short enough that a test sees them run out.
const QUICK: &[(&str, &str)] = &[
    ("--lease-seconds", "3"),
    ("--renewal-seconds", "0.5"),
    ("--sweep-seconds", "0.5"),
    ("--poll-seconds", "0.2"),
    ("--backoff-seconds", "0.2"),
    ("--queued-limit", "1000"),
    ("--running-limit", "16"),
    ("--sign-in-limit", "100"),
];

/// The platform of one test. Everything ends when it is dropped.
#[derive(Debug)]
pub struct Platform {
    pub folder: tempfile::TempDir,
    database_url: Option<String>,
    settings: Vec<(String, String)>,
    backend: Process,
    pub client: Client,
    pub user_id: UserId,
    pub cohort_id: CohortId,
}

impl Platform {
    /// A running backend, a signed-in operator and a cohort that they belong to.
    pub fn start(database: Kind, settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database_url = databases::create(database);
        let mut all: Vec<(String, String)> = Vec::new();
        for (flag, value) in QUICK.iter().chain(settings) {
            all.retain(|(other, _)| other != flag);
            all.push(((*flag).to_owned(), (*value).to_owned()));
        }
        let (backend, address) = serve(folder.path(), database_url.as_deref(), &all, "127.0.0.1:0");
        let anonymous = Client::new(&address);
        let token = sign_in_token(folder.path(), database_url.as_deref());
        let request = SignIn { token, session: SessionTransport::Bearer };
        let reply = anonymous.call(&request).expect("a fresh sign-in link works");
        let client = anonymous.with(&reply.session_token.expect("a bearer session"));
        let cohort = client.call(&CreateCohort { name: "first class".to_owned() }).expect("operators may");
        let member =
            SetMember { cohort_id: cohort.cohort_id, user_id: reply.me.user_id, role: Role::Instructor };
        client.call(&member).expect("operators may");
        Self {
            folder,
            database_url,
            settings: all,
            backend,
            client,
            user_id: reply.me.user_id,
            cohort_id: cohort.cohort_id,
        }
    }

    /// Kills the backend as a power cut would, and starts it again at the same address.
    pub fn kill_and_restart(&mut self) {
        self.backend.kill();
        self.start_again();
    }

    /// Asks the backend to end, waits, and starts it again.
    pub fn restart(&mut self) {
        assert!(self.backend.terminate().success(), "a drained backend ends well");
        self.start_again();
    }

    /// Kills the backend and leaves it dead.
    pub fn kill(&mut self) {
        self.backend.kill();
    }

    /// The processes of the workers that the backend started itself.
    pub fn local_agents(&self) -> Vec<u32> {
        self.backend.children("agent")
    }

    /// A link that signs the operator in once, in a browser.
    pub fn sign_in_link(&self) -> String {
        let token = sign_in_token(self.folder.path(), self.database_url.as_deref());
        format!("{}/sign-in#{token}", self.client.address)
    }

    fn start_again(&mut self) {
        let bind = self.client.address.trim_start_matches("http://").to_owned();
        let database = self.database_url.as_deref();
        let (backend, _) = serve(self.folder.path(), database, &self.settings, &bind);
        self.backend = backend;
    }

    /// A worker account of its own and an agent that uses it. It measures nothing first, so that it works
    /// at once.
    pub fn agent(&self, name: &str) -> Agent {
        self.start_agent(name, &["--probe-seconds", "0"])
    }

    /// An agent that claims only some kinds of job, separated by commas.
    pub fn agent_of(&self, name: &str, kinds: &'static str) -> Agent {
        self.start_agent(name, &["--probe-seconds", "0", "--kinds", kinds])
    }

    /// An agent that first measures how fast trainings are.
    pub fn agent_that_measures(&self, name: &str, probe_seconds: &'static str) -> Agent {
        self.start_agent(name, &["--probe-seconds", probe_seconds])
    }

    fn start_agent(&self, name: &str, arguments: &[&'static str]) -> Agent {
        let token = self.client.call(&CreateWorker { name: name.to_owned() }).expect("operators may").token;
        let data = self.folder.path().join(format!("agent-{name}"));
        let address = self.client.address.clone();
        let arguments = arguments.to_vec();
        let process = start_agent(&address, &token, &data, &arguments);
        Agent { token, data, address, arguments, process }
    }
}

/// `mitbadak-worker agent`, which can be hurt and started again on the same folder.
#[derive(Debug)]
pub struct Agent {
    token: String,
    data: PathBuf,
    address: String,
    arguments: Vec<&'static str>,
    pub process: Process,
}

impl Agent {
    /// The processes of running attempts.
    pub fn attempts(&self) -> Vec<u32> {
        self.process.children("job")
    }

    /// Waits until an attempt runs and says its process.
    pub fn attempt(&self) -> u32 {
        eventually("an attempt runs", || self.attempts().first().copied())
    }

    pub fn start_again(&mut self) {
        self.process = start_agent(&self.address, &self.token, &self.data, &self.arguments);
    }
}

fn start_agent(address: &str, token: &str, data: &Path, arguments: &[&str]) -> Process {
    let mut command = Command::new(binary("mitbadak-worker"));
    command
        .args(["agent", "--server", address, "--threads", "1", "--data"])
        .arg(data)
        .args(arguments)
        .env("MITBADAK_WORKER_TOKEN", token)
        .stdin(Stdio::null());
    Process::start(&mut command)
}

/// A backend that speaks TLS with a certificate that it made itself, and a link that signs in once
/// under `name`, which leads to this machine.
pub fn serve_secure(folder: &Path, page: &str, name: &str) -> (Process, String) {
    let port_file = folder.join("address");
    let mut command = Command::new(binary("mitbadak"));
    command.args(["serve", "--bind", "127.0.0.1:0", "--tls", "self-signed", "--front-end", page, "--data"]);
    command.arg(folder.join("data")).arg("--port-file").arg(&port_file).env_remove("DATABASE_URL");
    let process = Process::start(command.stdin(Stdio::null()));
    let port = eventually("the backend listens", || {
        let address = std::fs::read_to_string(&port_file).ok()?;
        address.trim().rsplit(':').next()?.parse::<u16>().ok()
    });
    let token = sign_in_token(folder, None);
    (process, format!("https://{name}:{port}/sign-in#{token}"))
}

fn serve(
    folder: &Path,
    database_url: Option<&str>,
    settings: &[(String, String)],
    bind: &str,
) -> (Process, String) {
    let port_file = folder.join("address");
    let _ = std::fs::remove_file(&port_file);
    let mut command = Command::new(binary("mitbadak"));
    command.args(["serve", "--bind", bind, "--data"]).arg(folder.join("data"));
    command.arg("--port-file").arg(&port_file).env_remove("DATABASE_URL");
    if let Some(url) = database_url {
        command.env("DATABASE_URL", url);
    }
    for (flag, value) in settings {
        command.args([flag, value]);
    }
    let process = Process::start(command.stdin(Stdio::null()));
    let address = eventually("the backend listens", || {
        let address = std::fs::read_to_string(&port_file).ok()?;
        let address = format!("http://{}", address.trim().trim_start_matches("http://"));
        Client::new(&address).call(&Health {}).ok().map(|_| address)
    });
    (process, address)
}

fn sign_in_token(folder: &Path, database_url: Option<&str>) -> String {
    let mut command = Command::new(binary("mitbadak"));
    command.args(["sign-in-link", "--user", "operator", "--operator", "--create", "--data"]);
    command.arg(folder.join("data")).env_remove("DATABASE_URL");
    if let Some(url) = database_url {
        command.env("DATABASE_URL", url);
    }
    let output = command.output().expect("mitbadak starts");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let token = printed.split_whitespace().find_map(|word| Some(word.split_once('#')?.1.to_owned()));
    token.unwrap_or_else(|| panic!("no link: {printed} {}", String::from_utf8_lossy(&output.stderr)))
}
