//! The themes, one file each. Each says in its head what holds after a trouble and after a way out of it.

mod missing;

use super::{Passage, Theme};

pub(super) const THEMES: &[&Theme] = &[&missing::THEME];
