//! Two answers side by side, judged blind by a class.

use shared::api::accounts::ExportMyData;
use shared::api::preferences::*;
use shared::api::{ErrorCode, Role};
use shared::ids::{CohortId, PreferenceSetId};
use shared::preferences::{Choice, Picked};

use crate::support::*;

const LINES: &str = "{\"prompt\": \"수도는?\", \"a\": \"서울입니다.\", \"b\": \"부산입니다.\", \"a_from\": \"sft\", \"b_from\": \"base\"}\n\
    {\"prompt\": \"이어 써.\", \"a\": \"옛날에 살았다.\", \"b\": \"옛날 옛날 옛날\", \"a_from\": \"sft\", \"b_from\": \"base\"}\n\
    {\"prompt\": \"인사해.\", \"a\": \"안녕\", \"b\": \"안녕하세요\", \"a_from\": \"base\", \"b_from\": \"sft\"}\n";

async fn offered(maker: &Person, cohort_id: CohortId) -> PreferenceSetId {
    let create = CreatePreferenceSet { cohort_id, title: " 두 모델 ".into(), lines: LINES.into() };
    let set = maker.client.call(create).await.unwrap();
    assert_eq!(
        (set.title.as_str(), set.pairs, set.state, set.managed),
        ("두 모델", 3, SetState::Draft, true)
    );
    let open = SetPreferenceSetState { cohort_id, set_id: set.set_id, state: SetState::Open };
    maker.client.call(open).await.unwrap();
    set.set_id
}

/// Judges everything that is left: whatever `sft` wrote is better, of the pairs that `decides` takes.
async fn judge(
    person: &Person,
    cohort_id: CohortId,
    set_id: PreferenceSetId,
    decides: impl Fn(&str) -> bool,
) {
    for pair in person.client.call(NextPairs { cohort_id, set_id }).await.unwrap().pairs {
        let is_good = |text: &str| ["서울입니다.", "옛날에 살았다.", "안녕하세요"].contains(&text);
        let picked = match (decides(&pair.prompt), is_good(&pair.first)) {
            (false, _) => Picked::Tie,
            (true, true) => Picked::First,
            (true, false) => Picked::Second,
        };
        let judge = JudgePair { cohort_id, set_id, pair_id: pair.pair_id, picked, milliseconds: 2_000 };
        person.client.call(judge.clone()).await.unwrap();
        // Sent again after a broken connection, it is one judgement.
        person.client.call(judge).await.unwrap();
    }
}

crate::stories! {
    async fn a_class_judges_blind_and_sees_what_came_out_when_it_is_over(house: House) {
        let cohort_id = house.cohort("첫째 반").await;
        let maker = house.member("수진", cohort_id, Role::Learner).await;
        let [one, other] = ["민호", "지우"].map(|name| house.member(name, cohort_id, Role::Learner));
        let (one, other) = (one.await, other.await);
        let (stranger, _) = house.learner("남").await;
        let set_id = offered(&maker, cohort_id).await;
        assert_eq!(stranger.client.refused(NextPairs { cohort_id, set_id }).await, ErrorCode::NotFound);

        // Nothing of it tells where an answer comes from, or what others chose.
        let raw = one.client.send("GET", &format!("/api/v1/cohorts/{cohort_id}/preference-sets/{set_id}/next"), &[], vec![]).await;
        let raw = String::from_utf8(raw.body).unwrap();
        assert!(raw.contains("서울") && !raw.contains("sft") && !raw.contains("base"), "{raw}");
        judge(&one, cohort_id, set_id, |_| true).await;
        judge(&other, cohort_id, set_id, |prompt| prompt != "이어 써.").await;
        let left = one.client.call(NextPairs { cohort_id, set_id }).await.unwrap();
        assert_eq!((left.pairs.len(), left.judged, left.all), (0, 3, 3));
        let results = GetPreferenceResults { cohort_id, set_id };
        assert_eq!(one.client.refused(results.clone()).await, ErrorCode::Forbidden);
        assert_eq!(one.client.refused(ExportPreferences { cohort_id, set_id }).await, ErrorCode::Forbidden);

        let found = maker.client.call(results.clone()).await.unwrap();
        assert_eq!((found.judgements, found.annotators, found.ties, found.neither), (6, 2, 1, 0));
        let (best, worst) = (&found.sources[0], &found.sources[1]);
        assert_eq!((best.source.as_str(), best.wins, best.of), ("sft", 5.5, 6));
        assert_eq!((worst.source.as_str(), worst.wins), ("base", 0.5));
        assert!((found.agreement.unwrap() - 2.0 / 3.0).abs() < 1e-12);
        assert!(found.alpha.is_some() && found.kappa.is_some());
        assert_eq!(found.median_seconds, Some(2.0));

        // The file for DPO: who judged is a number of this file.
        let file = maker.client.call(ExportPreferences { cohort_id, set_id }).await.unwrap().jsonl;
        let lines: Vec<PreferenceLine> = file.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 6);
        let decided: Vec<&PreferenceLine> = lines.iter().filter(|line| line.chosen.is_some()).collect();
        assert!(decided.iter().all(|line| line.chosen.as_deref() != line.rejected.as_deref()));
        assert!(decided.iter().any(|line| line.choice == Choice::B && line.chosen.as_deref() == Some("안녕하세요")));
        assert!(lines.iter().all(|line| [1, 2].contains(&line.annotator)) && !file.contains("민호"));

        let close = SetPreferenceSetState { cohort_id, set_id, state: SetState::Closed };
        assert_eq!(one.client.refused(close.clone()).await, ErrorCode::Forbidden);
        maker.client.call(close).await.unwrap();
        assert_eq!(one.client.call(results).await.unwrap(), found);
        let pair_id = 1;
        let late = JudgePair {
            cohort_id,
            set_id,
            pair_id: shared::ids::PairId(pair_id),
            picked: Picked::First,
            milliseconds: 1,
        };
        assert_eq!(other.client.refused(late).await, ErrorCode::Conflict);
    }

    async fn a_choice_can_be_changed_and_goes_with_the_account(house: House) {
        let cohort_id = house.cohort("첫째 반").await;
        let maker = house.member("수진", cohort_id, Role::Learner).await;
        let judge_person = house.member("민호", cohort_id, Role::Learner).await;
        let set_id = offered(&maker, cohort_id).await;
        let pair = judge_person.client.call(NextPairs { cohort_id, set_id }).await.unwrap().pairs.remove(0);
        for picked in [Picked::First, Picked::Neither] {
            let judge = JudgePair { cohort_id, set_id, pair_id: pair.pair_id, picked, milliseconds: u32::MAX };
            judge_person.client.call(judge).await.unwrap();
        }
        let data = judge_person.client.call(ExportMyData {}).await.unwrap();
        assert_eq!((data.judgements.len(), data.judgements[0].choice), (1, Choice::Neither));
        assert_eq!(data.judgements[0].seconds, 3600.0, "an hour at most");
        assert_eq!(maker.client.call(ExportMyData {}).await.unwrap().preference_sets[0].title, "두 모델");
        let of_another = JudgePair { cohort_id, set_id, pair_id: shared::ids::PairId(9_999), picked: Picked::Tie, milliseconds: 1 };
        assert_eq!(judge_person.client.refused(of_another).await, ErrorCode::NotFound);
        let delete = DeletePreferenceSet { cohort_id, set_id };
        assert_eq!(judge_person.client.refused(delete.clone()).await, ErrorCode::Forbidden);
        maker.client.call(delete.clone()).await.unwrap();
        assert_eq!(maker.client.refused(delete).await, ErrorCode::NotFound);
        assert_eq!(house.count("SELECT COUNT(*) FROM preference_judgements").await, 0);
    }

    async fn a_draft_is_seen_by_its_maker_and_the_staff_and_bad_lines_are_named(house: House) {
        let cohort_id = house.cohort("첫째 반").await;
        let maker = house.member("수진", cohort_id, Role::Learner).await;
        let other = house.member("민호", cohort_id, Role::Learner).await;
        let assistant = house.member("조교", cohort_id, Role::Assistant).await;
        let create = |lines: &str| CreatePreferenceSet { cohort_id, title: "쌍".into(), lines: lines.into() };
        let refused = maker.client.call(create("{\"prompt\": \"p\"}")).await.unwrap_err();
        assert_eq!(refused.problems[0].field, "lines.1");
        let set_id = maker.client.call(create(LINES)).await.unwrap().set_id;
        let list = ListPreferenceSets { cohort_id };
        for (person, expected, managed) in [(&maker, 1, true), (&other, 0, false), (&assistant, 1, true)] {
            let sets = person.client.call(list.clone()).await.unwrap().sets;
            assert_eq!((sets.len(), sets.iter().all(|set| set.managed == managed)), (expected, true));
        }
        assert_eq!(other.client.refused(NextPairs { cohort_id, set_id }).await, ErrorCode::NotFound);
        assert_eq!(maker.client.call(NextPairs { cohort_id, set_id }).await.unwrap().pairs, []);
    }
}
