//! Signing in and out.

use std::net::IpAddr;

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use shared::api::sessions::{
    Done, GetMe, Health, HealthReply, Me, Membership, SessionTransport, SetPasswordByLink, SignIn,
    SignInReply, SignInWithPassword, SignOut,
};
use shared::ids::{CohortId, UserId};
use shared::spec::SPEC_VERSION;

use crate::access::{self, Person, SESSION_COOKIE};
use crate::app::App;
use crate::endpoint::{WithHeaders, plain};
use crate::error::{ApiError, Result};
use crate::tokens::{self, TokenKind};
use crate::{audit, db, http, names, passwords};

const SESSION_SECONDS: i64 = 30 * 86_400;

pub async fn health(app: App, _: Parts, _: Health) -> Result<WithHeaders<HealthReply>> {
    db::now_microseconds(app.database.read()).await?;
    Ok(plain(HealthReply {
        status: "ok".to_owned(),
        code_version: env!("CARGO_PKG_VERSION").to_owned(),
        spec_version: SPEC_VERSION,
    }))
}

/// Trades a one-time token for a session.
pub async fn sign_in(app: App, parts: Parts, request: SignIn) -> Result<WithHeaders<SignInReply>> {
    let address = http::caller_address(&app.config.server.trusted_proxies, &parts);
    app.sign_in_limit.check(address)?;
    from_our_page(&app, &parts, request.session)?;
    let transaction = db::write(&app.database).await?;
    let sql = "UPDATE sign_in_tokens SET used_at = {now} WHERE token_hash = $1 AND purpose = 'sign_in' \
               AND used_at IS NULL AND expires_at > {now} RETURNING user_id";
    let token_hash = tokens::hash(&request.token);
    let user: Option<i64> = db::scalar(&transaction, sql, [token_hash.clone().into()]).await?;
    let Some(user) = user.map(UserId) else {
        drop(transaction);
        app.sign_in_limit.failed(address);
        record_refusal(&app, &token_hash, address).await?;
        let message = "this sign-in link was used already or is older than 15 minutes; ask for a new one";
        return Err(ApiError::not_signed_in(message));
    };
    let reply = open_session(&app, &transaction, &parts, user, request.session).await?;
    transaction.commit().await?;
    Ok(reply)
}

/// One answer, and about the same work, whether the name is unknown, has no password or another one.
pub async fn sign_in_with_password(
    app: App,
    parts: Parts,
    request: SignInWithPassword,
) -> Result<WithHeaders<SignInReply>> {
    let address = http::caller_address(&app.config.server.trusted_proxies, &parts);
    let name = request.name.trim();
    let check = || app.sign_in_limit.check(address).and_then(|()| app.sign_in_limit.check_name(name));
    check()?;
    from_our_page(&app, &parts, request.session)?;
    let turn = passwords::turn(&app).await?;
    // Those that waited before this one may have used up the tries.
    check()?;
    let sql = "SELECT users.id, passwords.hash FROM users LEFT JOIN passwords ON passwords.user_id = users.id \
               WHERE users.name = $1 AND users.deleted_at IS NULL";
    let row = db::row(app.database.read(), sql, [name.into()]).await?;
    let (user, stored) = match row {
        Some(row) => (Some(UserId(row.try_get_by(0)?)), row.try_get_by::<Option<String>, _>(1)?),
        None => (None, None),
    };
    let is_right = passwords::verify(turn, &request.password, stored.as_deref()).await?;
    let Some(user) = user.filter(|_| is_right) else {
        app.sign_in_limit.failed(address);
        app.sign_in_limit.name_failed(name);
        let transaction = db::write(&app.database).await?;
        let subject = match user {
            Some(user) => format!("a wrong password of user {user}, from {address}"),
            None => format!("an unknown name, from {address}"),
        };
        audit::record(&transaction, None, "refuse_sign_in", &subject).await?;
        transaction.commit().await?;
        return Err(ApiError::not_signed_in(
            "the name or the password is wrong; try again or ask for a link",
        ));
    };
    let transaction = db::write(&app.database).await?;
    // The password may have been changed while it was compared.
    if passwords::stored(&transaction, user).await? != stored {
        return Err(ApiError::not_signed_in("the password has just been changed; use the new one"));
    }
    let reply = open_session(&app, &transaction, &parts, user, request.session).await?;
    transaction.commit().await?;
    Ok(reply)
}

pub async fn set_password_by_link(
    app: App,
    parts: Parts,
    request: SetPasswordByLink,
) -> Result<WithHeaders<SignInReply>> {
    let address = http::caller_address(&app.config.server.trusted_proxies, &parts);
    app.sign_in_limit.check(address)?;
    from_our_page(&app, &parts, request.session)?;
    passwords::check(&request.password, "password")?;
    let token_hash = tokens::hash(&request.token);
    let good = "token_hash = $1 AND purpose = 'set_password' AND used_at IS NULL AND expires_at > {now}";
    let sql = format!("SELECT user_id FROM sign_in_tokens WHERE {good}");
    if db::scalar::<i64>(app.database.read(), &sql, [token_hash.clone().into()]).await?.is_none() {
        app.sign_in_limit.failed(address);
        record_refusal(&app, &token_hash, address).await?;
        return Err(ApiError::not_found("link"));
    }
    let hash = passwords::hash(passwords::turn(&app).await?, &request.password).await?;
    let transaction = db::write(&app.database).await?;
    let sql = format!("UPDATE sign_in_tokens SET used_at = {{now}} WHERE {good} RETURNING user_id");
    let user: Option<i64> = db::scalar(&transaction, &sql, [token_hash.into()]).await?;
    let user = user.map(UserId).ok_or_else(|| ApiError::not_found("link"))?;
    passwords::store(&transaction, user, &hash).await?;
    db::run(&transaction, "DELETE FROM sessions WHERE user_id = $1", [user.0.into()]).await?;
    audit::record(&transaction, Some(user), "set_password", &format!("user {user}")).await?;
    let reply = open_session(&app, &transaction, &parts, user, request.session).await?;
    transaction.commit().await?;
    Ok(reply)
}

/// A cookie is set for our own page only.
pub fn from_our_page(app: &App, parts: &Parts, session: SessionTransport) -> Result<()> {
    match session {
        SessionTransport::Cookie => access::refuse_other_sites(app, &parts.headers),
        SessionTransport::Bearer => Ok(()),
    }
}

/// A session that the browser had before ends: the token always changes at sign-in.
pub async fn open_session(
    app: &App,
    transaction: &DatabaseTransaction,
    parts: &Parts,
    user: UserId,
    transport: SessionTransport,
) -> Result<WithHeaders<SignInReply>> {
    if let Ok(before) = access::person(app, &axum::http::Method::GET, &parts.headers).await {
        end_session(transaction, &before.session_hash).await?;
    }
    let token = tokens::generate(TokenKind::Session)?;
    let sql = "INSERT INTO sessions (token_hash, user_id, created_at, expires_at) VALUES ($1, $2, {now}, {now} + $3)";
    let values = [tokens::hash(&token).into(), user.0.into(), (SESSION_SECONDS * 1_000_000).into()];
    db::run(transaction, sql, values).await?;
    audit::record(transaction, Some(user), "sign_in", &format!("user {user}")).await?;
    let me = me(transaction, user).await?;
    let mut headers = HeaderMap::new();
    let by_cookie = transport == SessionTransport::Cookie;
    if by_cookie {
        headers.insert(header::SET_COOKIE, cookie(&token, SESSION_SECONDS)?);
    }
    Ok((headers, SignInReply { me, session_token: (!by_cookie).then_some(token) }))
}

/// Whose link it was, where it was one, and where it was tried; never the token. There are not more
/// of these rows than failures that the limit lets pass.
pub async fn record_refusal(app: &App, token_hash: &str, address: IpAddr) -> Result<()> {
    let transaction = db::write(&app.database).await?;
    let sql = "SELECT user_id FROM sign_in_tokens WHERE token_hash = $1";
    let subject = match db::scalar::<i64>(&transaction, sql, [token_hash.into()]).await? {
        Some(user) => format!("a link of user {user} that is used or too old, from {address}"),
        None => format!("an unknown link, from {address}"),
    };
    audit::record(&transaction, None, "refuse_sign_in", &subject).await?;
    Ok(transaction.commit().await?)
}

fn cookie(token: &str, seconds: i64) -> Result<HeaderValue> {
    let text = format!("{SESSION_COOKIE}={token}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax");
    HeaderValue::from_str(&text).map_err(|_| ApiError::Bug("a token that is no cookie".to_owned()))
}

pub async fn sign_out(app: App, person: Person, _: SignOut) -> Result<Done> {
    let transaction = db::write(&app.database).await?;
    end_session(&transaction, &person.session_hash).await?;
    audit::record(&transaction, Some(person.user_id), "sign_out", &format!("user {}", person.user_id))
        .await?;
    transaction.commit().await?;
    Ok(Done {})
}

async fn end_session(transaction: &DatabaseTransaction, session_hash: &str) -> Result<()> {
    db::run(transaction, "DELETE FROM sessions WHERE token_hash = $1", [session_hash.into()]).await?;
    Ok(())
}

pub async fn get_me(app: App, person: Person, _: GetMe) -> Result<Me> {
    me(app.database.read(), person.user_id).await
}

async fn me(connection: &impl ConnectionTrait, user: UserId) -> Result<Me> {
    let sql = "SELECT name, operator FROM users WHERE id = $1";
    let row = db::row(connection, sql, [user.0.into()]).await?;
    let row = row.ok_or_else(|| ApiError::not_found("user"))?;
    Ok(Me {
        user_id: user,
        name: row.try_get_by(0)?,
        operator: row.try_get_by(1)?,
        memberships: memberships(connection, user).await?,
    })
}

pub async fn memberships(connection: &impl ConnectionTrait, user: UserId) -> Result<Vec<Membership>> {
    let sql = "SELECT cohorts.id, cohorts.name, memberships.role FROM memberships \
               JOIN cohorts ON cohorts.id = cohort_id WHERE user_id = $1 ORDER BY cohorts.id";
    let rows = db::rows(connection, sql, [user.0.into()]).await?;
    let membership = |row: &sea_orm::QueryResult| {
        Ok(Membership {
            cohort_id: CohortId(row.try_get_by(0)?),
            cohort_name: row.try_get_by(1)?,
            role: names::from_text(&row.try_get_by::<String, _>(2)?)?,
        })
    };
    rows.iter().map(membership).collect()
}
