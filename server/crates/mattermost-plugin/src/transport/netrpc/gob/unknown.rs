//! Fields that a newer server has.

use std::sync::Arc;

use gobwire::{Describer, Error, Result, StructEncoder, ValueDecoder, WireType};
use serde_json::Value;

use super::any;
use super::shape::{Shape, interned};

/// How many of them a model keeps.
const MAX_FIELDS: usize = 200;

/// Fields of a model that this version does not know, as the server sent them. A model that is
/// given back to the server, as an argument or result, gives them back as well.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Unknown(Vec<UnknownField>);

#[derive(Debug, Clone, PartialEq)]
struct UnknownField {
    name: &'static str,
    shape: Arc<Shape>,
    value: Value,
}

impl Unknown {
    /// Whether all fields are known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a field by its Go name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0
            .iter()
            .find(|field| field.name == name)
            .map(|field| &field.value)
    }

    /// What tells a struct with these fields from others with the Go name `name`.
    #[doc(hidden)]
    #[must_use]
    pub fn key(&self, name: &str) -> String {
        self.0.iter().fold(name.to_owned(), |key, field| {
            format!("{key} {} {:x}", field.name, field.shape.digest())
        })
    }

    /// Adds these fields to those of a struct.
    #[doc(hidden)]
    pub fn describe(
        &self,
        describer: &mut Describer<'_>,
        fields: &mut Vec<(&'static str, i64)>,
    ) -> Result<()> {
        self.0
            .iter()
            .try_for_each(|field| field.shape.describe_as_field(describer, field.name, fields))
    }

    /// Writes these fields, the first of which is the field `index` of the struct.
    #[doc(hidden)]
    pub fn encode(&self, fields: &mut StructEncoder<'_, '_>, index: u32) -> Result<()> {
        let mut next = index;
        for field in &self.0 {
            next = field
                .shape
                .write_as_field(fields, next, field.name, &field.value)?;
        }
        Ok(())
    }

    /// Reads the value of a field of remote type `wire`.
    #[doc(hidden)]
    pub fn decode(&mut self, decoder: &mut ValueDecoder<'_>, name: &str, wire: i64) -> Result<()> {
        let shape = Shape::from_wire(decoder.types(), wire);
        let kept = self.0.iter().position(|field| field.name == name);
        let (Ok(name), Ok(shape)) = (interned(name), shape) else {
            return decoder.skip(wire);
        };
        if shape.is_foreign() || (kept.is_none() && self.0.len() >= MAX_FIELDS) {
            return decoder.skip(wire);
        }
        let value = any::read::value(decoder, wire, 0)?;
        let field = UnknownField {
            name,
            shape: Arc::new(shape),
            value,
        };
        match kept {
            Some(index) => self.0[index] = field,
            None => self.0.push(field),
        }
        Ok(())
    }
}

/// Walks the fields of a struct value by name: what `gobwire`'s plans do not tell.
#[doc(hidden)]
pub fn fields(
    decoder: &mut ValueDecoder<'_>,
    wire: i64,
    mut each: impl FnMut(&mut ValueDecoder<'_>, &str, i64) -> Result<()>,
) -> Result<()> {
    let known = decoder
        .types()
        .get(wire)
        .cloned()
        .ok_or(Error::UndefinedType(wire))?;
    let WireType::Struct { fields, .. } = &*known else {
        return Err(Error::Corrupt("not a struct".into()));
    };
    let mut next = 0_usize;
    while !decoder.at_end() {
        let delta = decoder.read_uint()?;
        if delta == 0 {
            break;
        }
        next = usize::try_from(delta)
            .ok()
            .and_then(|delta| next.checked_add(delta))
            .filter(|after| *after <= fields.len())
            .ok_or_else(|| Error::Corrupt("field numbers out of bounds".into()))?;
        let field = &fields[next - 1];
        each(decoder, &field.name, field.id)?;
    }
    Ok(())
}
