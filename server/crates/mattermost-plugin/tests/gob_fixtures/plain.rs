//! Any stream as plain JSON with Go's names, to compare it with what Go says it holds.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gobwire::{
    Decode, Error, GobType, MarshalKind, Result, TypeTable, ValueDecoder, WireType, ids,
};
use mattermost_plugin::transport::netrpc::gob::{Decoder, wire};
use serde_json::{Map, Number, Value};

use super::fixture::{Fixture, fill, messages};

/// Fixtures whose values have another form here: attachments in `any` get JSON's names, times and
/// `pq.Error` become text. [`special`](super::special) looks at them.
pub(crate) const UNLIKE: &[&str] = &[
    "any_attachments",
    "any_list",
    "basic_times",
    "error_results",
];

/// Where a stream differs from what the fixture says.
pub(crate) fn differences(fixture: &Fixture, stream: &[u8]) -> Vec<String> {
    if UNLIKE.contains(&fixture.name.as_str()) {
        return Vec::new();
    }
    let mut decoder = Decoder::new();
    let mut messages = messages(stream).into_iter();
    let mut differences = Vec::new();
    for (index, value) in fixture.values.iter().enumerate() {
        let place = format!("{} value {index}", fixture.name);
        let read = fill(&mut decoder, &mut messages).and_then(|()| {
            decoder
                .decode::<Anything>()
                .map_err(|error| error.to_string())
        });
        match read {
            Err(error) => differences.push(format!("{place}: {error}")),
            Ok(Anything(read)) => compare(
                &place,
                &without_zeros(plain(value.expected())),
                &without_zeros(read),
                &mut differences,
            ),
        }
    }
    differences
}

fn compare(place: &str, wanted: &Value, read: &Value, differences: &mut Vec<String>) {
    match (wanted, read) {
        (Value::Object(wanted), Value::Object(read)) => {
            for key in wanted
                .keys()
                .chain(read.keys().filter(|key| !wanted.contains_key(*key)))
            {
                let nothing = Value::from("nothing");
                compare(
                    &format!("{place}.{key}"),
                    wanted.get(key).unwrap_or(&nothing),
                    read.get(key).unwrap_or(&nothing),
                    differences,
                );
            }
        }
        (Value::Array(wanted), Value::Array(read)) if wanted.len() == read.len() => {
            for (index, (wanted, read)) in wanted.iter().zip(read).enumerate() {
                compare(&format!("{place}[{index}]"), wanted, read, differences);
            }
        }
        _ if wanted == read => {}
        // An empty list or text outside a struct is sent, and Go then calls it nil.
        (Value::Null, Value::Array(items)) if items.is_empty() => {}
        (Value::Null, Value::String(bytes)) if bytes.is_empty() => {}
        _ => differences.push(format!("{place}: wanted {wanted}, read {read}")),
    }
}

/// The description of a value without the types of its interfaces.
fn plain(described: &Value) -> Value {
    match described {
        Value::Object(entries) => {
            if let Some(held) = entries.get("$value") {
                return plain(held);
            }
            if let Some(Value::String(bytes)) = entries.get("$bytes") {
                return text(&STANDARD.decode(bytes).expect("base64"));
            }
            if let Some(Value::String(float)) = entries.get("$float") {
                return if float == "-0" {
                    number(-0.0)
                } else {
                    Value::Null
                };
            }
            entries
                .iter()
                .map(|(key, value)| (key.clone(), plain(value)))
                .collect::<Map<_, _>>()
                .into()
        }
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Number(known) if known.is_f64() => number(known.as_f64().expect("a float")),
        other => other.clone(),
    }
}

/// Go leaves zero fields of structs out; their names start with a capital letter.
fn without_zeros(value: Value) -> Value {
    match value {
        Value::Object(entries) => {
            let entries = entries
                .into_iter()
                .map(|(key, value)| (key, without_zeros(value)));
            entries
                .filter(|(key, value)| {
                    !(key.starts_with(|first: char| first.is_uppercase()) && is_zero(value))
                })
                .collect()
        }
        Value::Array(items) => items.into_iter().map(without_zeros).collect(),
        // At top level, and inside maps, empty is sent where nil is not.
        other => other,
    }
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
    }
}

/// Whole floats as integers: numbers inside JSON change their type on the way.
fn number(float: f64) -> Value {
    if float.fract() == 0.0 && float.abs() < 9e15 {
        #[expect(clippy::cast_possible_truncation, reason = "a whole number in range")]
        return Value::from(float as i64);
    }
    Number::from_f64(float).map_or(Value::Null, Value::Number)
}

fn text(bytes: &[u8]) -> Value {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// A value of any type.
#[derive(Default)]
struct Anything(Value);

impl GobType for Anything {
    fn describe(_: &mut wire::Describer<'_>) -> Result<i64> {
        Err(Error::Encode("only read".into()))
    }

    fn compatible(_: &TypeTable, _: i64) -> bool {
        true
    }
}

impl Decode for Anything {
    fn decode_into(&mut self, decoder: &mut ValueDecoder<'_>, wire: i64) -> Result<()> {
        self.0 = read(decoder, wire)?;
        Ok(())
    }
}

fn read(decoder: &mut ValueDecoder<'_>, wire: i64) -> Result<Value> {
    Ok(match wire {
        ids::BOOL => (decoder.read_uint()? != 0).into(),
        ids::INT => decoder.read_int()?.into(),
        ids::UINT => decoder.read_uint()?.into(),
        ids::FLOAT => number(decoder.read_float()?),
        ids::STRING => text(decoder.read_bytes()?),
        ids::BYTES => STANDARD.encode(decoder.read_bytes()?).into(),
        ids::INTERFACE => {
            if decoder.read_bytes()?.is_empty() {
                return Ok(Value::Null);
            }
            let held = decoder.read_int()?;
            decoder.read_uint()?;
            if !decoder.types().is_struct(held) {
                assert_eq!(
                    decoder.read_uint()?,
                    0,
                    "the delta of a value that is no struct"
                );
            }
            read(decoder, held)?
        }
        _ => match &*decoder
            .types()
            .get(wire)
            .cloned()
            .ok_or(Error::UndefinedType(wire))?
        {
            WireType::Slice { elem, .. } | WireType::Array { elem, .. } => (0..decoder
                .read_uint()?)
                .map(|_| read(decoder, *elem))
                .collect::<Result<Vec<_>>>()?
                .into(),
            WireType::Map { key, elem, .. } => {
                let mut entries = Map::new();
                for _ in 0..decoder.read_uint()? {
                    let Value::String(key) = read(decoder, *key)? else {
                        return Err(Error::Unsupported("keys".into()));
                    };
                    entries.insert(key, read(decoder, *elem)?);
                }
                entries.into()
            }
            WireType::Struct { fields, .. } => {
                let mut entries = Map::new();
                let mut next = 0;
                loop {
                    let delta = decoder.read_uint()?;
                    if delta == 0 {
                        return Ok(entries.into());
                    }
                    next += usize::try_from(delta).expect("small");
                    let field = &fields[next - 1];
                    entries.insert(field.name.clone(), read(decoder, field.id)?);
                }
            }
            WireType::Marshaler {
                kind: MarshalKind::Binary,
                ..
            } => text(decoder.read_bytes()?),
            WireType::Marshaler { .. } => STANDARD.encode(decoder.read_bytes()?).into(),
        },
    })
}
