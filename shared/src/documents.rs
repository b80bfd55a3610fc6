//! One row of a shard (`*.jsonl.zst`): a document, either running text or an exchange of messages.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One document. A shard holds one per line as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Document {
    /// Stable within its source, e.g. `reviews.jsonl:12`.
    pub id: String,
    /// Label of the source that it came from (see `ImportSpec::sources`).
    pub source: String,
    /// Which side of the validation split the source itself asked for, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<Split>,
    #[serde(flatten)]
    pub content: Content,
}

/// What a document says: `{"text": "…"}` or `{"messages": [{"role": "user", "content": "…"}, …]}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    Text(String),
    Messages(Vec<Message>),
}

/// One turn of an exchange; rendered by the tokenizer's chat template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Message {
    pub role: ChatRole,
    pub content: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChatRole {
    System,
    User,
    Assistant,
}

/// Documents marked `HeldOut` are only ever validated on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    Training,
    HeldOut,
}

impl Document {
    /// Every string that a reader would see, in order.
    pub fn texts(&self) -> Vec<&str> {
        match &self.content {
            Content::Text(text) => vec![text],
            Content::Messages(messages) => messages.iter().map(|message| message.content.as_str()).collect(),
        }
    }

    /// Bytes of UTF-8 that a reader would see.
    pub fn size_bytes(&self) -> u64 {
        self.texts().iter().map(|text| text.len() as u64).sum()
    }
}
