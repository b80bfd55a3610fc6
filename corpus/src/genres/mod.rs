//! Stories. A plot is a function that casts a scene and writes it: a wish, an obstacle, an act, what came of it,
//! how that felt, and how it ended. The plots marked `held_out` are written only for held-out documents.

mod adventure;
mod animals;
mod daily;
mod folktales;
mod seasons;

use crate::scene::Scene;
use crate::{Genre, Split};

/// One way a story can go.
#[derive(Clone, Copy, Debug)]
pub struct Plot {
    pub name: &'static str,
    pub genre: Genre,
    /// kept for held-out documents
    pub held_out: bool,
    pub(crate) write: fn(&mut Scene),
}

const fn told(name: &'static str, genre: Genre, write: fn(&mut Scene)) -> Plot {
    Plot { name, genre, held_out: false, write }
}

const fn kept(name: &'static str, genre: Genre, write: fn(&mut Scene)) -> Plot {
    Plot { name, genre, held_out: true, write }
}

/// Every plot of every genre.
pub fn plots() -> impl Iterator<Item = &'static Plot> {
    [animals::PLOTS, daily::PLOTS, adventure::PLOTS, folktales::PLOTS, seasons::PLOTS].into_iter().flatten()
}

/// Writes one story of the scene's split into the scene and says which plot it took.
pub(crate) fn write(scene: &mut Scene) -> &'static Plot {
    let tables = [animals::PLOTS, daily::PLOTS, adventure::PLOTS, folktales::PLOTS, seasons::PLOTS];
    let table = scene.choose(&tables);
    let held_out = scene.split == Split::HeldOut;
    let fitting = table.iter().filter(|plot| plot.held_out == held_out).count();
    let chosen = scene.below(fitting);
    let plot = table.iter().filter(|plot| plot.held_out == held_out).nth(chosen).unwrap_or(&table[0]);
    for _ in 0..ATTEMPTS {
        scene.clear();
        (plot.write)(scene);
        if scene.size_bytes() <= LONGEST_BYTES {
            break;
        }
    }
    plot
}

/// A story that came out longer is told again.
const LONGEST_BYTES: usize = 1_800;
const ATTEMPTS: usize = 20;
