//! Requests to HTTP and back: `decode(encode(x)) == x` for every endpoint.

use std::fmt;

use serde::de::value::MapDeserializer;
use serde::de::{self, DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde_json::{Map, Value};
use thiserror::Error;

use super::{Endpoint, Method};

/// An endpoint's request, ready for an HTTP client.
#[derive(Debug, Clone, PartialEq)]
pub struct EncodedRequest {
    pub method: Method,
    /// Percent-encoded path with its query: `/api/v1/jobs/12?limit=3`.
    pub target: String,
    pub body: Option<Vec<u8>>,
}

#[derive(Debug, Error)]
pub enum EncodingError {
    #[error("the request cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("an endpoint's request must be a struct with named fields")]
    NotAnObject,
    #[error("field {0:?} is missing from the request or is not a plain value")]
    NotPlain(String),
}

#[derive(Debug, Error)]
#[error("{0}")]
pub struct DecodingError(String);

impl de::Error for DecodingError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// The names in braces of a route, in order: `{job_id}` → `job_id`.
pub fn path_fields(route: &str) -> impl Iterator<Item = &str> {
    route
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| name.trim_start_matches('*'))
}

/// Writes a request as method, target and body.
pub fn encode<E: Endpoint>(request: &E) -> Result<EncodedRequest, EncodingError> {
    let Value::Object(mut fields) = serde_json::to_value(request)? else {
        return Err(EncodingError::NotAnObject);
    };
    let mut target = String::new();
    for part in E::ROUTE.split('/').skip(1) {
        target.push('/');
        match part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => {
                let value = fields.remove(name).and_then(|value| plain_text(&value));
                let value = value.ok_or_else(|| EncodingError::NotPlain(name.to_owned()))?;
                percent_encode(&value, &mut target);
            }
            None => target.push_str(part),
        }
    }
    if E::METHOD.has_body() {
        let body = serde_json::to_vec(&Value::Object(fields))?;
        return Ok(EncodedRequest { method: E::METHOD, target, body: Some(body) });
    }
    let mut separator = '?';
    for (name, value) in &fields {
        if value.is_null() {
            continue;
        }
        let value = plain_text(value).ok_or_else(|| EncodingError::NotPlain(name.clone()))?;
        target.push(separator);
        separator = '&';
        percent_encode(name, &mut target);
        target.push('=');
        percent_encode(&value, &mut target);
    }
    Ok(EncodedRequest { method: E::METHOD, target, body: None })
}

/// Reads a request from the route's (decoded) path fields, the raw query and the body.
pub fn decode<E: DeserializeOwned>(
    method: Method,
    path: impl IntoIterator<Item = (String, String)>,
    query: &str,
    body: &[u8],
) -> Result<E, DecodingError> {
    let mut fields: Vec<(String, Field)> = Vec::new();
    if method.has_body() {
        let object: Map<String, Value> = match body {
            [] => Map::new(),
            bytes => serde_json::from_slice(bytes)
                .map_err(|error| DecodingError(format!("the body is not a JSON object: {error}")))?,
        };
        fields.extend(object.into_iter().map(|(name, value)| (name, Field::Json(value))));
    } else {
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            fields.push((percent_decode(name)?, Field::Text(percent_decode(value)?)));
        }
    }
    for (name, value) in path {
        if fields.iter().any(|(other, _)| *other == name) {
            return Err(DecodingError(format!("field {name:?} stands in the path and a second time")));
        }
        fields.push((name, Field::Text(value)));
    }
    E::deserialize(MapDeserializer::new(fields.into_iter()))
}

fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Everything but RFC 3986's unreserved characters as `%XX`.
pub fn percent_encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            into.push(char::from(byte));
        } else {
            into.push_str(&format!("%{byte:02X}"));
        }
    }
}

fn percent_decode(text: &str) -> Result<String, DecodingError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes().iter();
    while let Some(&byte) = rest.next() {
        match byte {
            b'%' => {
                let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
                let (Some(high), Some(low)) = (digit(rest.next()), digit(rest.next())) else {
                    return Err(DecodingError(format!("{text:?} has a broken percent escape")));
                };
                bytes.push((high * 16 + low) as u8);
            }
            b'+' => bytes.push(b' '),
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).map_err(|_| DecodingError(format!("{text:?} is not UTF-8")))
}

/// A field's value on the way in: text from path or query, or JSON from the body.
enum Field {
    Text(String),
    Json(Value),
}

impl<'de> IntoDeserializer<'de, DecodingError> for Field {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

/// Numbers and booleans in a path or query are text; they are parsed where the type asks for them.
macro_rules! parse_text {
    ($($method:ident $visit:ident $type:ty;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodingError> {
            match self {
                Self::Text(text) => match text.parse::<$type>() {
                    Ok(value) => visitor.$visit(value),
                    Err(_) => Err(DecodingError(format!("{text:?} is not a valid {}", stringify!($type)))),
                },
                Self::Json(value) => value.$method(visitor).map_err(de::Error::custom),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Field {
    type Error = DecodingError;

    parse_text! {
        deserialize_bool visit_bool bool;
        deserialize_i8 visit_i8 i8;
        deserialize_i16 visit_i16 i16;
        deserialize_i32 visit_i32 i32;
        deserialize_i64 visit_i64 i64;
        deserialize_u8 visit_u8 u8;
        deserialize_u16 visit_u16 u16;
        deserialize_u32 visit_u32 u32;
        deserialize_u64 visit_u64 u64;
        deserialize_f32 visit_f32 f32;
        deserialize_f64 visit_f64 f64;
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodingError> {
        match self {
            Self::Text(text) => visitor.visit_string(text),
            Self::Json(value) => value.deserialize_any(visitor).map_err(de::Error::custom),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodingError> {
        match self {
            Self::Json(Value::Null) => visitor.visit_none(),
            present => visitor.visit_some(present),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodingError> {
        match self {
            Self::Text(_) => visitor.visit_newtype_struct(self),
            Self::Json(value) => value.deserialize_newtype_struct(name, visitor).map_err(de::Error::custom),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodingError> {
        match self {
            Self::Text(text) => visitor.visit_enum(text.into_deserializer()),
            Self::Json(value) => value.deserialize_enum(name, variants, visitor).map_err(de::Error::custom),
        }
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}
