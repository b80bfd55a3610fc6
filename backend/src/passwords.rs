//! Passwords: argon2id off the threads that answer requests, a few at a time.
//!
//! Stored as `argon2id m=47104 t=1 p=1 SALT HASH`, in hexadecimal, so that stronger settings can come later and old
//! passwords stay good.

use argon2::{Algorithm, Argon2, Params, Version};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use shared::api::sessions::PASSWORD_CHARACTERS;
use shared::ids::UserId;
use shared::spec::Problems;
use tokio::sync::OwnedSemaphorePermit;

use crate::app::App;
use crate::db;
use crate::error::{ApiError, Result};

const MEMORY_KIB: u32 = 46 << 10;
const PASSES: u32 = 1;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// The right to compute one hash.
pub struct Turn(OwnedSemaphorePermit);

/// Waits until this is among the few. What was checked before may have changed meanwhile.
pub async fn turn(app: &App) -> Result<Turn> {
    let permit = app.password_turns.clone().acquire_owned().await;
    permit.map(Turn).map_err(|_| ApiError::unavailable("the server is stopping; try again"))
}

/// # Errors
/// Invalid, naming the field, where this is no password that anybody should have.
pub fn check(password: &str, field: &str) -> Result<()> {
    let mut problems = Problems::default();
    let (least, most) = (PASSWORD_CHARACTERS.start(), PASSWORD_CHARACTERS.end());
    let characters = password.chars().count();
    problems.require(
        PASSWORD_CHARACTERS.contains(&characters),
        field,
        format!("use {least} to {most} characters"),
    );
    problems.into_result().map_err(ApiError::invalid)
}

/// For storing.
pub async fn hash(turn: Turn, password: &str) -> Result<String> {
    let mut salt = [0_u8; SALT_BYTES];
    getrandom::fill(&mut salt)?;
    let hash = compute(turn, password, salt.to_vec(), [MEMORY_KIB, PASSES, LANES]).await?;
    Ok(written(&salt, &hash))
}

fn written(salt: &[u8], hash: &[u8]) -> String {
    format!("argon2id m={MEMORY_KIB} t={PASSES} p={LANES} {} {}", hex::encode(salt), hex::encode(hash))
}

/// Whether this is the password that is stored. Where none is, the same work is done for nothing, so that the time
/// of an answer does not tell whose name is known.
pub async fn verify(turn: Turn, password: &str, stored: Option<&str>) -> Result<bool> {
    let Some(stored) = stored else {
        compute(turn, password, vec![0; SALT_BYTES], [MEMORY_KIB, PASSES, LANES]).await?;
        return Ok(false);
    };
    let (costs, salt, expected) =
        read(stored).ok_or_else(|| ApiError::Bug("a stored password cannot be read".to_owned()))?;
    let hash = compute(turn, password, salt, costs).await?;
    // Every byte is compared, whatever the first ones are.
    let difference = hash.iter().zip(&expected).fold(0, |sum, (one, other)| sum | (one ^ other));
    Ok(expected.len() == HASH_BYTES && difference == 0)
}

/// Memory, passes and lanes; the salt; the hash.
fn read(stored: &str) -> Option<([u32; 3], Vec<u8>, Vec<u8>)> {
    let parts: Vec<&str> = stored.split(' ').collect();
    let [algorithm, memory, passes, lanes, salt, hash] = parts.as_slice() else { return None };
    let number = |part: &str, name: &str| part.strip_prefix(name)?.parse().ok();
    let costs = [number(memory, "m=")?, number(passes, "t=")?, number(lanes, "p=")?];
    (*algorithm == "argon2id").then_some((costs, hex::decode(salt).ok()?, hex::decode(hash).ok()?))
}

async fn compute(turn: Turn, password: &str, salt: Vec<u8>, costs: [u32; 3]) -> Result<[u8; HASH_BYTES]> {
    let password = password.to_owned();
    let computed = tokio::task::spawn_blocking(move || {
        // The turn is over when the work is, also if nobody waits for it any more.
        let Turn(_permit) = turn;
        let [memory, passes, lanes] = costs;
        let params = Params::new(memory, passes, lanes, Some(HASH_BYTES))?;
        let mut hash = [0_u8; HASH_BYTES];
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        argon2.hash_password_into(password.as_bytes(), &salt, &mut hash)?;
        Ok::<_, argon2::Error>(hash)
    });
    let computed = computed.await.map_err(|error| ApiError::Bug(format!("hashing a password: {error}")))?;
    computed.map_err(|error| ApiError::Bug(format!("hashing a password: {error}")))
}

pub async fn stored(connection: &impl ConnectionTrait, user: UserId) -> Result<Option<String>> {
    Ok(db::scalar(connection, "SELECT hash FROM passwords WHERE user_id = $1", [user.0.into()]).await?)
}

/// Links that this person has not used are worth nothing afterwards.
pub async fn store(transaction: &DatabaseTransaction, user: UserId, hash: &str) -> Result<()> {
    let sql = "INSERT INTO passwords (user_id, hash, set_at) VALUES ($1, $2, {now}) \
               ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, set_at = excluded.set_at";
    db::run(transaction, sql, [user.0.into(), hash.into()]).await?;
    let sql = "DELETE FROM sign_in_tokens WHERE user_id = $1 AND used_at IS NULL";
    db::run(transaction, sql, [user.0.into()]).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let text = written(&[7; SALT_BYTES], &[9; HASH_BYTES]);
        let (costs, salt, hash) = read(&text).unwrap();
        assert_eq!((costs, salt, hash), ([47_104, 1, 1], vec![7; SALT_BYTES], vec![9; HASH_BYTES]));
        assert_eq!(read("argon2id m=1 t=1"), None);
        assert_eq!(read(&text.replace("argon2id", "argon2i")), None);
    }

    #[test]
    fn a_password_has_ten_to_two_hundred_characters_of_any_script() {
        for (password, good) in [
            ("", false),
            ("아홉글자입니다만요", false),
            ("열글자는됩니다이만큼", true),
            (&*"긴".repeat(200), true),
            (&*"긴".repeat(201), false),
        ] {
            assert_eq!(check(password, "password").is_ok(), good, "{password}");
        }
    }
}
