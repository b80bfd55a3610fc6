//! The form in the browser's store of this tab: a reload, or a tab that the system threw away, loses nothing.

use serde::{Deserialize, Serialize};
use shared::artifacts::Artifact;
use shared::ids::{CohortId, PipelineId, UserId};
use shared::spec::Encoding;
use shared::spec::depth::Size;
use shared::spec::presets::Preset;

use super::form::{Draft, Typed};

/// Everything that a form begins with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    pub cohort: CohortId,
    pub sources: Vec<Artifact>,
    pub encoding: Encoding,
    pub text_field: Option<String>,
    pub licence_note: String,
    pub size: Option<Size>,
    pub draft: Draft,
    pub typed: Typed,
}

impl Kept {
    pub fn empty(cohort: CohortId) -> Self {
        Self {
            cohort,
            sources: Vec::new(),
            encoding: Encoding::default(),
            text_field: None,
            licence_note: String::new(),
            size: Some(Preset::Tiny.into()),
            draft: Draft::of(Preset::Tiny.into()),
            typed: Typed::new(),
        }
    }
}

/// One person's form for one page; another who signs in within this tab does not find it.
pub fn name(user: UserId, from: Option<PipelineId>) -> String {
    match from {
        Some(pipeline) => format!("new-run/{user}/{pipeline}"),
        None => format!("new-run/{user}"),
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_form_is_the_same_after_it_was_kept() {
        let mut form = Kept::empty(CohortId(3));
        form.encoding = Encoding::EucKr;
        form.typed.insert("optimizer.learning_rate".into(), "0.0007".into());
        form.draft.pretrain.optimizer.learning_rate = 0.000_7;
        let text = serde_json::to_string(&form).unwrap();
        assert_eq!(serde_json::from_str::<Kept>(&text).unwrap(), form);
    }
}
