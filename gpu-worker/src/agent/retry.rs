//! Trying again through a server's outages.

use std::time::Duration;

use tracing::{info, warn};

use crate::api_client::ApiError;

const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(20);

/// Delays that double from a quarter of a second to 20 seconds, each between half and all of that,
/// so that a hundred workers do not come back in step.
#[derive(Debug, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    pub fn next_delay(&mut self) -> Duration {
        let full = FIRST.saturating_mul(1 << self.failures.min(10)).min(LONGEST);
        self.failures += 1;
        full.mul_f64(0.5 + 0.5 * random_share())
    }
}

/// Calls until there is an answer that another try would not change.
pub async fn retrying<T, F>(what: &str, call: impl Fn() -> F) -> Result<T, ApiError>
where
    F: Future<Output = Result<T, ApiError>>,
{
    let mut backoff = Backoff::default();
    loop {
        match call().await {
            Err(error) if error.is_transient() => {
                let delay = backoff.next_delay();
                warn!("{what}: {error}; again in {:.1} s", delay.as_secs_f64());
                tokio::time::sleep(delay).await;
            }
            answer => {
                if backoff.failures > 0 && answer.is_ok() {
                    info!("{what}: done after {} failures", backoff.failures);
                }
                return answer;
            }
        }
    }
}

/// Uniform in 0..1. Without randomness all workers wait alike, which is no error.
fn random_share() -> f64 {
    f64::from(getrandom::u32().unwrap_or(u32::MAX / 2)) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use shared::api::{ErrorBody, ErrorCode};

    use super::*;

    #[test]
    fn delays_grow_and_stay_below_twenty_seconds() {
        let mut backoff = Backoff::default();
        for failure in 0..40 {
            let delay = backoff.next_delay();
            let full = FIRST.saturating_mul(1 << failure.min(10)).min(LONGEST);
            assert!(delay >= full / 2 && delay <= full, "{failure}: {delay:?}");
        }
    }

    #[tokio::test]
    async fn an_outage_is_sat_out_and_a_refusal_ends_it() {
        let refuse =
            |code| ApiError::Refused(ErrorBody { code, message: String::new(), problems: Vec::new() });
        let calls = AtomicU32::new(0);
        let answer = retrying("test", || async {
            match calls.fetch_add(1, Ordering::Relaxed) {
                0 => Err(ApiError::Unreachable("refused".to_owned())),
                1 => Err(refuse(ErrorCode::Unavailable)),
                _ => Err::<(), _>(refuse(ErrorCode::LeaseLost)),
            }
        })
        .await;
        assert_eq!(answer.unwrap_err().code(), Some(ErrorCode::LeaseLost));
        assert_eq!(calls.load(Ordering::Relaxed), 3);
    }
}
