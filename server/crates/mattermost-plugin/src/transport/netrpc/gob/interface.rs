//! Interface values: the name of a registered type, its wire type, the value.

use gobwire::{Error, Result, ValueDecoder, ValueEncoder};

use super::{Field, Sent};

/// The longest name of a registered type (`encoding/gob` refuses longer ones).
const MAX_NAME: usize = 1024;

/// Reads up to the value that an interface holds: its registered name and wire type, or `None` for
/// a nil interface.
///
/// Definitions of types met here for the first time have been moved away by
/// [`Decoder`](super::Decoder).
pub(crate) fn read_header(decoder: &mut ValueDecoder<'_>) -> Result<Option<(String, i64)>> {
    let name = decoder.read_bytes()?;
    if name.is_empty() {
        return Ok(None);
    }
    if name.len() > MAX_NAME {
        return Err(Error::Corrupt(format!(
            "name too long ({} bytes)",
            name.len()
        )));
    }
    let name = String::from_utf8_lossy(name).into_owned();
    let wire = decoder.read_int()?;
    if wire < 0 {
        return Err(Error::Corrupt("a type definition inside a value".into()));
    }
    if !decoder.types().is_known(wire) {
        return Err(Error::UndefinedType(wire));
    }
    // The byte count is not the value's length when a nested interface defined a type; Go ignores
    // it as well.
    decoder.read_uint()?;
    if !decoder.types().is_struct(wire) && decoder.read_uint()? != 0 {
        return Err(Error::Corrupt(
            "decode: corrupted data: non-zero delta for singleton".into(),
        ));
    }
    Ok(Some((name, wire)))
}

/// Reads the value after [`read_header`] as the type that its name stands for.
pub(crate) fn read_as<T: Field>(decoder: &mut ValueDecoder<'_>, wire: i64) -> Result<T> {
    if !T::compatible(decoder.types(), wire) {
        return Err(decoder.mismatch::<T>(wire));
    }
    let mut value = T::default();
    value.decode(decoder, wire)?;
    Ok(value)
}

/// Writes an interface that holds `value` of the Go type registered as `name`.
pub(crate) fn write_as<T: Field>(
    encoder: &mut ValueEncoder<'_>,
    name: &str,
    value: &T,
) -> Result<()> {
    encoder.interface(Some((name, &Sent(value))))
}
