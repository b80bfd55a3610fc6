//! Certificates: a learner who reached the class's bar issues one, and whoever gets its link can verify it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Access, Endpoint, Method, Role};
use crate::ids::{CohortId, UserId};

/// What stands on it, at the address `/certificates/{code}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Certificate {
    /// 32 random hexadecimal digits.
    pub code: String,
    pub name: String,
    /// As the class was called then.
    pub cohort_name: String,
    /// Weeks of the course that brought points.
    pub weeks: u32,
    /// The final grade when it was issued.
    pub percent: f64,
    pub issued_at_microseconds: i64,
    pub standing: CertificateStanding,
    /// The server that issued it, as people type it.
    pub issuer: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CertificateStanding {
    Valid,
    /// By an instructor.
    Revoked,
}

/// One's own, once the final grade is at the bar. The same again answers the same certificate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IssueCertificate {
    pub cohort_id: CohortId,
}

impl Endpoint for IssueCertificate {
    type Reply = Certificate;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/certificate";
    const ACCESS: Access = Access::Cohort(Role::Learner);
}

/// How far one is from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetMyCertificate {
    pub cohort_id: CohortId,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MyCertificate {
    /// The final grade now.
    pub percent: f64,
    /// The bar.
    pub needed_percent: u32,
    /// Whether [`IssueCertificate`] would do it.
    pub reached: bool,
    pub certificate: Option<Certificate>,
}

impl Endpoint for GetMyCertificate {
    type Reply = MyCertificate;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/certificate";
    const ACCESS: Access = Access::Cohort(Role::Learner);
}

/// What the class's learners issued, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListCertificates {
    pub cohort_id: CohortId,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CertificateList {
    pub certificates: Vec<LearnersCertificate>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LearnersCertificate {
    pub user_id: UserId,
    pub certificate: Certificate,
}

impl Endpoint for ListCertificates {
    type Reply = CertificateList;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/certificates";
    const ACCESS: Access = Access::Cohort(Role::Assistant);
}

/// Revokes a learner's certificate, or makes it valid again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetCertificate {
    pub cohort_id: CohortId,
    pub user_id: UserId,
    pub standing: CertificateStanding,
}

impl Endpoint for SetCertificate {
    type Reply = Certificate;
    const METHOD: Method = Method::Put;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/certificates/{user_id}";
    const ACCESS: Access = Access::Cohort(Role::Instructor);
}

/// For whoever was given the link. A deleted account's certificate does not exist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetCertificate {
    pub code: String,
}

impl Endpoint for GetCertificate {
    type Reply = Certificate;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/certificates/{code}";
    const ACCESS: Access = Access::Public;
}
