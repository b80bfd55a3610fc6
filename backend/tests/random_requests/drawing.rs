//! Random requests from a type's schema, and what spoils them.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};
use shared::api::Endpoint;

use super::schemas;

/// The numbers of rows that are likely to be there.
const ROWS: usize = 12;

/// Decisions that follow from one drawn number (SplitMix64).
pub struct Dice(u64);

impl Dice {
    pub fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % count as u64) as usize
    }

    pub fn choose<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }
}

/// The same requests every time.
pub fn draw<E: Endpoint>(cases: usize) -> Vec<(Value, Dice)> {
    let mut generator = SchemaSettings::openapi3().for_serialize().into_generator();
    let schema = generator.subschema_for::<E>().to_value();
    let strategy = (schemas::values(&schema, generator.definitions()), any::<u64>());
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let mut drawn = Vec::new();
    for _ in 0..cases {
        let (value, seed) = strategy.new_tree(&mut runner).unwrap().current();
        drawn.push((value, Dice(seed)));
    }
    drawn
}

/// What no field expects.
pub fn strange(dice: &mut Dice) -> Value {
    let choices = [
        Value::Null,
        json!(true),
        json!(-1),
        json!(0),
        json!(i64::MIN),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(u32::MAX),
        json!(1e308),
        json!(-0.5),
        json!(""),
        json!("a\u{0}b"),
        json!("\u{202e}뒤집힌\u{feff} 글\u{200b}"),
        json!("👩‍👩‍👧‍👦\u{301}\u{fffd}"),
        json!("가".repeat(50_000)),
        json!("'; DROP TABLE jobs; --"),
        json!("../../../etc/passwd"),
        json!([]),
        json!({}),
        json!([[[[[[null]]]]]]),
        json!({ "kind": "alchemy" }),
    ];
    dice.choose(&choices)
}

/// The `left`-th node of the value that is wanted, counted from its root.
fn node<'a>(value: &'a mut Value, wanted: fn(&Value) -> bool, left: &mut usize) -> Option<&'a mut Value> {
    if wanted(value) {
        if *left == 0 {
            return Some(value);
        }
        *left -= 1;
    }
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| node(item, wanted, left)),
        Value::Object(fields) => fields.values_mut().find_map(|field| node(field, wanted, left)),
        _ => None,
    }
}

fn count(value: &Value, wanted: fn(&Value) -> bool) -> usize {
    usize::from(wanted(value))
        + match value {
            Value::Array(items) => items.iter().map(|item| count(item, wanted)).sum(),
            Value::Object(fields) => fields.values().map(|field| count(field, wanted)).sum(),
            _ => 0,
        }
}

/// One wanted node, if there is any.
fn pick<'a>(value: &'a mut Value, dice: &mut Dice, wanted: fn(&Value) -> bool) -> Option<&'a mut Value> {
    let count = count(value, wanted);
    if count == 0 { None } else { node(value, wanted, &mut dice.below(count)) }
}

/// Random numbers name no row; every other one becomes small.
pub fn name_rows(value: &mut Value, dice: &mut Dice) {
    match value {
        Value::Number(number) if !number.is_f64() && dice.below(2) == 0 => {
            *value = json!(dice.below(ROWS) + 1)
        }
        Value::Array(items) => items.iter_mut().for_each(|item| name_rows(item, dice)),
        Value::Object(fields) => fields.values_mut().for_each(|field| name_rows(field, dice)),
        _ => {}
    }
}

const ODD: [&str; 4] = ["\u{0}", "\u{202e}뒤\u{301}\u{feff}", "\n\u{7f}", "👩‍👩‍👧‍👦\\u0000"];

pub fn spoil(value: &mut Value, dice: &mut Dice) {
    match dice.below(6) {
        0 => {
            if let Some(node) = pick(value, dice, |_| true) {
                *node = strange(dice);
            }
        }
        1 => {
            if let Some(Value::Object(fields)) = pick(value, dice, Value::is_object)
                && let Some(name) = fields.keys().nth(dice.below(fields.len().max(1))).cloned()
            {
                fields.remove(&name);
            }
        }
        2 => {
            if let Some(Value::Object(fields)) = pick(value, dice, Value::is_object) {
                fields.insert("unknown".to_owned(), strange(dice));
            }
        }
        // What stays of the right type comes furthest.
        3 => {
            let numbers =
                [json!(0), json!(1), json!(i64::MAX), json!(u64::MAX), json!(u32::MAX), json!(1e300)];
            if let Some(number) = pick(value, dice, Value::is_number) {
                *number = dice.choose(&numbers);
            }
        }
        _ => {
            if let Some(Value::String(text)) = pick(value, dice, Value::is_string) {
                text.push_str(dice.choose(&ODD));
            }
        }
    }
}
