//! The time that passes while a page is looked at: one interval for everything that shows it.

use std::time::Duration;

use leptos::prelude::*;

const TICK: Duration = Duration::from_secs(1);

#[derive(Clone, Copy)]
pub struct Clock(RwSignal<u32>);

impl Clock {
    /// Whoever calls this in a reactive scope is run again every second.
    pub fn track(self) {
        self.0.track();
    }
}

pub fn provide_clock() {
    let clock = Clock(RwSignal::new(0));
    provide_context(clock);
    let tick = move || clock.0.update(|seconds| *seconds = seconds.wrapping_add(1));
    if let Ok(ticking) = set_interval_with_handle(tick, TICK) {
        on_cleanup(move || ticking.clear());
    }
}

pub fn use_clock() -> Clock {
    expect_context::<Clock>()
}
