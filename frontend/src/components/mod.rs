//! The parts that pages are built of. Each takes its words from the caller.

mod arrived;
mod button;
mod card;
mod dialog;
mod error_box;
mod field;
mod progress;
mod radio;
mod table;
mod tabs;
mod tag;
mod time;
pub mod toast;

pub use arrived::Arrived;
pub use button::{Button, ButtonKind, LinkButton};
pub use card::{Card, EmptyState, Facts, PageTitle};
pub use dialog::Dialog;
pub use error_box::{ErrorBox, Loading};
pub use field::{Field, FieldIds, aria_invalid};
pub use progress::ProgressBar;
pub use radio::{Legend, Radio};
pub use table::{Pager, TableBox};
pub use tabs::{TabPanel, Tabs};
pub use tag::StateTag;
pub use time::{Ago, Took};
