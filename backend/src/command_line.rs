//! What an operator does on the server's own machine: no session is needed, access to the database
//! is the right.

use shared::api::users::SignInLink;
use shared::api::workers::WorkerToken;
use shared::ids::UserId;

use crate::config::DataConfig;
use crate::controllers::{users, workers};
use crate::db::{self, Database};
use crate::{ApiError, audit};

/// Opens the configured database with its schema up to date.
pub async fn open(config: &DataConfig) -> anyhow::Result<Database> {
    std::fs::create_dir_all(&config.data)?;
    let database = db::connect(&config.url()).await?;
    db::migrate(&database).await?;
    Ok(database)
}

/// Whose link, and what to do when there is no such account.
#[derive(Debug, Clone)]
pub struct LinkFor {
    pub name: String,
    /// Makes the account when it is missing.
    pub create: bool,
    /// Bytes that an account made here may store.
    pub storage_quota_bytes: u64,
    /// The account is an operator's from now on.
    pub operator: bool,
}

/// A one-time sign-in link for an account, by its name.
pub async fn sign_in_link(
    database: &Database,
    who: &LinkFor,
    public_url: &str,
) -> Result<SignInLink, ApiError> {
    let transaction = db::write(database).await?;
    let sql = "SELECT id FROM users WHERE name = $1";
    let found: Option<i64> = db::scalar(&transaction, sql, [who.name.clone().into()]).await?;
    let user = match found {
        Some(id) => UserId(id),
        None if who.create => {
            users::insert(&transaction, &who.name, who.operator, who.storage_quota_bytes).await?
        }
        None => {
            return Err(ApiError::refused(
                shared::api::ErrorCode::NotFound,
                format!("there is no account {:?}; add --create to make it", who.name),
            ));
        }
    };
    if who.operator {
        let sql = "UPDATE users SET operator = TRUE WHERE id = $1";
        db::run(&transaction, sql, [user.0.into()]).await?;
    }
    let link = users::link(&transaction, user, public_url).await?;
    let subject = format!("user {user}, operator: {}", who.operator);
    audit::record(&transaction, None, "create_sign_in_link", &subject).await?;
    transaction.commit().await?;
    Ok(link)
}

/// A worker's account of this name with a new token.
pub async fn worker_token(database: &Database, name: &str) -> Result<WorkerToken, ApiError> {
    let transaction = db::write(database).await?;
    let token = workers::token_for(&transaction, name).await?;
    transaction.commit().await?;
    Ok(token)
}
