//! The server under test: the real router on a real database and a temporary folder.

mod client;
mod course;
mod databases;
mod specs;

use backend::app::App;
use backend::config::Config;
use shared::api::Role;
use shared::api::cohorts::{CreateCohort, SetMember};
use shared::api::sessions::{SessionTransport, SignIn};
use shared::api::users::{CreateSignInLink, CreateUser};
use shared::api::workers::{CreateWorker, WorkerToken};
use shared::ids::{CohortId, UserId};

pub use client::{Client, Reply};
pub use course::*;
pub use databases::{Kind, available, create, on};
pub use specs::*;

/// Tells a story on both databases, as two tests.
#[macro_export]
macro_rules! stories {
    ($($(#[$doc:meta])* async fn $name:ident($house:ident: House) $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn story($house: $crate::support::House) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                $crate::support::on($crate::support::Kind::Sqlite, story).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $crate::support::on($crate::support::Kind::Postgres, story).await;
            }
        }
    )*};
}

/// An empty server with an operator.
pub struct House {
    pub app: App,
    pub operator: Client,
    router: axum::Router,
    database_url: Option<String>,
    folder: tempfile::TempDir,
}

pub struct Ground {
    pub data: backend::config::DataConfig,
    folder: tempfile::TempDir,
    database_url: Option<String>,
}

impl Ground {
    pub async fn open(self) -> House {
        let config = config(&self.folder, &self.database_url);
        House::open(self.folder, self.database_url, config).await
    }
}

/// A signed-in person.
pub struct Person {
    pub id: UserId,
    pub client: Client,
}

impl House {
    pub async fn new(kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database_url = databases::create(kind).await;
        write_course(&folder.path().join("course"));
        let config = config(&folder, &database_url);
        Self::open(folder, database_url, config).await
    }

    /// Where a house may come to stand: an empty folder and an empty database.
    pub async fn ground(kind: Kind) -> Ground {
        let folder = tempfile::tempdir().unwrap();
        let database_url = databases::create(kind).await;
        write_course(&folder.path().join("course"));
        let data = config(&folder, &database_url).data;
        Ground { data, folder, database_url }
    }

    async fn open(folder: tempfile::TempDir, database_url: Option<String>, config: Config) -> Self {
        let app = App::open(config).await.unwrap();
        let router = backend::router::router(app.clone());
        let who = backend::command_line::LinkFor {
            name: "operator".into(),
            create: true,
            storage_quota_bytes: backend::config::STORAGE_QUOTA_BYTES,
            operator: true,
        };
        let link = backend::command_line::sign_in_link(&app.database, &who, "http://test").await.unwrap();
        let nobody = Client::new(router.clone(), None);
        let operator = signed_in(&nobody, link.token).await;
        Self { app, operator, router, database_url, folder }
    }

    /// The same house with other settings, as after a restart.
    pub async fn with(self, change: impl FnOnce(&mut Config)) -> Self {
        self.app.database.close().await.unwrap();
        let mut config = config(&self.folder, &self.database_url);
        change(&mut config);
        Self::open(self.folder, self.database_url, config).await
    }

    pub fn nobody(&self) -> Client {
        Client::new(self.router.clone(), None)
    }

    pub fn holding(&self, token: &str) -> Client {
        Client::new(self.router.clone(), Some(token.to_owned()))
    }

    pub async fn person(&self, name: &str) -> Person {
        let user = self.operator.call(CreateUser { name: name.into(), operator: false }).await.unwrap();
        let link = self.operator.call(CreateSignInLink { user_id: user.user_id }).await.unwrap();
        Person { id: user.user_id, client: signed_in(&self.nobody(), link.token).await }
    }

    pub async fn cohort(&self, name: &str) -> CohortId {
        self.operator.call(CreateCohort { name: name.into() }).await.unwrap().cohort_id
    }

    pub async fn member(&self, name: &str, cohort_id: CohortId, role: Role) -> Person {
        let person = self.person(name).await;
        self.operator.call(SetMember { cohort_id, user_id: person.id, role }).await.unwrap();
        person
    }

    /// A learner in a cohort of their own.
    pub async fn learner(&self, name: &str) -> (Person, CohortId) {
        let cohort = self.cohort(&format!("cohort of {name}")).await;
        (self.member(name, cohort, Role::Learner).await, cohort)
    }

    pub async fn worker_account(&self, name: &str) -> WorkerToken {
        self.operator.call(CreateWorker { name: name.into() }).await.unwrap()
    }

    pub async fn worker(&self, name: &str) -> Worker {
        Worker { client: self.holding(&self.worker_account(name).await.token) }
    }

    /// Moves the end of every lease into the past: no test waits for a clock.
    pub async fn let_leases_run_out(&self) {
        self.write("UPDATE jobs SET lease_expires_at = 1 WHERE lease_expires_at IS NOT NULL").await;
    }

    /// Changes the database behind the server's back.
    pub async fn write(&self, sql: &str) {
        let transaction = backend::db::write(&self.app.database).await.unwrap();
        backend::db::run(&transaction, sql, []).await.unwrap();
        transaction.commit().await.unwrap();
    }

    pub async fn count(&self, sql: &str) -> i64 {
        backend::db::one(self.app.database.read(), sql, []).await.unwrap()
    }

    /// The folder of the course.
    pub fn course(&self) -> std::path::PathBuf {
        self.folder.path().join("course")
    }

    /// A caller of before a restart.
    pub fn same(&self, client: &Client) -> Client {
        client.through(self.router.clone())
    }

    pub fn objects(&self) -> std::path::PathBuf {
        self.folder.path().join("data/objects")
    }
}

fn config(folder: &tempfile::TempDir, database_url: &Option<String>) -> Config {
    let mut config = Config::new(folder.path().join("data"));
    config.data.database_url = database_url.clone();
    config.server.course = Some(folder.path().join("course"));
    config.queue.poll_seconds = 0.05;
    config.queue.backoff_seconds = 0.0;
    config
}

async fn signed_in(nobody: &Client, token: String) -> Client {
    let reply = nobody.call(SignIn { token, session: SessionTransport::Bearer }).await.unwrap();
    nobody.with_token(&reply.session_token.unwrap())
}
