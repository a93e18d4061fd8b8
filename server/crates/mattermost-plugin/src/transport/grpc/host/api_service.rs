//! Answers the API calls of a plugin, in the server's way.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt;
use prost::Message;
use tonic::Status;

use super::irregular;
use crate::error::Error;
use crate::host::Host;
use crate::transport::Calls;
use crate::transport::grpc::api_calls::{Perform, Row, Way, dispatch, failure};
use crate::transport::grpc::messages::api::AppError;
use crate::transport::grpc::rpc::{Method, Service, decode, encode};
use crate::transport::limits::LARGEST_REQUEST;

/// Upstream declares these and has no handler for them.
const NOT_SERVED: &[&str] = &["GetPluginID", "LogAuditRec"];

/// The API, offered to one plugin.
pub(super) struct ApiService {
    pub(super) host: Arc<dyn Host>,
    pub(super) calls: Calls,
}

impl Service for ApiService {
    fn method(&self, service: &str, method: &str) -> Option<Method> {
        if service != "mattermost.pluginapi.v1.PluginAPI" || NOT_SERVED.contains(&method) {
            return None;
        }
        let method =
            irregular::method(method, &self.host).or_else(|| dispatch(method, &self.host))?;
        Some(method.finished_on(&self.calls))
    }
}

/// Answers a method of the table.
pub(crate) fn answer<R: Row + Perform>(host: Arc<dyn Host>, way: Way) -> Method {
    Method::unary(move |request| {
        async move {
            let arguments = R::arguments(received(request)?);
            let response = match R::perform(&*host, arguments).await {
                // Nil without an error.
                Err(Error::Missing { .. }) => R::Response::default(),
                outcome => R::response(settled(way, outcome)?),
            };
            Ok(encode(&response))
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
