//! Messages that are a single value instead of a struct of letters.

use gobwire::{Decode, Describer, Encode, GobType, Result, TypeTable, ValueDecoder, ValueEncoder};

use super::Field;

/// A [`Field`] as a whole message, such as the `[]string` that `Implemented` answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bare<T>(pub T);

impl<T: Field> GobType for Bare<T> {
    fn describe(describer: &mut Describer<'_>) -> Result<i64> {
        T::describe(describer)
    }

    fn compatible(types: &TypeTable, wire: i64) -> bool {
        T::compatible(types, wire)
    }
}

impl<T: Field> Encode for Bare<T> {
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

impl<T: Field> Decode for Bare<T> {
    fn decode_into(&mut self, decoder: &mut ValueDecoder<'_>, wire: i64) -> Result<()> {
        self.0.decode(decoder, wire)
    }
}
