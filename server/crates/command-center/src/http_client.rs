//! The HTTP client that talks to Jenkins and to every service to come.
//!
//! One [`HttpClient`] per service and configuration; cloning shares its connections. Each question
//! is a [`Call`]. [`HttpClient::fetch`] reads the whole answer up to a limit, [`HttpClient::open`]
//! leaves the body to be read piece by piece. Both repeat what is safe to repeat, keep credentials at
//! their host when they follow a redirect, and end in time.
//!
//! Trust: the operating system's certificate authorities (`SSL_CERT_FILE` and `SSL_CERT_DIR` are
//! honoured), plus PEM text from the settings. Names are looked up by a resolver of our own: the
//! executable is linked statically, where the C library's name service switch is not available.

mod answer;
mod call;
mod classify;
mod failure;
mod multipart;
mod redirect;
mod resolver;
mod retry;
mod setup;
mod tally;
mod throttle;
mod trust;

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod wire_server;

use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use tokio::time::Instant;

pub use answer::{Answer, Fetched};
pub use call::{Call, Login};
pub use failure::{DnsFault, HttpFailure, Phase, RetryKind, TlsFault};
pub use multipart::Multipart;
pub use retry::RetryRule;
pub use setup::{CertificateCheck, ClientSetup, SetupError};
pub use tally::{LastContact, Tally};
pub use throttle::Throttle;

/// How many redirects within one host are followed.
const REDIRECT_LIMIT: usize = 5;

/// Asks one service. Cheap to clone.
#[derive(Clone, Debug)]
pub struct HttpClient {
    client: reqwest::Client,
    request_timeout: Duration,
    read_idle_timeout: Duration,
    retry: RetryRule,
    tally: Arc<Tally>,
}

impl HttpClient {
    /// Prepares a client; opens no connection. Reads the operating system's certificates, which
    /// takes some milliseconds and a few hundred kilobytes: build it when it is first needed.
    ///
    /// # Errors
    /// [`SetupError`] for certificates or a proxy address that cannot be used.
    pub fn new(setup: &ClientSetup) -> Result<Self, SetupError> {
        Ok(Self {
            client: setup::build(setup)?,
            request_timeout: setup.request_timeout,
            read_idle_timeout: setup.read_idle_timeout,
            retry: setup.retry,
            tally: Arc::default(),
        })
    }

    /// The same connections, counting what is asked from here on in `tally`.
    #[must_use]
    pub fn counting(self, tally: Arc<Tally>) -> Self {
        Self { tally, ..self }
    }

    /// Asks, and reads the whole answer, all within the request timeout, repetitions included.
    ///
    /// An answer of any status is an answer, not a failure. A POST is only sent again if it
    /// certainly was not sent; a GET also after 429, 502, 503 and 504.
    ///
    /// # Errors
    /// [`HttpFailure`]; [`HttpFailure::TooLarge`] if the body is longer than the call allows.
    pub async fn fetch(&self, call: Call) -> Result<Fetched, HttpFailure> {
        let deadline = Instant::now() + self.request_timeout;
        let body_limit = call.body_limit;
        let answer = self.open_before(call, deadline).await?;
        answer
            .read_whole(body_limit, deadline, self.request_timeout)
            .await
    }

    /// Asks, and returns when the head of the answer is there. Reading its body may take as long
    /// as it keeps coming; bound the whole by dropping the [`Answer`].
    ///
    /// # Errors
    /// [`HttpFailure`].
    pub async fn open(&self, call: Call) -> Result<Answer, HttpFailure> {
        self.open_before(call, Instant::now() + self.request_timeout)
            .await
    }

    async fn open_before(&self, mut call: Call, deadline: Instant) -> Result<Answer, HttpFailure> {
        for _ in 0..=REDIRECT_LIMIT {
            let answer = self.ask_repeatedly(&call, deadline).await?;
            let Some(target) = redirect::target(&call, &answer)? else {
                return Ok(answer);
            };
            if !redirect::keeps_credentials_home(&call.url, &target) {
                call.forget_credentials();
            }
            call.url = target;
        }
        Err(HttpFailure::Redirected {
            status: StatusCode::FOUND,
            to: redirect::shown(&call.url),
        })
    }

    async fn ask_repeatedly(&self, call: &Call, deadline: Instant) -> Result<Answer, HttpFailure> {
        let mut attempt = 1;
        loop {
            let outcome = self.ask_once(call, deadline).await;
            self.tally.add(&outcome);
            let Some(pause) = self.retry.pause(call, &outcome, attempt) else {
                return outcome;
            };
            if Instant::now() + pause >= deadline {
                return outcome;
            }
            tracing::debug!(host = call.url.host_str(), attempt, "asking again");
            drop(outcome);
            tokio::time::sleep(pause).await;
            attempt += 1;
        }
    }

    async fn ask_once(&self, call: &Call, deadline: Instant) -> Result<Answer, HttpFailure> {
        let request = call.to_request()?;
        match tokio::time::timeout_at(deadline, self.client.execute(request)).await {
            Ok(Ok(response)) => Ok(Answer::new(response, self.read_idle_timeout)),
            Ok(Err(error)) => Err(classify::classify(&error, &call.url)),
            Err(_) => Err(HttpFailure::Timeout {
                phase: Phase::Answer,
                after: self.request_timeout,
            }),
        }
    }
}

/// True for methods that change nothing at the service (RFC 9110, 9.2.1).
fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}
