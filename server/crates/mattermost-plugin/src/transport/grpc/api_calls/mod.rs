//! The API: what a plugin asks the server.
//!
//! The table of methods gives each of them a type with its arguments and its output
//! ([`signature`]), [`rows`] says which messages carry them, and everything else follows.

mod client;
mod fallback;
mod irregular;
mod rows;
mod signature;
mod status;

pub(crate) use client::ApiClient;
#[cfg(any(test, feature = "host"))]
pub(crate) use irregular::{joined as headers_joined, split as headers_split};
#[cfg(any(test, feature = "host"))]
pub(crate) use rows::dispatch;
#[cfg(any(test, feature = "host"))]
pub(crate) use signature::Perform;
#[cfg(any(test, feature = "host"))]
pub(crate) use status::{Way, failure};

use futures_util::future::BoxFuture;
use prost::Message;

use crate::error::Error;
use crate::transport::grpc::messages::api::AppError;

/// A method, as the table of methods has it.
pub(crate) trait Signature: 'static {
    /// Its Go name.
    const NAME: &'static str;
    /// Its path in HTTP/2.
    const PATH: &'static str;
    type Arguments: Send + 'static;
    type Output: Send + 'static;
}

/// A method, as the protocol carries it.
pub(crate) trait Row: Signature {
    type Request: Message + Default + 'static;
    type Response: Message + Default + 'static;

    fn request(arguments: Self::Arguments) -> Self::Request;

    /// The output, or the error inside the answer.
    fn output(response: Self::Response) -> Result<Option<Self::Output>, Box<AppError>>;

    /// Makes the call.
    fn call(
        client: &ApiClient,
        arguments: Self::Arguments,
    ) -> BoxFuture<'_, Result<Self::Output, Error>>
    where
        Self: Sized,
    {
        Box::pin(client.unary::<Self>(arguments))
    }

    #[cfg(any(test, feature = "host"))]
    fn arguments(request: Self::Request) -> Self::Arguments;

    #[cfg(any(test, feature = "host"))]
    fn response(output: Result<Self::Output, Box<AppError>>) -> Self::Response;
}
