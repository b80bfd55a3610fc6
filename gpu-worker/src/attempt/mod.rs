//! One attempt in a process of its own: what its two ends say to each other ([`protocol`]), what it
//! does to itself at the start ([`confine`], [`stopping`]) and how the agent starts, watches and
//! ends it ([`child`]).

pub mod child;
pub mod confine;
pub mod protocol;
pub mod stopping;
