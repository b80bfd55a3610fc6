//! Accounts and sign-in links.

use sea_orm::{ConnectionTrait, DatabaseTransaction, SqlErr};
use shared::api::users::{CreateSignInLink, CreateUser, ListUsers, SignInLink, User, UserList};
use shared::ids::UserId;

use super::{check_name, page};
use crate::access::Person;
use crate::app::App;
use crate::error::{ApiError, Result};
use crate::storage::upload;
use crate::tokens::{self, TokenKind};
use crate::{audit, db};

const LINK_SECONDS: i64 = 15 * 60;

pub async fn create(app: App, person: Person, request: CreateUser) -> Result<User> {
    let name = check_name(&request.name, 100)?;
    let transaction = db::write(&app.database).await?;
    let quota = app.config.limits.storage_quota_bytes;
    let user = insert(&transaction, name, request.operator, quota).await?;
    audit::record(&transaction, Some(person.user_id), "create_user", &format!("user {user}")).await?;
    let user = get(&transaction, user).await?;
    transaction.commit().await?;
    Ok(user)
}

/// A new account.
pub async fn insert(
    transaction: &DatabaseTransaction,
    name: &str,
    operator: bool,
    storage_quota_bytes: u64,
) -> Result<UserId> {
    let sql = "INSERT INTO users (name, operator, storage_quota_bytes, created_at) VALUES ($1, $2, $3, {now}) RETURNING id";
    let quota = i64::try_from(storage_quota_bytes).unwrap_or(i64::MAX);
    let values = [name.into(), operator.into(), quota.into()];
    let id = db::one::<i64>(transaction, sql, values).await;
    id.map(UserId).map_err(|error| taken(error, "user"))
}

/// A name that somebody else has.
pub fn taken(error: sea_orm::DbErr, what: &str) -> ApiError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => {
            ApiError::conflict(format!("a {what} of this name exists already; choose another name"))
        }
        _ => error.into(),
    }
}

async fn get(connection: &impl ConnectionTrait, id: UserId) -> Result<User> {
    let sql = "SELECT name, operator, created_at FROM users WHERE id = $1";
    let row = db::row(connection, sql, [id.0.into()]).await?.ok_or_else(|| ApiError::not_found("user"))?;
    let usage = upload::usage(connection, id).await?;
    Ok(User {
        user_id: id,
        name: row.try_get_by(0)?,
        operator: row.try_get_by(1)?,
        storage_quota_bytes: usage.quota_bytes,
        storage_used_bytes: usage.used_bytes,
        created_at_microseconds: row.try_get_by(2)?,
    })
}

pub async fn list(app: App, _: Person, request: ListUsers) -> Result<UserList> {
    let sql = "SELECT id FROM users WHERE id > $1 ORDER BY id LIMIT $2";
    let after = request.after.map_or(0, |id| id.0);
    let ids: Vec<i64> =
        db::column(app.database.read(), sql, [after.into(), page(request.limit, 50, 200).into()]).await?;
    let mut users = Vec::with_capacity(ids.len());
    for id in ids {
        users.push(get(app.database.read(), UserId(id)).await?);
    }
    Ok(UserList { users })
}

pub async fn create_sign_in_link(app: App, person: Person, request: CreateSignInLink) -> Result<SignInLink> {
    let transaction = db::write(&app.database).await?;
    let subject = format!("user {}", request.user_id);
    let link = link(&transaction, request.user_id, &app.public_url()).await?;
    audit::record(&transaction, Some(person.user_id), "create_sign_in_link", &subject).await?;
    transaction.commit().await?;
    Ok(link)
}

/// A one-time token in a link's fragment, which never reaches a server's log.
pub async fn link(transaction: &DatabaseTransaction, user: UserId, public_url: &str) -> Result<SignInLink> {
    let found: Option<i64> =
        db::scalar(transaction, "SELECT id FROM users WHERE id = $1", [user.0.into()]).await?;
    found.ok_or_else(|| ApiError::not_found("user"))?;
    let token = tokens::generate(TokenKind::SignIn)?;
    let expires_at = db::now_microseconds(transaction).await? + LINK_SECONDS * 1_000_000;
    let sql = "INSERT INTO sign_in_tokens (token_hash, user_id, expires_at) VALUES ($1, $2, $3)";
    db::run(transaction, sql, [tokens::hash(&token).into(), user.0.into(), expires_at.into()]).await?;
    Ok(SignInLink {
        url: format!("{public_url}/sign-in#{token}"),
        token,
        expires_at_microseconds: expires_at,
    })
}
