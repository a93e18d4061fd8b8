//! Faults: ways in which a network, a proxy or Jenkins itself goes wrong.

use std::time::Duration;

use axum::response::Response;
use http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use http::{HeaderName, HeaderValue, StatusCode};

use super::fault_body;
use super::listener::Connection;
use super::request_log::RequestPattern;
use crate::jenkins::http::{LOGIN_PAGE, NetworkCall};

/// Something that goes wrong with the requests that match a pattern, a number of times. Of several that match, the one
/// injected first strikes.
#[derive(Clone, Debug)]
pub struct Fault {
    kind: Kind,
    on: RequestPattern,
    times: Option<u32>,
}

#[derive(Clone, Debug)]
enum Kind {
    Delay(Duration),
    SlowBody {
        bytes_per_second: u64,
    },
    CutBody {
        after: u64,
    },
    DropRequest,
    LoseResponse,
    Replace {
        status: StatusCode,
        headers: Vec<(HeaderName, HeaderValue)>,
        body: String,
    },
    OversizedJson {
        bytes: u64,
    },
    ContentLength {
        off_by: i64,
    },
}

/// Names an injected fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultId(u64);

impl Fault {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            on: RequestPattern::from("*"),
            times: None,
        }
    }

    /// Jenkins' own answer, its headers this much later (wall clock, not simulated time).
    pub fn delay(time: Duration) -> Self {
        Self::new(Kind::Delay(time))
    }

    /// Jenkins' own answer, its body at this rate (wall clock).
    ///
    /// # Panics
    /// If the rate is zero.
    pub fn slow_body(bytes_per_second: u64) -> Self {
        assert!(
            bytes_per_second > 0,
            "a body at no rate never comes; use Fault::delay"
        );
        Self::new(Kind::SlowBody { bytes_per_second })
    }

    /// Jenkins' own answer, the connection cut after so many bytes of its body.
    pub fn cut_body(after_bytes: u64) -> Self {
        Self::new(Kind::CutBody { after: after_bytes })
    }

    /// The connection is closed before Jenkins sees the request.
    pub fn drop_request() -> Self {
        Self::new(Kind::DropRequest)
    }

    /// Jenkins does what is asked, but the connection is closed before it answers.
    pub fn lose_response() -> Self {
        Self::new(Kind::LoseResponse)
    }

    /// Another answer than Jenkins' own, without `X-Jenkins`, as a proxy gives it. Jenkins does not see the request.
    ///
    /// # Panics
    /// If `status` is no HTTP status or `content_type` no header value.
    pub fn respond(status: u16, content_type: &str, body: &str) -> Self {
        let status = StatusCode::from_u16(status).expect("a fault's status is an HTTP status");
        let kind =
            HeaderValue::from_str(content_type).expect("a fault's content type is a header value");
        Self::new(Kind::Replace {
            status,
            headers: vec![(CONTENT_TYPE, kind)],
            body: body.to_owned(),
        })
    }

    /// A proxy's error page, such as 500, 502, 503 or 504.
    ///
    /// # Panics
    /// If `status` is no HTTP status.
    pub fn status(status: u16) -> Self {
        Self::respond(
            status,
            "text/html",
            &format!("<html><body><h1>{status}</h1></body></html>"),
        )
    }

    /// The login page of a proxy or an identity provider: 200, HTML, no `X-Jenkins`.
    pub fn login_page() -> Self {
        Self::respond(200, "text/html;charset=utf-8", LOGIN_PAGE)
    }

    /// 429 with `Retry-After`.
    pub fn too_many_requests(retry_after: Duration) -> Self {
        Self::status(429).with_header(RETRY_AFTER, &retry_after.as_secs().to_string())
    }

    /// 302 to another URL.
    pub fn redirect(to: &str) -> Self {
        Self::status(302).with_header(LOCATION, to)
    }

    /// 200 with something that says it is JSON and is not.
    pub fn garbage_json() -> Self {
        Self::respond(
            200,
            "application/json;charset=utf-8",
            "{\"_class\":\"hudson.model.Hudson\",\"jobs\":[{\"na",
        )
    }

    /// 200 with a valid JSON object of this size, streamed.
    pub fn oversized_json(bytes: u64) -> Self {
        Self::new(Kind::OversizedJson { bytes })
    }

    /// Jenkins' own answer with a `Content-Length` that is wrong by so many bytes. If it promises too much the connection
    /// closes early; if it promises too little the rest is not sent.
    pub fn wrong_content_length(off_by: i64) -> Self {
        Self::new(Kind::ContentLength { off_by })
    }

    fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Kind::Replace { headers, .. } = &mut self.kind {
            headers.push((
                name,
                HeaderValue::from_str(value).expect("a fault's header is a header value"),
            ));
        }
        self
    }

    /// Strikes only these requests; without it, all.
    pub fn on(mut self, pattern: impl Into<RequestPattern>) -> Self {
        self.on = pattern.into();
        self
    }

    /// Strikes so many times; without it, until it is removed.
    pub fn times(mut self, count: u32) -> Self {
        self.times = Some(count);
        self
    }

    /// Answers a request it strikes. `answer` is Jenkins' own answer, which some faults never ask for.
    pub(crate) async fn apply(
        self,
        connection: Connection,
        answer: impl FnOnce() -> Response,
    ) -> Response {
        match self.kind {
            Kind::Delay(time) => {
                tokio::time::sleep(time).await;
                answer()
            }
            Kind::SlowBody { bytes_per_second } => {
                answer().map(|body| fault_body::slow(body, bytes_per_second))
            }
            Kind::CutBody { after } => answer().map(|body| fault_body::cut(body, after)),
            Kind::DropRequest => close(connection).await,
            Kind::LoseResponse => {
                drop(answer());
                close(connection).await
            }
            Kind::Replace {
                status,
                headers,
                body,
            } => {
                let mut response = Response::new(body.into());
                *response.status_mut() = status;
                response.headers_mut().extend(headers);
                response
            }
            Kind::OversizedJson { bytes } => fault_body::oversized_json(bytes),
            Kind::ContentLength { off_by } => fault_body::with_wrong_length(answer(), off_by).await,
        }
    }
}

/// Closes the connection and waits for that to end this request.
async fn close(connection: Connection) -> Response {
    connection.close();
    std::future::pending().await
}

/// The faults that are injected.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    last_id: u64,
    injected: Vec<(FaultId, Fault)>,
}

impl Faults {
    pub(super) fn inject(&mut self, fault: Fault) -> FaultId {
        self.last_id += 1;
        let id = FaultId(self.last_id);
        self.injected.push((id, fault));
        id
    }

    pub(super) fn remove(&mut self, id: FaultId) {
        self.injected.retain(|(known, _)| *known != id);
    }

    pub(super) fn clear(&mut self) {
        self.injected.clear();
    }

    /// The fault that strikes a request, counted.
    pub(super) fn take(&mut self, call: &NetworkCall) -> Option<Fault> {
        let path = call.path.as_deref().unwrap_or(&call.full_path);
        let strikes =
            |fault: &Fault| fault.times != Some(0) && fault.on.matches(&call.method, path);
        let (_, fault) = self.injected.iter_mut().find(|(_, fault)| strikes(fault))?;
        if let Some(times) = &mut fault.times {
            *times -= 1;
        }
        Some(fault.clone())
    }
}
