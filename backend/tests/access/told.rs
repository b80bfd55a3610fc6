//! What people are told, what they do first, and how a class is looked at.

use shared::api::announcements::*;
use shared::api::audit::ListAuditEntries;
use shared::api::class::GetClassView;
use shared::api::first_steps::GetFirstSteps;
use shared::api::notifications::*;
use shared::api::preferences::*;
use shared::preferences::Picked;

use shared::ids::{CohortId, PreferenceSetId};

use super::{MEMBERS, OPERATOR, Row, SIGNED_IN, STAFF, row};
use crate::support::House;

pub fn rows() -> Vec<Row> {
    vec![
        row("GetClassView", STAFF, |world, _| GetClassView { cohort_id: world.cohort }),
        row("ListAnnouncements", MEMBERS, |world, _| ListAnnouncements {
            cohort_id: world.cohort,
            limit: None,
        }),
        row("CreateAnnouncement", STAFF, |world, _| CreateAnnouncement {
            cohort_id: world.cohort,
            title: "내일".into(),
            markdown: "쉽니다.".into(),
            pinned: false,
        }),
        row("UpdateAnnouncement", STAFF, |world, _| UpdateAnnouncement {
            cohort_id: world.cohort,
            announcement_id: world.announcements[0],
            title: "내일".into(),
            markdown: "쉽니다.".into(),
            pinned: true,
        }),
        row("DeleteAnnouncement", STAFF, |world, actor| DeleteAnnouncement {
            cohort_id: world.cohort,
            announcement_id: world.announcements[actor],
        }),
        row("ListNotifications", SIGNED_IN, |_, _| ListNotifications { before: None, limit: None }),
        row("CountUnread", SIGNED_IN, |_, _| CountUnread {}),
        row("MarkNotificationsRead", SIGNED_IN, |_, _| MarkNotificationsRead {
            notification_ids: Vec::new(),
            up_to: None,
        }),
        row("ListAuditEntries", OPERATOR, |_, _| ListAuditEntries::default()),
        row("GetFirstSteps", MEMBERS, |world, _| GetFirstSteps { cohort_id: world.cohort }),
        row("ListPreferenceSets", MEMBERS, |world, _| ListPreferenceSets { cohort_id: world.cohort }),
        row("CreatePreferenceSet", MEMBERS, |world, _| CreatePreferenceSet {
            cohort_id: world.cohort,
            title: "pairs".into(),
            lines: PAIR.into(),
        }),
        row("NextPairs", MEMBERS, |world, _| NextPairs { cohort_id: world.cohort, set_id: world.set }),
        row("JudgePair", MEMBERS, |world, _| JudgePair {
            cohort_id: world.cohort,
            set_id: world.set,
            pair_id: world.pair,
            picked: Picked::Tie,
            milliseconds: 900,
        }),
        // The operator made it: a learner neither manages it nor sees what came out while it is open.
        row("GetPreferenceResults", STAFF, |world, _| GetPreferenceResults {
            cohort_id: world.cohort,
            set_id: world.set,
        }),
        row("ExportPreferences", STAFF, |world, _| ExportPreferences {
            cohort_id: world.cohort,
            set_id: world.set,
        }),
        row("SetPreferenceSetState", STAFF, |world, _| SetPreferenceSetState {
            cohort_id: world.cohort,
            set_id: world.set,
            state: SetState::Open,
        }),
        row("DeletePreferenceSet", STAFF, |world, actor| DeletePreferenceSet {
            cohort_id: world.cohort,
            set_id: world.sets[actor],
        }),
    ]
}

pub const PAIR: &str = r#"{"prompt": "수도는?", "a": "서울", "b": "부산"}"#;

/// One pair, offered to the class by the operator.
pub async fn open_set(house: &House, cohort_id: CohortId) -> PreferenceSetId {
    let create = CreatePreferenceSet { cohort_id, title: "pairs".into(), lines: PAIR.into() };
    let set_id = house.operator.call(create).await.unwrap().set_id;
    let open = SetPreferenceSetState { cohort_id, set_id, state: SetState::Open };
    house.operator.call(open).await.unwrap();
    set_id
}
