//! The class as it works now.

use shared::api::class::{ClassView, GetClassView};

use crate::access::Member;
use crate::app::App;
use crate::class;
use crate::error::Result;

pub async fn view(app: App, _: Member, request: GetClassView) -> Result<ClassView> {
    class::view(app.database.read(), &app.config.queue, &app.course, request.cohort_id).await
}
