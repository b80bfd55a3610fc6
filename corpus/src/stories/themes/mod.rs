//! The themes, one file each. Each says in its head what holds after a trouble and after a way out of it.

mod broken;
mod contest;
mod courage;
mod honesty;
mod hunger;
mod journey;
mod missing;
mod newcomer;
mod quarrel;
mod sickness;

use super::{Passage, Theme};

pub(super) const THEMES: &[&Theme] = &[
    &missing::THEME,
    &broken::THEME,
    &quarrel::THEME,
    &honesty::THEME,
    &hunger::THEME,
    &sickness::THEME,
    &newcomer::THEME,
    &journey::THEME,
    &courage::THEME,
    &contest::THEME,
];
