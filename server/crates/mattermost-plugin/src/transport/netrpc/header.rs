//! The headers of Go's `net/rpc` (`net/rpc/server.go`): a gob value before each argument and reply.

use mattermost_plugin_derive::GoModel;

use super::gob::Letters;

/// Announces an argument.
#[derive(Debug, Default, PartialEq, GoModel)]
pub(crate) struct Request {
    /// `Service.Method`.
    pub(crate) service_method: String,
    /// Chosen by the caller, repeated in the reply.
    #[go(name = "Seq")]
    pub(crate) sequence: u64,
}

/// Announces a reply.
#[derive(Debug, Default, PartialEq, GoModel)]
pub(crate) struct Response {
    /// As in the request.
    pub(crate) service_method: String,
    /// As in the request.
    #[go(name = "Seq")]
    pub(crate) sequence: u64,
    /// Why there is no reply; empty when there is one.
    pub(crate) error: String,
}

/// `struct{}`: what a call without arguments, a reply without content and a failed reply carry.
pub(crate) type Empty = Letters<()>;
