//! Strings and byte slices.

use std::borrow::Cow;

use bytes::Bytes;
use gobwire::{Describer, Result, TypeTable, ValueDecoder, ValueEncoder, ids};

use super::Field;

/// A Go string byte for byte. Go strings hold any bytes, and headers, URLs and user agents that
/// clients send do so in practice; a [`String`] replaces what is not UTF-8 by U+FFFD.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteString(Bytes);

impl ByteString {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, to keep.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        self.0
    }

    /// The text, with U+FFFD for what is not UTF-8.
    #[must_use]
    pub fn to_string_lossy(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }

    /// Whether there are no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl AsRef<[u8]> for ByteString {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for ByteString {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

impl From<Bytes> for ByteString {
    fn from(bytes: Bytes) -> Self {
        Self(bytes)
    }
}

impl From<Vec<u8>> for ByteString {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl From<&[u8]> for ByteString {
    fn from(bytes: &[u8]) -> Self {
        Self(Bytes::copy_from_slice(bytes))
    }
}

impl From<String> for ByteString {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&str> for ByteString {
    fn from(text: &str) -> Self {
        text.as_bytes().into()
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

macro_rules! text {
    ($($ty:ty: $id:ident from $read:path;)*) => {$(
        impl Field for $ty {
            fn describe(_: &mut Describer<'_>) -> Result<i64> {
                Ok(ids::$id)
            }

            fn compatible(_: &TypeTable, wire: i64) -> bool {
                wire == ids::$id
            }

            fn is_zero(&self) -> bool {
                self.is_empty()
            }

            fn encode(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
                encoder.bytes(self.as_ref());
                Ok(())
            }

            fn decode(&mut self, decoder: &mut ValueDecoder<'_>, wire: i64) -> Result<()> {
                if wire != ids::$id {
                    return Err(decoder.mismatch::<Self>(wire));
                }
                *self = $read(decoder.read_bytes()?);
                Ok(())
            }
        }
    )*};
}

text! {
    String: STRING from lossy;
    ByteString: STRING from ByteString::from;
    Bytes: BYTES from Bytes::copy_from_slice;
}
