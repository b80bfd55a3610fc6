//! Random JSON that fits a schema, so that every wire type is tested without a strategy of its own
//! and a new endpoint is covered the day it enters the table.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// A strategy for values of `schema`; `definitions` resolves its references.
pub fn values(schema: &Value, definitions: &Map<String, Value>) -> BoxedStrategy<Value> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let name = reference.rsplit('/').next().unwrap();
        return values(&definitions[name], definitions);
    }
    if let Some(constant) = schema.get("const") {
        return Just(constant.clone()).boxed();
    }
    if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
        return proptest::sample::select(choices.clone()).boxed();
    }
    for combinator in ["oneOf", "anyOf"] {
        if let Some(choices) = schema.get(combinator).and_then(Value::as_array) {
            let base = object_parts(schema, definitions);
            let choices: Vec<_> = choices.iter().map(|choice| values(choice, definitions)).collect();
            return (proptest::strategy::Union::new(choices), base)
                .prop_map(|(choice, base)| merge(choice, base))
                .boxed();
        }
    }
    match &schema["type"] {
        Value::String(name) => of_type(name, schema, definitions),
        Value::Array(names) => proptest::strategy::Union::new(
            names.iter().map(|name| of_type(name.as_str().unwrap(), schema, definitions)),
        )
        .boxed(),
        other => panic!("the generator does not know the type {other} in {schema}"),
    }
}

fn merge(choice: Value, base: Value) -> Value {
    match (choice, base) {
        (Value::Object(mut choice), Value::Object(base)) => {
            choice.extend(base);
            Value::Object(choice)
        }
        (choice, _) => choice,
    }
}

fn of_type(name: &str, schema: &Value, definitions: &Map<String, Value>) -> BoxedStrategy<Value> {
    match name {
        "null" => Just(Value::Null).boxed(),
        "boolean" => any::<bool>().prop_map(Value::from).boxed(),
        "integer" => match schema["format"].as_str() {
            Some("int32") => any::<i32>().prop_map(Value::from).boxed(),
            Some("uint32") => any::<u32>().prop_map(Value::from).boxed(),
            Some("uint64") => any::<u64>().prop_map(Value::from).boxed(),
            _ => any::<i64>().prop_map(Value::from).boxed(),
        },
        // JSON has no other numbers; a sum of dyadic fractions survives every printer.
        "number" => any::<i32>().prop_map(|value| json!(f64::from(value) / 1024.0)).boxed(),
        "string" => match schema["pattern"].as_str() {
            Some(pattern) => proptest::string::string_regex(pattern.trim_matches(['^', '$']))
                .unwrap()
                .prop_filter("at most 200 bytes", |text| text.len() <= 200)
                .prop_map(Value::from)
                .boxed(),
            None => texts().prop_map(Value::from).boxed(),
        },
        "array" => proptest::collection::vec(values(&schema["items"], definitions), 0..3)
            .prop_map(Value::from)
            .boxed(),
        "object" => object_parts(schema, definitions),
        other => panic!("the generator does not know the type {other}"),
    }
}

/// Slashes, percent signs, Korean, empty: whatever a path or a query could stumble over.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("a/b?c=d&e#f%20+ 가나다/..".to_owned()),
        "[가-힣ㄱ-ㅎ ./%?&=+#\"\\\\\u{0}-\u{7f}]{0,12}",
        any::<String>(),
    ]
}

fn series() -> BoxedStrategy<String> {
    proptest::sample::select(vec!["training_loss", "bits_per_byte", "memory_bytes"])
        .prop_map(str::to_owned)
        .boxed()
}

fn object_parts(schema: &Value, definitions: &Map<String, Value>) -> BoxedStrategy<Value> {
    let required: Vec<&str> = schema["required"]
        .as_array()
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let empty = Map::new();
    let properties = schema["properties"].as_object().unwrap_or(&empty);
    let mut fields: Vec<BoxedStrategy<Option<(String, Value)>>> = Vec::new();
    for (name, property) in properties {
        let name = name.clone();
        let needed = required.contains(&name.as_str());
        let value = values(property, definitions);
        fields.push(
            (value, any::<bool>())
                .prop_map(move |(value, present)| (needed || present).then(|| (name.clone(), value)))
                .boxed(),
        );
    }
    let extra: BoxedStrategy<Vec<(String, Value)>> = match schema.get("additionalProperties") {
        Some(item) if item.is_object() => {
            // A map's schema does not say which keys its type allows; the one map with typed keys
            // is that of the metrics.
            let keys = if item["format"] == "double" { series() } else { texts().boxed() };
            proptest::collection::vec((keys, values(item, definitions)), 0..3).boxed()
        }
        _ => Just(Vec::new()).boxed(),
    };
    (fields, extra)
        .prop_map(|(fields, extra)| {
            Value::Object(fields.into_iter().flatten().chain(extra).collect::<Map<String, Value>>())
        })
        .boxed()
}
