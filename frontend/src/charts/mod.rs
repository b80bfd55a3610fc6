//! Curves, drawn by uPlot.

mod chart;
mod uplot;

pub use chart::{Chart, Line, Source};
pub use uplot::Scale;
