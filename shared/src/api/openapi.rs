//! openapi.json, written from the endpoint table.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::encoding::path_fields;
use super::{Access, ErrorBody, bytes, table};

/// The whole document. Deterministic, so that a snapshot can guard it.
pub fn document() -> Value {
    let mut generator = SchemaSettings::openapi3().into_generator();
    let error = generator.subschema_for::<ErrorBody>().to_value();
    let mut paths: Map<String, Value> = Map::new();
    for endpoint in table::endpoints() {
        let request = (endpoint.request_schema)(&mut generator);
        let reply = (endpoint.reply_schema)(&mut generator).to_value();
        let request = resolve(request.to_value(), generator.definitions());
        let mut operation = operation(endpoint.name, endpoint.access, &error);
        let in_path: Vec<&str> = path_fields(endpoint.route).collect();
        let (parameters, body) = split_fields(&request, &in_path, endpoint.method.has_body());
        operation.insert("parameters".to_owned(), Value::Array(parameters));
        if let Some(body) = body {
            let content = json!({ "application/json": { "schema": body } });
            operation.insert("requestBody".to_owned(), json!({ "required": true, "content": content }));
        }
        if let Some(description) = request.get("description") {
            operation.insert("description".to_owned(), description.clone());
        }
        let content = json!({ "application/json": { "schema": reply } });
        operation["responses"]["200"] = json!({ "description": "done", "content": content });
        add(&mut paths, endpoint.route, endpoint.method.as_str(), operation);
    }
    for route in bytes::ALL {
        let mut operation = operation(route.name, route.access, &error);
        let parameters: Vec<Value> = path_fields(route.route)
            .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
            .collect();
        operation.insert("parameters".to_owned(), Value::Array(parameters));
        operation.insert("description".to_owned(), json!(route.summary));
        if route.method.has_body() {
            let schema = json!({ "type": "string", "format": "binary" });
            let content = json!({ "application/octet-stream": { "schema": schema } });
            operation.insert("requestBody".to_owned(), json!({ "required": true, "content": content }));
        }
        operation["responses"]["200"] = json!({ "description": "done" });
        add(&mut paths, &route.route.replace("{*", "{"), route.method.as_str(), operation);
    }
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Mitbadak", "version": "1", "description": "Build a Korean language model from scratch." },
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": {
                "session": { "type": "http", "scheme": "bearer" },
                "session_cookie": { "type": "apiKey", "in": "cookie", "name": "__Host-session" },
                "worker": { "type": "http", "scheme": "bearer" },
                "lease": { "type": "http", "scheme": "bearer" }
            }
        }
    })
}

fn add(paths: &mut Map<String, Value>, route: &str, method: &str, operation: Map<String, Value>) {
    let path = paths.entry(route.to_owned()).or_insert_with(|| json!({}));
    path[method.to_lowercase()] = Value::Object(operation);
}

fn operation(name: &str, access: Access, error: &Value) -> Map<String, Value> {
    let (rule, security) = match access {
        Access::Public => ("public".to_owned(), json!([])),
        Access::SignedIn => ("signed in".to_owned(), json!([{ "session": [] }, { "session_cookie": [] }])),
        Access::Cohort(role) => {
            (format!("cohort: {role:?}"), json!([{ "session": [] }, { "session_cookie": [] }]))
        }
        Access::Operator => ("operator".to_owned(), json!([{ "session": [] }, { "session_cookie": [] }])),
        Access::Worker => ("worker".to_owned(), json!([{ "worker": [] }])),
        Access::Lease => ("lease".to_owned(), json!([{ "lease": [] }])),
    };
    let content = json!({ "application/json": { "schema": error } });
    let mut operation = Map::new();
    operation.insert("operationId".to_owned(), json!(name));
    operation.insert("x-access".to_owned(), json!(rule));
    operation.insert("security".to_owned(), security);
    operation.insert(
        "responses".to_owned(),
        json!({ "default": { "description": "what is wrong and what to do", "content": content } }),
    );
    operation
}

/// Follows a top-level `$ref` into the definitions.
fn resolve(schema: Value, definitions: &Map<String, Value>) -> Value {
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
    name.and_then(|name| definitions.get(name)).cloned().unwrap_or(schema)
}

/// A request's fields as OpenAPI parameters and, when there is one, the schema of its body.
fn split_fields(request: &Value, in_path: &[&str], has_body: bool) -> (Vec<Value>, Option<Value>) {
    let empty = Map::new();
    let properties = request.get("properties").and_then(Value::as_object).unwrap_or(&empty);
    let required: Vec<&str> = request
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let mut parameters = Vec::new();
    let mut body = Map::new();
    for (name, schema) in properties {
        if in_path.contains(&name.as_str()) {
            parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
        } else if has_body {
            body.insert(name.clone(), schema.clone());
        } else {
            let needed = required.contains(&name.as_str());
            parameters.push(json!({ "name": name, "in": "query", "required": needed, "schema": schema }));
        }
    }
    if !has_body {
        return (parameters, None);
    }
    let needed: Vec<&str> = required.into_iter().filter(|name| body.contains_key(*name)).collect();
    let mut schema = json!({ "type": "object", "properties": body });
    if !needed.is_empty() {
        schema["required"] = json!(needed);
    }
    (parameters, Some(schema))
}
