//! Certificates: made of the final grade of the moment, found by their code.

use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use shared::api::certificates::{Certificate, CertificateStanding, LearnersCertificate};
use shared::ids::{CohortId, UserId};

use super::Course;
use super::gradebook::{self, FinalGrade};
use crate::db;
use crate::error::{ApiError, Result};
use crate::tokens;

const COLUMNS: &str = "certificates.code, users.name, certificates.cohort_name, certificates.weeks, \
    certificates.percent_hundredths, certificates.issued_at, certificates.revoked_at IS NOT NULL, \
    certificates.user_id FROM certificates JOIN users ON users.id = certificates.user_id";

fn read(row: &QueryResult, issuer: &str) -> Result<Certificate> {
    let is_revoked: bool = row.try_get_by(6)?;
    Ok(Certificate {
        code: row.try_get_by(0)?,
        name: row.try_get_by(1)?,
        cohort_name: row.try_get_by(2)?,
        weeks: row.try_get_by::<i64, _>(3)? as u32,
        percent: row.try_get_by::<i64, _>(4)? as f64 / 100.0,
        issued_at_microseconds: row.try_get_by(5)?,
        standing: if is_revoked { CertificateStanding::Revoked } else { CertificateStanding::Valid },
        issuer: issuer.to_owned(),
    })
}

pub async fn by_code(connection: &impl ConnectionTrait, code: &str, issuer: &str) -> Result<Certificate> {
    let sql = format!("SELECT {COLUMNS} WHERE certificates.code = $1");
    let row = db::row(connection, &sql, [code.into()]).await?;
    read(&row.ok_or_else(|| ApiError::not_found("certificate"))?, issuer)
}

pub async fn of_learner(
    connection: &impl ConnectionTrait,
    cohort: CohortId,
    learner: UserId,
    issuer: &str,
) -> Result<Option<Certificate>> {
    let sql = format!("SELECT {COLUMNS} WHERE certificates.cohort_id = $1 AND certificates.user_id = $2");
    let row = db::row(connection, &sql, [cohort.0.into(), learner.0.into()]).await?;
    row.map(|row| read(&row, issuer)).transpose()
}

pub async fn of_cohort(
    connection: &impl ConnectionTrait,
    cohort: CohortId,
    issuer: &str,
) -> Result<Vec<LearnersCertificate>> {
    let sql = format!(
        "SELECT {COLUMNS} WHERE certificates.cohort_id = $1 ORDER BY certificates.issued_at DESC, users.name"
    );
    let learners = |row: &QueryResult| {
        Ok(LearnersCertificate { user_id: UserId(row.try_get_by(7)?), certificate: read(row, issuer)? })
    };
    db::rows(connection, &sql, [cohort.0.into()]).await?.iter().map(learners).collect()
}

/// The final grade of a learner, and whether a certificate can be had for it. Staff is not graded.
pub async fn standing(
    connection: &impl ConnectionTrait,
    course: &Course,
    cohort: CohortId,
    learner: UserId,
) -> Result<(FinalGrade, bool)> {
    let grade = gradebook::of_learner(connection, course, cohort, learner).await?;
    let sql = "SELECT COUNT(*) FROM memberships WHERE cohort_id = $1 AND user_id = $2 AND role = 'learner'";
    let is_learner: i64 = db::one(connection, sql, [cohort.0.into(), learner.0.into()]).await?;
    // As the page shows it: a grade of 59.999 is not one of 60.
    let hundredths = hundredths(grade.percent);
    let reached =
        is_learner == 1 && grade.weeks > 0 && hundredths >= i64::from(grade.certificate_percent) * 100;
    Ok((grade, reached))
}

fn hundredths(percent: f64) -> i64 {
    (percent * 100.0).floor() as i64
}

/// # Errors
/// Conflict, before the bar is reached.
pub async fn issue(
    transaction: &DatabaseTransaction,
    course: &Course,
    cohort: CohortId,
    learner: UserId,
) -> Result<()> {
    let (grade, reached) = standing(transaction, course, cohort, learner).await?;
    if !reached {
        let message = format!(
            "a certificate takes {} percent as a learner of this class; you have {:.2}",
            grade.certificate_percent, grade.percent
        );
        return Err(ApiError::conflict(message));
    }
    let sql = "INSERT INTO certificates (code, user_id, cohort_id, cohort_name, weeks, percent_hundredths, issued_at) \
               SELECT $1, $2, cohorts.id, cohorts.name, $4, $5, {now} FROM cohorts WHERE cohorts.id = $3 \
               ON CONFLICT (user_id, cohort_id) DO NOTHING";
    let values = [
        tokens::certificate_code()?.into(),
        learner.0.into(),
        cohort.0.into(),
        i64::from(grade.weeks).into(),
        hundredths(grade.percent).into(),
    ];
    db::run(transaction, sql, values).await?;
    Ok(())
}

pub async fn set(
    transaction: &DatabaseTransaction,
    cohort: CohortId,
    learner: UserId,
    standing: CertificateStanding,
) -> Result<()> {
    let revoked_at = match standing {
        CertificateStanding::Valid => "NULL",
        CertificateStanding::Revoked => "COALESCE(revoked_at, {now})",
    };
    let sql =
        format!("UPDATE certificates SET revoked_at = {revoked_at} WHERE cohort_id = $1 AND user_id = $2");
    if db::run(transaction, &sql, [cohort.0.into(), learner.0.into()]).await? == 0 {
        return Err(ApiError::not_found("certificate"));
    }
    Ok(())
}
