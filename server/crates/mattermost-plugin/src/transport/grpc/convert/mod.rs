//! Models as the messages of `proto/` carry them, and back.
//!
//! A model and its message are one [`message!`](macros::message) each, which names every field of
//! the model: those that travel, and those that the message has no place for. A field added to a
//! model thus does not compile until it is decided what becomes of it. What has no place and is set
//! nevertheless is reported once ([`losses`]).

mod bots;
mod channels;
mod commands;
mod dialogs;
mod errors;
mod events;
mod files;
mod json;
mod losses;
mod macros;
mod plugins;
mod posts;
mod scalars;
mod teams;
mod users;

pub(crate) use errors::api_error;
#[cfg(any(test, feature = "host"))]
pub(crate) use errors::{error_of_api, error_of_hook};
pub(crate) use losses::{fell_back, field_lost, lost};

/// A value that a message carries as `W`.
pub(crate) trait Wire<W>: Sized {
    /// As the message carries it.
    fn to_wire(self) -> W;

    /// What the message carries.
    fn from_wire(wire: W) -> Self;

    /// What an answer carries; `None` when it is not there although nothing failed.
    fn present(wire: W) -> Option<Self> {
        Some(Self::from_wire(wire))
    }
}
