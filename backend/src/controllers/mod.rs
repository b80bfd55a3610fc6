//! The handlers, by noun. Each reads its request, asks the room that knows, and shapes the reply.

pub mod accounts;
pub mod announcements;
pub mod artifacts;
pub mod audit;
pub mod bytes;
pub mod certificates;
pub mod class;
pub mod cohorts;
pub mod first_steps;
pub mod gradebook;
pub mod invitations;
pub mod jobs;
pub mod leases;
pub mod lessons;
pub mod models;
pub mod notifications;
pub mod preferences;
pub mod questions;
pub mod queue;
pub mod sessions;
pub mod storage;
pub mod users;
pub mod worker_time;
pub mod workers;

use shared::spec::Problems;

use crate::error::{ApiError, Result};

/// A page's size: what was asked for, within bounds.
fn page(limit: Option<u32>, usual: u32, most: u32) -> i64 {
    i64::from(limit.unwrap_or(usual).clamp(1, most))
}

/// A name that people see: something, in at most so many characters, without control characters.
pub fn check_name(name: &str, limit_characters: usize) -> Result<&str> {
    check_line("name", name, limit_characters)
}

/// The same of another field.
pub fn check_line<'a>(field: &str, text: &'a str, limit_characters: usize) -> Result<&'a str> {
    let trimmed = text.trim();
    let mut problems = Problems::default();
    let count = trimmed.chars().count();
    problems.require(
        (1..=limit_characters).contains(&count),
        field,
        format!("use 1 to {limit_characters} characters"),
    );
    problems.require(!trimmed.chars().any(char::is_control), field, "leave out control characters");
    problems.into_result().map_err(ApiError::invalid)?;
    Ok(trimmed)
}
