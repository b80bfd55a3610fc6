//! Pairs of answers that a class judges without knowing where they came from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::sessions::Done;
use super::{Access, Endpoint, Method, Role};
use crate::ids::{CohortId, PairId, PreferenceSetId};
use crate::preferences::{Choice, Interval, Picked};

/// Of what is handed in.
pub const SET_LIMIT_BYTES: usize = 1 << 20;
/// Of one person in one class.
pub const SETS_AT_MOST: u32 = 50;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SetState {
    /// Only whoever made it and the staff see it.
    Draft,
    /// The class judges it.
    Open,
    /// It is judged no more, and the class sees what came out.
    Closed,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PreferenceSet {
    pub set_id: PreferenceSetId,
    pub title: String,
    pub maker: String,
    /// Whether the caller may open, close and delete it, and see what came out before it is closed.
    pub managed: bool,
    pub state: SetState,
    pub pairs: u32,
    /// By the caller.
    pub judged: u32,
    /// How many people judged any of it.
    pub annotators: u32,
    pub created_at_microseconds: i64,
}

/// The caller's own, those that are offered, and for staff all of them; the newest first, at most 200.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListPreferenceSets {
    pub cohort_id: CohortId,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PreferenceSetList {
    pub sets: Vec<PreferenceSet>,
}

impl Endpoint for ListPreferenceSets {
    type Reply = PreferenceSetList;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/preference-sets";
    const ACCESS: Access = Access::Cohort(Role::Learner);
}

/// Refused with the problems by line if some cannot be read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreatePreferenceSet {
    pub cohort_id: CohortId,
    pub title: String,
    /// As [`crate::preferences::read`] takes them, at most [`SET_LIMIT_BYTES`].
    pub lines: String,
}

impl Endpoint for CreatePreferenceSet {
    type Reply = PreferenceSet;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/preference-sets";
    const ACCESS: Access = Access::Cohort(Role::Learner);
}

/// Offers it to the class, or ends that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetPreferenceSetState {
    pub cohort_id: CohortId,
    pub set_id: PreferenceSetId,
    pub state: SetState,
}

impl Endpoint for SetPreferenceSetState {
    type Reply = PreferenceSet;
    const METHOD: Method = Method::Put;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/preference-sets/{set_id}/state";
    const ACCESS: Access = Access::Cohort(Role::Learner);
}

/// With everything that was judged of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeletePreferenceSet {
    pub cohort_id: CohortId,
    pub set_id: PreferenceSetId,
}

impl Endpoint for DeletePreferenceSet {
    type Reply = Done;
    const METHOD: Method = Method::Delete;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/preference-sets/{set_id}";
    const ACCESS: Access = Access::Cohort(Role::Learner);
}

/// Some pairs that the caller has not judged yet, so that a slow line is not waited for after each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NextPairs {
    pub cohort_id: CohortId,
    pub set_id: PreferenceSetId,
}

/// At once.
pub const NEXT_PAIRS: usize = 5;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PairsToJudge {
    pub pairs: Vec<PairToJudge>,
    pub judged: u32,
    pub all: u32,
}

/// Blind: neither where the answers come from nor what others chose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PairToJudge {
    pub pair_id: PairId,
    pub prompt: String,
    pub first: String,
    pub second: String,
}

impl Endpoint for NextPairs {
    type Reply = PairsToJudge;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/preference-sets/{set_id}/next";
    const ACCESS: Access = Access::Cohort(Role::Learner);
}

/// The same pair again replaces what was chosen before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JudgePair {
    pub cohort_id: CohortId,
    pub set_id: PreferenceSetId,
    pub pair_id: PairId,
    pub picked: Picked,
    /// Since the pair was shown; more than an hour counts as an hour.
    pub milliseconds: u32,
}

impl Endpoint for JudgePair {
    type Reply = Done;
    const METHOD: Method = Method::Put;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/preference-sets/{set_id}/pairs/{pair_id}";
    const ACCESS: Access = Access::Cohort(Role::Learner);
}

/// For whoever made it and the staff; for the class once it is closed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetPreferenceResults {
    pub cohort_id: CohortId,
    pub set_id: PreferenceSetId,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PreferenceResults {
    pub judgements: u32,
    pub annotators: u32,
    pub ties: u32,
    pub neither: u32,
    /// The most preferred first.
    pub sources: Vec<SourceResult>,
    /// Of two people who judged the same pair, how often they chose the same.
    pub agreement: Option<f64>,
    /// Krippendorff's.
    pub alpha: Option<f64>,
    /// Cohen's, where exactly two people judged.
    pub kappa: Option<f64>,
    /// How often the answer on the left was chosen, of those where one was.
    pub first_share: Option<f64>,
    pub first_interval: Option<Interval>,
    pub median_seconds: Option<f64>,
}

/// Where answers came from, and how often they were preferred; what is equally good counts half, what is bad on both
/// sides not at all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SourceResult {
    pub source: String,
    pub wins: f64,
    pub of: u32,
    pub interval: Option<Interval>,
}

impl Endpoint for GetPreferenceResults {
    type Reply = PreferenceResults;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/preference-sets/{set_id}/results";
    const ACCESS: Access = Access::Cohort(Role::Learner);
}

/// For whoever made it and the staff: what DPO learns from, one JSON object per line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExportPreferences {
    pub cohort_id: CohortId,
    pub set_id: PreferenceSetId,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PreferenceFile {
    /// [`PreferenceLine`]s.
    pub jsonl: String,
}

impl Endpoint for ExportPreferences {
    type Reply = PreferenceFile;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/preference-sets/{set_id}/jsonl";
    const ACCESS: Access = Access::Cohort(Role::Learner);
}

/// `chosen` and `rejected` are absent where neither was better.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PreferenceLine {
    pub prompt: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chosen: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejected: Option<String>,
    pub a: String,
    pub b: String,
    pub a_from: String,
    pub b_from: String,
    pub choice: Choice,
    /// Counts the people of this set from 1; it is nobody's number elsewhere.
    pub annotator: u32,
    pub seconds: f64,
    pub judged_at_microseconds: i64,
}
