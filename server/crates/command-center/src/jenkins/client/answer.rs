//! What an answer of Jenkins, or of something in its place, means.

use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use serde::Deserialize;
use url::Url;

use crate::http_client::{Answer, Fetched};
use crate::jenkins::error::{JenkinsError, NotJenkinsHint, Thing, short};
use crate::jenkins::log_text::html_to_text;

/// How much of an error page is read.
const ERROR_PAGE_LIMIT: usize = 64 << 10;

/// Reads a JSON answer; what is read may borrow from it.
pub(super) fn json<'a, T: Deserialize<'a>>(
    what: &'static str,
    fetched: &'a Fetched,
    user: &str,
) -> Result<T, JenkinsError> {
    if !fetched.status.is_success() {
        return Err(refusal(
            fetched.status,
            &fetched.headers,
            &fetched.body,
            user,
        ));
    }
    serde_json::from_slice(&fetched.body).map_err(|_| {
        if is_html(&fetched.headers, &fetched.body) {
            not_jenkins(fetched.status, &fetched.headers, &fetched.body)
        } else if is_jenkins(&fetched.headers) {
            JenkinsError::Malformed { what }
        } else {
            JenkinsError::NotJenkins {
                status: fetched.status,
                hint: NotJenkinsHint::Other,
            }
        }
    })
}

/// What an answer means that is no success, or not of the expected kind. Reads the start of its body.
pub(super) async fn refusal_of(mut answer: Answer, user: &str) -> JenkinsError {
    let (status, headers) = (answer.status(), answer.headers().clone());
    let mut body = Vec::new();
    while body.len() < ERROR_PAGE_LIMIT {
        match answer.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(failure) => return failure.into(),
        }
    }
    refusal(status, &headers, &body, user)
}

/// A change that was taken: success, or a redirect that is neither to a login nor to another host.
pub(super) fn accepted(fetched: Fetched, user: &str) -> Result<Fetched, JenkinsError> {
    if fetched.status.is_success() {
        return match is_jenkins(&fetched.headers) || !is_html(&fetched.headers, &fetched.body) {
            true => Ok(fetched),
            false => Err(not_jenkins(fetched.status, &fetched.headers, &fetched.body)),
        };
    }
    if fetched.status.is_redirection() {
        return match led_away(&fetched) {
            Some(hint) => Err(JenkinsError::NotJenkins {
                status: fetched.status,
                hint,
            }),
            None => Ok(fetched),
        };
    }
    Err(refusal(
        fetched.status,
        &fetched.headers,
        &fetched.body,
        user,
    ))
}

/// `hudson.security.csrf.CrumbFilter`.
pub(super) fn wants_crumb(fetched: &Fetched) -> bool {
    fetched.status == StatusCode::FORBIDDEN && contains(&fetched.body, "No valid crumb")
}

/// What any other status means.
pub(super) fn refusal(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    user: &str,
) -> JenkinsError {
    let header = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(short)
    };
    // Jenkins puts its version on every page (hudson.Functions, advertiseHeaders).
    let jenkins = is_jenkins(headers);
    match status {
        StatusCode::SERVICE_UNAVAILABLE if jenkins => JenkinsError::Starting,
        StatusCode::TOO_MANY_REQUESTS
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => JenkinsError::Unavailable { status },
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => JenkinsError::NotJenkins {
            status,
            hint: NotJenkinsHint::ProxyCredentials,
        },
        StatusCode::UNAUTHORIZED if !jenkins && !asks_as_jenkins(headers) => {
            JenkinsError::NotJenkins {
                status,
                hint: NotJenkinsHint::ProxyCredentials,
            }
        }
        StatusCode::UNAUTHORIZED => JenkinsError::Unauthorized {
            user: user.to_owned(),
        },
        _ if status.is_redirection() => JenkinsError::NotJenkins {
            status,
            hint: NotJenkinsHint::Other,
        },
        StatusCode::FORBIDDEN if jenkins => match header("x-you-are-authenticated-as") {
            // The credentials got lost on the way.
            Some(seen) if seen == "anonymous" => JenkinsError::Unauthorized {
                user: user.to_owned(),
            },
            seen => JenkinsError::Forbidden {
                user: seen.unwrap_or_else(|| user.to_owned()),
                permission: header("x-required-permission")
                    .map(|permission| permission_name(&permission)),
            },
        },
        _ if !jenkins && !status.is_server_error() => not_jenkins(status, headers, body),
        StatusCode::NOT_FOUND => JenkinsError::NotFound {
            thing: Thing::Page,
            name: String::new(),
            suggestions: Vec::new(),
        },
        StatusCode::CONFLICT => JenkinsError::NotBuildable {
            name: String::new(),
        },
        _ if status.is_server_error() => JenkinsError::ServerError { status },
        _ => JenkinsError::Refused {
            message: refused_with(header("x-error"), status, body),
        },
    }
}

/// `hudson.model.Item.Build` as people know it: `Job/Build` (`hudson.security.PermissionGroup`).
fn permission_name(id: &str) -> String {
    // Several are separated by blanks or commas; the first one is enough.
    let id = id.split([',', ' ']).next().unwrap_or(id);
    let mut parts = id.rsplit('.');
    match (parts.next(), parts.next()) {
        (Some(name), Some("Item")) => format!("Job/{name}"),
        (Some(name), Some("Hudson" | "Jenkins")) => format!("Overall/{name}"),
        (Some(name), Some("Computer")) => format!("Agent/{name}"),
        (Some(name), Some(group)) => format!("{group}/{name}"),
        _ => id.to_owned(),
    }
}

/// Jenkins' words: a header has them with `?` for what is not Latin, the page has them in full.
fn refused_with(header: Option<String>, status: StatusCode, body: &[u8]) -> String {
    match header {
        Some(words) if !words.contains('?') => words,
        header => {
            let words = element(body, "<p>").or(header);
            let words = words.or_else(|| element(body, "<title>"));
            short(&words.unwrap_or_else(|| format!("HTTP {status}")))
        }
    }
}

/// The text of an element of Jenkins' error page (`hudson.model.AbstractModelObject`, error.jelly).
fn element(page: &[u8], tag: &str) -> Option<String> {
    let page = String::from_utf8_lossy(&page[..page.len().min(ERROR_PAGE_LIMIT)]);
    let text = page.split_once(tag)?.1.split('<').next()?.trim();
    (!text.is_empty()).then(|| html_to_text(text))
}

/// The version that Jenkins puts on every page.
pub(super) fn version(headers: &HeaderMap) -> Option<String> {
    Some(headers.get("x-jenkins")?.to_str().ok()?.to_owned())
}

/// What Jenkins draws anew each time that it starts (`hudson.model.Api`, `Jenkins.SESSION_HASH`).
pub(super) fn session(headers: &HeaderMap) -> Option<String> {
    Some(headers.get("x-jenkins-session")?.to_str().ok()?.to_owned())
}

pub(super) fn is_jenkins(headers: &HeaderMap) -> bool {
    headers.contains_key("x-jenkins")
}

/// `WWW-Authenticate: Basic realm="Jenkins"` (`hudson.security.SecurityRealm`).
fn asks_as_jenkins(headers: &HeaderMap) -> bool {
    let challenge = headers
        .get(http::header::WWW_AUTHENTICATE)
        .and_then(|value| value.to_str().ok());
    challenge.is_some_and(|challenge| challenge.contains("realm=\"Jenkins\""))
}

pub(super) fn is_declared_html(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html") || kind.starts_with("application/xhtml"))
}

fn is_html(headers: &HeaderMap, body: &[u8]) -> bool {
    is_declared_html(headers) || body.trim_ascii_start().starts_with(b"<")
}

pub(super) fn not_jenkins(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> JenkinsError {
    let hint = if !is_html(headers, body) {
        NotJenkinsHint::Other
    } else if contains(body, "type=\"password\"")
        || contains(body, "j_password")
        || contains(body, "/login")
    {
        NotJenkinsHint::LoginPage
    } else {
        NotJenkinsHint::WebPage
    };
    JenkinsError::NotJenkins { status, hint }
}

/// An address where somebody has to sign in.
pub(super) fn is_login(url: &Url) -> bool {
    ["/login", "/securityRealm/", "/oauth2/", "/saml"]
        .iter()
        .any(|part| url.path().contains(part))
}

/// A redirect to a login, or to another host or scheme.
fn led_away(fetched: &Fetched) -> Option<NotJenkinsHint> {
    let location = fetched.headers.get(LOCATION)?.to_str().ok()?;
    let target = fetched.url.join(location).ok()?;
    let to_login = is_login(&target);
    if to_login && target.host() == fetched.url.host() {
        return Some(NotJenkinsHint::LoginPage);
    }
    // Behind a proxy Jenkins may name itself by another host; then it also says that it is Jenkins.
    let moved = target.origin() != fetched.url.origin() && !is_jenkins(&fetched.headers);
    moved.then(|| {
        let mut shown = target;
        shown.set_query(None);
        shown.set_fragment(None);
        NotJenkinsHint::Redirect { to: shown.into() }
    })
}

fn contains(body: &[u8], words: &str) -> bool {
    body.windows(words.len())
        .any(|window| window == words.as_bytes())
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
