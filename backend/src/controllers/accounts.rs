//! One's own account.

use shared::api::accounts::{
    Account, ChangePassword, DeleteAccount, DeletionEffects, EndOtherSessions, EndedSessions, ExportMyData,
    GetAccount, GetDeletionEffects, MyData,
};
use shared::api::sessions::Done;

use crate::access::Person;
use crate::app::App;
use crate::error::{ApiError, Result};
use crate::people::{data, deletion};
use crate::{audit, db, passwords};

pub async fn get(app: App, person: Person, _: GetAccount) -> Result<Account> {
    data::account(app.database.read(), &person).await
}

pub async fn change_password(app: App, person: Person, request: ChangePassword) -> Result<Done> {
    passwords::check(&request.new_password, "new_password")?;
    let user = person.user_id;
    let before = passwords::stored(app.database.read(), user).await?;
    if let Some(before) = &before {
        let old = request.old_password.as_deref().unwrap_or_default();
        // Whoever found an open browser may not try passwords for ever.
        app.sign_in_limit.check_name(&person.name)?;
        if !passwords::verify(passwords::turn(&app).await?, old, Some(before)).await? {
            app.sign_in_limit.name_failed(&person.name);
            return Err(ApiError::field("old_password", "this is not your password"));
        }
    }
    let hash = passwords::hash(passwords::turn(&app).await?, &request.new_password).await?;
    let transaction = db::write(&app.database).await?;
    if passwords::stored(&transaction, user).await? != before {
        return Err(ApiError::conflict("the password was changed meanwhile; try again with the new one"));
    }
    passwords::store(&transaction, user, &hash).await?;
    end_others(&transaction, &person).await?;
    audit::record(&transaction, Some(user), "change_password", &format!("user {user}")).await?;
    transaction.commit().await?;
    Ok(Done {})
}

pub async fn end_other_sessions(app: App, person: Person, _: EndOtherSessions) -> Result<EndedSessions> {
    let transaction = db::write(&app.database).await?;
    let ended = end_others(&transaction, &person).await?;
    let subject = format!("user {}: {ended}", person.user_id);
    audit::record(&transaction, Some(person.user_id), "end_sessions", &subject).await?;
    transaction.commit().await?;
    Ok(EndedSessions { ended })
}

async fn end_others(transaction: &sea_orm::DatabaseTransaction, person: &Person) -> Result<u32> {
    let sql = "DELETE FROM sessions WHERE user_id = $1 AND token_hash <> $2";
    let ended = db::run(transaction, sql, [person.user_id.0.into(), person.session_hash.clone().into()]);
    Ok(u32::try_from(ended.await?).unwrap_or(u32::MAX))
}

pub async fn export(app: App, person: Person, _: ExportMyData) -> Result<MyData> {
    data::everything(app.database.read(), &person).await
}

pub async fn deletion_effects(app: App, person: Person, _: GetDeletionEffects) -> Result<DeletionEffects> {
    deletion::effects(app.database.read(), person.user_id).await
}

pub async fn delete(app: App, person: Person, request: DeleteAccount) -> Result<Done> {
    if request.name.trim() != person.name {
        return Err(ApiError::field("name", "type your name as it is, to show that you mean it"));
    }
    deletion::delete(&app, person.user_id).await?;
    Ok(Done {})
}
