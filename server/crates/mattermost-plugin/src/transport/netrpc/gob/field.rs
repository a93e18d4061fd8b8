//! The trait that every part of a model implements.

use gobwire::{Describer, Encode, Result, TypeTable, ValueDecoder, ValueEncoder};

/// A Rust type that stands for a Go type as a field of a struct, an element of a collection or a
/// whole message.
pub trait Field: Default {
    /// The wire type id on the current stream, defining the type if needed.
    ///
    /// # Errors
    /// When the type cannot be described.
    fn describe(describer: &mut Describer<'_>) -> Result<i64>;

    /// Whether a remote value of type `wire` can be stored here (Go's `compatibleType`).
    fn compatible(types: &TypeTable, wire: i64) -> bool;

    /// Whether Go would leave the value out of a struct.
    fn is_zero(&self) -> bool;

    /// Whether the value is framed as a struct at top level and inside an interface.
    #[must_use]
    fn frames_as_struct() -> bool {
        false
    }

    /// What stands for a value that was left out: the zero value, or `None` for structs, where
    /// being left out means Go's nil pointer.
    #[must_use]
    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    /// Writes the value itself, without field number or framing.
    ///
    /// # Errors
    /// When the value has no form on the wire.
    fn encode(&self, encoder: &mut ValueEncoder<'_>) -> Result<()>;

    /// Reads a value of remote type `wire` into this one, merging as Go does: what the wire does
    /// not carry keeps its value.
    ///
    /// # Errors
    /// When the bytes are not a value of that type or the type does not fit.
    fn decode(&mut self, decoder: &mut ValueDecoder<'_>, wire: i64) -> Result<()>;

    /// Whether this value says more than its type can: it has a wire type of its own when it is a
    /// whole argument or result.
    fn is_dynamic(&self) -> bool {
        false
    }

    /// The wire type id of this value as a whole argument or result.
    ///
    /// # Errors
    /// As [`describe`](Self::describe).
    fn describe_value(&self, describer: &mut Describer<'_>) -> Result<i64> {
        Self::describe(describer)
    }

    /// Writes the value as a whole argument or result.
    ///
    /// # Errors
    /// As [`encode`](Self::encode).
    fn encode_value(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
        self.encode(encoder)
    }
}

/// Lets `gobwire` encode a part of a struct or collection.
#[derive(Debug)]
pub struct Sent<'a, T>(pub &'a T);

impl<T: Field> Encode for Sent<'_, T> {
    fn describe_value(&self, describer: &mut Describer<'_>) -> Result<i64> {
        T::describe(describer)
    }

    fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    fn frames_as_struct(&self) -> bool {
        T::frames_as_struct()
    }

    fn encode(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
        self.0.encode(encoder)
    }
}

/// Lets `gobwire` encode a whole argument or result.
#[derive(Debug)]
pub(crate) struct Whole<'a, T>(pub(crate) &'a T);

impl<T: Field> Encode for Whole<'_, T> {
    fn describe_value(&self, describer: &mut Describer<'_>) -> Result<i64> {
        self.0.describe_value(describer)
    }

    fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    fn frames_as_struct(&self) -> bool {
        T::frames_as_struct()
    }

    fn encode(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
        self.0.encode_value(encoder)
    }
}
