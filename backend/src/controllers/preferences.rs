//! Pairs of answers that a class judges blind.

use shared::api::preferences::{
    CreatePreferenceSet, DeletePreferenceSet, ExportPreferences, GetPreferenceResults, JudgePair,
    ListPreferenceSets, NextPairs, PairsToJudge, PreferenceFile, PreferenceResults, PreferenceSet,
    PreferenceSetList, SET_LIMIT_BYTES, SetPreferenceSetState, SetState,
};
use shared::api::sessions::Done;
use shared::preferences;
use shared::spec::{Problem, Problems};

use super::check_line;
use crate::access::Member;
use crate::app::App;
use crate::error::{ApiError, Result};
use crate::preferences::{judging, results, sets};
use crate::{audit, db};

const TITLE_LIMIT_CHARACTERS: usize = 120;

pub async fn list(app: App, member: Member, _: ListPreferenceSets) -> Result<PreferenceSetList> {
    Ok(PreferenceSetList { sets: sets::list(app.database.read(), &member).await? })
}

pub async fn create(app: App, member: Member, request: CreatePreferenceSet) -> Result<PreferenceSet> {
    let title = check_line("title", &request.title, TITLE_LIMIT_CHARACTERS)?;
    if request.lines.len() > SET_LIMIT_BYTES {
        return Err(ApiError::field("lines", format!("use at most {SET_LIMIT_BYTES} bytes")));
    }
    let pairs = preferences::read(&request.lines).map_err(|problems| {
        let named = problems
            .into_iter()
            .map(|problem| Problem { field: format!("lines.{}", problem.line), message: problem.message });
        ApiError::invalid(Problems(named.collect()))
    })?;
    let transaction = db::write(&app.database).await?;
    let id = sets::create(&transaction, request.cohort_id, member.person.user_id, title, &pairs).await?;
    let set = sets::get(&transaction, &member, id).await?;
    transaction.commit().await?;
    Ok(set)
}

pub async fn set_state(app: App, member: Member, request: SetPreferenceSetState) -> Result<PreferenceSet> {
    let transaction = db::write(&app.database).await?;
    sets::managed(&transaction, &member, request.set_id).await?;
    sets::set_state(&transaction, request.set_id, request.state).await?;
    let set = sets::get(&transaction, &member, request.set_id).await?;
    transaction.commit().await?;
    Ok(set)
}

pub async fn delete(app: App, member: Member, request: DeletePreferenceSet) -> Result<Done> {
    let transaction = db::write(&app.database).await?;
    sets::managed(&transaction, &member, request.set_id).await?;
    sets::delete(&transaction, request.set_id).await?;
    let subject = format!("preference set {} in cohort {}", request.set_id, request.cohort_id);
    audit::record(&transaction, Some(member.person.user_id), "delete_preference_set", &subject).await?;
    transaction.commit().await?;
    Ok(Done {})
}

pub async fn next(app: App, member: Member, request: NextPairs) -> Result<PairsToJudge> {
    let connection = app.database.read();
    let set = sets::get(connection, &member, request.set_id).await?;
    let pairs = match set.state {
        SetState::Open => judging::next(connection, request.set_id, member.person.user_id).await?,
        SetState::Draft | SetState::Closed => Vec::new(),
    };
    Ok(PairsToJudge { pairs, judged: set.judged, all: set.pairs })
}

pub async fn judge(app: App, member: Member, request: JudgePair) -> Result<Done> {
    let transaction = db::write(&app.database).await?;
    let set = sets::get(&transaction, &member, request.set_id).await?;
    if set.state != SetState::Open {
        return Err(ApiError::conflict("this set is not open for judging; ask whoever made it"));
    }
    judging::judge(&transaction, member.person.user_id, &request).await?;
    transaction.commit().await?;
    Ok(Done {})
}

pub async fn results(app: App, member: Member, request: GetPreferenceResults) -> Result<PreferenceResults> {
    let set = sets::get(app.database.read(), &member, request.set_id).await?;
    if !set.managed && set.state != SetState::Closed {
        return Err(ApiError::forbidden("what came out is shown once the set is closed"));
    }
    results::read(app.database.read(), request.set_id).await
}

pub async fn export(app: App, member: Member, request: ExportPreferences) -> Result<PreferenceFile> {
    sets::managed(app.database.read(), &member, request.set_id).await?;
    Ok(PreferenceFile { jsonl: results::file(app.database.read(), request.set_id).await? })
}
