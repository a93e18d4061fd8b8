//! The connection to the server's API.

use std::io;

use bytes::Bytes;
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
    pub(super) async fn unary<R: Row>(&self, arguments: R::Arguments) -> Result<R::Output, Error> {
        let response: R::Response = self
            .exchange(R::NAME, R::PATH, R::request(arguments))
            .await?;
        let output = R::output(response).map_err(|error| Error::App(convert::api_error(*error)))?;
        output.ok_or(Error::Missing { method: R::NAME })
    }

    /// Sends one message and waits for one.
    pub(super) fn exchange<A: Message + Default>(
        &self,
        method: &'static str,
        path: &'static str,
        request: impl Message,
    ) -> impl Future<Output = Result<A, Error>> + Send {
        // The message itself, which may be a file, is gone before its bytes are sent.
        // What is in here exists once for each type of message; what is in `send` exists once.
        let sending = self.send(method, path, encode(&request));
        async move { decode(sending.await?).map_err(|failure| status::error(method, &failure)) }
    }

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
