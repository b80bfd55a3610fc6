//! Points of a whole cohort.

use shared::api::gradebook::{
    ExportGrades, GetGradebook, Gradebook, GradesCsv, ImportGrades, ImportedGrades,
};

use crate::access::Member;
use crate::app::App;
use crate::course::gradebook;
use crate::error::Result;
use crate::{audit, db};

pub async fn get(app: App, _: Member, request: GetGradebook) -> Result<Gradebook> {
    gradebook::read(app.database.read(), &app.course, request.cohort_id).await
}

pub async fn export(app: App, _: Member, request: ExportGrades) -> Result<GradesCsv> {
    let book = gradebook::read(app.database.read(), &app.course, request.cohort_id).await?;
    Ok(GradesCsv { csv: gradebook::to_csv(&book)? })
}

pub async fn import(app: App, member: Member, request: ImportGrades) -> Result<ImportedGrades> {
    let author = member.person.user_id;
    let transaction = db::write(&app.database).await?;
    let imported =
        gradebook::import(&transaction, &app.course, request.cohort_id, author, &request.csv).await?;
    let subject = format!("cohort {}: {} changed", request.cohort_id, imported.changed);
    audit::record(&transaction, Some(author), "import_grades", &subject).await?;
    transaction.commit().await?;
    Ok(imported)
}
