//! How hooks and API calls travel between a server and a plugin.
//!
//! The seam is two object-safe traits. A transport on the plugin's side carries every call of a
//! [`Hooks`](crate::Hooks) object and offers a [`Host`](crate::Host); on the host's side it is the
//! other way round. Nothing outside this module knows how a call is written down, so a further
//! transport is a further folder here.

#[cfg_attr(
    feature = "host",
    allow(
        dead_code,
        unused_imports,
        clippy::unused_unit,
        reason = "the server side of this protocol has no caller yet"
    )
)]
pub mod grpc;
#[cfg(feature = "host")]
mod host;
pub mod netrpc;

mod calls;
mod capability;
mod limits;
mod started;
mod stderr;

pub(crate) use calls::{Calls, Queue};
pub use capability::Capability;
pub(crate) use started::Started;
pub(crate) use stderr::{panic_text, report, report_panics};
