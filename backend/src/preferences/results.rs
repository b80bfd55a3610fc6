//! What came out of a set.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, QueryResult};
use shared::api::preferences::{PreferenceLine, PreferenceResults, SourceResult};
use shared::ids::PreferenceSetId;
use shared::preferences::{Choice, Pair, cohens_kappa, krippendorffs_alpha, median, raw_agreement, wilson};

use crate::error::Result;
use crate::{db, names};

/// One judgement with what it is about.
struct Judgement {
    pair_id: i64,
    pair: Pair,
    user: i64,
    choice: Choice,
    a_first: bool,
    seconds: f64,
    judged_at: i64,
}

async fn judgements(connection: &impl ConnectionTrait, set: PreferenceSetId) -> Result<Vec<Judgement>> {
    let sql = "SELECT preference_pairs.id, prompt, a, b, a_from, b_from, user_id, choice, a_first, milliseconds, \
                   judged_at FROM preference_judgements \
               JOIN preference_pairs ON preference_pairs.id = preference_judgements.pair_id \
               WHERE set_id = $1 ORDER BY place, user_id";
    let judgement = |row: &QueryResult| {
        Ok(Judgement {
            pair_id: row.try_get_by(0)?,
            pair: Pair {
                prompt: row.try_get_by(1)?,
                a: row.try_get_by(2)?,
                b: row.try_get_by(3)?,
                a_from: row.try_get_by(4)?,
                b_from: row.try_get_by(5)?,
            },
            user: row.try_get_by(6)?,
            choice: names::from_text(&row.try_get_by::<String, _>(7)?)?,
            a_first: row.try_get_by(8)?,
            seconds: row.try_get_by::<i64, _>(9)? as f64 / 1000.0,
            judged_at: row.try_get_by(10)?,
        })
    };
    db::rows(connection, sql, [set.0.into()]).await?.iter().map(judgement).collect()
}

pub async fn read(connection: &impl ConnectionTrait, set: PreferenceSetId) -> Result<PreferenceResults> {
    Ok(count(&judgements(connection, set).await?))
}

fn count(all: &[Judgement]) -> PreferenceResults {
    let mut by_pair: BTreeMap<i64, Vec<&Judgement>> = BTreeMap::new();
    for judgement in all {
        by_pair.entry(judgement.pair_id).or_default().push(judgement);
    }
    let units: Vec<Vec<Choice>> =
        by_pair.values().map(|unit| unit.iter().map(|judgement| judgement.choice).collect()).collect();
    let annotators = annotators(all);
    let kappa = (annotators.len() == 2).then(|| {
        let both = units.iter().filter_map(|unit| match unit[..] {
            [one, other] => Some((one, other)),
            _ => None,
        });
        cohens_kappa(&both.collect::<Vec<_>>())
    });
    let of = |choice: Choice| all.iter().filter(|judgement| judgement.choice == choice).count() as u32;
    let decided = all.iter().filter(|judgement| matches!(judgement.choice, Choice::A | Choice::B));
    let first =
        decided.clone().filter(|judgement| (judgement.choice == Choice::A) == judgement.a_first).count();
    let (first, decided) = (first as f64, decided.count() as f64);
    let mut seconds: Vec<f64> = all.iter().map(|judgement| judgement.seconds).collect();
    seconds.sort_by(f64::total_cmp);
    PreferenceResults {
        judgements: all.len() as u32,
        annotators: annotators.len() as u32,
        ties: of(Choice::Tie),
        neither: of(Choice::Neither),
        sources: sources(all),
        agreement: raw_agreement(&units),
        alpha: krippendorffs_alpha(&units),
        kappa: kappa.flatten(),
        first_share: (decided > 0.0).then(|| first / decided),
        first_interval: wilson(first, decided),
        median_seconds: median(&seconds),
    }
}

fn sources(all: &[Judgement]) -> Vec<SourceResult> {
    let mut wins: BTreeMap<&str, (f64, u32)> = BTreeMap::new();
    for judgement in all {
        let (a, b) = match judgement.choice {
            Choice::A => (1.0, 0.0),
            Choice::B => (0.0, 1.0),
            Choice::Tie => (0.5, 0.5),
            Choice::Neither => continue,
        };
        // Two answers of one source say nothing about it.
        if judgement.pair.a_from == judgement.pair.b_from {
            continue;
        }
        for (source, won) in [(&judgement.pair.a_from, a), (&judgement.pair.b_from, b)] {
            let (wins, of) = wins.entry(source).or_default();
            *wins += won;
            *of += 1;
        }
    }
    let result = |(source, (wins, of)): (&str, (f64, u32))| SourceResult {
        source: source.to_owned(),
        wins,
        of,
        interval: wilson(wins, f64::from(of)),
    };
    let mut results: Vec<SourceResult> = wins.into_iter().map(result).collect();
    let share = |result: &SourceResult| result.wins / f64::from(result.of.max(1));
    results.sort_by(|one, other| share(other).total_cmp(&share(one)));
    results
}

/// People by their numbers, counted from 1 in the order in which they first judged.
fn annotators(all: &[Judgement]) -> BTreeMap<i64, u32> {
    let mut first: BTreeMap<i64, i64> = BTreeMap::new();
    for judgement in all {
        let earliest = first.entry(judgement.user).or_insert(judgement.judged_at);
        *earliest = judgement.judged_at.min(*earliest);
    }
    let mut order: Vec<(i64, i64)> = first.into_iter().map(|(user, at)| (at, user)).collect();
    order.sort_unstable();
    (1..).zip(order).map(|(number, (_, user))| (user, number)).collect()
}

/// One JSON object per line.
pub async fn file(connection: &impl ConnectionTrait, set: PreferenceSetId) -> Result<String> {
    let all = judgements(connection, set).await?;
    let annotators = annotators(&all);
    let mut text = String::new();
    for judgement in all {
        let Pair { prompt, a, b, a_from, b_from } = judgement.pair;
        let (chosen, rejected) = match judgement.choice {
            Choice::A => (Some(a.clone()), Some(b.clone())),
            Choice::B => (Some(b.clone()), Some(a.clone())),
            Choice::Tie | Choice::Neither => (None, None),
        };
        let line = PreferenceLine {
            prompt,
            chosen,
            rejected,
            a,
            b,
            a_from,
            b_from,
            choice: judgement.choice,
            annotator: annotators.get(&judgement.user).copied().unwrap_or_default(),
            seconds: judgement.seconds,
            judged_at_microseconds: judgement.judged_at,
        };
        text.push_str(&serde_json::to_string(&line)?);
        text.push('\n');
    }
    Ok(text)
}
