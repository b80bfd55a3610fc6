//! What several labs are made of, beside the page's components.

mod bars;
mod choices;
mod frame;
mod heat_map;
mod line_chart;
pub mod random;
mod slider;

pub use bars::{Bar, Bars};
pub use choices::Choices;
pub use frame::{LabFrame, fresh_id};
pub use heat_map::{HeatMap, Matrix};
pub use line_chart::{ChartLine, LineChart};
pub use slider::Slider;
