//! Starts the real binaries, drives them over HTTP as a person's program would, and hurts them.

#![allow(clippy::unwrap_used, clippy::expect_used)]

pub mod browser;
pub mod client;
pub mod databases;
pub mod line;
pub mod path;
pub mod platform;
pub mod process;
pub mod stories;
pub mod trained;
