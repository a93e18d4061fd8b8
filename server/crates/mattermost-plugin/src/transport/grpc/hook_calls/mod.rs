//! Hooks: what the server calls on a plugin. Laid out like [`api_calls`](super::api_calls).

mod rows;
mod service;
mod signature;

pub(crate) use rows::dispatch;
pub(crate) use service::method;
#[cfg(any(test, feature = "host"))]
pub(crate) use signature::of;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use prost::Message;

use crate::hooks::{HookFailure, Hooks};
use crate::transport::Calls;
#[cfg(any(test, feature = "host"))]
use crate::transport::grpc::host::RemoteHooks;
use crate::transport::grpc::rpc::Method;

/// How a hook of the table is answered, by its Go name.
pub(crate) type Dispatch = fn(Arc<dyn Hooks>, Calls, &str) -> Option<Method>;

/// A hook, as the table of hooks has it.
pub(crate) trait Signature: 'static {
    /// Its Go name.
    const NAME: &'static str;
    /// Its name here, as in [`Plugin::HOOKS`](crate::Plugin::HOOKS).
    const METHOD: &'static str;
    /// Its path in HTTP/2.
    #[cfg(any(test, feature = "host"))]
    const PATH: &'static str;
    type Arguments: Send + 'static;
    type Output: Send + 'static;

    fn call(
        hooks: &dyn Hooks,
        arguments: Self::Arguments,
    ) -> BoxFuture<'_, Result<Self::Output, HookFailure>>;
}

/// A hook at the other end.
#[cfg(any(test, feature = "host"))]
pub(crate) trait Remote: Signature {
    /// Calls it.
    fn remote(
        hooks: &RemoteHooks,
        arguments: Self::Arguments,
    ) -> BoxFuture<'_, Result<Self::Output, HookFailure>>;
}

/// A hook, as the protocol carries it.
pub(crate) trait Row: Signature {
    type Request: Message + Default + 'static;
    type Response: Message + Default + 'static;

    fn arguments(request: Self::Request) -> Self::Arguments;

    fn response(output: Self::Output) -> Self::Response;

    #[cfg(any(test, feature = "host"))]
    fn request(arguments: Self::Arguments) -> Self::Request;

    #[cfg(any(test, feature = "host"))]
    fn output(response: Self::Response) -> Self::Output;
}
