//! Go's `any` and `map[string]any` as JSON values.
//!
//! A server can receive only registered types, so what is sent are JSON's own: `bool`, `string`,
//! numbers, `[]interface {}`, `map[string]interface {}` and nil. What is received may be anything
//! registered (`client_rpc.go` and gob's basics) and becomes the JSON that Go would make of it.

use gobwire::{Describer, Encode, Error, Result, TypeTable, ValueDecoder, ValueEncoder, ids};
use serde_json::{Map, Number, Value};

use super::container::map_type;
use super::{Field, MAX_NESTING, interface};

pub(super) mod read;

/// Integers up to this size are the same number as a `float64`.
const EXACT: i64 = 1 << 53;

const OBJECT: &str = "map[string]interface {}";
const ARRAY: &str = "[]interface {}";

fn describe_object(describer: &mut Describer<'_>) -> i64 {
    describer.map(OBJECT, ids::STRING, ids::INTERFACE)
}

/// What an interface holds while it is written. `depth` counts the values around it.
enum Held<'a> {
    Bool(bool),
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    Text(&'a str),
    Array(&'a [Value], usize),
    Object(&'a Map<String, Value>, usize),
}

impl<'a> Held<'a> {
    /// `None` for null. Inside JSON, numbers are `float64` as `encoding/json` makes them, unless
    /// that would change them; a Go field of type `any` gets integers as integers.
    fn new(value: &'a Value, depth: usize) -> Option<Self> {
        Some(match value {
            Value::Null => return None,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => Self::number(number, depth == 0),
            Value::String(text) => Self::Text(text),
            Value::Array(items) => Self::Array(items, depth),
            Value::Object(entries) => Self::Object(entries, depth),
        })
    }

    fn number(number: &Number, keep_integers: bool) -> Self {
        if let Some(integer) = number.as_i64() {
            if keep_integers || !(-EXACT..=EXACT).contains(&integer) {
                return Self::Signed(integer);
            }
        } else if let Some(integer) = number.as_u64() {
            return Self::Unsigned(integer);
        }
        Self::Float(number.as_f64().unwrap_or_default())
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Bool(_) => "bool",
            Self::Signed(_) => "int64",
            Self::Unsigned(_) => "uint64",
            Self::Float(_) => "float64",
            Self::Text(_) => "string",
            Self::Array(..) => ARRAY,
            Self::Object(..) => OBJECT,
        }
    }
}

impl Encode for Held<'_> {
    fn describe_value(&self, describer: &mut Describer<'_>) -> Result<i64> {
        Ok(match self {
            Self::Bool(_) => ids::BOOL,
            Self::Signed(_) => ids::INT,
            Self::Unsigned(_) => ids::UINT,
            Self::Float(_) => ids::FLOAT,
            Self::Text(_) => ids::STRING,
            Self::Array(..) => describer.slice(ARRAY, ids::INTERFACE),
            Self::Object(..) => describe_object(describer),
        })
    }

    fn is_zero(&self) -> bool {
        false
    }

    fn encode(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
        match self {
            Self::Bool(value) => encoder.bool(*value),
            Self::Signed(value) => encoder.int(*value),
            Self::Unsigned(value) => encoder.uint(*value),
            Self::Float(value) => encoder.float(*value),
            Self::Text(text) => encoder.bytes(text.as_bytes()),
            Self::Array(items, depth) => {
                encoder.uint(items.len() as u64);
                for item in *items {
                    write(encoder, item, depth + 1)?;
                }
            }
            Self::Object(entries, depth) => write_object(encoder, entries, depth + 1)?,
        }
        Ok(())
    }
}

/// Writes an interface that holds JSON. `depth` counts the values around it.
pub(crate) fn write(encoder: &mut ValueEncoder<'_>, value: &Value, depth: usize) -> Result<()> {
    if depth > MAX_NESTING {
        return Err(Error::Encode(format!(
            "JSON nested deeper than {MAX_NESTING}"
        )));
    }
    match Held::new(value, depth) {
        None => encoder.interface(None),
        Some(held) => encoder.interface(Some((held.name(), &held))),
    }
}

fn write_object(
    encoder: &mut ValueEncoder<'_>,
    entries: &Map<String, Value>,
    depth: usize,
) -> Result<()> {
    encoder.uint(entries.len() as u64);
    for (key, value) in entries {
        encoder.bytes(key.as_bytes());
        write(encoder, value, depth)?;
    }
    Ok(())
}

/// Go's `any`; nil is null.
impl Field for Value {
    fn describe(_: &mut Describer<'_>) -> Result<i64> {
        Ok(ids::INTERFACE)
    }

    fn compatible(_: &TypeTable, wire: i64) -> bool {
        wire == ids::INTERFACE
    }

    fn is_zero(&self) -> bool {
        self.is_null()
    }

    fn encode(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
        write(encoder, self, 0)
    }

    /// Always replaces: Go puts a new value into the interface.
    fn decode(&mut self, decoder: &mut ValueDecoder<'_>, wire: i64) -> Result<()> {
        if wire != ids::INTERFACE {
            return Err(decoder.mismatch::<Self>(wire));
        }
        *self = read::interface(decoder, 0)?;
        Ok(())
    }
}

/// Go's `map[string]any`. As with every map, empty is nil.
impl Field for Map<String, Value> {
    fn describe(describer: &mut Describer<'_>) -> Result<i64> {
        Ok(describe_object(describer))
    }

    fn compatible(types: &TypeTable, wire: i64) -> bool {
        map_type(types, wire) == Some((ids::STRING, ids::INTERFACE))
    }

    fn is_zero(&self) -> bool {
        self.is_empty()
    }

    fn encode(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
        write_object(encoder, self, 1)
    }

    fn decode(&mut self, decoder: &mut ValueDecoder<'_>, wire: i64) -> Result<()> {
        if !Self::compatible(decoder.types(), wire) {
            return Err(decoder.mismatch::<Self>(wire));
        }
        let count = decoder.read_uint()?;
        for _ in 0..count {
            decoder.expect_element(count)?;
            let key = String::from_utf8_lossy(decoder.read_bytes()?).into_owned();
            let value = read::interface(decoder, 1)?;
            self.insert(key, value);
        }
        Ok(())
    }
}

/// Reads what an interface holds, after its header, as JSON.
pub(crate) fn read_held(decoder: &mut ValueDecoder<'_>, name: &str, wire: i64) -> Result<Value> {
    read::held(decoder, name, wire, 0)
}

/// Writes an interface field that holds JSON.
pub(crate) fn write_held(encoder: &mut ValueEncoder<'_>, value: &Value) -> Result<()> {
    write(encoder, value, 0)
}
