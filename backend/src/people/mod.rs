//! People: how they come into a class, what is stored about them, and how they leave.
//!
//! ```text
//! invitation (many) ─┐
//!                    ├─► account, membership, session ─► data (everything, for oneself) ─► deletion
//! list ─ link of one ┘
//! ```

pub mod data;
pub mod deletion;
pub mod invitations;
pub mod list;
