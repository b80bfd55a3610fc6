//! Failed sign-ins per minute, per address and in all. Only failures count, so that a class behind
//! one address can sign in at once.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use shared::api::ErrorCode;

use crate::config::LimitConfig;
use crate::error::{ApiError, Result};

const WINDOW: Duration = Duration::from_secs(60);

pub struct SignInLimit {
    per_address: u32,
    global: u32,
    failures: Mutex<Failures>,
}

struct Failures {
    since: Instant,
    global: u32,
    by_address: HashMap<IpAddr, u32>,
}

impl SignInLimit {
    pub fn new(limits: &LimitConfig) -> Self {
        let failures = Failures { since: Instant::now(), global: 0, by_address: HashMap::new() };
        Self {
            per_address: limits.sign_in_limit,
            global: limits.sign_in_limit_global,
            failures: Mutex::new(failures),
        }
    }

    /// Refuses when there were too many failures in this minute.
    pub fn check(&self, address: IpAddr) -> Result<()> {
        let failures = self.current();
        let mine = failures.by_address.get(&address).copied().unwrap_or(0);
        if mine >= self.per_address || failures.global >= self.global {
            let message = "too many failed sign-ins; wait a minute and use a new link";
            return Err(ApiError::refused(ErrorCode::TooManyRequests, message));
        }
        Ok(())
    }

    pub fn failed(&self, address: IpAddr) {
        let mut failures = self.current();
        failures.global = failures.global.saturating_add(1);
        let mine = failures.by_address.entry(address).or_insert(0);
        *mine = mine.saturating_add(1);
    }

    fn current(&self) -> std::sync::MutexGuard<'_, Failures> {
        // A panic elsewhere cannot leave a counter half written.
        let mut failures = self.failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if failures.since.elapsed() >= WINDOW {
            *failures = Failures { since: Instant::now(), global: 0, by_address: HashMap::new() };
        }
        failures
    }
}
