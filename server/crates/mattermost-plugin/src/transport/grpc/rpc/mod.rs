//! gRPC over HTTP/2, below all services: tonic frames the messages, hyper carries them.

mod client;
mod codec;
mod connection;
mod server;

#[cfg(any(test, feature = "host"))]
pub(crate) use client::Dial;
pub(crate) use client::{Address, Channel};
pub(crate) use codec::Raw;
pub(crate) use connection::{BoxedStream, serve_connection};
pub(crate) use server::{Answer, Messages, Method, Service, finish};

use bytes::Bytes;
use prost::Message;
use tonic::Status;

/// The largest message that is taken, in bytes. A peer is the server that runs this process, or the
/// plugin that it started; tonic's own limit of 4 MiB would refuse files.
const LARGEST_MESSAGE: usize = 1 << 30;

/// How much of one stream may be on its way and not yet read, in bytes. What a slow reader makes
/// this process hold is this much for each stream.
const STREAM_WINDOW: u32 = 512 * 1024;

/// As much as HTTP/2 allows: a stream that nobody reads must not stop the others.
const CONNECTION_WINDOW: u32 = (1 << 31) - 1;

/// A message as it travels.
// One copy for each type, and not for each call with that type.
#[inline(never)]
pub(crate) fn encode(message: &impl Message) -> Bytes {
    message.encode_to_vec().into()
}

/// A message that arrived.
///
/// # Errors
/// `INTERNAL`, as grpc-go has it, when the bytes are no such message.
#[inline(never)]
pub(crate) fn decode<M: Message + Default>(bytes: Bytes) -> Result<M, Status> {
    M::decode(bytes)
        .map_err(|error| Status::internal(format!("the message makes no sense: {error}")))
}
