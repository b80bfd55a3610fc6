//! A request being worked off.

use shared::engine::{Event, RequestNumber};

use crate::clock::Turns;
use crate::inbox::Stop;
use crate::port;

/// What everything that works for a request is given: whom to tell, and when to end.
pub struct Task<'a> {
    pub number: RequestNumber,
    pub stop: Stop,
    pub turns: &'a Turns,
}

impl Task<'_> {
    pub fn report(&self, event: Event) {
        port::send(Some(self.number), event);
    }
}
