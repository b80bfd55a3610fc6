//! What somebody is shown of a set, and what they chose.

use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use shared::api::preferences::{JudgePair, NEXT_PAIRS, PairToJudge};
use shared::ids::{PairId, PreferenceSetId, UserId};
use shared::preferences::a_is_first;

use crate::error::{ApiError, Result};
use crate::{db, names};

const LONGEST_MILLISECONDS: u32 = 3_600_000;

/// Not judged by the user yet, in the set's order.
pub async fn next(
    connection: &impl ConnectionTrait,
    set: PreferenceSetId,
    user: UserId,
) -> Result<Vec<PairToJudge>> {
    let sql = "SELECT id, prompt, a, b FROM preference_pairs WHERE set_id = $1 AND NOT EXISTS \
                   (SELECT 1 FROM preference_judgements WHERE pair_id = preference_pairs.id AND user_id = $2) \
               ORDER BY place LIMIT $3";
    let values = [set.0.into(), user.0.into(), (NEXT_PAIRS as i64).into()];
    let shown = |row: &QueryResult| {
        let id: i64 = row.try_get_by(0)?;
        let (a, b): (String, String) = (row.try_get_by(2)?, row.try_get_by(3)?);
        let (first, second) = if a_is_first(id, user.0) { (a, b) } else { (b, a) };
        Ok(PairToJudge { pair_id: PairId(id), prompt: row.try_get_by(1)?, first, second })
    };
    db::rows(connection, sql, values).await?.iter().map(shown).collect()
}

pub async fn judge(transaction: &DatabaseTransaction, user: UserId, request: &JudgePair) -> Result<()> {
    let a_first = a_is_first(request.pair_id.0, user.0);
    let sql = "INSERT INTO preference_judgements (pair_id, user_id, choice, a_first, milliseconds, judged_at) \
               SELECT id, $3, $4, $5, $6, {now} FROM preference_pairs WHERE id = $1 AND set_id = $2 \
               ON CONFLICT (pair_id, user_id) DO UPDATE SET choice = excluded.choice, \
                   milliseconds = excluded.milliseconds, judged_at = excluded.judged_at";
    let values = [
        request.pair_id.0.into(),
        request.set_id.0.into(),
        user.0.into(),
        names::to_text(&request.picked.choice(a_first))?.into(),
        a_first.into(),
        i64::from(request.milliseconds.min(LONGEST_MILLISECONDS)).into(),
    ];
    if db::run(transaction, sql, values).await? == 0 {
        return Err(ApiError::not_found("pair"));
    }
    Ok(())
}
