//! Requests of the server itself to a plugin: clicks, dialogs, dynamic lists
//! (`doPluginRequest` in `app/integration_action.go`).

use std::sync::Arc;
use std::time::Duration;

use http::header::AUTHORIZATION;
use http::{HeaderValue, Method, Request};
use http_body_util::BodyExt;
use mattermost_plugin::http::Body;
use mattermost_plugin::model::AppError;
use serde_json::Value;
use url::form_urlencoded;

use super::http::{decode_percent, uri};
use super::{Caller, Server};
use crate::errors::{app_error, detailed};

/// Longest answer that is read, in bytes (`MaxIntegrationResponseSize`).
const ANSWER_MAX_BYTES: usize = 1024 * 1024;

/// What a plugin answered.
#[derive(Debug, Clone)]
pub(crate) struct LocalResponse {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Server {
    /// Sends JSON to the address of a button or dialog.
    ///
    /// # Errors
    /// When the address is not one of a plugin or the plugin does not answer in time.
    pub(crate) async fn do_action_request(
        self: &Arc<Self>,
        caller: &Caller,
        url: &str,
        body: &Value,
    ) -> Result<LocalResponse, AppError> {
        let seen = (url.to_owned(), body.clone());
        self.record(|records| records.requests.push(seen));
        let site_url = self.config().text("ServiceSettings.SiteURL");
        let local = if url.starts_with("/plugins/") || url.starts_with("plugins/") {
            Some(url)
        } else {
            url.strip_prefix(site_url.trim_end_matches('/'))
                .filter(|rest| !site_url.is_empty() && rest.starts_with("/plugins/"))
        };
        let Some(local) = local else {
            self.violation(
                "",
                format!("address outside of plugins, a development server does not call it: {url}"),
            );
            return Err(integration_error("the address is outside of plugins"));
        };
        let timeout = self.request_timeout();
        let request = self.do_plugin_request(
            caller,
            Method::POST,
            local,
            &[],
            body.to_string().into_bytes(),
        );
        tokio::time::timeout(timeout, request)
            .await
            .unwrap_or_else(|_| Err(integration_error("the plugin did not answer in time")))
    }

    /// How long the server waits for an answer, and how long a trigger id lives.
    pub(crate) fn request_timeout(&self) -> Duration {
        let seconds = self
            .config()
            .number("ServiceSettings.OutgoingIntegrationRequestsTimeout");
        Duration::from_secs(u64::try_from(seconds).unwrap_or(30))
    }

    /// A request to `/plugins/<id>/…` as the caller's session. It has no `Content-Type`, and of the
    /// answer only what the last write carried counts: so it is on the server.
    ///
    /// # Errors
    /// When the address is not one of a plugin.
    pub(crate) async fn do_plugin_request(
        self: &Arc<Self>,
        caller: &Caller,
        method: Method,
        url: &str,
        query: &[(&str, String)],
        body: Vec<u8>,
    ) -> Result<LocalResponse, AppError> {
        let url = url.trim_start_matches('/');
        let url = url.split('#').next().unwrap_or_default();
        let (path, own_query) = url.split_once('?').unwrap_or((url, ""));
        // The path is decoded and then parsed as an address again: one level of escapes is lost.
        let path = decode_percent(path);
        if !path.starts_with("plugins/") || path.split('/').count() < 2 {
            return Err(integration_error("plugins not in path"));
        }
        let path = decode_percent(path.split('?').next().unwrap_or_default());
        let mut pairs: Vec<(String, String)> = query
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        pairs.extend(form_urlencoded::parse(own_query.as_bytes()).into_owned());
        pairs.sort_by(|one, other| one.0.cmp(&other.0));
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        let mut request = Request::new(Body::from(body));
        *request.method_mut() = method;
        *request.uri_mut() = uri(&format!("/{path}"), &query);
        let token = caller
            .session
            .as_ref()
            .map(|session| session.token.clone())
            .unwrap_or_default();
        if let Ok(value) = HeaderValue::from_str(&format!("Bearer {token}")) {
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        let response = self.serve_plugin_request(caller.node, request, "").await;
        let status = response.status().as_u16();
        let plugin_id = path.split('/').nth(1).unwrap_or_default();
        let body = self.last_write(plugin_id, response.into_body()).await;
        Ok(LocalResponse { status, body })
    }

    /// The last piece of an answer (`LocalResponseWriter.Write` forgets those before it).
    async fn last_write(&self, plugin_id: &str, mut body: Body) -> Vec<u8> {
        let mut last = Vec::new();
        let mut pieces = 0_usize;
        while let Some(Ok(frame)) = body.frame().await {
            if let Ok(data) = frame.into_data()
                && !data.is_empty()
            {
                pieces += 1;
                last = data.to_vec();
            }
        }
        if pieces > 1 {
            self.violation(
                plugin_id,
                format!("the answer to a click, dialog or dynamic list came in {pieces} writes; the server keeps only the last"),
            );
        }
        last.truncate(ANSWER_MAX_BYTES);
        last
    }
}

/// The server's error for everything that goes wrong with a click.
pub(crate) fn integration_error(detail: &str) -> AppError {
    let error = app_error(
        "DoActionRequest",
        "api.post.do_action.action_integration.app_error",
        "Action integration error.",
        400,
    );
    detailed(error, detail)
}
