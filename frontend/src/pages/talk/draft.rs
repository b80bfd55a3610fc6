//! A text that a person and a model write together.

use serde::{Deserialize, Serialize};

use super::marks::{Change, Marks};

/// The text, who wrote what, and where the model last began.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    text: String,
    marks: Marks,
    written_from: Option<usize>,
}

impl Draft {
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The whole text in parts, and whether the model wrote each.
    pub fn parts(&self) -> Vec<(bool, &str)> {
        self.marks.parts(&self.text)
    }

    pub fn edit(&mut self, new: String) {
        let change = Change::between(&self.text, &new);
        self.marks.edit(change);
        self.written_from = self.written_from.map(|place| change.moved(place));
        self.text = new;
    }

    /// The model is about to go on at the end.
    pub fn begin_writing(&mut self) {
        self.written_from = Some(self.text.len());
    }

    /// The model's words go to the end.
    pub fn append(&mut self, words: &str) {
        let start = self.text.len();
        self.marks.add(start..start + words.len());
        self.text.push_str(words);
    }

    /// Where 다시 쓰기 would begin: where the model last did, but never before a person's own words.
    pub fn rewritten_from(&self) -> Option<usize> {
        let start = self.written_from?.max(self.marks.last_start(self.text.len()));
        (start < self.text.len() && self.text.is_char_boundary(start)).then_some(start)
    }

    /// Takes the model's last words back.
    pub fn take_back(&mut self) {
        if let Some(start) = self.rewritten_from() {
            self.text.truncate(start);
            self.marks.cut(start);
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn draft(person: &str, model: &str) -> Draft {
        let mut draft = Draft::default();
        draft.edit(person.to_owned());
        draft.begin_writing();
        draft.append(model);
        draft
    }

    fn taken_back(mut draft: Draft, edited: &str) -> String {
        draft.edit(edited.to_owned());
        draft.take_back();
        draft.text
    }

    #[wasm_bindgen_test]
    fn only_the_models_last_words_are_written_again() {
        let mut draft = draft("옛날에", " 호랑이가");
        draft.begin_writing();
        draft.append(" 살았다");
        draft.take_back();
        assert_eq!(draft.text(), "옛날에 호랑이가");
        assert_eq!(draft.parts(), [(false, "옛날에"), (true, " 호랑이가")]);
        assert_eq!(draft.rewritten_from(), None, "those before are not taken back with them");
    }

    #[wasm_bindgen_test]
    fn what_a_person_has_changed_since_is_never_taken_back() {
        let written = || draft("옛날에", " 호랑이가 살았다");
        for (edited, left) in [
            ("아주 옛날에 호랑이가 살았다", "아주 옛날에"),
            ("옛날에 큰 호랑이가 살았다", "옛날에 큰 "),
            ("옛날에 호랑이가 살았다. 그리고", "옛날에 호랑이가 살았다. 그리고"),
            ("옛날에 호랑이가", "옛날에"),
            ("", ""),
        ] {
            assert_eq!(taken_back(written(), edited), left, "{edited}");
        }
    }

    #[wasm_bindgen_test]
    fn before_the_model_wrote_there_is_nothing_to_write_again() {
        let mut draft = Draft::default();
        draft.edit("옛날에".to_owned());
        assert_eq!(draft.rewritten_from(), None);
    }
}
