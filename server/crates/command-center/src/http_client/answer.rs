//! The head of an answer, and its body piece by piece or whole.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode};
use tokio::time::Instant;
use url::Url;

use super::classify;
use super::failure::{HttpFailure, Phase};

/// An answer whose body is still to come. Dropping it closes the connection if bytes are left.
#[derive(Debug)]
pub struct Answer {
    response: reqwest::Response,
    read_idle_timeout: Duration,
}

/// An answer that was read to its end.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The address that answered in the end.
    pub url: Url,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    pub(super) fn new(response: reqwest::Response, read_idle_timeout: Duration) -> Self {
        Self {
            response,
            read_idle_timeout,
        }
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The address that answered in the end.
    #[must_use]
    pub fn url(&self) -> &Url {
        self.response.url()
    }

    /// The next piece of the body, `None` at its end.
    ///
    /// # Errors
    /// [`HttpFailure::Cut`] if the connection ended before the body did, [`HttpFailure::Timeout`]
    /// if nothing came for too long.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, HttpFailure> {
        match tokio::time::timeout(self.read_idle_timeout, self.response.chunk()).await {
            Ok(Ok(chunk)) => Ok(chunk),
            Ok(Err(error)) => Err(classify::classify(&error, self.response.url())),
            Err(_) => Err(HttpFailure::Timeout {
                phase: Phase::Body,
                after: self.read_idle_timeout,
            }),
        }
    }

    /// Reads the whole body.
    pub(super) async fn read_whole(
        mut self,
        limit: u64,
        deadline: Instant,
        whole_timeout: Duration,
    ) -> Result<Fetched, HttpFailure> {
        if self
            .response
            .content_length()
            .is_some_and(|length| length > limit)
        {
            return Err(HttpFailure::TooLarge { limit });
        }
        let mut body = BytesMut::new();
        loop {
            let next = tokio::time::timeout_at(deadline, self.chunk()).await;
            let next = next.map_err(|_| HttpFailure::Timeout {
                phase: Phase::Whole,
                after: whole_timeout,
            })?;
            let Some(chunk) = next? else { break };
            if (body.len() + chunk.len()) as u64 > limit {
                return Err(HttpFailure::TooLarge { limit });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Fetched {
            status: self.status(),
            headers: std::mem::take(self.response.headers_mut()),
            url: self.response.url().clone(),
            body: body.freeze(),
        })
    }
}
