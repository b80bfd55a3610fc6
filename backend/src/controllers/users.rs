//! Accounts and sign-in links.

use sea_orm::{ConnectionTrait, DatabaseTransaction, SqlErr};
use shared::api::users::{
    CreatePasswordLink, CreateSignInLink, CreateUser, ListUsers, SetOperator, SignInLink, User, UserList,
};
use shared::ids::UserId;

use super::{check_name, page};
use crate::access::Person;
use crate::app::App;
use crate::error::{ApiError, Result};
use crate::storage::upload;
use crate::tokens::{self, TokenKind};
use crate::{audit, db};

const LINK_SECONDS: i64 = 15 * 60;
/// A link that sets a password.
const PASSWORD_LINK_SECONDS: i64 = 86_400;
/// What an account is called that was deleted; nobody else is.
const FORMER_MEMBER: &str = "former member";

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
    if is_reserved(name) {
        return Err(ApiError::field("name", "accounts that were deleted are called so; choose another name"));
    }
    let sql = "INSERT INTO users (name, operator, storage_quota_bytes, created_at) VALUES ($1, $2, $3, {now}) RETURNING id";
    let quota = i64::try_from(storage_quota_bytes).unwrap_or(i64::MAX);
    let values = [name.into(), operator.into(), quota.into()];
    let id = db::one::<i64>(transaction, sql, values).await;
    id.map(UserId).map_err(|error| taken(error, "user"))
}

/// The name that is left when an account is deleted.
pub fn former_name(user: UserId) -> String {
    format!("{FORMER_MEMBER} {user}")
}

pub fn is_reserved(name: &str) -> bool {
    name.to_lowercase().starts_with(FORMER_MEMBER)
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

pub async fn get(connection: &impl ConnectionTrait, id: UserId) -> Result<User> {
    let sql = "SELECT name, operator, created_at FROM users WHERE id = $1 AND deleted_at IS NULL";
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
    let sql = "SELECT id FROM users WHERE id > $1 AND deleted_at IS NULL ORDER BY id LIMIT $2";
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

pub async fn create_password_link(
    app: App,
    person: Person,
    request: CreatePasswordLink,
) -> Result<SignInLink> {
    let transaction = db::write(&app.database).await?;
    let link = password_link(&transaction, request.user_id, &app.public_url()).await?;
    record_password_link(&transaction, person.user_id, request.user_id).await?;
    transaction.commit().await?;
    Ok(link)
}

pub async fn record_password_link(transaction: &DatabaseTransaction, by: UserId, of: UserId) -> Result<()> {
    audit::record(transaction, Some(by), "create_password_link", &format!("user {of}")).await
}

pub async fn set_operator(app: App, person: Person, request: SetOperator) -> Result<User> {
    let transaction = db::write(&app.database).await?;
    db::lock(&transaction, db::Lock::Operators).await?;
    if !request.operator && is_last_operator(&transaction, request.user_id).await? {
        return Err(ApiError::conflict("this is the last operator; make somebody else one first"));
    }
    let sql = "UPDATE users SET operator = $2 WHERE id = $1 AND deleted_at IS NULL";
    if db::run(&transaction, sql, [request.user_id.0.into(), request.operator.into()]).await? == 0 {
        return Err(ApiError::not_found("user"));
    }
    let subject = format!("user {}, operator: {}", request.user_id, request.operator);
    audit::record(&transaction, Some(person.user_id), "set_operator", &subject).await?;
    let user = get(&transaction, request.user_id).await?;
    transaction.commit().await?;
    Ok(user)
}

/// Whether nobody would run the installation without this one.
pub async fn is_last_operator(connection: &impl ConnectionTrait, user: UserId) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM users WHERE operator AND id <> $1 AND deleted_at IS NULL";
    let others: i64 = db::one(connection, sql, [user.0.into()]).await?;
    let sql = "SELECT COUNT(*) FROM users WHERE operator AND id = $1";
    Ok(others == 0 && db::one::<i64>(connection, sql, [user.0.into()]).await? == 1)
}

/// What a one-time token does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    SignIn,
    SetPassword,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::SetPassword => "set_password",
        }
    }
}

/// A link that signs in.
pub async fn link(transaction: &DatabaseTransaction, user: UserId, public_url: &str) -> Result<SignInLink> {
    one_time_link(transaction, user, public_url, Purpose::SignIn, LINK_SECONDS).await
}

/// A link with which somebody sets a password who has forgotten theirs.
pub async fn password_link(
    transaction: &DatabaseTransaction,
    user: UserId,
    public_url: &str,
) -> Result<SignInLink> {
    first_password_link(transaction, user, public_url, PASSWORD_LINK_SECONDS).await
}

/// The same for somebody who is new, valid as long as whoever invites says.
pub async fn first_password_link(
    transaction: &DatabaseTransaction,
    user: UserId,
    public_url: &str,
    seconds: i64,
) -> Result<SignInLink> {
    one_time_link(transaction, user, public_url, Purpose::SetPassword, seconds).await
}

/// A one-time token in a link's fragment, which never reaches a server's log.
async fn one_time_link(
    transaction: &DatabaseTransaction,
    user: UserId,
    public_url: &str,
    purpose: Purpose,
    seconds: i64,
) -> Result<SignInLink> {
    let sql = "SELECT id FROM users WHERE id = $1 AND deleted_at IS NULL";
    let found: Option<i64> = db::scalar(transaction, sql, [user.0.into()]).await?;
    found.ok_or_else(|| ApiError::not_found("user"))?;
    let (kind, page) = match purpose {
        Purpose::SignIn => (TokenKind::SignIn, "sign-in"),
        Purpose::SetPassword => (TokenKind::Password, "join"),
    };
    let token = tokens::generate(kind)?;
    let expires_at = db::now_microseconds(transaction).await? + seconds * 1_000_000;
    let sql = "INSERT INTO sign_in_tokens (token_hash, user_id, expires_at, purpose) VALUES ($1, $2, $3, $4)";
    let values = [tokens::hash(&token).into(), user.0.into(), expires_at.into(), purpose.as_str().into()];
    db::run(transaction, sql, values).await?;
    Ok(SignInLink { url: format!("{public_url}/{page}#{token}"), token, expires_at_microseconds: expires_at })
}
