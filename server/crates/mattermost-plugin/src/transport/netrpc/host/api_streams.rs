//! API calls that carry bodies, on the host's side: the plugin listens, the host opens.

use std::io;
use std::sync::Arc;

use http_body_util::BodyExt;
use tokio::io::AsyncWriteExt;

use super::super::api_streams::{
    InstallPluginArguments, PluginHttpArguments, PluginHttpReply, UploadDataArguments,
};
use super::super::gob::GoError;
use super::super::http_head::headers_to_go;
use super::super::remote_reader::RemoteBody;
use super::super::server::Reply;
use super::api_service::{ApiService, reply};
use crate::error::Error;
use crate::http::Body;
use crate::model::{AppError, FileInfo, Manifest};

fn unreachable(error: io::Error) -> String {
    format!("can't connect to remote stream: {error}")
}

async fn body(api: &ApiService, number: u32, length: Option<u64>) -> Result<Body, String> {
    match number {
        0 => Ok(Body::empty()),
        number => {
            let dialled = api.broker.dial(number).await.map_err(unreachable)?;
            Ok(Body::new(RemoteBody::new(dialled, length)))
        }
    }
}

pub(super) async fn plugin_http(
    api: Arc<ApiService>,
    arguments: PluginHttpArguments,
) -> Result<Reply, String> {
    let dialled = api
        .broker
        .dial(arguments.response_body_stream)
        .await
        .map_err(unreachable)?;
    let head = arguments.request.unwrap_or_default();
    let data = body(&api, arguments.request_body_stream, head.content_length()).await?;
    let mut response_stream = dialled.established().await.map_err(unreachable)?;
    let request = head.into_request(data)?;
    match api.host.plugin_http(request).await {
        Ok(response) => {
            let (parts, mut data) = response.into_parts();
            tokio::spawn(async move {
                while let Some(Ok(frame)) = data.frame().await {
                    let piece = frame.into_data().unwrap_or_default();
                    if response_stream.write_all(&piece).await.is_err() {
                        return;
                    }
                }
            });
            let status_code = parts.status.as_u16().into();
            Ok(Box::new(PluginHttpReply {
                status_code,
                header: headers_to_go(&parts.headers),
            }))
        }
        // Go answers zeros when the other plugin answers nothing.
        Err(Error::Missing { .. }) => Ok(Box::new(PluginHttpReply::default())),
        Err(error) => Err(error.to_string()),
    }
}

pub(super) async fn upload_data(
    api: Arc<ApiService>,
    arguments: UploadDataArguments,
) -> Result<Reply, String> {
    let data = body(&api, arguments.data, None).await?;
    let outcome = api
        .host
        .upload_data(arguments.session.unwrap_or_default(), data)
        .await;
    reply::<Option<FileInfo>, GoError>(outcome)
}

pub(super) async fn install_plugin(
    api: Arc<ApiService>,
    arguments: InstallPluginArguments,
) -> Result<Reply, String> {
    let data = body(&api, arguments.bundle, None).await?;
    reply::<Manifest, Option<AppError>>(api.host.install_plugin(data, arguments.replace).await)
}
