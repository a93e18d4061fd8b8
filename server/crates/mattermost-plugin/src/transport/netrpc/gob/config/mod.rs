//! The server's configuration, without a schema of its own.
//!
//! Settings are pointers in Go's `model.Config`. Gob leaves out pointers to zero, so that a
//! configuration arrives without all that is false, 0 or empty, and a server that gets it back
//! like this puts its **defaults** there (`SetDefaults`). After `SetDefaults` nothing is nil but
//! [two settings](fill::NIL_BY_DEFAULT); what is missing on arrival is therefore zero. It is filled
//! in as it arrives, and sent as an explicit zero.
//!
//! The types are those that the server described when it sent the configuration: they come along
//! in [`Config`] as a [`Shape`], so that a newer server's settings survive.

mod fill;
mod infer;

use std::sync::Arc;

use gobwire::{Describer, Error, Result, TypeTable, ValueDecoder, ValueEncoder};

use super::shape::Shape;
use super::{Field, any};
use crate::model::Config;

/// `*model.Config`.
impl Field for Config {
    /// The type of a configuration that is not sent: a struct that fits any other.
    fn describe(describer: &mut Describer<'_>) -> Result<i64> {
        describer.structure("no model.Config", "Config", |_| Ok(Vec::new()))
    }

    fn compatible(types: &TypeTable, wire: i64) -> bool {
        types.is_struct(wire)
    }

    fn is_zero(&self) -> bool {
        false
    }

    fn frames_as_struct() -> bool {
        true
    }

    fn absent() -> Option<Self> {
        None
    }

    fn encode(&self, _: &mut ValueEncoder<'_>) -> Result<()> {
        Err(Error::Encode(
            "a configuration is sent as a whole argument or result only".into(),
        ))
    }

    /// Replaces the whole configuration.
    fn decode(&mut self, decoder: &mut ValueDecoder<'_>, wire: i64) -> Result<()> {
        let shape = Shape::from_wire(decoder.types(), wire)?;
        let mut value = any::read::value(decoder, wire, 0)?;
        fill::zeros(&shape, &mut value);
        *self = Self::with_shape(value, Arc::new(shape));
        Ok(())
    }
    fn is_dynamic(&self) -> bool {
        true
    }

    fn describe_value(&self, describer: &mut Describer<'_>) -> Result<i64> {
        self.shape().describe(describer)
    }

    fn encode_value(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
        if !self.value().is_object() {
            return Err(Error::Encode("a configuration must be an object".into()));
        }
        self.shape().write(encoder, self.value())
    }
}
