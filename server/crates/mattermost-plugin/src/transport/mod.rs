//! How hooks and API calls travel between a server and a plugin.
//!
//! The seam is two object-safe traits. A transport on the plugin's side carries every call of a
//! [`Hooks`](crate::Hooks) object and offers a [`Host`](crate::Host); on the host's side it is the
//! other way round. Nothing outside this module knows how a call is written down, so a further
//! transport is a further folder here.

#[cfg(feature = "grpc")]
pub(crate) mod grpc;
#[cfg(any(test, feature = "host"))]
pub mod host;
pub mod netrpc;

#[cfg(all(test, not(feature = "grpc")))]
compile_error!("the tests need the feature grpc");

mod calls;
mod capability;
mod limits;
mod protocol;
#[cfg(test)]
mod rows_tests;
mod started;
mod stderr;
#[cfg(test)]
pub(crate) mod testing;

pub(crate) use calls::{Calls, Queue};
pub use capability::Capability;
pub(crate) use limits::SMALL_REQUEST;
pub use protocol::{Protocol, UnknownProtocol};
pub(crate) use started::Started;
pub(crate) use stderr::{panic_text, report, report_panics};
