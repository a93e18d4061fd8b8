//! One question.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderName, HeaderValue};
use http::{HeaderMap, Method};
use secrecy::{ExposeSecret, SecretString};
use url::Url;
use zeroize::Zeroizing;

use super::failure::HttpFailure;
use super::multipart::Multipart;

/// How much of a body is read unless the call says otherwise: 8 MiB.
const DEFAULT_BODY_LIMIT: u64 = 8 << 20;

/// A user name and its secret, for Basic authentication (RFC 7617).
#[derive(Clone, Debug)]
pub struct Login {
    /// The user name; must not contain a colon.
    pub user: String,
    /// A password or an API token.
    pub secret: SecretString,
}

impl Login {
    fn to_header(&self) -> Option<HeaderValue> {
        let clear = Zeroizing::new(format!("{}:{}", self.user, self.secret.expose_secret()));
        let encoded = Zeroizing::new(format!("Basic {}", STANDARD.encode(clear.as_bytes())));
        let mut header = HeaderValue::from_str(&encoded).ok()?;
        header.set_sensitive(true);
        Some(header)
    }
}

/// One question: what to ask, as whom, and how long the answer may be.
#[derive(Clone, Debug)]
pub struct Call {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) body_limit: u64,
    pub(super) may_leave_host: bool,
    headers: HeaderMap,
    body: Option<Bytes>,
}

impl Call {
    /// Asks without changing anything; may be repeated.
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// Changes something; is sent once.
    #[must_use]
    pub fn post(url: Url) -> Self {
        // Some proxies refuse a POST without a length.
        Self {
            body: Some(Bytes::new()),
            ..Self::new(Method::POST, url)
        }
    }

    fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            body_limit: DEFAULT_BODY_LIMIT,
            may_leave_host: false,
            headers: HeaderMap::new(),
            body: None,
        }
    }

    /// Sends the pairs as `application/x-www-form-urlencoded`.
    #[must_use]
    pub fn form<K: AsRef<str>, V: AsRef<str>>(
        mut self,
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(pairs);
        self.body = Some(Bytes::from(form.finish()));
        self.header(
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        )
    }

    /// Sends this document.
    #[must_use]
    pub fn document(mut self, kind: &'static str, body: impl Into<Bytes>) -> Self {
        self.body = Some(body.into());
        self.header(CONTENT_TYPE, HeaderValue::from_static(kind))
    }

    /// Sends this form. Its boundary comes from the caller and is sendable, or the form goes without a
    /// content type and is refused.
    #[must_use]
    pub fn multipart(mut self, form: Multipart) -> Self {
        match form.finish() {
            Some((kind, body)) => {
                self.body = Some(body);
                self.header(CONTENT_TYPE, kind)
            }
            None => self,
        }
    }

    /// Asks as this user. The header is marked as sensitive: it is in no `Debug` and no log.
    #[must_use]
    pub fn login(self, login: &Login) -> Self {
        match login.to_header() {
            Some(header) => self.header(AUTHORIZATION, header),
            None => self,
        }
    }

    /// Says that JSON is wanted.
    #[must_use]
    pub fn accept_json(self) -> Self {
        self.header(ACCEPT, HeaderValue::from_static("application/json"))
    }

    /// Adds a header, in place of an earlier one with that name.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The longest body that [`fetch`](super::HttpClient::fetch) reads, in bytes.
    #[must_use]
    pub fn body_limit(mut self, bytes: u64) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Follows a redirect to another host, too, without any credentials: files may lie there. Never
    /// from https to http.
    #[must_use]
    pub fn follow_to_other_hosts(mut self) -> Self {
        self.may_leave_host = true;
        self
    }

    /// What only the first host may see.
    pub(super) fn forget_credentials(&mut self) {
        self.headers.remove(AUTHORIZATION);
        self.headers.remove(COOKIE);
    }

    pub(super) fn to_request(&self) -> Result<reqwest::Request, HttpFailure> {
        if !matches!(self.url.scheme(), "http" | "https") {
            return Err(HttpFailure::Protocol {
                detail: format!("cannot ask {}:", self.url.scheme()),
            });
        }
        let mut request = reqwest::Request::new(self.method.clone(), self.url.clone());
        *request.headers_mut() = self.headers.clone();
        *request.body_mut() = self.body.clone().map(reqwest::Body::from);
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_not_shown() {
        let login = Login {
            user: "alice".into(),
            secret: SecretString::from("hunter2"),
        };
        let call = Call::get("https://ci/".parse().unwrap()).login(&login);
        assert_eq!(call.headers[AUTHORIZATION], "Basic YWxpY2U6aHVudGVyMg==");
        let shown = format!("{login:?} {call:?} {:?}", call.to_request().unwrap());
        assert!(
            !shown.contains("hunter2") && !shown.contains("YWxp"),
            "{shown}"
        );
    }

    #[test]
    fn forms_are_encoded() {
        let call = Call::post("https://ci/".parse().unwrap()).form([("a b", "ü&="), ("c", "")]);
        assert_eq!(call.body.unwrap(), "a+b=%C3%BC%26%3D&c=");
    }
}
