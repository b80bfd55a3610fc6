//! Labs in a lesson: a fenced block `lab NAME` with TOML in it becomes an element that the page fills.

use shared::course::Lab;

/// The lab's name and its settings as JSON.
///
/// # Errors
/// What is wrong with the block.
pub fn read(name: &str, settings: &str) -> Result<(String, String), String> {
    let known: Result<Lab, _> = serde_json::from_value(serde_json::Value::String(name.to_owned()));
    known.map_err(|_| format!("there is no lab {name:?}; course/README.md lists them"))?;
    let settings: toml::Table =
        toml::from_str(settings).map_err(|error| format!("the lab's settings: {}", error.message()))?;
    let json = serde_json::to_string(&settings).map_err(|error| error.to_string())?;
    Ok((name.to_owned(), json))
}
