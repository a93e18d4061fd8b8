//! Methods that are not rows, on the host's side.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt;
use http::{HeaderMap, Request};
use prost::Message;
use serde::Serialize;
use tonic::Status;

use super::api_service::{received, settled};
use crate::error::Error;
use crate::host::{Host, LogLevel};
use crate::http::Body;
use crate::model::Config;
use crate::transport::grpc::api_calls::{Way, headers_joined, headers_split};
use crate::transport::grpc::convert::Wire;
use crate::transport::grpc::messages::api::{self, KeyValuePair};
use crate::transport::grpc::rpc::{Method, encode};

/// How the method `name` is answered, if it is no row.
pub(super) fn method(name: &str, host: &Arc<dyn Host>) -> Option<Method> {
    Some(match name {
        "LoadPluginConfiguration" => call(
            host,
            async |host, _: api::LoadPluginConfigurationRequest| {
                let config_json = json(&refused(host.load_plugin_configuration().await)?)?;
                Ok(api::LoadPluginConfigurationResponse {
                    error: None,
                    config_json,
                })
            },
        ),
        "GetConfig" => call(host, async |host, _: api::GetConfigRequest| {
            let config_json = json(&refused(host.get_config().await)?)?;
            Ok(api::GetConfigResponse {
                error: None,
                config_json,
            })
        }),
        "GetUnsanitizedConfig" => call(host, async |host, _: api::GetUnsanitizedConfigRequest| {
            let config_json = json(&refused(host.get_unsanitized_config().await)?)?;
            Ok(api::GetUnsanitizedConfigResponse {
                error: None,
                config_json,
            })
        }),
        "SaveConfig" => call(host, async |host, request: api::SaveConfigRequest| {
            let config: Config = serde_json::from_slice(&request.config_json).map_err(|error| {
                Status::invalid_argument(format!("invalid config JSON: {error}"))
            })?;
            refused(host.save_config(config).await)?;
            Ok(api::SaveConfigResponse { error: None })
        }),
        "LogDebug" => call(host, async |host, request: api::LogDebugRequest| {
            log(
                &*host,
                LogLevel::Debug,
                request.msg,
                request.key_value_pairs,
            )
            .await?;
            Ok(api::LogDebugResponse { error: None })
        }),
        "LogInfo" => call(host, async |host, request: api::LogInfoRequest| {
            log(&*host, LogLevel::Info, request.msg, request.key_value_pairs).await?;
            Ok(api::LogInfoResponse { error: None })
        }),
        "LogWarn" => call(host, async |host, request: api::LogWarnRequest| {
            log(&*host, LogLevel::Warn, request.msg, request.key_value_pairs).await?;
            Ok(api::LogWarnResponse { error: None })
        }),
        "LogError" => call(host, async |host, request: api::LogErrorRequest| {
            log(
                &*host,
                LogLevel::Error,
                request.msg,
                request.key_value_pairs,
            )
            .await?;
            Ok(api::LogErrorResponse { error: None })
        }),
        "PluginHTTP" => call(host, async |host, request: api::PluginHttpRequest| {
            plugin_http(&*host, request).await
        }),
        "UploadData" => call(host, async |host, request: api::UploadDataRequest| {
            let session = Wire::from_wire(request.upload_session);
            let info = refused(host.upload_data(session, Body::from(request.data)).await)?;
            Ok(api::UploadDataResponse {
                error: None,
                file_info: info.to_wire(),
            })
        }),
        "InstallPlugin" => call(host, async |host, request: api::InstallPluginRequest| {
            let manifest = refused(
                host.install_plugin(Body::from(request.file_data), request.replace)
                    .await,
            )?;
            Ok(api::InstallPluginResponse {
                error: None,
                manifest: manifest.to_wire(),
            })
        }),
        _ => return None,
    })
}

fn call<A, R, F>(
    host: &Arc<dyn Host>,
    answer: impl FnOnce(Arc<dyn Host>, A) -> F + Send + 'static,
) -> Method
where
    A: Message + Default,
    R: Message,
    F: Future<Output = Result<R, Status>> + Send + 'static,
{
    let host = host.clone();
    Method::unary(move |request| match received(request) {
        Ok(request) => answer(host, request)
            .map(|answer| answer.map(|answer| encode(&answer)))
            .boxed(),
        Err(status) => std::future::ready(Err(status)).boxed(),
    })
}

/// The output of a call whose error is its status.
fn refused<T>(outcome: Result<T, Error>) -> Result<T, Status> {
    settled(Way::Status, outcome)?.map_err(|error| Status::internal(error.id))
}

fn json(document: &impl Serialize) -> Result<Bytes, Status> {
    let text = serde_json::to_vec(document).map_err(|error| Status::internal(error.to_string()))?;
    Ok(text.into())
}

/// Values reach the log as the server's library prints them.
async fn log(
    host: &dyn Host,
    level: LogLevel,
    message: String,
    pairs: Vec<KeyValuePair>,
) -> Result<(), Status> {
    let text = |pair: KeyValuePair| {
        (
            pair.key,
            pair.value
                .map(|value| format!("{value:?}"))
                .unwrap_or_default(),
        )
    };
    refused(
        host.log(level, message, pairs.into_iter().map(text).collect())
            .await,
    )
}

async fn plugin_http(
    host: &dyn Host,
    request: api::PluginHttpRequest,
) -> Result<api::PluginHttpResponse, Status> {
    let invalid = |error: http::Error| Status::invalid_argument(error.to_string());
    let mut sent = Request::builder()
        .method(request.method.as_str())
        .uri(&request.url)
        .body(Body::from(request.body))
        .map_err(invalid)?;
    *sent.headers_mut() = headers_split(request.headers);
    let response = match host.plugin_http(sent).await {
        Ok(response) => response,
        Err(Error::Missing { .. }) => return Ok(api::PluginHttpResponse::default()),
        Err(error) => return Err(Status::internal(error.to_string())),
    };
    let (parts, body) = response.into_parts();
    let body = body
        .collect(usize::MAX)
        .await
        .map_err(|error| Status::internal(error.to_string()))?;
    let status_code = parts.status.as_u16().into();
    Ok(api::PluginHttpResponse {
        error: None,
        status_code,
        headers: first_values(&parts.headers),
        body,
    })
}

fn first_values(headers: &HeaderMap) -> BTreeMap<String, String> {
    headers_joined(headers)
}
