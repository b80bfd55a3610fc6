//! Enums as the database's text: the same words as on the wire.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{ApiError, Result};

/// A unit variant's name, e.g. `Purpose::Training` → `training`.
pub fn to_text(value: &impl Serialize) -> Result<String> {
    match serde_json::to_value(value)? {
        serde_json::Value::String(text) => Ok(text),
        other => Err(ApiError::Bug(format!("{other} is no name"))),
    }
}

pub fn from_text<T: DeserializeOwned>(text: &str) -> Result<T> {
    Ok(serde_json::from_value(serde_json::Value::String(text.to_owned()))?)
}
