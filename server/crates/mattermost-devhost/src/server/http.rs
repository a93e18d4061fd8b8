//! HTTP requests to plugins (`app/plugin_requests.go`).

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use http::header::{AUTHORIZATION, COOKIE, REFERER, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri};
use mattermost_plugin::http::Body;
use mattermost_plugin::model::{Context, Session};
use url::form_urlencoded;

use super::{Caller, Server};
use crate::ids::new_id;

/// Name of the cookie that carries the session's token.
pub const SESSION_COOKIE: &str = "MMAUTHTOKEN";
/// Tells a plugin which user sent a request.
pub const USER_ID_HEADER: HeaderName = HeaderName::from_static("mattermost-user-id");
/// Tells a plugin which plugin sent a request.
pub const PLUGIN_ID_HEADER: HeaderName = HeaderName::from_static("mattermost-plugin-id");

impl Server {
    /// A client's request to `/plugins/<id>/…`, answered by the plugin or with status 404.
    pub async fn serve_plugin_request(
        self: &Arc<Self>,
        node: usize,
        request: Request<Body>,
        ip_address: &str,
    ) -> Response<Body> {
        let path = decode_percent(request.uri().path());
        let Some((plugin_id, rest)) = path
            .strip_prefix("/plugins/")
            .map(|path| path.split_once('/').unwrap_or((path, "")))
        else {
            return not_found();
        };
        let Some(instance) = self.instance(plugin_id, node) else {
            return not_found();
        };
        let (plugin_id, rest) = (plugin_id.to_owned(), format!("/{rest}"));
        let (mut parts, body) = request.into_parts();
        let mut context = Context {
            request_id: new_id(),
            ip_address: ip_address.to_owned(),
            accept_language: text(&parts.headers, &http::header::ACCEPT_LANGUAGE),
            user_agent: text(&parts.headers, &USER_AGENT),
            ..Context::default()
        };
        let token = self.take_token(&mut parts.headers, &parts.uri);
        parts.headers.remove(PLUGIN_ID_HEADER);
        parts.headers.remove(USER_ID_HEADER);
        parts.headers.remove(REFERER);
        let now = self.now();
        if let Some(session) = self.read(|data| data.sessions.by_token(&token.value, now).cloned())
        {
            parts.headers.remove(AUTHORIZATION);
            if is_intended(&parts.method, &parts.headers, &session, token.from_cookie) {
                if let Ok(user_id) = HeaderValue::from_str(&session.user_id) {
                    parts.headers.insert(USER_ID_HEADER, user_id);
                }
                context.session_id = session.id;
            }
        }
        parts.uri = uri(&rest, &query_without_token(&parts.uri));
        match instance
            .hooks
            .serve_http(context, Request::from_parts(parts, body))
            .await
        {
            Ok(response) => response,
            Err(failure) => {
                let fields = vec![("error".to_owned(), failure.to_string())];
                self.log(
                    mattermost_plugin::LogLevel::Error,
                    &plugin_id,
                    node,
                    "Plugin failed to ServeHTTP",
                    fields,
                );
                status(StatusCode::INTERNAL_SERVER_ERROR, "")
            }
        }
    }

    /// A request to `/plugins/<id>/metrics` on the metrics port, where nobody is logged in
    /// (`app/platform/metrics.go`).
    pub async fn serve_metrics_request(
        self: &Arc<Self>,
        node: usize,
        request: Request<Body>,
    ) -> Response<Body> {
        let path = decode_percent(request.uri().path());
        let named = path.strip_prefix("/plugins/");
        let named = named.map(|path| path.split_once('/').unwrap_or((path, "")));
        let Some((plugin_id, Some(rest))) =
            named.map(|(id, rest)| (id, rest.strip_prefix("metrics")))
        else {
            return not_found();
        };
        let Some(instance) = self.instance(plugin_id, node) else {
            return not_found();
        };
        let rest = uri(rest, request.uri().query().unwrap_or_default());
        let (mut parts, body) = request.into_parts();
        parts.uri = rest;
        let request = Request::from_parts(parts, body);
        let answer = instance.hooks.serve_metrics(Context::default(), request);
        answer
            .await
            .unwrap_or_else(|_| status(StatusCode::INTERNAL_SERVER_ERROR, ""))
    }

    /// A plugin's request to another plugin: the path is `/<plugin id>/…`
    /// (`PluginAPI.PluginHTTP`).
    pub async fn serve_inter_plugin_request(
        self: &Arc<Self>,
        node: usize,
        from: &str,
        request: Request<Body>,
    ) -> Response<Body> {
        let path = decode_percent(request.uri().path());
        let mut segments = path.splitn(3, '/').skip(1);
        let (Some(plugin_id), Some(rest)) = (segments.next(), segments.next()) else {
            return status(
                StatusCode::BAD_REQUEST,
                "Not enough URL. Form of URL should be /<pluginid>/*",
            );
        };
        if plugin_id.is_empty() {
            return status(
                StatusCode::BAD_REQUEST,
                "No plugin specified. Form of URL should be /<pluginid>/*",
            );
        }
        let Some(instance) = self.instance(plugin_id, node) else {
            return not_found();
        };
        let rest = format!("/{rest}");
        let (mut parts, body) = request.into_parts();
        let context = Context {
            user_agent: text(&parts.headers, &USER_AGENT),
            ..Caller::system(node).context
        };
        parts
            .headers
            .insert(USER_ID_HEADER, HeaderValue::from_static(""));
        if let Ok(from) = HeaderValue::from_str(from) {
            parts.headers.insert(PLUGIN_ID_HEADER, from);
        }
        parts.uri = uri(&rest, &sorted_query(&parts.uri));
        let answer = instance
            .hooks
            .serve_http(context, Request::from_parts(parts, body))
            .await;
        answer.unwrap_or_else(|_| status(StatusCode::INTERNAL_SERVER_ERROR, ""))
    }

    /// The token of a request. The session's cookie is taken out of the headers, others stay.
    fn take_token(&self, headers: &mut HeaderMap, uri: &Uri) -> Token {
        let authorization = text(headers, &AUTHORIZATION);
        let cookies: Vec<String> = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .map(|cookie| cookie.trim().to_owned())
            .collect();
        headers.remove(COOKIE);
        let prefix = format!("{SESSION_COOKIE}=");
        let others: Vec<&str> = cookies
            .iter()
            .map(String::as_str)
            .filter(|cookie| !cookie.starts_with(&prefix))
            .collect();
        if let (false, Ok(value)) = (others.is_empty(), HeaderValue::from_str(&others.join("; "))) {
            headers.insert(COOKIE, value);
        }
        for scheme in ["bearer ", "token "] {
            if authorization.to_lowercase().starts_with(scheme) {
                let value = authorization
                    .get(scheme.len()..)
                    .unwrap_or_default()
                    .to_owned();
                return Token {
                    value,
                    from_cookie: false,
                };
            }
        }
        if let Some(value) = cookies
            .iter()
            .find_map(|cookie| cookie.strip_prefix(&prefix))
        {
            return Token {
                value: value.to_owned(),
                from_cookie: true,
            };
        }
        let value = pairs(uri)
            .into_iter()
            .find(|(name, _)| name == "access_token")
            .map(|(_, value)| value);
        Token {
            value: value.unwrap_or_default(),
            from_cookie: false,
        }
    }
}

struct Token {
    value: String,
    from_cookie: bool,
}

/// Whether a request that a browser's cookie authenticates was meant by its user
/// (`validateCSRFForPluginRequest`; the form field `csrf` is not looked for).
fn is_intended(method: &Method, headers: &HeaderMap, session: &Session, from_cookie: bool) -> bool {
    if !from_cookie || method == Method::GET {
        return true;
    }
    let expected = session
        .props
        .get("csrf")
        .map(String::as_str)
        .unwrap_or_default();
    text(headers, &HeaderName::from_static("x-csrf-token")) == expected
        || text(headers, &HeaderName::from_static("x-requested-with")) == "XMLHttpRequest"
}

fn text(headers: &HeaderMap, name: &HeaderName) -> String {
    headers
        .get(name)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .unwrap_or_default()
}

fn pairs(uri: &Uri) -> Vec<(String, String)> {
    form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .into_owned()
        .collect()
}

fn query_without_token(uri: &Uri) -> String {
    encode(
        pairs(uri)
            .into_iter()
            .filter(|(name, _)| name != "access_token")
            .collect(),
    )
}

fn sorted_query(uri: &Uri) -> String {
    encode(pairs(uri))
}

/// Go writes a query sorted by name.
fn encode(mut pairs: Vec<(String, String)>) -> String {
    pairs.sort_by(|one, other| one.0.cmp(&other.0));
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

/// An address from a decoded path and an encoded query, escaped as Go escapes it: an encoded slash
/// of the original is a slash now.
pub(super) fn uri(path: &str, query: &str) -> Uri {
    let mut text = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    if !query.is_empty() {
        text.push('?');
        text.push_str(query);
    }
    text.parse().unwrap_or_default()
}

/// A path with its `%` escapes undone.
pub(super) fn decode_percent(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        let digits = text
            .get(index + 1..index + 3)
            .filter(|_| bytes[index] == b'%');
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                index += 3;
            }
            None => {
                out.push(bytes[index]);
                index += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The file of a plugin's `public` directory that a path names, `/plugins/<id>/public/…`.
#[must_use]
pub fn public_file(server: &Server, path: &str) -> Option<PathBuf> {
    let path = decode_percent(path);
    let (plugin_id, rest) = path.strip_prefix("/plugins/")?.split_once('/')?;
    let name = rest.strip_prefix("public/")?;
    let directory = server.environment().find(plugin_id)?.directory.clone()?;
    let plain = Path::new(name)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    plain.then(|| directory.join("public").join(name))
}

/// What Go's `http.NotFound` answers.
pub(crate) fn not_found() -> Response<Body> {
    status(StatusCode::NOT_FOUND, "404 page not found\n")
}

fn status(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(
        http::header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    response
}
