//! API calls that carry bodies beside their arguments (`client_rpc.go`, `pluginHTTPStream`,
//! `UploadData`, `InstallPlugin`). The plugin picks the numbers of the streams and accepts them.

use std::io;
use std::pin::pin;

use gobwire::{Decode, Encode};
use http::{Request, Response, StatusCode};
use http_body::Body as _;
use mattermost_plugin_derive::GoModel;

use super::api_client::{ApiClient, failed, outcome};
use super::api_output::ApiOutput;
use super::broker::Listening;
use super::client::CallError;
use super::gob::GoError;
use super::http_head::{Headers, RequestHead, allows_body, headers_from_go};
use super::remote_reader::{self, RemoteBody};
use crate::error::Error;
use crate::http::Body;
use crate::http::idle::{IDLE_LIMIT, Traffic};
use crate::model::{AppError, FileInfo, Manifest, UploadSession};
use crate::transport::limits::api_limit;

/// The argument of `PluginHTTPStream`.
#[derive(Debug, Default, PartialEq, GoModel)]
#[go(name = "Z_PluginHTTPStreamArgs")]
pub(crate) struct PluginHttpArguments {
    pub(crate) response_body_stream: u32,
    pub(crate) request: Option<RequestHead>,
    /// 0 when there is no body.
    pub(crate) request_body_stream: u32,
}

/// Its reply.
#[derive(Debug, Default, PartialEq, GoModel)]
#[go(name = "Z_PluginHTTPStreamReturns")]
pub(crate) struct PluginHttpReply {
    /// 0 when the other plugin answered nothing.
    pub(crate) status_code: i64,
    pub(crate) header: Headers,
}

/// The argument of `UploadData`.
#[derive(Debug, Default, PartialEq, GoModel)]
#[go(name = "Z_UploadDataArgs")]
pub(crate) struct UploadDataArguments {
    #[go(name = "A")]
    pub(crate) session: Option<UploadSession>,
    #[go(name = "PluginStreamID")]
    pub(crate) data: u32,
}

/// The argument of `InstallPlugin`.
#[derive(Debug, Default, PartialEq, GoModel)]
#[go(name = "Z_InstallPluginArgs")]
pub(crate) struct InstallPluginArguments {
    #[go(name = "PluginStreamID")]
    pub(crate) bundle: u32,
    #[go(name = "B")]
    pub(crate) replace: bool,
}

/// An empty map does not travel, and the server writes its own headers into the map that arrives
/// (`app/plugin_requests.go`): into a nil one it panics and answers an empty 200.
fn with_a_header(mut head: RequestHead) -> RequestHead {
    if head.header.is_empty() {
        let name = "mattermost-plugin".into();
        head.header.insert("User-Agent".into(), vec![name]);
    }
    head
}

impl ApiClient {
    pub(super) async fn send_request(
        &self,
        request: Request<Body>,
    ) -> Result<Response<Body>, Error> {
        const METHOD: &str = "PluginHTTPStream";
        let link = self.link(METHOD)?;
        let (parts, body) = request.into_parts();
        let response_stream = link.broker.listen();
        let request_stream = (!body.is_end_stream()).then(|| link.broker.listen());
        let arguments = PluginHttpArguments {
            response_body_stream: response_stream.number(),
            request: Some(with_a_header(RequestHead::of(&parts))),
            request_body_stream: request_stream.as_ref().map_or(0, Listening::number),
        };
        if let Some(stream) = request_stream {
            // Outlives the call: an answer may begin before the request has ended. When the other
            // side has read enough it closes the stream, which ends this.
            tokio::spawn(async move {
                let given = match stream.accept().await {
                    Ok(stream) => remote_reader::give(body, stream).await,
                    Err(error) => Err(error),
                };
                if let Err(error) = given {
                    tracing::warn!(%error, "the body of a request to another plugin ended early");
                }
            });
        }
        let call = link.client.call(
            "Plugin.PluginHTTPStream",
            &arguments,
            PluginHttpReply::default(),
            api_limit("PluginHTTP"),
        );
        let (reply, stream) = tokio::join!(call, response_stream.accept());
        let reply = reply.map_err(|error| failed(METHOD, error))?;
        let status = u16::try_from(reply.status_code)
            .ok()
            .and_then(|code| StatusCode::from_u16(code).ok());
        let Some(status) = status else {
            return Err(Error::Missing { method: METHOD });
        };
        let stream = stream.map_err(|error| Error::Transport {
            method: METHOD,
            reason: error.to_string(),
        })?;
        let headers = headers_from_go(reply.header);
        let length = headers
            .get(http::header::CONTENT_LENGTH)
            .filter(|_| allows_body(&parts.method, status));
        let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
        let mut response = Response::new(Body::new(RemoteBody::unasked(stream, length)));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }

    pub(super) async fn upload(
        &self,
        session: UploadSession,
        data: Body,
    ) -> Result<Option<FileInfo>, Error> {
        const METHOD: &str = "UploadData";
        let stream = self.link(METHOD)?.broker.listen();
        let arguments = UploadDataArguments {
            session: Some(session),
            data: stream.number(),
        };
        let reply: <Option<FileInfo> as ApiOutput>::OrError<GoError> = self
            .call_with_data(METHOD, "Plugin.UploadData", arguments, stream, data)
            .await?;
        outcome::<Option<FileInfo>, GoError>(METHOD, reply)
    }

    pub(super) async fn install(&self, bundle: Body, replace: bool) -> Result<Manifest, Error> {
        const METHOD: &str = "InstallPlugin";
        let stream = self.link(METHOD)?.broker.listen();
        let arguments = InstallPluginArguments {
            bundle: stream.number(),
            replace,
        };
        let reply: <Manifest as ApiOutput>::OrError<Option<AppError>> = self
            .call_with_data(METHOD, "Plugin.InstallPlugin", arguments, stream, bundle)
            .await?;
        outcome::<Manifest, Option<AppError>>(METHOD, reply)
    }

    /// A call during which the server reads `data`. It may last while bytes move.
    async fn call_with_data<A, R>(
        &self,
        method: &'static str,
        service_method: &str,
        arguments: A,
        stream: Listening,
        data: Body,
    ) -> Result<R, Error>
    where
        A: Encode + Sync,
        R: Decode + Default + Send + 'static,
    {
        let traffic = Traffic::default();
        let data = traffic.watch_request(data);
        let mut call = pin!(self.link(method)?.client.call_unlimited(
            service_method,
            &arguments,
            R::default()
        ));
        let mut giving = pin!(async { remote_reader::give(data, stream.accept().await?).await });
        let mut given = false;
        loop {
            tokio::select! {
                reply = &mut call => return reply.map_err(|error| failed(method, error)),
                outcome = &mut giving, if !given => {
                    given = true;
                    // What the server has read is not all: whatever it answers is about half the data.
                    outcome.map_err(|error: io::Error| Error::Invalid(format!("the data of {method} ended early: {error}")))?;
                }
                () = traffic.ceased() => return Err(failed(method, CallError::TimedOut(IDLE_LIMIT))),
            }
        }
    }
}
