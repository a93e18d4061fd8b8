//! Slices, pointers and maps.

use std::any::type_name;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use gobwire::{Describer, Error, Result, TypeTable, ValueDecoder, ValueEncoder, WireType};

use super::Field;

/// The key and element types of a remote map type.
pub(crate) fn map_type(types: &TypeTable, wire: i64) -> Option<(i64, i64)> {
    match types.get(wire).map(|known| &**known) {
        Some(WireType::Map { key, elem, .. }) => Some((*key, *elem)),
        _ => None,
    }
}

/// The element type of a remote slice type.
pub(crate) fn slice_type(types: &TypeTable, wire: i64) -> Option<i64> {
    match types.get(wire).map(|known| &**known) {
        Some(WireType::Slice { elem, .. }) => Some(*elem),
        _ => None,
    }
}

/// Go's slice: elements are sent even when zero. A nil pointer inside a slice cannot be sent.
impl<T: Field> Field for Vec<T> {
    fn describe(describer: &mut Describer<'_>) -> Result<i64> {
        let element = T::describe(describer)?;
        Ok(describer.slice(type_name::<Self>(), element))
    }

    fn compatible(types: &TypeTable, wire: i64) -> bool {
        slice_type(types, wire).is_some_and(|element| T::compatible(types, element))
    }

    fn is_zero(&self) -> bool {
        self.is_empty()
    }

    fn encode(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
        encoder.uint(self.len() as u64);
        self.iter().try_for_each(|item| item.encode(encoder))
    }

    /// Go decodes into the elements that the slice has room for; length stands in for capacity.
    fn decode(&mut self, decoder: &mut ValueDecoder<'_>, wire: i64) -> Result<()> {
        let Some(element) = slice_type(decoder.types(), wire) else {
            return Err(decoder.mismatch::<Self>(wire));
        };
        let count = decoder.read_uint()?;
        match usize::try_from(count) {
            Ok(count) if count <= self.len() => self.truncate(count),
            _ => self.clear(),
        }
        for index in 0.. {
            if index as u64 == count {
                break;
            }
            // The input bounds the count: no element is made before a byte of it is there.
            decoder.expect_element(count)?;
            if index == self.len() {
                self.push(T::default());
            }
            self[index].decode(decoder, element)?;
        }
        Ok(())
    }
}

/// Go's pointer. Go leaves out a pointer to a zero scalar; it is sent here, which Go's decoder
/// takes, so that `Some(false)` and `Some("")` can be told from `None`.
impl<T: Field> Field for Option<T> {
    fn describe(describer: &mut Describer<'_>) -> Result<i64> {
        T::describe(describer)
    }

    fn compatible(types: &TypeTable, wire: i64) -> bool {
        T::compatible(types, wire)
    }

    fn is_zero(&self) -> bool {
        self.is_none()
    }

    fn frames_as_struct() -> bool {
        T::frames_as_struct()
    }

    fn encode(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
        match self {
            Some(value) => value.encode(encoder),
            None => Err(Error::Encode(format!(
                "a nil {} cannot be sent here",
                type_name::<T>()
            ))),
        }
    }

    fn decode(&mut self, decoder: &mut ValueDecoder<'_>, wire: i64) -> Result<()> {
        self.get_or_insert_default().decode(decoder, wire)
    }

    fn is_dynamic(&self) -> bool {
        self.as_ref().is_some_and(Field::is_dynamic)
    }

    fn describe_value(&self, describer: &mut Describer<'_>) -> Result<i64> {
        match self {
            Some(value) => value.describe_value(describer),
            None => T::describe(describer),
        }
    }

    fn encode_value(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
        match self {
            Some(value) => value.encode_value(encoder),
            None => self.encode(encoder),
        }
    }
}

/// A part of a recursive model.
impl<T: Field> Field for Box<T> {
    fn describe(describer: &mut Describer<'_>) -> Result<i64> {
        T::describe(describer)
    }

    fn compatible(types: &TypeTable, wire: i64) -> bool {
        T::compatible(types, wire)
    }

    fn is_zero(&self) -> bool {
        (**self).is_zero()
    }

    fn frames_as_struct() -> bool {
        T::frames_as_struct()
    }

    fn absent() -> Option<Self> {
        T::absent().map(Box::new)
    }

    fn encode(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
        (**self).encode(encoder)
    }

    fn decode(&mut self, decoder: &mut ValueDecoder<'_>, wire: i64) -> Result<()> {
        (**self).decode(decoder, wire)
    }

    fn is_dynamic(&self) -> bool {
        (**self).is_dynamic()
    }

    fn describe_value(&self, describer: &mut Describer<'_>) -> Result<i64> {
        (**self).describe_value(describer)
    }

    fn encode_value(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
        (**self).encode_value(encoder)
    }
}

macro_rules! map {
    ($map:ident where $($bound:path),*) => {
        /// Go's map. Go tells an empty map (sent) from nil (left out); here both are empty and
        /// left out.
        impl<K: Field $(+ $bound)*, V: Field> Field for $map<K, V> {
            fn describe(describer: &mut Describer<'_>) -> Result<i64> {
                let key = K::describe(describer)?;
                let element = V::describe(describer)?;
                Ok(describer.map(type_name::<Self>(), key, element))
            }

            fn compatible(types: &TypeTable, wire: i64) -> bool {
                map_type(types, wire).is_some_and(|(key, element)| {
                    K::compatible(types, key) && V::compatible(types, element)
                })
            }

            fn is_zero(&self) -> bool {
                self.is_empty()
            }

            fn encode(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
                encoder.uint(self.len() as u64);
                self.iter().try_for_each(|(key, value)| {
                    key.encode(encoder)?;
                    value.encode(encoder)
                })
            }

            /// Entries are added and replaced, never merged or removed.
            fn decode(&mut self, decoder: &mut ValueDecoder<'_>, wire: i64) -> Result<()> {
                let Some((key_type, value_type)) = map_type(decoder.types(), wire) else {
                    return Err(decoder.mismatch::<Self>(wire));
                };
                let count = decoder.read_uint()?;
                for _ in 0..count {
                    decoder.expect_element(count)?;
                    let mut key = K::default();
                    key.decode(decoder, key_type)?;
                    let mut value = V::default();
                    value.decode(decoder, value_type)?;
                    self.insert(key, value);
                }
                Ok(())
            }
        }
    };
}

map!(BTreeMap where Ord);
map!(HashMap where Hash, Eq);
