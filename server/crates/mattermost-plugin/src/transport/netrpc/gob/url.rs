//! `*url.URL`, which Go sends as the URL's text.

use gobwire::{Describer, MarshalKind, Result, TypeTable, ValueDecoder, ValueEncoder, WireType};

use super::{ByteString, Field};

/// A `*url.URL`: a Go `encoding.BinaryMarshaler` whose bytes are the URL's text. Nil when empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GoUrl(pub ByteString);

impl Field for GoUrl {
    fn describe(describer: &mut Describer<'_>) -> Result<i64> {
        Ok(describer.marshaler("url.URL", "URL", MarshalKind::Binary))
    }

    fn compatible(types: &TypeTable, wire: i64) -> bool {
        matches!(
            types.get(wire).map(|known| &**known),
            Some(WireType::Marshaler {
                kind: MarshalKind::Binary,
                ..
            })
        )
    }

    fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    fn encode(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
        encoder.bytes(self.0.as_bytes());
        Ok(())
    }

    fn decode(&mut self, decoder: &mut ValueDecoder<'_>, wire: i64) -> Result<()> {
        if !Self::compatible(decoder.types(), wire) {
            return Err(decoder.mismatch::<Self>(wire));
        }
        self.0 = decoder.read_bytes()?.into();
        Ok(())
    }
}
