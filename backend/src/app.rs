//! What every handler can reach.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::course::{Course, lessons};
use crate::db::{self, Database};
use crate::hints::Hints;
use crate::rate_limit::SignInLimit;
use crate::storage::Storage;

const ROW_READERS: usize = 2;
/// Each takes 46 MiB and a processor while it computes.
const PASSWORD_HASHES: usize = 2;

#[derive(Clone)]
pub struct App(Arc<Parts>);

pub struct Parts {
    pub config: Config,
    pub database: Database,
    pub storage: Storage,
    pub course: Course,
    pub rendered_lessons: lessons::Rendered,
    pub hints: Hints,
    pub sign_in_limit: SignInLimit,
    /// Datasets that may be unpacked for readers at a time.
    pub row_readers: Semaphore,
    /// Passwords that may be hashed at a time.
    pub password_turns: Arc<Semaphore>,
    /// Set when the server begins to stop: no new lease is given.
    pub draining: CancellationToken,
    /// Set when long polls and event streams must end.
    pub stopping: CancellationToken,
}

impl std::ops::Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Opens the database, brings its schema up to date and opens the storage.
    pub async fn open(config: Config) -> anyhow::Result<Self> {
        use anyhow::Context;
        let data = &config.data.data;
        std::fs::create_dir_all(data)
            .with_context(|| format!("cannot make the folder {}", data.display()))?;
        let database = db::connect(&config.data.url()).await.context("cannot open the database")?;
        db::migrate(&database).await.context("cannot bring the database's schema up to date")?;
        let storage = Storage::open(&config.data.objects())
            .with_context(|| format!("cannot open the storage in {}", config.data.objects().display()))?;
        let course = match &config.server.course {
            Some(folder) => crate::course::read(folder).map_err(|problems| {
                let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
                anyhow::anyhow!("the course in {} cannot be read:\n{}", folder.display(), lines.join("\n"))
            })?,
            None => Course::default(),
        };
        let sign_in_limit = SignInLimit::new(&config.limits);
        Ok(Self(Arc::new(Parts {
            config,
            database,
            storage,
            course,
            rendered_lessons: lessons::Rendered::default(),
            hints: Hints::default(),
            sign_in_limit,
            row_readers: Semaphore::new(ROW_READERS),
            password_turns: Arc::new(Semaphore::new(PASSWORD_HASHES)),
            draining: CancellationToken::new(),
            stopping: CancellationToken::new(),
        })))
    }

    /// The address in links; before anything is bound, the configured one.
    pub fn public_url(&self) -> String {
        self.config.server.url(self.hints.bound().unwrap_or(self.config.server.bind))
    }
}
