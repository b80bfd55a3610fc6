//! How long requests took, by endpoint, and how late facts reached the instructor.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use shared::api::jobs::JobState;
use shared::ids::JobId;

/// Something that happened to a job, as its worker was told that it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fact {
    Begun,
    Ended,
}

#[derive(Debug, Default)]
pub struct Record {
    durations: Mutex<BTreeMap<&'static str, Vec<Duration>>>,
    failures: Mutex<BTreeMap<String, u64>>,
    /// Until the instructor has seen them.
    facts: Mutex<HashMap<(JobId, Fact), Instant>>,
    delays: Mutex<Vec<Duration>>,
    everybody_left: AtomicBool,
}

/// A poisoned lock only means that another task failed, which is reported by itself.
fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Record {
    pub fn took(&self, endpoint: &'static str, duration: Duration) {
        locked(&self.durations).entry(endpoint).or_default().push(duration);
    }

    pub fn failed(&self, what: String) {
        *locked(&self.failures).entry(what).or_default() += 1;
    }

    pub fn happened(&self, job: JobId, fact: Fact) {
        locked(&self.facts).insert((job, fact), Instant::now());
    }

    /// What the instructor sees of a job just now.
    pub fn seen(&self, job: JobId, state: JobState) {
        let mut facts = locked(&self.facts);
        let mut found = Vec::new();
        if state == JobState::Running || state.has_ended() {
            found.extend(facts.remove(&(job, Fact::Begun)));
        }
        if state.has_ended() {
            found.extend(facts.remove(&(job, Fact::Ended)));
        }
        locked(&self.delays).extend(found.into_iter().map(|at| at.elapsed()));
    }

    /// No learner is there any more: workers finish what they have and go.
    pub fn everybody_left(&self) {
        self.everybody_left.store(true, Ordering::Relaxed);
    }

    pub fn has_everybody_left(&self) -> bool {
        self.everybody_left.load(Ordering::Relaxed)
    }

    /// The table; how many bounds were broken.
    pub fn print(&self, limit_seconds: f64, live_seconds: f64) -> u64 {
        let mut broken = 0;
        println!("\n{:<22} {:>8} {:>9} {:>9} {:>9}", "endpoint", "requests", "p50 ms", "p99 ms", "max ms");
        for (endpoint, durations) in locked(&self.durations).iter_mut() {
            let worst = row(endpoint, durations);
            broken += u64::from(worst > limit_seconds);
        }
        let mut delays = locked(&self.delays);
        row("until the instructor", &mut delays);
        let latest = delays.last().copied().unwrap_or_default();
        broken += u64::from(latest.as_secs_f64() > live_seconds);
        let unseen = locked(&self.facts).len();
        if unseen > 0 || delays.is_empty() {
            println!("{unseen} facts never reached the instructor, {} did", delays.len());
            broken += 1;
        }
        for (what, count) in locked(&self.failures).iter() {
            println!("{count} × {what}");
            broken += 1;
        }
        broken
    }
}

/// Answers the 99th percentile in seconds; afterwards the durations are sorted.
fn row(name: &str, durations: &mut [Duration]) -> f64 {
    durations.sort_unstable();
    let at = |share: f64| {
        let last = durations.len().saturating_sub(1);
        durations.get((last as f64 * share).ceil() as usize).copied().unwrap_or_default().as_secs_f64()
    };
    let [half, most, worst] = [0.5, 0.99, 1.0].map(|share| at(share) * 1e3);
    println!("{name:<22} {:>8} {half:>9.1} {most:>9.1} {worst:>9.1}", durations.len());
    most / 1e3
}
