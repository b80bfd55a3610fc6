//! Pairs of answers that a class judges blind.
//!
//! ```text
//! lines ─ read ─► set (draft ─► open ─► closed)
//!                  └─ pairs ─► judgements: who, which, on which side, how long
//!                               └─ results: wins by source, agreement; a file for DPO
//! ```
//!
//! Whoever judges is told neither where answers come from nor what others chose, until the set is closed: both would
//! pull their own choice along.

pub mod judging;
pub mod results;
pub mod sets;
