//! An exchange with a model, as a tab keeps it.

use serde::{Deserialize, Serialize};
use shared::documents::{ChatRole, Message};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    pub messages: Vec<Message>,
    /// Of the answer in the making, what is there.
    pub answer: String,
    /// What the person has not sent yet.
    pub draft: String,
}

impl Exchange {
    /// Nobody writes any more: what there is of an answer to a question is the answer.
    pub fn settled(mut self) -> Self {
        let is_asked = self.messages.last().is_some_and(|last| last.role == ChatRole::User);
        if is_asked && !self.answer.is_empty() {
            let content = std::mem::take(&mut self.answer);
            self.messages.push(Message { role: ChatRole::Assistant, content });
        }
        self.answer.clear();
        self
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn said(role: ChatRole, content: &str) -> Message {
        Message { role, content: content.to_owned() }
    }

    #[wasm_bindgen_test]
    fn an_answer_that_was_cut_short_stays_and_one_to_nothing_goes() {
        let question = said(ChatRole::User, "안녕하세요?");
        let asked = Exchange {
            messages: vec![question.clone()],
            answer: "네, 안".to_owned(),
            draft: "그런데".to_owned(),
        };
        let settled = asked.settled();
        assert_eq!(settled.messages, [question, said(ChatRole::Assistant, "네, 안")]);
        assert_eq!((settled.answer.as_str(), settled.draft.as_str()), ("", "그런데"));
        let renewed = Exchange { answer: "늦은 말".to_owned(), ..Exchange::default() };
        assert_eq!(renewed.settled(), Exchange::default());
    }
}
