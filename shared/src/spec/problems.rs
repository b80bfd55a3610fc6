//! What is wrong with a spec, field by field.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One field that cannot work, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// Dotted path from the spec's root, e.g. `architecture.layers` or `sources.0.label`.
    pub field: String,
    pub message: String,
}

/// All problems of a spec; never empty when it is an error.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Notes `message` against `field` unless `holds`.
    pub fn require(&mut self, holds: bool, field: &str, message: impl Into<String>) {
        if !holds {
            self.0.push(Problem { field: field.to_owned(), message: message.into() });
        }
    }

    /// Notes a value outside `low..=high`. Not-a-number is outside.
    pub fn range<T: PartialOrd + fmt::Display + Copy>(&mut self, value: T, low: T, high: T, field: &str) {
        self.require(
            value >= low && value <= high,
            field,
            format!("{value} is not allowed: choose a value from {low} to {high}"),
        );
    }

    /// The problems of a part, with its path in front.
    pub fn nest(&mut self, prefix: &str, inner: Problems) {
        self.0.extend(inner.0.into_iter().map(|problem| Problem {
            field: format!("{prefix}.{}", problem.field),
            message: problem.message,
        }));
    }

    pub fn into_result(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                formatter.write_str("; ")?;
            }
            write!(formatter, "{}: {}", problem.field, problem.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
