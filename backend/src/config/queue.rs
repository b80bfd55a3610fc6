//! The queue's times and limits.

use std::time::Duration;

#[derive(Debug, Clone, clap::Args)]
pub struct QueueConfig {
    /// A lease runs out this long after its claim or latest renewal.
    #[arg(long, env = "MITBADAK_LEASE_SECONDS", default_value_t = 30.0)]
    pub lease_seconds: f64,
    /// Workers renew this often.
    #[arg(long, env = "MITBADAK_RENEWAL_SECONDS", default_value_t = 10.0)]
    pub renewal_seconds: f64,
    /// Leases that ran out are looked for this often.
    #[arg(long, env = "MITBADAK_SWEEP_SECONDS", default_value_t = 15.0)]
    pub sweep_seconds: f64,
    /// A waiting claim and an event stream look this often, whether or not somebody woke them.
    #[arg(long, env = "MITBADAK_POLL_SECONDS", default_value_t = 5.0)]
    pub poll_seconds: f64,
    /// After so many failed attempts a job fails.
    #[arg(long, env = "MITBADAK_FAILURE_LIMIT", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    pub failure_limit: u32,
    /// The wait after the first failed attempt; it doubles with every further one …
    #[arg(long, env = "MITBADAK_BACKOFF_SECONDS", default_value_t = 10.0)]
    pub backoff_seconds: f64,
    /// … up to this.
    #[arg(long, env = "MITBADAK_BACKOFF_LIMIT_SECONDS", default_value_t = 600.0)]
    pub backoff_limit_seconds: f64,
    /// Jobs of one person that run at the same time.
    #[arg(long, env = "MITBADAK_RUNNING_LIMIT", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..))]
    pub running_limit: u32,
    /// Jobs of one person that wait or are queued.
    #[arg(long, env = "MITBADAK_QUEUED_LIMIT", default_value_t = 100)]
    pub queued_limit: u32,
    /// An attempt's process is stopped after this long.
    #[arg(long, env = "MITBADAK_TIME_LIMIT_SECONDS", default_value_t = 86_400.0)]
    pub time_limit_seconds: f64,
    /// An attempt's process is stopped above this, whatever its job's estimate says.
    #[arg(long, env = "MITBADAK_MEMORY_LIMIT_BYTES", default_value_t = 64 << 30)]
    pub memory_limit_bytes: u64,
}

impl Default for QueueConfig {
    fn default() -> Self {
        Self {
            lease_seconds: 30.0,
            renewal_seconds: 10.0,
            sweep_seconds: 15.0,
            poll_seconds: 5.0,
            failure_limit: 3,
            backoff_seconds: 10.0,
            backoff_limit_seconds: 600.0,
            running_limit: 4,
            queued_limit: 100,
            time_limit_seconds: 86_400.0,
            memory_limit_bytes: 64 << 30,
        }
    }
}

impl QueueConfig {
    pub fn lease_microseconds(&self) -> i64 {
        microseconds(self.lease_seconds)
    }

    pub fn poll(&self) -> Duration {
        seconds(self.poll_seconds)
    }

    pub fn sweep(&self) -> Duration {
        seconds(self.sweep_seconds)
    }
}

/// A time of the database in microseconds. Nonsense becomes the nearest sensible value.
pub fn microseconds(seconds: f64) -> i64 {
    (seconds.clamp(0.0, 1e9) * 1e6) as i64
}

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds.clamp(0.01, 86_400.0))
}
