//! Sending a value with its zeros.
//!
//! An empty list decodes to nil in Go when the destination is nil. To make it empty and not nil,
//! each list of a struct is described twice under its name: the first carries one element, the
//! second, decoded over it, none.

use base64::Engine as _;
use gobwire::{Describer, Encode, Error, Result, StructEncoder, ValueEncoder};
use serde_json::Value;

use super::super::{MAX_NESTING, any};
use super::{Node, Shape};

impl Shape {
    /// Writes a value of this shape. Null and missing fields of structs are left out, all others
    /// are sent, zero or not.
    pub(crate) fn write(&self, encoder: &mut ValueEncoder<'_>, value: &Value) -> Result<()> {
        Setting::new(self, value, None).write(encoder)
    }

    /// Writes a value of this shape as the field `index` of a struct, under the name `name`.
    /// Answers the index of the next field.
    pub(crate) fn write_as_field(
        &self,
        fields: &mut StructEncoder<'_, '_>,
        index: u32,
        name: &str,
        value: &Value,
    ) -> Result<u32> {
        let place = Place { name, around: None };
        Setting::new(self, value, Some(&place)).write_as_field(fields, index)
    }
}

/// A name on the way to a setting, for errors.
struct Place<'a> {
    name: &'a str,
    around: Option<&'a Place<'a>>,
}

impl Place<'_> {
    fn write(&self, path: &mut String) {
        if let Some(around) = self.around {
            around.write(path);
        }
        path.push('/');
        path.push_str(self.name);
    }
}

/// A value that is sent even when it is zero.
struct Setting<'a> {
    shape: &'a Shape,
    node: usize,
    value: &'a Value,
    place: Option<&'a Place<'a>>,
    depth: usize,
}

impl<'a> Setting<'a> {
    fn new(shape: &'a Shape, value: &'a Value, place: Option<&'a Place<'a>>) -> Self {
        Self {
            shape,
            node: Shape::ROOT,
            value,
            place,
            depth: 0,
        }
    }

    fn inside(&self, node: usize, value: &'a Value, place: &'a Place<'a>) -> Setting<'a> {
        Setting {
            shape: self.shape,
            node,
            value,
            place: Some(place),
            depth: self.depth + 1,
        }
    }

    fn refused(&self, wanted: &str) -> Error {
        let mut path = String::new();
        if let Some(place) = self.place {
            place.write(&mut path);
        }
        Error::Encode(format!("the setting {path} must be {wanted}"))
    }

    fn write(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
        if self.depth > MAX_NESTING {
            return Err(self.refused("less deep"));
        }
        match (self.shape.node(self.node), self.value) {
            (Node::Bool, Value::Bool(value)) => encoder.bool(*value),
            (Node::Int, value) => {
                encoder.int(whole(value).ok_or_else(|| self.refused("a whole number"))?);
            }
            (Node::Uint, value) => {
                let number = value
                    .as_u64()
                    .or_else(|| whole(value).and_then(|number| number.try_into().ok()));
                encoder.uint(number.ok_or_else(|| self.refused("a whole number, not negative"))?);
            }
            (Node::Float, value) => {
                encoder.float(value.as_f64().ok_or_else(|| self.refused("a number"))?);
            }
            (Node::Text, Value::String(text)) => encoder.bytes(text.as_bytes()),
            (Node::Bytes, Value::String(text)) => {
                let bytes = base64::engine::general_purpose::STANDARD.decode(text);
                encoder.bytes(&bytes.map_err(|_| self.refused("bytes in base64"))?);
            }
            // Numbers in it are those of `encoding/json`, so it never counts as a field of its own.
            (Node::Any, value) => any::write(encoder, value, self.depth.max(1))?,
            (Node::List(element), Value::Array(items)) => {
                encoder.uint(items.len() as u64);
                for item in items {
                    let place = Place {
                        name: "[]",
                        around: self.place,
                    };
                    Setting {
                        place: Some(&place),
                        ..self.element(*element, item)
                    }
                    .write(encoder)?;
                }
            }
            (Node::Map { element, .. }, Value::Object(entries)) => {
                encoder.uint(entries.len() as u64);
                for (key, entry) in entries {
                    encoder.bytes(key.as_bytes());
                    let place = Place {
                        name: key,
                        around: self.place,
                    };
                    Setting {
                        place: Some(&place),
                        ..self.element(*element, entry)
                    }
                    .write(encoder)?;
                }
            }
            (Node::Struct { fields, .. }, Value::Object(_)) => self.structure(encoder, fields)?,
            (node, _) => return Err(self.refused(wanted(node))),
        }
        Ok(())
    }

    fn element(&self, node: usize, value: &'a Value) -> Setting<'a> {
        Setting {
            shape: self.shape,
            node,
            value,
            place: self.place,
            depth: self.depth + 1,
        }
    }

    fn structure(
        &self,
        encoder: &mut ValueEncoder<'_>,
        fields: &[(&'static str, usize)],
    ) -> Result<()> {
        let Value::Object(settings) = self.value else {
            return Err(self.refused("an object"));
        };
        if let Some(name) = settings
            .keys()
            .find(|key| !fields.iter().any(|(name, _)| key == name))
        {
            let place = Place {
                name,
                around: self.place,
            };
            return Err(Setting {
                place: Some(&place),
                ..*self
            }
            .refused("one that the server has"));
        }
        let mut written = encoder.structure();
        let mut index = 0;
        for (name, node) in fields {
            let place = Place {
                name,
                around: self.place,
            };
            match settings.get(*name) {
                None | Some(Value::Null) => index += self.shape.node(*node).width(),
                Some(value) => {
                    index = self
                        .inside(*node, value, &place)
                        .write_as_field(&mut written, index)?;
                }
            }
        }
        written.end();
        Ok(())
    }

    fn write_as_field(&self, fields: &mut StructEncoder<'_, '_>, index: u32) -> Result<u32> {
        let node = self.shape.node(self.node);
        match (node, self.value) {
            (Node::Foreign, _) => {}
            (Node::List(element), Value::Array(items)) if items.is_empty() => {
                fields.field(
                    index,
                    &OneZero {
                        shape: self.shape,
                        element: *element,
                    },
                )?;
                fields.field(index + 1, self)?;
            }
            _ => fields.field(index, self)?,
        }
        Ok(index + node.width())
    }
}

impl Encode for Setting<'_> {
    fn describe_value(&self, describer: &mut Describer<'_>) -> Result<i64> {
        self.shape.describe(describer)
    }

    fn is_zero(&self) -> bool {
        false
    }

    fn encode(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
        self.write(encoder)
    }
}

/// A list of one zero.
struct OneZero<'a> {
    shape: &'a Shape,
    element: usize,
}

impl Encode for OneZero<'_> {
    fn describe_value(&self, describer: &mut Describer<'_>) -> Result<i64> {
        self.shape.describe(describer)
    }

    fn is_zero(&self) -> bool {
        false
    }

    /// The zero of every type is the byte 0: false, 0, an empty text, list or map, a nil interface,
    /// a struct without fields.
    fn encode(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
        debug_assert!(*self.shape.node(self.element) != Node::Foreign);
        encoder.uint(1);
        encoder.uint(0);
        Ok(())
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "checked to be a whole number in range"
)]
fn whole(value: &Value) -> Option<i64> {
    const LIMIT: f64 = 9_007_199_254_740_992.0;
    value.as_i64().or_else(|| {
        let number = value.as_f64()?;
        (number.fract() == 0.0 && number.abs() <= LIMIT).then_some(number as i64)
    })
}

fn wanted(node: &Node) -> &'static str {
    match node {
        Node::Bool => "true or false",
        Node::Text => "text",
        Node::List(_) => "a list",
        Node::Map { .. } | Node::Struct { .. } => "an object",
        _ => "of another type",
    }
}
