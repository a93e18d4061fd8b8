//! Answers that are the same on every page: refusals, redirects, HTML.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, CONTENT_TYPE, LOCATION, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

use super::call::Call;
use crate::jenkins::model::Permission;

/// What a page comes to.
pub(crate) type Reply = Result<Response, Refusal>;

/// Why a page refuses.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The thing does not exist, or may not be seen.
    NotFound,
    /// The user lacks a permission (`AccessDeniedException3`).
    Forbidden(Permission),
    /// `@RequirePOST`.
    PostRequired,
    /// `hudson.model.Failure`: 400 with the message in `X-Error`.
    Failure(String),
    /// `HttpResponses.error`: a status with its message.
    Error(StatusCode, String),
    /// An exception nobody caught: 500 with a page that does not show it.
    Exception(String),
}

/// A 302 to an absolute URL.
pub(crate) fn redirect(to: &str) -> Response {
    located(StatusCode::FOUND, to)
}

/// A status with a `Location`.
pub(crate) fn located(status: StatusCode, to: &str) -> Response {
    let mut response = status.into_response();
    set(&mut response, LOCATION, to);
    response
}

/// A JSON body with stapler's content type.
pub(crate) fn json(body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    set(
        &mut response,
        CONTENT_TYPE,
        "application/json;charset=utf-8",
    );
    response
}

/// Plain text.
pub(crate) fn text(body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    set(&mut response, CONTENT_TYPE, "text/plain;charset=utf-8");
    response
}

/// What the servlet container says about a path outside the context: no sign of Jenkins.
pub(crate) fn not_jenkins() -> Response {
    let body = "<html><head><title>Error 404 Not Found</title></head><body><h2>HTTP ERROR 404 Not Found</h2></body></html>";
    html(StatusCode::NOT_FOUND, body.to_owned())
}

pub(crate) fn html(status: StatusCode, body: String) -> Response {
    let mut response = (status, body).into_response();
    set(&mut response, CONTENT_TYPE, "text/html;charset=utf-8");
    response
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
        response.headers_mut().insert(name, value);
    }
}

/// Makes the pages of one Jenkins, every one with its version in `X-Jenkins`.
#[derive(Debug)]
pub(crate) struct Page {
    version: String,
    session: String,
}

impl Page {
    /// `restarts` changes the session, as every start of Jenkins does (`Jenkins.SESSION_HASH`).
    pub(crate) fn new(version: &str, restarts: u32) -> Self {
        Self {
            version: version.to_owned(),
            session: format!("{:08x}", 0x5f1c_0a7e_u32.wrapping_add(restarts)),
        }
    }

    /// `Functions.advertiseHeaders`.
    fn advertise(&self, mut response: Response) -> Response {
        set(
            &mut response,
            HeaderName::from_static("x-jenkins"),
            &self.version,
        );
        set(&mut response, HeaderName::from_static("x-hudson"), "1.395");
        set(
            &mut response,
            HeaderName::from_static("x-jenkins-session"),
            &self.session,
        );
        set(
            &mut response,
            HeaderName::from_static("x-content-type-options"),
            "nosniff",
        );
        response
    }

    pub(crate) fn finish(&self, reply: Reply, call: &Call) -> Response {
        match reply {
            Ok(response) => self.advertise(response),
            Err(refusal) => self.refuse(refusal, call),
        }
    }

    fn refuse(&self, refusal: Refusal, call: &Call) -> Response {
        match refusal {
            Refusal::NotFound => self.error(StatusCode::NOT_FOUND, "Not Found"),
            Refusal::Forbidden(permission) => self.forbidden(permission, call),
            Refusal::PostRequired => {
                let mut response =
                    self.error(StatusCode::METHOD_NOT_ALLOWED, "This URL requires POST");
                set(&mut response, ALLOW, "POST");
                response
            }
            Refusal::Failure(message) => {
                let mut response = self.error(StatusCode::BAD_REQUEST, &message);
                if let Ok(value) = HeaderValue::from_bytes(&latin1(&message)) {
                    response.headers_mut().insert("x-error", value);
                }
                response
            }
            Refusal::Error(status, message) => self.error(status, &message),
            Refusal::Exception(message) => {
                tracing::debug!(%message, "a page failed");
                self.error(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "A problem occurred while processing the request",
                )
            }
        }
    }

    pub(crate) fn error(&self, status: StatusCode, message: &str) -> Response {
        let title = if status == StatusCode::INTERNAL_SERVER_ERROR {
            "Oops!"
        } else {
            "Error"
        };
        let message = escape(message);
        let body = format!(
            "<!DOCTYPE html><html><head><title>{title} [Jenkins]</title></head><body><h1>{title}</h1>\
             <h2>HTTP ERROR {} {message}</h2><p>{message}</p></body></html>",
            status.as_u16(),
        );
        self.advertise(html(status, body))
    }

    /// 401 (`SecurityRealm`: `BasicAuthenticationEntryPoint` with realm “Jenkins”).
    pub(crate) fn unauthorized(&self) -> Response {
        let mut response = self.error(StatusCode::UNAUTHORIZED, "Unauthorized");
        set(&mut response, WWW_AUTHENTICATE, "Basic realm=\"Jenkins\"");
        response
    }

    /// 403: a page for somebody known (`AccessDeniedHandlerImpl`), a way to the login for anonymous
    /// (`HudsonAuthenticationEntryPoint`); both with the diagnosis of `AccessDeniedException3.reportAsHeaders`.
    fn forbidden(&self, permission: Permission, call: &Call) -> Response {
        let name = call.login.name();
        let missing = escape(&format!(
            "{name} is missing the {} permission",
            permission.title()
        ));
        let body = if call.login.user.is_some() {
            format!(
                "<!DOCTYPE html><html><head><title>Access Denied [Jenkins]</title></head><body><h1>Access Denied</h1><p>{missing}</p></body></html>"
            )
        } else {
            let path = &call.network.full_path;
            let query = &call.network.query;
            let from = if query.is_empty() {
                path.clone()
            } else {
                format!("{path}?{query}")
            };
            let from: String = url::form_urlencoded::byte_serialize(from.as_bytes()).collect();
            let login = format!("{}/login?from={from}", call.context_path);
            format!(
                "<html><head><meta http-equiv='refresh' content='1;url={login}'/><script>window.location.replace('{login}');</script></head>\
                 <body style='background-color:white; color:white;'>\n\n\nAuthentication required\n<!--\n{missing}\n-->\n\n</body></html>"
            )
        };
        let mut response = self.advertise(html(StatusCode::FORBIDDEN, body));
        set(
            &mut response,
            HeaderName::from_static("x-you-are-authenticated-as"),
            name,
        );
        set(
            &mut response,
            HeaderName::from_static("x-required-permission"),
            permission.id(),
        );
        response
    }

    /// 503 (`HudsonIsRestarting`).
    pub(crate) fn restarting(&self) -> Response {
        let body = "<!DOCTYPE html><html><head><title>Starting Jenkins</title></head><body>\
                    <h1>Please wait while Jenkins is restarting</h1>\
                    <p>Your browser will reload automatically when Jenkins is ready.</p></body></html>";
        self.advertise(html(StatusCode::SERVICE_UNAVAILABLE, body.to_owned()))
    }
}

/// Text as Jetty writes it into a header: ISO 8859-1, with a question mark for every other character.
fn latin1(text: &str) -> Vec<u8> {
    text.chars()
        .map(|character| u8::try_from(u32::from(character)).unwrap_or(b'?'))
        .collect()
}

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
