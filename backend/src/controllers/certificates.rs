//! Certificates: issued by who reached the bar, verified by who has the link.

use axum::http::request::Parts;
use shared::api::certificates::{
    Certificate, CertificateList, GetCertificate, GetMyCertificate, IssueCertificate, ListCertificates,
    MyCertificate, SetCertificate,
};

use crate::access::Member;
use crate::app::App;
use crate::course::certificates;
use crate::endpoint::{WithHeaders, plain};
use crate::error::{ApiError, Result};
use crate::{audit, db, names};

pub async fn issue(app: App, member: Member, request: IssueCertificate) -> Result<Certificate> {
    let (cohort, learner) = (request.cohort_id, member.person.user_id);
    let issuer = app.public_url();
    let transaction = db::write(&app.database).await?;
    if let Some(before) = certificates::of_learner(&transaction, cohort, learner, &issuer).await? {
        return Ok(before);
    }
    certificates::issue(&transaction, &app.course, cohort, learner).await?;
    let issued = certificates::of_learner(&transaction, cohort, learner, &issuer).await?;
    let issued =
        issued.ok_or_else(|| ApiError::Bug("a certificate that was just issued is not there".to_owned()))?;
    let subject = format!("user {learner} in cohort {cohort}");
    audit::record(&transaction, Some(learner), "issue_certificate", &subject).await?;
    transaction.commit().await?;
    Ok(issued)
}

pub async fn mine(app: App, member: Member, request: GetMyCertificate) -> Result<MyCertificate> {
    let (connection, learner) = (app.database.read(), member.person.user_id);
    let (grade, reached) =
        certificates::standing(connection, &app.course, request.cohort_id, learner).await?;
    Ok(MyCertificate {
        percent: grade.percent,
        needed_percent: grade.certificate_percent,
        reached,
        certificate: certificates::of_learner(connection, request.cohort_id, learner, &app.public_url())
            .await?,
    })
}

pub async fn list(app: App, _: Member, request: ListCertificates) -> Result<CertificateList> {
    let certificates =
        certificates::of_cohort(app.database.read(), request.cohort_id, &app.public_url()).await?;
    Ok(CertificateList { certificates })
}

pub async fn set(app: App, member: Member, request: SetCertificate) -> Result<Certificate> {
    let (cohort, learner) = (request.cohort_id, request.user_id);
    let transaction = db::write(&app.database).await?;
    certificates::set(&transaction, cohort, learner, request.standing).await?;
    let subject = format!("user {learner} in cohort {cohort}: {}", names::to_text(&request.standing)?);
    audit::record(&transaction, Some(member.person.user_id), "set_certificate", &subject).await?;
    let certificate = certificates::of_learner(&transaction, cohort, learner, &app.public_url()).await?;
    transaction.commit().await?;
    certificate.ok_or_else(|| ApiError::not_found("certificate"))
}

pub async fn get(app: App, _: Parts, request: GetCertificate) -> Result<WithHeaders<Certificate>> {
    Ok(plain(certificates::by_code(app.database.read(), &request.code, &app.public_url()).await?))
}
