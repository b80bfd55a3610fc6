//! An answer as it is being written. It outlives a reload and a broken connection, with the key of its attempt: sent
//! twice, it is one attempt.

use frontend::{browser, kept};
use serde::{Deserialize, Serialize};
use shared::course::Given;
use shared::ids::{CohortId, UserId};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    pub given: Typed,
    pub idempotency_key: String,
}

/// What stands in the form; a number as it was typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Typed {
    Choice(Option<u32>),
    Choices(Vec<u32>),
    Number(String),
    Words(String),
    Artifact(Option<i64>),
}

impl Typed {
    /// The answer, once there is one.
    pub fn given(&self) -> Option<Given> {
        match self {
            Self::Choice(option) => option.map(|option| Given::Choice { option }),
            Self::Choices(options) => {
                (!options.is_empty()).then(|| Given::Choices { options: options.clone() })
            }
            Self::Number(text) => {
                // People write 1,000 and "12 %" loosely; the unit stands beside the field.
                let digits: String = text.chars().filter(|&character| character != ',').collect();
                digits
                    .trim()
                    .parse()
                    .ok()
                    .filter(|value: &f64| value.is_finite())
                    .map(|value| Given::Numeric { value })
            }
            Self::Words(text) => (!text.trim().is_empty()).then(|| Given::Short { text: text.clone() }),
            Self::Artifact(id) => id.map(|id| Given::Artifact { artifact_id: shared::ids::ArtifactId(id) }),
        }
    }
}

impl Draft {
    pub fn new(given: Typed) -> Self {
        Self { given, idempotency_key: browser::random_name() }
    }
}

pub fn name(user: UserId, cohort: CohortId, week: u32, question: &str) -> String {
    format!("answer/{user}/{cohort}/{week}/{question}")
}

/// What was kept, if it fits what is asked.
pub fn recall(name: &str, empty: &Typed) -> Option<Draft> {
    let draft: Draft = kept::recall(name)?;
    (std::mem::discriminant(&draft.given) == std::mem::discriminant(empty)).then_some(draft)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn numbers_are_read_as_people_write_them() {
        for (typed, value) in [
            ("30", Some(30.0)),
            (" 1,234.5 ", Some(1234.5)),
            ("-2e3", Some(-2000.0)),
            ("", None),
            ("많이", None),
            ("inf", None),
        ] {
            let given = Typed::Number(typed.to_owned()).given();
            assert_eq!(given, value.map(|value| Given::Numeric { value }), "{typed}");
        }
        assert_eq!(Typed::Words(" \n".to_owned()).given(), None);
    }
}
