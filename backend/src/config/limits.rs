//! What one caller may take.

use std::time::Duration;

/// Unless it is configured: for the server and for the command that makes accounts.
pub const STORAGE_QUOTA_BYTES: u64 = 64 << 30;

#[derive(Debug, Clone, clap::Args)]
pub struct LimitConfig {
    /// Bytes of one uploaded file.
    #[arg(long, env = "MITBADAK_UPLOAD_LIMIT_BYTES", default_value_t = 16 << 30)]
    pub upload_limit_bytes: u64,
    /// Bytes that a new account may store.
    #[arg(long, env = "MITBADAK_STORAGE_QUOTA_BYTES", default_value_t = STORAGE_QUOTA_BYTES)]
    pub storage_quota_bytes: u64,
    /// Bytes that nothing refers to are kept this long.
    #[arg(long, env = "MITBADAK_BLOB_GRACE_SECONDS", default_value_t = 86_400.0)]
    pub blob_grace_seconds: f64,
    /// Bytes that nothing refers to are looked for this often.
    #[arg(long, env = "MITBADAK_COLLECT_SECONDS", default_value_t = 600.0)]
    pub collect_seconds: f64,
    /// Failed sign-ins per minute from one address.
    #[arg(long, env = "MITBADAK_SIGN_IN_LIMIT", default_value_t = 10)]
    pub sign_in_limit: u32,
    /// Failed sign-ins per minute from everywhere.
    #[arg(long, env = "MITBADAK_SIGN_IN_LIMIT_GLOBAL", default_value_t = 200)]
    pub sign_in_limit_global: u32,
}

impl Default for LimitConfig {
    fn default() -> Self {
        Self {
            upload_limit_bytes: 16 << 30,
            storage_quota_bytes: STORAGE_QUOTA_BYTES,
            blob_grace_seconds: 86_400.0,
            collect_seconds: 600.0,
            sign_in_limit: 10,
            sign_in_limit_global: 200,
        }
    }
}

impl LimitConfig {
    pub fn collect(&self) -> Duration {
        Duration::from_secs_f64(self.collect_seconds.clamp(0.05, 86_400.0))
    }
}
