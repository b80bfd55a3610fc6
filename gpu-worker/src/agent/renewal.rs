//! Says to the server that the attempt lives, until it has ended.

use std::time::Duration;

use shared::api::ErrorCode;
use shared::api::leases::{Lease, RenewLease, RenewReply};
use tracing::warn;

use super::ending::{Ending, Endings};
use crate::api_client::{ApiClient, ApiError};

/// Renews until the lease is lost. An unreachable server ends nothing: a late renewal revives the
/// lease, and if another attempt has begun, the first answer says so.
pub async fn renew(client: ApiClient, lease: Lease, endings: Endings) {
    let interval = Duration::from_secs_f64(lease.renewal_seconds.clamp(0.05, 3_600.0));
    loop {
        tokio::time::sleep(interval).await;
        let call = client.call(&RenewLease {}, &lease.token);
        // A call that hangs must not outlive the lease.
        let answer = tokio::time::timeout(interval.max(Duration::from_secs(2)), call)
            .await
            .unwrap_or_else(|_| Err(ApiError::Unreachable("no answer in time".to_owned())));
        match answer {
            Ok(RenewReply::Continue) => {}
            Ok(RenewReply::Cancel) => endings.end(Ending::Cancel),
            Ok(RenewReply::GiveBack) => endings.end(Ending::Drain),
            Err(error) if is_lost(&error) => {
                warn!("the lease is lost: {error}");
                endings.end(Ending::LeaseLost);
                return;
            }
            Err(error) => warn!("renewing the lease: {error}"),
        }
    }
}

/// Whether the server will take nothing more from this lease. A revoked worker's is refused too.
pub fn is_lost(error: &ApiError) -> bool {
    matches!(error.code(), Some(ErrorCode::LeaseLost | ErrorCode::NotSignedIn | ErrorCode::Forbidden))
}
