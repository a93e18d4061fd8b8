//! Every request that arrived.

use http::{HeaderMap, Method};

use crate::jenkins::clock::Millis;
use crate::jenkins::http::{Fields, NetworkCall, claimed_user};
use crate::jenkins::model::decode_percent;

/// The headers that are kept; none of them carries a secret.
const KEPT_HEADERS: [&str; 8] = [
    "accept",
    "content-type",
    "host",
    "jenkins-crumb",
    "range",
    "referer",
    "user-agent",
    "x-requested-with",
];

/// A request as it arrived, without its secrets.
#[derive(Clone, Debug)]
pub struct RecordedRequest {
    method: Method,
    path: String,
    query: Fields,
    user: Option<String>,
    headers: HeaderMap,
    form: Fields,
    body_len: usize,
    at: Millis,
}

impl RecordedRequest {
    fn new(call: &NetworkCall, at: Millis) -> Self {
        let kept = KEPT_HEADERS.iter().filter_map(|name| {
            let value = call.headers.get(*name)?;
            Some((http::HeaderName::from_static(name), value.clone()))
        });
        Self {
            method: call.method.clone(),
            path: call.path.clone().unwrap_or_else(|| call.full_path.clone()),
            query: Fields::of_query(&call.query),
            user: claimed_user(&call.headers),
            headers: kept.collect(),
            form: call.form(),
            body_len: call.body.len(),
            at,
        }
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path below the context path, percent escapes as sent.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// A query parameter, decoded.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name)
    }

    /// The user id in its credentials, right or wrong; never the secret.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// One of the kept headers: `Accept`, `Content-Type`, `Host`, `Jenkins-Crumb`, `Range`, `Referer`, `User-Agent`,
    /// `X-Requested-With`.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// A field of its form, decoded.
    pub fn form(&self, name: &str) -> Option<&str> {
        self.form.get(name)
    }

    /// All fields of its form in the order sent.
    pub fn form_fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.form.iter()
    }

    /// The size of its body.
    pub fn body_len(&self) -> usize {
        self.body_len
    }

    /// When it arrived, in simulated Unix milliseconds.
    pub fn at_millis(&self) -> i64 {
        self.at
    }

    /// The full name of the job it asks to build with POST, if it does.
    pub fn job_to_build(&self) -> Option<String> {
        let segments: Vec<&str> = self
            .path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .collect();
        let (action, path) = segments.split_last()?;
        let is_build =
            self.method == Method::POST && matches!(*action, "build" | "buildWithParameters");
        let names: Option<Vec<String>> = path
            .chunks(2)
            .map(|pair| (pair[0] == "job").then(|| pair.get(1).map(|name| decode_percent(name)))?)
            .collect();
        names
            .filter(|names| is_build && !names.is_empty())
            .map(|names| names.join("/"))
    }
}

/// Which requests are meant: an optional method and a path with `*` for any run of characters, slashes included.
///
/// Made from text: `"/whoAmI/*"`, `"POST /job/hello-world/build"`, `"*"`. The path is compared with
/// [`RecordedRequest::path`]: below the context path, escapes as sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestPattern {
    method: Option<String>,
    path: String,
}

impl From<&str> for RequestPattern {
    fn from(text: &str) -> Self {
        match text.split_once(' ') {
            Some((method, path)) => Self {
                method: Some(method.to_ascii_uppercase()),
                path: path.to_owned(),
            },
            None => Self {
                method: None,
                path: text.to_owned(),
            },
        }
    }
}

impl From<String> for RequestPattern {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl RequestPattern {
    pub(crate) fn matches(&self, method: &Method, path: &str) -> bool {
        self.method
            .as_deref()
            .is_none_or(|wanted| wanted == method.as_str())
            && matches_glob(&self.path, path)
    }
}

fn matches_glob(pattern: &str, text: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(rest) = text.strip_prefix(head) else {
        return false;
    };
    let starts = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
    starts.into_iter().any(|at| matches_glob(tail, &rest[at..]))
}

/// The requests so far.
#[derive(Debug, Default)]
pub(crate) struct RequestLog(Vec<RecordedRequest>);

impl RequestLog {
    pub(super) fn push(&mut self, call: &NetworkCall, at: Millis) {
        self.0.push(RecordedRequest::new(call, at));
    }

    pub(super) fn matching(
        &self,
        pattern: &RequestPattern,
    ) -> impl Iterator<Item = &RecordedRequest> {
        self.0
            .iter()
            .filter(move |request| pattern.matches(&request.method, &request.path))
    }

    pub(super) fn all(&self) -> &[RecordedRequest] {
        &self.0
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_have_a_method_and_wildcards() {
        let pattern = RequestPattern::from("post /job/*/build");
        assert!(pattern.matches(&Method::POST, "/job/a/job/b/build"));
        assert!(!pattern.matches(&Method::GET, "/job/a/build"));
        assert!(!pattern.matches(&Method::POST, "/job/a/buildWithParameters"));
        assert!(RequestPattern::from("*").matches(&Method::GET, "/"));
        assert!(RequestPattern::from("/*/api/*").matches(&Method::GET, "/job/сборка/api/json"));
    }
}
