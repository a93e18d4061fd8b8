//! The connection to the server's API.

use std::io;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use prost::Message;
use tokio::time::timeout;

use super::{Row, status};
use crate::error::Error;
use crate::transport::grpc::convert;
use crate::transport::grpc::rpc::{Address, Channel, decode, encode};
use crate::transport::limits::api_limit;

/// The API, at the address that the server names when it starts the plugin.
pub(crate) struct ApiClient {
    channel: Channel,
}

impl ApiClient {
    /// # Errors
    /// When the address is none.
    pub(crate) fn at(address: Address) -> io::Result<Self> {
        Ok(Self {
            channel: Channel::lazy(address)?,
        })
    }

    /// Makes the call of a row.
    pub(super) fn unary<R: Row>(
        &self,
        arguments: R::Arguments,
    ) -> impl Future<Output = Result<R::Output, Error>> + Send {
        let exchange = self.exchange(R::NAME, R::PATH, R::request(arguments));
        exchange.map(|response| output::<R>(response?))
    }

    /// Sends one message and waits for one.
    pub(super) fn exchange<A: Message + Default>(
        &self,
        method: &'static str,
        path: &'static str,
        request: impl Message,
    ) -> impl Future<Output = Result<A, Error>> + Send {
        let sending = self.send(method, path, encode(&request));
        sending
            .map(move |answer| decode(answer?).map_err(|failure| status::error(method, &failure)))
    }

    /// What exists once, and not for each type of message. The message itself, which may be a file, is
    /// gone before its bytes are sent.
    fn send(
        &self,
        method: &'static str,
        path: &'static str,
        request: Bytes,
    ) -> BoxFuture<'_, Result<Bytes, Error>> {
        let limit = api_limit(method);
        let sending = timeout(limit, self.channel.unary(path, request));
        Box::pin(async move {
            match sending.await {
                Ok(answer) => answer.map_err(|failure| status::error(method, &failure)),
                Err(_) => Err(Error::TimedOut {
                    method,
                    seconds: limit.as_secs(),
                }),
            }
        })
    }
}

fn output<R: Row>(response: R::Response) -> Result<R::Output, Error> {
    let output = R::output(response).map_err(|error| Error::App(convert::api_error(*error)))?;
    output.ok_or(Error::Missing { method: R::NAME })
}
