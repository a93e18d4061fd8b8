//! Methods that are not rows: configurations, which are JSON, log lines, and what streams elsewhere.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::header::HOST;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{ApiClient, status};
use crate::error::Error;
use crate::host::LogLevel;
use crate::http::Body;
use crate::model::{Config, FileInfo, Manifest, UploadSession};
use crate::transport::grpc::convert::{Wire, api_error};
use crate::transport::grpc::messages::api;
use crate::transport::limits::SMALL_REQUEST;

/// Path of a method.
macro_rules! path {
    ($name:literal) => {
        concat!("/mattermost.pluginapi.v1.PluginAPI/", $name)
    };
}

/// The rest of an answer without its error.
macro_rules! checked {
    ($response:expr) => {{
        let mut response = $response;
        match response.error.take() {
            Some(error) => return Err(Error::App(api_error(*error))),
            None => response,
        }
    }};
}

impl ApiClient {
    pub(super) async fn load_settings(&self) -> Result<Value, Error> {
        const NAME: &str = "LoadPluginConfiguration";
        let request = api::LoadPluginConfigurationRequest {};
        let response: api::LoadPluginConfigurationResponse = self
            .exchange(NAME, path!("LoadPluginConfiguration"), request)
            .await?;
        json(NAME, &checked!(response).config_json)
    }

    pub(super) async fn read_config(&self) -> Result<Config, Error> {
        const NAME: &str = "GetConfig";
        let response: api::GetConfigResponse = self
            .exchange(NAME, path!("GetConfig"), api::GetConfigRequest {})
            .await?;
        json(NAME, &checked!(response).config_json)
    }

    pub(super) async fn read_unsanitized_config(&self) -> Result<Config, Error> {
        const NAME: &str = "GetUnsanitizedConfig";
        let response: api::GetUnsanitizedConfigResponse = self
            .exchange(
                NAME,
                path!("GetUnsanitizedConfig"),
                api::GetUnsanitizedConfigRequest {},
            )
            .await?;
        json(NAME, &checked!(response).config_json)
    }

    pub(super) async fn write_config(&self, config: Config) -> Result<(), Error> {
        let json =
            serde_json::to_vec(&config).map_err(|error| Error::Invalid(error.to_string()))?;
        let request = api::SaveConfigRequest {
            config_json: json.into(),
        };
        let response: api::SaveConfigResponse = self
            .exchange("SaveConfig", path!("SaveConfig"), request)
            .await?;
        checked!(response);
        Ok(())
    }

    /// Fields would reach the log as the text form of protobuf's values, so they go into the message.
    pub(super) async fn write_log(
        &self,
        level: LogLevel,
        message: String,
        fields: Vec<(String, String)>,
    ) -> Result<(), Error> {
        let msg = line(message, &fields);
        let key_value_pairs = Vec::new();
        match level {
            LogLevel::Debug => {
                let request = api::LogDebugRequest {
                    msg,
                    key_value_pairs,
                };
                let _: api::LogDebugResponse = self
                    .exchange("LogDebug", path!("LogDebug"), request)
                    .await?;
            }
            LogLevel::Info => {
                let request = api::LogInfoRequest {
                    msg,
                    key_value_pairs,
                };
                let _: api::LogInfoResponse =
                    self.exchange("LogInfo", path!("LogInfo"), request).await?;
            }
            LogLevel::Warn => {
                let request = api::LogWarnRequest {
                    msg,
                    key_value_pairs,
                };
                let _: api::LogWarnResponse =
                    self.exchange("LogWarn", path!("LogWarn"), request).await?;
            }
            LogLevel::Error => {
                let request = api::LogErrorRequest {
                    msg,
                    key_value_pairs,
                };
                let _: api::LogErrorResponse = self
                    .exchange("LogError", path!("LogError"), request)
                    .await?;
            }
        }
        Ok(())
    }

    /// Bodies are whole here, and a header has one value.
    pub(super) async fn send_request(
        &self,
        request: Request<Body>,
    ) -> Result<Response<Body>, Error> {
        const NAME: &str = "PluginHTTP";
        let (parts, body) = request.into_parts();
        let request = api::PluginHttpRequest {
            method: parts.method.to_string(),
            url: parts.uri.to_string(),
            headers: joined(&parts.headers),
            body: whole(NAME, body).await?,
        };
        let response: api::PluginHttpResponse =
            self.exchange(NAME, path!("PluginHTTP"), request).await?;
        let response = checked!(response);
        let status = u16::try_from(response.status_code)
            .ok()
            .and_then(|code| StatusCode::from_u16(code).ok());
        let Some(status) = status else {
            // What the server makes of a plugin that is not there (`plugin_requests.go`).
            return Err(Error::Missing { method: NAME });
        };
        let mut answer = Response::new(Body::from(response.body));
        *answer.status_mut() = status;
        *answer.headers_mut() = split(response.headers);
        Ok(answer)
    }

    /// All of the data in one request: the server wants five MiB in the first one of several, which
    /// is more than it takes (`app/upload.go`, `minFirstPartSize`).
    pub(super) async fn upload(
        &self,
        session: UploadSession,
        data: Body,
    ) -> Result<Option<FileInfo>, Error> {
        const NAME: &str = "UploadData";
        let data = whole(NAME, data).await?;
        let request = api::UploadDataRequest {
            upload_session: session.to_wire(),
            data,
        };
        let response: api::UploadDataResponse =
            self.exchange(NAME, path!("UploadData"), request).await?;
        Ok(Wire::from_wire(checked!(response).file_info))
    }

    pub(super) async fn install(&self, bundle: Body, replace: bool) -> Result<Manifest, Error> {
        const NAME: &str = "InstallPlugin";
        let request = api::InstallPluginRequest {
            file_data: whole(NAME, bundle).await?,
            replace,
        };
        let response: api::InstallPluginResponse =
            self.exchange(NAME, path!("InstallPlugin"), request).await?;
        Manifest::present(checked!(response).manifest).ok_or(Error::Missing { method: NAME })
    }
}

fn json<T: DeserializeOwned>(method: &'static str, json: &Bytes) -> Result<T, Error> {
    let reason = |error| format!("what the server sent is no JSON: {error}");
    serde_json::from_slice(json).map_err(|error| Error::Transport {
        method,
        reason: reason(error),
    })
}

/// A body that fits into a request.
async fn whole(method: &'static str, body: Body) -> Result<Bytes, Error> {
    let collected = body.collect(SMALL_REQUEST).await;
    collected.map_err(
        |error| match error.downcast_ref::<http_body_util::LengthLimitError>() {
            Some(_) => status::too_large(method),
            None => Error::Invalid(format!("the data for {method} cannot be read: {error}")),
        },
    )
}

fn line(message: String, fields: &[(String, String)]) -> String {
    fields.iter().fold(message, |line, (name, value)| {
        if value.is_empty() || value.contains([' ', '"', '=', '\n']) {
            format!("{line} {name}={value:?}")
        } else {
            format!("{line} {name}={value}")
        }
    })
}

/// Headers with one value each: several are one, with commas (RFC 9110, 5.3).
pub(crate) fn joined(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut joined = BTreeMap::<String, String>::new();
    for (name, value) in headers {
        // The server takes the host from the address.
        if name == HOST {
            continue;
        }
        let value = String::from_utf8_lossy(value.as_bytes());
        joined
            .entry(name.to_string())
            .and_modify(|known| *known = format!("{known}, {value}"))
            .or_insert_with(|| value.into_owned());
    }
    joined
}

/// The same the other way.
pub(crate) fn split(headers: BTreeMap<String, String>) -> HeaderMap {
    let header = |(name, value): (String, String)| {
        Some((
            HeaderName::from_bytes(name.as_bytes()).ok()?,
            HeaderValue::from_maybe_shared(Bytes::from(value)).ok()?,
        ))
    };
    headers.into_iter().filter_map(header).collect()
}

#[cfg(test)]
mod tests {
    use super::{Body, Error, HeaderMap, HeaderValue, SMALL_REQUEST, joined, line, whole};

    #[test]
    fn fields_follow_the_message() {
        let fields = [("job", "folder/build"), ("why", "no such \"job\"")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(
            line("build failed".to_owned(), &fields),
            r#"build failed job=folder/build why="no such \"job\"""#
        );
    }

    #[test]
    fn several_values_of_a_header_become_one() {
        let mut headers = HeaderMap::new();
        headers.append("accept", HeaderValue::from_static("text/html"));
        headers.append("accept", HeaderValue::from_static("text/plain"));
        headers.append("host", HeaderValue::from_static("plugin"));
        assert_eq!(
            joined(&headers).into_iter().collect::<Vec<_>>(),
            [("accept".to_owned(), "text/html, text/plain".to_owned())]
        );
    }

    #[tokio::test]
    async fn what_is_too_large_is_refused_before_it_is_sent() {
        let body = Body::from(vec![0; SMALL_REQUEST + 1]);
        assert!(matches!(
            whole("UploadData", body).await,
            Err(Error::Unsupported {
                what: "UploadData",
                ..
            })
        ));
    }
}
