//! What a preview under a post shows.

use gobwire::{Describer, Result, TypeTable, ValueDecoder, ValueEncoder, ids};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::PreviewPost;
use crate::transport::netrpc::gob::{Field, any, interface};

const PREVIEW_POST: &str = "*model.PreviewPost";

/// The content of a [`PostEmbed`](super::PostEmbed).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(untagged, from = "Value")]
pub enum PostEmbedData {
    /// Nothing beside the URL.
    #[default]
    None,
    /// Another post, in a `permalink`.
    Post(Box<PreviewPost>),
    /// Anything else.
    Other(Value),
}

/// JSON does not name the kind; only a preview of a post has the post's id.
impl From<Value> for PostEmbedData {
    fn from(value: Value) -> Self {
        let known = if value.is_null() {
            Some(Self::None)
        } else if value.get("post_id").is_some() {
            serde_json::from_value(value.clone()).ok().map(Self::Post)
        } else {
            None
        };
        known.unwrap_or(Self::Other(value))
    }
}

impl Field for PostEmbedData {
    fn describe(_: &mut Describer<'_>) -> Result<i64> {
        Ok(ids::INTERFACE)
    }

    fn compatible(_: &TypeTable, wire: i64) -> bool {
        wire == ids::INTERFACE
    }

    fn is_zero(&self) -> bool {
        matches!(self, Self::None | Self::Other(Value::Null))
    }

    fn encode(&self, encoder: &mut ValueEncoder<'_>) -> Result<()> {
        match self {
            Self::None => encoder.interface(None),
            Self::Post(post) => interface::write_as(encoder, PREVIEW_POST, post),
            Self::Other(value) => any::write_held(encoder, value),
        }
    }

    fn decode(&mut self, decoder: &mut ValueDecoder<'_>, wire: i64) -> Result<()> {
        if wire != ids::INTERFACE {
            return Err(decoder.mismatch::<Self>(wire));
        }
        *self = match interface::read_header(decoder)? {
            None => Self::None,
            Some((name, wire)) if name == PREVIEW_POST => {
                Self::Post(interface::read_as(decoder, wire)?)
            }
            Some((name, wire)) => Self::Other(any::read_held(decoder, &name, wire)?),
        };
        Ok(())
    }
}
