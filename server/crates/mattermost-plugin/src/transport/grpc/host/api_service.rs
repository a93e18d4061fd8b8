//! Answers the API calls of a plugin, in the server's way.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt;
use prost::Message;
use tonic::Status;

use super::irregular;
use crate::error::Error;
use crate::host::Host;
use crate::transport::grpc::api_calls::{Perform, Row, Way, dispatch, failure};
use crate::transport::grpc::messages::api::AppError;
use crate::transport::grpc::rpc::{Method, Service, decode, encode};

/// The longest request that is taken, in bytes (grpc-go `server.go`, `defaultServerMaxReceiveMessageSize`).
const LARGEST_REQUEST: usize = 4 * 1024 * 1024;

/// The API, offered to one plugin.
pub(super) struct ApiService {
    pub(super) host: Arc<dyn Host>,
}

impl Service for ApiService {
    fn method(&self, service: &str, method: &str) -> Option<Method> {
        if service != "mattermost.pluginapi.v1.PluginAPI" {
            return None;
        }
        irregular::method(method, &self.host).or_else(|| dispatch(method, &self.host))
    }
}

/// Answers a method of the table.
pub(crate) fn answer<R: Row + Perform>(host: Arc<dyn Host>, way: Way) -> Method {
    Method::unary(move |request| {
        async move {
            let arguments = R::arguments(received(request)?);
            let outcome = R::perform(&*host, arguments).await;
            Ok(encode(&R::response(settled(way, outcome)?)))
        }
        .boxed()
    })
}

/// A request that is not too long.
pub(super) fn received<M: Message + Default>(request: Bytes) -> Result<M, Status> {
    if request.len() > LARGEST_REQUEST {
        let length = request.len();
        let text =
            format!("grpc: received message larger than max ({length} vs. {LARGEST_REQUEST})");
        return Err(Status::resource_exhausted(text));
    }
    decode(request)
}

/// The outcome of a call with its error where the method has it.
pub(super) fn settled<T>(
    way: Way,
    outcome: Result<T, Error>,
) -> Result<Result<T, Box<AppError>>, Status> {
    match outcome {
        Ok(output) => Ok(Ok(output)),
        Err(error) => failure(way, error).map(|error| Err(Box::new(error))),
    }
}
