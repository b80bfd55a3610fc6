//! The course: lessons and checkpoint questions from a folder (`course/README.md` tells its format), read and
//! checked whole when the server starts, and what a cohort made of them.
//!
//! ```text
//! folder ─ read ─► Course ─┬─ lessons: the folder's text or the cohort's own version of it
//!                          ├─ answers: attempts, marked at once, by a check or by a person
//!                          └─ gradebook: what all of it comes to
//! ```

pub mod announcements;
pub mod answers;
pub mod certificates;
pub mod checks;
mod figures;
pub mod first_steps;
pub mod gradebook;
mod labs;
mod lesson;
pub mod lessons;
mod math;
pub mod progress;
mod questions;
mod read;
mod render;
mod sanitize;
pub mod settings;

pub use lesson::ReadLesson;
pub use questions::ReadQuestion;
pub use read::{CourseProblem, read};

use std::collections::BTreeMap;
use std::sync::Arc;

use figures::Figures;

use crate::error::{ApiError, Result};

/// The weeks by their numbers; empty where no folder was given.
#[derive(Debug, Default)]
pub struct Course {
    weeks: BTreeMap<u32, Week>,
}

/// A week as its folder has it.
#[derive(Debug)]
pub struct Week {
    /// The whole of `lesson.md`.
    pub markdown: String,
    pub lesson: Arc<ReadLesson>,
    pub questions: Vec<ReadQuestion>,
    figures: Figures,
}

impl Course {
    pub fn weeks(&self) -> impl Iterator<Item = (u32, &Week)> {
        self.weeks.iter().map(|(number, week)| (*number, week))
    }

    /// # Errors
    /// Not found, if the course has no such week.
    pub fn week(&self, number: u32) -> Result<&Week> {
        self.weeks.get(&number).ok_or_else(|| ApiError::not_found("week of the course"))
    }
}

impl Week {
    /// # Errors
    /// Not found, if the week asks no such question.
    pub fn question(&self, id: &str) -> Result<&ReadQuestion> {
        let found = self.questions.iter().find(|question| question.written.id == id);
        found.ok_or_else(|| ApiError::not_found("question"))
    }

    pub fn points_possible(&self) -> f64 {
        self.questions.iter().map(|question| f64::from(question.written.points)).sum()
    }
}
