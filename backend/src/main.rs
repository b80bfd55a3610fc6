//! `mitbadak`: the server and what its operator needs.

use std::io::{IsTerminal, Write, stderr, stdout};
use std::process::ExitCode;

use anyhow::Context;
use backend::command_line::{self, LinkFor};
use backend::config::{Config, DataConfig, STORAGE_QUOTA_BYTES};
use clap::{Parser, Subcommand};
use tokio::signal::unix::{SignalKind, signal};

/// Build a Korean language model from scratch: the server.
#[derive(Parser)]
#[command(version)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answers requests until SIGTERM or Ctrl-C.
    Serve(Box<Config>),
    /// Brings the database's schema up to date.
    Migrate(DataConfig),
    /// Prints a link that signs one person in, once, within 15 minutes.
    SignInLink {
        #[command(flatten)]
        data: DataConfig,
        /// The account's name.
        #[arg(long)]
        user: String,
        /// Makes the account an operator's.
        #[arg(long)]
        operator: bool,
        /// Makes the account when it is missing.
        #[arg(long)]
        create: bool,
        /// Bytes that the account may store when it is made here.
        #[arg(long, env = "MITBADAK_STORAGE_QUOTA_BYTES", default_value_t = STORAGE_QUOTA_BYTES)]
        storage_quota_bytes: u64,
        /// The server's address as people type it.
        #[arg(long, env = "MITBADAK_PUBLIC_URL", default_value = "http://127.0.0.1:8080")]
        public_url: String,
    },
    /// Prints a new token for the worker of this name; its old one stops working.
    WorkerToken {
        #[command(flatten)]
        data: DataConfig,
        #[arg(long)]
        name: String,
    },
    /// Writes everything into one file, also while the server runs.
    Backup {
        #[command(flatten)]
        data: DataConfig,
        /// A new file; who can read it can read everybody's work.
        #[arg(long)]
        to: std::path::PathBuf,
    },
    /// Fills an empty folder and an empty database, of either kind, from a backup.
    Restore {
        #[command(flatten)]
        data: DataConfig,
        #[arg(long)]
        from: std::path::PathBuf,
    },
    /// Reads a course's folder and names every mistake in it.
    CheckCourse { folder: std::path::PathBuf },
    /// Prints openapi.json.
    Openapi,
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("MITBADAK_LOG").unwrap_or_else(|_| {
        tracing_subscriber::EnvFilter::new("info,sqlx=warn,sea_orm=warn,sea_orm_migration=warn")
    });
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(stderr().is_terminal())
        .with_writer(stderr)
        .init();
    match run(CommandLine::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(config) => serve(*config).await,
        Command::Migrate(data) => Ok(command_line::open(&data).await?.close().await?),
        Command::SignInLink { data, user, operator, create, storage_quota_bytes, public_url } => {
            let database = command_line::open(&data).await?;
            let who = LinkFor { name: user, create, storage_quota_bytes, operator };
            let link = command_line::sign_in_link(&database, &who, public_url.trim_end_matches('/')).await?;
            writeln!(stdout(), "{}", link.url)?;
            Ok(database.close().await?)
        }
        Command::WorkerToken { data, name } => {
            let database = command_line::open(&data).await?;
            writeln!(stdout(), "{}", command_line::worker_token(&database, &name).await?.token)?;
            Ok(database.close().await?)
        }
        Command::Backup { data, to } => {
            let made = backend::backup::make(&data, &to).await?;
            writeln!(
                stdout(),
                "{} rows and {} files ({} bytes) are in {}",
                made.rows,
                made.files,
                made.bytes,
                to.display()
            )?;
            Ok(())
        }
        Command::Restore { data, from } => {
            let read = backend::backup::restore(&data, &from).await?;
            writeln!(
                stdout(),
                "{} rows and {} files ({} bytes) were restored",
                read.rows,
                read.files,
                read.bytes
            )?;
            Ok(())
        }
        Command::CheckCourse { folder } => check_course(&folder),
        Command::Openapi => {
            writeln!(stdout(), "{}", serde_json::to_string_pretty(&shared::api::openapi::document())?)?;
            Ok(())
        }
    }
}

fn check_course(folder: &std::path::Path) -> anyhow::Result<()> {
    match backend::course::read(folder) {
        Ok(course) => {
            writeln!(stdout(), "{} weeks, no mistake", course.weeks().count())?;
            Ok(())
        }
        Err(problems) => {
            for problem in &problems {
                writeln!(stdout(), "{problem}")?;
            }
            anyhow::bail!("{} mistakes in {}", problems.len(), folder.display())
        }
    }
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for Ctrl-C")?;
    let server = backend::serve::start(config).await?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping; once more to stop at once");
    tokio::select! {
        stopped = server.stop() => stopped,
        _ = terminate.recv() => anyhow::bail!("stopped at once, by a second signal"),
        _ = interrupt.recv() => anyhow::bail!("stopped at once, by a second signal"),
    }
}
