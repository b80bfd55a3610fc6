//! Failed sign-ins per minute, per address, per name and in all. Only failures count, so that a class behind
//! one address can sign in at once.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use shared::api::ErrorCode;

use crate::config::LimitConfig;
use crate::error::{ApiError, Result};
use crate::tokens;

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
    /// By the hash of the name that was tried, whether somebody is called that or not.
    by_name: HashMap<String, u32>,
}

impl Failures {
    fn none() -> Self {
        Self { since: Instant::now(), global: 0, by_address: HashMap::new(), by_name: HashMap::new() }
    }
}

impl SignInLimit {
    pub fn new(limits: &LimitConfig) -> Self {
        Self {
            per_address: limits.sign_in_limit,
            global: limits.sign_in_limit_global,
            failures: Mutex::new(Failures::none()),
        }
    }

    /// Refuses when there were too many failures in this minute.
    pub fn check(&self, address: IpAddr) -> Result<()> {
        let failures = self.current();
        let mine = failures.by_address.get(&address).copied().unwrap_or(0);
        if mine >= self.per_address || failures.global >= self.global {
            return Err(too_many());
        }
        Ok(())
    }

    /// The same for a password that is tried for this name, from wherever.
    pub fn check_name(&self, name: &str) -> Result<()> {
        let tried = self.current().by_name.get(&tokens::hash(name)).copied().unwrap_or(0);
        if tried >= self.per_address { Err(too_many()) } else { Ok(()) }
    }

    pub fn name_failed(&self, name: &str) {
        let mut failures = self.current();
        let tried = failures.by_name.entry(tokens::hash(name)).or_insert(0);
        *tried = tried.saturating_add(1);
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
            *failures = Failures::none();
        }
        failures
    }
}

fn too_many() -> ApiError {
    let message = "too many failed sign-ins; wait a minute and try again";
    ApiError::refused(ErrorCode::TooManyRequests, message)
}
