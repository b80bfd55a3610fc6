//! Coming into a class.

use axum::http::request::Parts;
use shared::api::invitations::{
    AcceptInvitation, CreateInvitation, InvitationLink, InvitationList, InvitePeople, InvitedPeople,
    JoinCohort, LinkMeaning, ListInvitations, LookUpLink, PeoplePreview, PreviewPeople, RevokeInvitation,
};
use shared::api::sessions::{Done, Membership, SignInReply};

use super::{check_name, cohorts, sessions, users};
use crate::access::{Member, Person};
use crate::app::App;
use crate::endpoint::{WithHeaders, plain};
use crate::error::{ApiError, Result};
use crate::people::{invitations, list as people_list};
use crate::tokens::{self, TokenKind};
use crate::{audit, db, http, passwords};

pub async fn create(app: App, member: Member, request: CreateInvitation) -> Result<InvitationLink> {
    cohorts::refuse_above(&member, request.role)?;
    let token = tokens::generate(TokenKind::Invitation)?;
    let transaction = db::write(&app.database).await?;
    cohorts::require_active(&transaction, request.cohort_id).await?;
    let by = member.person.user_id;
    let invitation = invitations::create(&transaction, by, &request, &tokens::hash(&token)).await?;
    let subject = format!("invitation {} to cohort {}", invitation.invitation_id, request.cohort_id);
    audit::record(&transaction, Some(by), "create_invitation", &subject).await?;
    transaction.commit().await?;
    Ok(InvitationLink { invitation, url: format!("{}/join#{token}", app.public_url()), token })
}

pub async fn list(app: App, _: Member, request: ListInvitations) -> Result<InvitationList> {
    let invitations = invitations::list(app.database.read(), request.cohort_id, None).await?;
    Ok(InvitationList { invitations })
}

pub async fn revoke(app: App, member: Member, request: RevokeInvitation) -> Result<Done> {
    let transaction = db::write(&app.database).await?;
    invitations::revoke(&transaction, request.cohort_id, request.invitation_id).await?;
    let subject = format!("invitation {} to cohort {}", request.invitation_id, request.cohort_id);
    audit::record(&transaction, Some(member.person.user_id), "revoke_invitation", &subject).await?;
    transaction.commit().await?;
    Ok(Done {})
}

pub async fn look_up(app: App, parts: Parts, request: LookUpLink) -> Result<WithHeaders<LinkMeaning>> {
    let address = http::caller_address(&app.config.server.trusted_proxies, &parts);
    app.sign_in_limit.check(address)?;
    match invitations::meaning(app.database.read(), &tokens::hash(&request.token)).await? {
        Some(meaning) => Ok(plain(meaning)),
        None => {
            app.sign_in_limit.failed(address);
            Err(ApiError::not_found("link"))
        }
    }
}

pub async fn accept(app: App, parts: Parts, request: AcceptInvitation) -> Result<WithHeaders<SignInReply>> {
    let address = http::caller_address(&app.config.server.trusted_proxies, &parts);
    app.sign_in_limit.check(address)?;
    sessions::from_our_page(&app, &parts, request.session)?;
    let name = check_name(&request.name, 100)?;
    passwords::check(&request.password, "password")?;
    let token_hash = tokens::hash(&request.token);
    if invitations::find(app.database.read(), &token_hash).await?.is_none() {
        app.sign_in_limit.failed(address);
        return Err(ApiError::not_found("link"));
    }
    let hash = passwords::hash(passwords::turn(&app).await?, &request.password).await?;
    let transaction = db::write(&app.database).await?;
    let place = invitations::take(&transaction, &token_hash).await?;
    let user = users::insert(&transaction, name, false, app.config.limits.storage_quota_bytes).await?;
    cohorts::put_member(&transaction, place.cohort, user, place.role).await?;
    passwords::store(&transaction, user, &hash).await?;
    let subject = format!("user {user} by invitation {}", place.invitation);
    audit::record(&transaction, Some(user), "accept_invitation", &subject).await?;
    let reply = sessions::open_session(&app, &transaction, &parts, user, request.session).await?;
    transaction.commit().await?;
    Ok(reply)
}

pub async fn join(app: App, person: Person, request: JoinCohort) -> Result<Membership> {
    let token_hash = tokens::hash(&request.token);
    let user = person.user_id;
    let transaction = db::write(&app.database).await?;
    let place = invitations::find(&transaction, &token_hash).await?;
    let place = place.ok_or_else(|| ApiError::not_found("link"))?;
    let sql = "SELECT role FROM memberships WHERE user_id = $1 AND cohort_id = $2";
    let before: Option<String> =
        db::scalar(&transaction, sql, [user.0.into(), place.cohort.0.into()]).await?;
    let before = before.map(|role| crate::names::from_text(&role)).transpose()?;
    if before.is_none_or(|role: shared::api::Role| role < place.role) {
        invitations::take(&transaction, &token_hash).await?;
        cohorts::put_member(&transaction, place.cohort, user, place.role).await?;
        let subject = format!("user {user} by invitation {}", place.invitation);
        audit::record(&transaction, Some(user), "join_cohort", &subject).await?;
    }
    let memberships = sessions::memberships(&transaction, user).await?;
    transaction.commit().await?;
    let joined = memberships.into_iter().find(|membership| membership.cohort_id == place.cohort);
    joined.ok_or_else(|| ApiError::Bug("a new membership is not there".to_owned()))
}

pub async fn preview_people(app: App, member: Member, request: PreviewPeople) -> Result<PeoplePreview> {
    people_list::preview(app.database.read(), &request.csv, member.role).await
}

pub async fn invite_people(app: App, member: Member, request: InvitePeople) -> Result<InvitedPeople> {
    let transaction = db::write(&app.database).await?;
    cohorts::require_active(&transaction, request.cohort_id).await?;
    let invited = people_list::invite(&app, &transaction, &request, member.role).await?;
    let subject = format!("cohort {}: {} people", request.cohort_id, invited.people);
    audit::record(&transaction, Some(member.person.user_id), "invite_people", &subject).await?;
    transaction.commit().await?;
    Ok(invited)
}
