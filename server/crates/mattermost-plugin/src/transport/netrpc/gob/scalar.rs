//! Booleans and numbers.

use gobwire::{Describer, Error, Result, TypeTable, ValueDecoder, ValueEncoder, ids};

use super::Field;

impl Field for bool {
    fn describe(_: &mut Describer<'_>) -> Result<i64> {
        Ok(ids::BOOL)
    }

    fn compatible(_: &TypeTable, wire: i64) -> bool {
        wire == ids::BOOL
    }

    fn is_zero(&self) -> bool {
        !*self
    }

    fn encode(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
        encoder.bool(*self);
        Ok(())
    }

    fn decode(&mut self, decoder: &mut ValueDecoder<'_>, wire: i64) -> Result<()> {
        if wire != ids::BOOL {
            return Err(decoder.mismatch::<Self>(wire));
        }
        *self = decoder.read_uint()? != 0;
        Ok(())
    }
}

macro_rules! number {
    ($($ty:ty: $id:ident as $wide:ty, $write:ident, $read:ident;)*) => {$(
        impl Field for $ty {
            fn describe(_: &mut Describer<'_>) -> Result<i64> {
                Ok(ids::$id)
            }

            fn compatible(_: &TypeTable, wire: i64) -> bool {
                wire == ids::$id
            }

            fn is_zero(&self) -> bool {
                *self == <$ty>::default()
            }

            fn encode(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
                encoder.$write(<$wide>::from(*self));
                Ok(())
            }

            fn decode(&mut self, decoder: &mut ValueDecoder<'_>, wire: i64) -> Result<()> {
                if wire != ids::$id {
                    return Err(decoder.mismatch::<Self>(wire));
                }
                let number = decoder.$read()?;
                *self = Self::try_from(number).map_err(|_| Error::Overflow(stringify!($ty)))?;
                Ok(())
            }
        }
    )*};
}

number! {
    i32: INT as i64, int, read_int;
    i64: INT as i64, int, read_int;
    u16: UINT as u64, uint, read_uint;
    u32: UINT as u64, uint, read_uint;
    u64: UINT as u64, uint, read_uint;
    f64: FLOAT as f64, float, read_float;
}
