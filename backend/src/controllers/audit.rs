//! Who did what that cannot be undone, for operators.

use shared::api::audit::{AuditList, ListAuditEntries};

use super::page;
use crate::access::Person;
use crate::app::App;
use crate::audit;
use crate::error::Result;

pub async fn list(app: App, _: Person, request: ListAuditEntries) -> Result<AuditList> {
    let limit = page(request.limit, 50, 200);
    audit::list(app.database.read(), &request, limit).await
}
