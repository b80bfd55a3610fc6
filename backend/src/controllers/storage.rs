//! What is stored and how much each may store, for operators.

use shared::api::storage::{GetStorage, STORAGE_QUOTA_LIMIT_BYTES, SetStorageQuota, Storage};
use shared::api::users::User;

use super::{page, users};
use crate::access::Person;
use crate::app::App;
use crate::error::{ApiError, Result};
use crate::storage::shares;
use crate::{audit, db};

pub async fn get(app: App, _: Person, request: GetStorage) -> Result<Storage> {
    shares::read(&app, page(request.limit, 50, 200)).await
}

pub async fn set_quota(app: App, person: Person, request: SetStorageQuota) -> Result<User> {
    let quota = request.storage_quota_bytes;
    if quota > STORAGE_QUOTA_LIMIT_BYTES {
        let message = format!("choose at most {STORAGE_QUOTA_LIMIT_BYTES} bytes");
        return Err(ApiError::field("storage_quota_bytes", message));
    }
    let transaction = db::write(&app.database).await?;
    let sql = "UPDATE users SET storage_quota_bytes = $2 WHERE id = $1 AND deleted_at IS NULL";
    let values = [request.user_id.0.into(), (quota as i64).into()];
    if db::run(&transaction, sql, values).await? == 0 {
        return Err(ApiError::not_found("user"));
    }
    let subject = format!("user {}: {quota} bytes", request.user_id);
    audit::record(&transaction, Some(person.user_id), "set_storage_quota", &subject).await?;
    let user = users::get(&transaction, request.user_id).await?;
    transaction.commit().await?;
    Ok(user)
}
