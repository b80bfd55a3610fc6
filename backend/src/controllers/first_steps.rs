//! What somebody new to a class does first.

use shared::api::first_steps::{FirstSteps, GetFirstSteps};

use crate::access::Member;
use crate::app::App;
use crate::course::first_steps;
use crate::error::Result;

pub async fn get(app: App, member: Member, _: GetFirstSteps) -> Result<FirstSteps> {
    Ok(FirstSteps { steps: first_steps::standing(app.database.read(), &member).await? })
}
