//! Sets: made, offered, ended, deleted.

use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Value};
use shared::api::Role;
use shared::api::preferences::{PreferenceSet, SETS_AT_MOST, SetState};
use shared::ids::{CohortId, PreferenceSetId, UserId};
use shared::preferences::Pair;

use crate::access::Member;
use crate::error::{ApiError, Result};
use crate::{db, names};

const LISTED: i64 = 200;

/// `$1` is the class, `$2` the caller, `$3` whether the caller is staff.
const SETS: &str = "SELECT preference_sets.id, title, users.name, owner_id = $2 OR $3, standing, \
        preference_sets.created_at, (SELECT COUNT(*) FROM preference_pairs WHERE set_id = preference_sets.id), \
        (SELECT COUNT(*) FROM preference_judgements JOIN preference_pairs ON preference_pairs.id = pair_id \
            WHERE set_id = preference_sets.id AND user_id = $2), \
        (SELECT COUNT(DISTINCT user_id) FROM preference_judgements JOIN preference_pairs \
            ON preference_pairs.id = pair_id WHERE set_id = preference_sets.id) \
    FROM preference_sets JOIN users ON users.id = owner_id \
    WHERE preference_sets.cohort_id = $1 AND (standing <> 'draft' OR owner_id = $2 OR $3)";

fn read(row: &QueryResult) -> Result<PreferenceSet> {
    let count = |place: usize| -> Result<u32> { Ok(row.try_get_by::<i64, _>(place)? as u32) };
    Ok(PreferenceSet {
        set_id: PreferenceSetId(row.try_get_by(0)?),
        title: row.try_get_by(1)?,
        maker: row.try_get_by(2)?,
        managed: row.try_get_by(3)?,
        state: names::from_text(&row.try_get_by::<String, _>(4)?)?,
        created_at_microseconds: row.try_get_by(5)?,
        pairs: count(6)?,
        judged: count(7)?,
        annotators: count(8)?,
    })
}

fn caller(member: &Member) -> [Value; 3] {
    let is_staff = member.role > Role::Learner;
    [member.cohort_id.0.into(), member.person.user_id.0.into(), is_staff.into()]
}

pub async fn list(connection: &impl ConnectionTrait, member: &Member) -> Result<Vec<PreferenceSet>> {
    let sql = format!("{SETS} ORDER BY preference_sets.id DESC LIMIT $4");
    let values = caller(member).into_iter().chain([LISTED.into()]);
    db::rows(connection, &sql, values).await?.iter().map(read).collect()
}

pub async fn get(
    connection: &impl ConnectionTrait,
    member: &Member,
    id: PreferenceSetId,
) -> Result<PreferenceSet> {
    let sql = format!("{SETS} AND preference_sets.id = $4");
    let values = caller(member).into_iter().chain([id.0.into()]);
    read(&db::row(connection, &sql, values).await?.ok_or_else(|| ApiError::not_found("preference set"))?)
}

/// # Errors
/// Forbidden to whoever neither made it nor teaches.
pub async fn managed(
    connection: &impl ConnectionTrait,
    member: &Member,
    id: PreferenceSetId,
) -> Result<PreferenceSet> {
    let set = get(connection, member, id).await?;
    if !set.managed {
        return Err(ApiError::forbidden("only whoever made the set, and the staff, may do this"));
    }
    Ok(set)
}

pub async fn create(
    transaction: &DatabaseTransaction,
    cohort: CohortId,
    owner: UserId,
    title: &str,
    pairs: &[Pair],
) -> Result<PreferenceSetId> {
    db::lock(transaction, db::Lock::Owner(owner.0)).await?;
    let sql = "SELECT COUNT(*) FROM preference_sets WHERE cohort_id = $1 AND owner_id = $2";
    let made: i64 = db::one(transaction, sql, [cohort.0.into(), owner.0.into()]).await?;
    if made >= i64::from(SETS_AT_MOST) {
        let message = format!("you have {made} sets in this class already; delete one of them");
        return Err(ApiError::conflict(message));
    }
    let sql = "INSERT INTO preference_sets (cohort_id, owner_id, title, standing, created_at) \
               VALUES ($1, $2, $3, 'draft', {now}) RETURNING id";
    let id: i64 = db::one(transaction, sql, [cohort.0.into(), owner.0.into(), title.into()]).await?;
    // As many rows at a time as a statement has room for.
    for (begin, pairs) in (0_i64..).step_by(100).zip(pairs.chunks(100)) {
        let mut values: Vec<Value> = vec![id.into()];
        let mut rows = Vec::with_capacity(pairs.len());
        for (place, pair) in (begin..).zip(pairs) {
            let next = values.len() + 1;
            let numbers: Vec<String> = (next..next + 6).map(|number| format!("${number}")).collect();
            rows.push(format!("($1, {})", numbers.join(", ")));
            values.push(place.into());
            for text in [&pair.prompt, &pair.a, &pair.b, &pair.a_from, &pair.b_from] {
                values.push(text.as_str().into());
            }
        }
        let sql = format!(
            "INSERT INTO preference_pairs (set_id, place, prompt, a, b, a_from, b_from) VALUES {}",
            rows.join(", ")
        );
        db::run(transaction, &sql, values).await?;
    }
    Ok(PreferenceSetId(id))
}

pub async fn set_state(
    transaction: &DatabaseTransaction,
    id: PreferenceSetId,
    state: SetState,
) -> Result<()> {
    let sql = "UPDATE preference_sets SET standing = $2 WHERE id = $1";
    db::run(transaction, sql, [id.0.into(), names::to_text(&state)?.into()]).await?;
    Ok(())
}

pub async fn delete(transaction: &DatabaseTransaction, id: PreferenceSetId) -> Result<()> {
    db::run(transaction, "DELETE FROM preference_sets WHERE id = $1", [id.0.into()]).await?;
    Ok(())
}
