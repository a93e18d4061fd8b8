//! Go's gob encoding for the values of the plugin protocol.
//!
//! The wire itself (framing, type definitions, struct plans) is `gobwire`'s. What is added here is
//! what Mattermost's protocol needs beyond it:
//!
//! * [`Field`], implemented by `#[derive(GoModel)]` and by the types that models are made of. Text
//!   that is not UTF-8 becomes lossy text instead of failing the whole value, a pointer to a zero
//!   scalar is sent, and recursive models work.
//! * [`serde_json::Value`] as Go's `any`, without building a dynamic value tree.
//! * [`Letters`], the argument and reply structs of hooks and API calls.
//! * [`Decoder`], to be used in place of `gobwire::Decoder`: it moves type definitions that a Go
//!   encoder puts *inside* a value in front of it.
//!
//! Source of the rules: Go's `encoding/gob` and Mattermost's `server/public/plugin/client_rpc.go`.

pub(crate) mod any;
mod bare;
mod config;
mod container;
mod decoder;
mod error;
mod field;
pub(crate) mod interface;
mod letters;
mod scalar;
mod scan;
pub(crate) mod shape;
mod text;
mod unknown;
mod url;

#[cfg(test)]
mod tests;

pub use bare::Bare;
pub use decoder::Decoder;
pub use error::GoError;
pub use field::{Field, Sent};
pub use gobwire::{Encoder, Progress};
pub use letters::Letters;
pub use text::ByteString;
pub use unknown::Unknown;
#[doc(hidden)]
pub use unknown::fields;
pub use url::GoUrl;

/// How deeply interfaces, and JSON values inside them, may nest: as deep as `serde_json` reads.
pub const MAX_NESTING: usize = 128;

/// The parts of `gobwire` that `#[derive(GoModel)]` builds on.
pub mod wire {
    pub use gobwire::{
        Decode, Describer, Encode, Error, GobType, MarshalKind, Result, StructEncoder, TypeTable,
        ValueDecoder, ValueEncoder, WireType, ids,
    };
}
