//! Opaque tokens: 256 random bits, shown once, stored as their SHA-256. The two letters in front let
//! people and secret scanners see what a leaked one is for.

use sha2::{Digest, Sha256};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    SignIn,
    /// Sets a password and signs in.
    Password,
    Invitation,
    Session,
    Worker,
    Lease,
}

impl TokenKind {
    pub fn prefix(self) -> &'static str {
        match self {
            Self::SignIn => "mb-signin-",
            Self::Password => "mb-password-",
            Self::Invitation => "mb-invite-",
            Self::Session => "mb-session-",
            Self::Worker => "mb-worker-",
            Self::Lease => "mb-lease-",
        }
    }
}

/// A new token; the caller gives it away and stores only its [`hash`].
pub fn generate(kind: TokenKind) -> Result<String, getrandom::Error> {
    let mut bits = [0_u8; 32];
    getrandom::fill(&mut bits)?;
    Ok(format!("{}{}", kind.prefix(), hex::encode(bits)))
}

/// A certificate's code: 128 random bits, so that nobody finds one by trying.
pub fn certificate_code() -> Result<String, getrandom::Error> {
    let mut bits = [0_u8; 16];
    getrandom::fill(&mut bits)?;
    Ok(hex::encode(bits))
}

/// As it stands in the database.
pub fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// A number in `0.0..1.0`, for jitter.
pub fn random_share() -> Result<f64, getrandom::Error> {
    Ok(f64::from(getrandom::u32()?) / (f64::from(u32::MAX) + 1.0))
}
