//! Stories of the server, told over its real router with a real database and real storage. Every
//! story runs on SQLite, and on PostgreSQL when `MITBADAK_TEST_POSTGRES_URL` names a throwaway
//! cluster (`cargo xtask test` does that).

// A test's `unwrap` is an assertion; clippy knows that only inside `#[test]` functions.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod access;
mod accounts;
mod audit;
mod backups;
mod certificates;
mod claims;
mod class;
mod command_line;
mod dependents;
mod draining;
mod estimates;
mod events;
mod first_steps;
mod front_end;
mod leases;
mod lessons;
mod load;
mod migrating;
mod notices;
mod people;
mod preferences;
mod publishing;
mod purpose;
mod questions;
mod queue;
mod random_requests;
mod reservations;
mod resuming;
mod rights;
mod rows;
mod schema;
mod serving;
mod sign_in;
mod storage;
mod submitting;
mod support;
mod tidy;
mod waits;
mod worker_time;
