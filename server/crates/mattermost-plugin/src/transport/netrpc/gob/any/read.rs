//! Any registered Go value as JSON.

use base64::Engine as _;
use gobwire::{Error, MarshalKind, Result, ValueDecoder, WireType, ids};
use serde::Serialize;
use serde_json::{Map, Number, Value};

use super::super::unknown::fields;
use super::{EXACT, Field, MAX_NESTING, interface as header};
use crate::model::{
    AppError, Attachment, AutocompleteDynamicListArg, AutocompleteStaticListArg,
    AutocompleteTextArg, PreviewPost,
};

/// Reads an interface value. `depth` counts the values around it.
pub(super) fn interface(decoder: &mut ValueDecoder<'_>, depth: usize) -> Result<Value> {
    match header::read_header(decoder)? {
        None => Ok(Value::Null),
        Some((_, ids::INTERFACE)) => Err(Error::Corrupt(
            "an interface that holds an interface".into(),
        )),
        Some((name, wire)) => held(decoder, &name, wire, depth),
    }
}

/// Reads what an interface holds. Models get the field names of their JSON, other structs those of
/// Go, as `encoding/json` does without tags.
pub(super) fn held(
    decoder: &mut ValueDecoder<'_>,
    name: &str,
    wire: i64,
    depth: usize,
) -> Result<Value> {
    match name {
        "[]*model.SlackAttachment" | "[]*model.MessageAttachment" => {
            model::<Vec<Attachment>>(decoder, wire)
        }
        "*model.AppError" => model::<AppError>(decoder, wire),
        "*model.AutocompleteTextArg" => model::<AutocompleteTextArg>(decoder, wire),
        "*model.AutocompleteStaticListArg" => model::<AutocompleteStaticListArg>(decoder, wire),
        "*model.AutocompleteDynamicListArg" => model::<AutocompleteDynamicListArg>(decoder, wire),
        "*model.PreviewPost" => model::<Box<PreviewPost>>(decoder, wire),
        _ => value(decoder, wire, depth),
    }
}

fn model<T: Field + Serialize>(decoder: &mut ValueDecoder<'_>, wire: i64) -> Result<Value> {
    let model: T = header::read_as(decoder, wire)?;
    serde_json::to_value(model)
        .map_err(|error| Error::Corrupt(format!("not expressible as JSON: {error}")))
}

/// Reads a value of remote type `wire`.
pub(in super::super) fn value(
    decoder: &mut ValueDecoder<'_>,
    wire: i64,
    depth: usize,
) -> Result<Value> {
    if depth > MAX_NESTING {
        return Err(Error::Corrupt("invalid nesting depth".into()));
    }
    Ok(match wire {
        ids::BOOL => Value::Bool(decoder.read_uint()? != 0),
        ids::INT => decoder.read_int()?.into(),
        ids::UINT => decoder.read_uint()?.into(),
        ids::FLOAT => float(decoder.read_float()?),
        ids::COMPLEX => {
            let (real, imaginary) = (decoder.read_float()?, decoder.read_float()?);
            Value::Array(vec![float(real), float(imaginary)])
        }
        ids::STRING => text(decoder.read_bytes()?),
        ids::BYTES => base64(decoder.read_bytes()?),
        ids::INTERFACE => interface(decoder, depth)?,
        _ => {
            let known = decoder
                .types()
                .get(wire)
                .cloned()
                .ok_or(Error::UndefinedType(wire))?;
            match &*known {
                WireType::Slice { elem, .. } | WireType::Array { elem, .. } => {
                    array(decoder, *elem, depth)?
                }
                WireType::Map { key, elem, .. } => object(decoder, *key, *elem, depth)?,
                WireType::Struct { .. } => structure(decoder, wire, depth)?,
                WireType::Marshaler {
                    kind: MarshalKind::Gob,
                    ..
                } => base64(decoder.read_bytes()?),
                WireType::Marshaler { .. } => {
                    let bytes = decoder.read_bytes()?;
                    if std::str::from_utf8(bytes).is_ok() {
                        text(bytes)
                    } else {
                        base64(bytes)
                    }
                }
            }
        }
    })
}

fn array(decoder: &mut ValueDecoder<'_>, element: i64, depth: usize) -> Result<Value> {
    let count = decoder.read_uint()?;
    let mut items = Vec::new();
    for _ in 0..count {
        decoder.expect_element(count)?;
        items.push(value(decoder, element, depth + 1)?);
    }
    Ok(Value::Array(items))
}

fn object(
    decoder: &mut ValueDecoder<'_>,
    key_type: i64,
    element: i64,
    depth: usize,
) -> Result<Value> {
    let count = decoder.read_uint()?;
    let mut entries = Map::new();
    for _ in 0..count {
        decoder.expect_element(count)?;
        let key = match value(decoder, key_type, depth + 1)? {
            Value::String(text) => text,
            other => other.to_string(),
        };
        entries.insert(key, value(decoder, element, depth + 1)?);
    }
    Ok(Value::Object(entries))
}

/// Go leaves zero fields out; so does the JSON.
fn structure(decoder: &mut ValueDecoder<'_>, wire: i64, depth: usize) -> Result<Value> {
    let mut entries = Map::new();
    fields(decoder, wire, |decoder, name, wire| {
        entries.insert(name.to_owned(), value(decoder, wire, depth + 1)?);
        Ok(())
    })?;
    Ok(Value::Object(entries))
}

/// Whole numbers become JSON integers, as `encoding/json` prints them; what JSON lacks is null.
fn float(number: f64) -> Value {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "checked to be a whole number in range"
    )]
    let integer = number as i64;
    #[expect(clippy::cast_precision_loss, reason = "exact in this range")]
    if (-EXACT..=EXACT).contains(&integer)
        && integer as f64 == number
        && !(integer == 0 && number.is_sign_negative())
    {
        return integer.into();
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

fn text(bytes: &[u8]) -> Value {
    Value::String(String::from_utf8_lossy(bytes).into_owned())
}

fn base64(bytes: &[u8]) -> Value {
    Value::String(base64::engine::general_purpose::STANDARD.encode(bytes))
}
