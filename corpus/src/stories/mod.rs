//! Stories. A theme is a kind of trouble (something is missing, friends fall out); it has several troubles and several
//! ways out, and every way fits every trouble of its theme. A **plot** is one trouble with one way out. It is told in
//! the setting of a genre, which casts it: who, where, with what.
//!
//! One pair in each row and column is kept for held-out documents: a model that is tested on them has read of every
//! trouble and of every way out, but never of this one after that one, and never of these people.

mod interludes;
mod settings;
mod themes;

use crate::scene::Scene;
use crate::{Genre, Split};

use themes::THEMES;

/// A kind of trouble.
#[derive(Debug)]
struct Theme {
    name: &'static str,
    /// as many as `ways`
    troubles: &'static [Passage],
    ways: &'static [Passage],
    /// what came of it
    endings: &'static [&'static str],
}

/// A part of a story: its paragraphs, each in several wordings (notation: `scene::template`).
#[derive(Debug)]
struct Passage {
    name: &'static str,
    paragraphs: &'static [&'static [&'static str]],
}

/// One way a story can go.
#[derive(Clone, Copy, Debug)]
pub struct Plot {
    theme: &'static Theme,
    trouble: usize,
    way: usize,
}

impl Plot {
    /// `theme/trouble/way`, e.g. `missing/wind/footprints`
    pub fn name(&self) -> String {
        let Self { theme, trouble, way } = self;
        format!("{}/{}/{}", theme.name, theme.troubles[*trouble].name, theme.ways[*way].name)
    }

    /// Whether it is kept for held-out documents.
    pub fn held_out(&self) -> bool {
        self.trouble == self.way
    }
}

/// Every plot.
pub fn plots() -> impl Iterator<Item = Plot> {
    THEMES.iter().copied().flat_map(|theme| {
        let pairs = (0..theme.troubles.len())
            .flat_map(|trouble| (0..theme.ways.len()).map(move |way| (trouble, way)));
        pairs.map(move |(trouble, way)| Plot { theme, trouble, way })
    })
}

/// Writes one story of the scene's split into the scene; gives its genre and its plot.
pub(crate) fn write(scene: &mut Scene) -> (Genre, Plot) {
    let setting = scene.choose(settings::SETTINGS);
    let theme = scene.choose(THEMES);
    let trouble = scene.below(theme.troubles.len());
    let way = match scene.split {
        Split::HeldOut => trouble,
        Split::Training => (trouble + 1 + scene.below(theme.ways.len() - 1)) % theme.ways.len(),
    };
    for _ in 0..ATTEMPTS {
        scene.clear();
        settings::cast(scene, setting);
        settings::open(scene, setting);
        tell(scene, &theme.troubles[trouble]);
        if scene.chance(25) {
            scene.one_of(interludes::INTERLUDES);
        }
        tell(scene, &theme.ways[way]);
        scene.one_of(theme.endings);
        if scene.chance(25) {
            scene.one_of(interludes::CLOSINGS);
        }
        if scene.size_bytes() <= LONGEST_BYTES {
            break;
        }
    }
    (setting.genre, Plot { theme, trouble, way })
}

fn tell(scene: &mut Scene, passage: &Passage) {
    for wordings in passage.paragraphs {
        scene.one_of(wordings);
    }
}

/// A story that came out longer is told again, a few times.
const LONGEST_BYTES: usize = 1_700;
const ATTEMPTS: usize = 20;
