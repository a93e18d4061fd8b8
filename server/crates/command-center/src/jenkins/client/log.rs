//! Console logs: the last lines in bounded memory, or a part of any size as a stream.

use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;
use http::HeaderMap;

use super::{JenkinsClient, answer};
use crate::http_client::{Answer, Call};
use crate::jenkins::error::{JenkinsError, Thing};
use crate::jenkins::log_text::{LogCleaner, TailBuffer, last_lines};
use crate::jenkins::{BuildSelector, JobPath};

/// The most that is kept of a log while its last lines are looked for.
const LARGEST_TAIL: u64 = 1 << 20;

/// The first guess of how many bytes the last lines have.
const FIRST_TAIL: u64 = 64 << 10;

/// Which lines of a log to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TailRequest {
    /// How many lines at most.
    pub lines: usize,
    /// How long the search may take. Old versions of Jenkins send a log only from its beginning, so a
    /// very long one may not be read to its end in time.
    pub time_limit: Duration,
}

/// The last lines of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogTail {
    /// The lines without control sequences, not escaped.
    pub text: String,
    /// How many lines.
    pub lines: usize,
    /// True if there is more before them.
    pub cut: bool,
    /// True if the build goes on writing.
    pub running: bool,
}

/// A part of a log, in Jenkins' raw bytes (hidden notes included).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogWindow {
    /// Where it begins.
    pub start: u64,
    /// Where it ends: how long the log was when it was looked at.
    pub end: u64,
    /// True if the build goes on writing.
    pub running: bool,
}

impl JenkinsClient {
    /// The last lines. Holds at most about three times 1 MiB of a log of any length, even of one that
    /// is a single line; such a line is cut at its start.
    ///
    /// # Errors
    /// [`JenkinsError::NotFound`] if there is no such build, and what else can go wrong.
    pub async fn log_tail(
        &self,
        job: &JobPath,
        build: BuildSelector,
        request: TailRequest,
    ) -> Result<LogTail, JenkinsError> {
        let segment = build.to_segment();
        let tail = self.text_tail(job.build_segments(&segment), request).await;
        tail.map_err(|error| error.about(Thing::Build, format!("{job} {build}")))
    }

    /// The last lines of the log of a build or a scan.
    pub(super) async fn text_tail<'a>(
        &self,
        page: impl Iterator<Item = &'a str> + Clone,
        request: TailRequest,
    ) -> Result<LogTail, JenkinsError> {
        let search = self.find_tail(page, request.lines);
        tokio::time::timeout(request.time_limit, search)
            .await
            .unwrap_or(Err(JenkinsError::Http(
                crate::http_client::HttpFailure::Timeout {
                    phase: crate::http_client::Phase::Whole,
                    after: request.time_limit,
                },
            )))
    }

    async fn find_tail<'a>(
        &self,
        page: impl Iterator<Item = &'a str> + Clone,
        lines: usize,
    ) -> Result<LogTail, JenkinsError> {
        let first = self.open_text(page.clone(), 0).await?;
        let mut window = FIRST_TAIL;
        let Some(size) = text_size(first.headers()).filter(|size| *size > window) else {
            return self.read_tail(first, 0, lines).await;
        };
        // `X-Text-Size` comes before the text: hang up and ask again for the end.
        drop(first);
        loop {
            let start = size.saturating_sub(window);
            let answer = self.open_text(page.clone(), start).await?;
            let tail = self.read_tail(answer, start, lines).await?;
            if tail.lines >= lines || start == 0 || window >= LARGEST_TAIL {
                return Ok(tail);
            }
            window = LARGEST_TAIL.min(window * 4);
        }
    }

    async fn read_tail(
        &self,
        mut answer: Answer,
        start: u64,
        lines: usize,
    ) -> Result<LogTail, JenkinsError> {
        let running = has_more(answer.headers());
        let mut cleaner = LogCleaner::default();
        let mut buffer = TailBuffer::new(usize::try_from(LARGEST_TAIL).unwrap_or(usize::MAX));
        while let Some(chunk) = answer.chunk().await? {
            buffer.push(&cleaner.push(&chunk));
        }
        let (bytes, dropped) = buffer.finish();
        let found = last_lines(&bytes, start > 0 || dropped > 0, lines);
        Ok(LogTail {
            text: found.text,
            lines: found.count,
            cut: found.cut,
            running,
        })
    }

    /// The last `limit` raw bytes of a log as it is now.
    ///
    /// # Errors
    /// As [`JenkinsClient::log_tail`]; [`JenkinsError::Malformed`] if Jenkins does not say how long the
    /// log is.
    pub async fn log_window(
        &self,
        job: &JobPath,
        build: BuildSelector,
        limit: u64,
    ) -> Result<LogWindow, JenkinsError> {
        let answer = self.open_log(job, build, 0).await?;
        let end = text_size(answer.headers()).ok_or(JenkinsError::Malformed { what: "the log" })?;
        Ok(LogWindow {
            start: end.saturating_sub(limit),
            end,
            running: has_more(answer.headers()),
        })
    }

    /// A part of a log as a stream of visible text.
    ///
    /// The same window gives the same bytes again, even if the log grows meanwhile, as long as the
    /// stream is [limited](LogStream::limited_to) to the length of the first time: so a text can be
    /// measured first and uploaded then, with nothing but the current piece in memory.
    ///
    /// # Errors
    /// As [`JenkinsClient::log_tail`]; later failures are items of the stream.
    pub async fn stream_log(
        &self,
        job: &JobPath,
        build: BuildSelector,
        window: LogWindow,
    ) -> Result<LogStream, JenkinsError> {
        let answer = self.open_log(job, build, window.start).await?;
        let cleaner = LogCleaner::default();
        Ok(LogStream {
            answer,
            cleaner,
            left: u64::MAX,
            skip_line: window.start > 0,
        })
    }

    async fn open_log(
        &self,
        job: &JobPath,
        build: BuildSelector,
        start: u64,
    ) -> Result<Answer, JenkinsError> {
        let segment = build.to_segment();
        let answer = self.open_text(job.build_segments(&segment), start).await;
        answer.map_err(|error| error.about(Thing::Build, format!("{job} {build}")))
    }

    /// The log of a build or a scan from a byte on: `LargeText.doProgressText` (stapler), which unlike
    /// `consoleText` ends where the log ends now.
    pub(super) async fn open_text<'a>(
        &self,
        page: impl Iterator<Item = &'a str>,
        start: u64,
    ) -> Result<Answer, JenkinsError> {
        let offset = start.to_string();
        let url = self.url(
            page.chain(["logText", "progressiveText"]),
            &[("start", offset.as_str())],
        );
        let answer = self.http.open(Call::get(url).login(&self.login)).await?;
        if answer.status().is_success() && is_text(answer.headers()) {
            return Ok(answer);
        }
        Err(answer::refusal_of(answer, self.user()).await)
    }
}

/// The visible text of a part of a log, piece by piece. Begins with a whole line unless the part
/// begins with the log.
#[derive(Debug)]
pub struct LogStream {
    answer: Answer,
    cleaner: LogCleaner,
    left: u64,
    skip_line: bool,
}

impl LogStream {
    /// Ends after that many bytes.
    #[must_use]
    pub fn limited_to(mut self, bytes: u64) -> Self {
        self.left = bytes;
        self
    }

    /// The next piece, `None` at the end.
    ///
    /// # Errors
    /// [`JenkinsError::Http`].
    pub async fn next(&mut self) -> Result<Option<Bytes>, JenkinsError> {
        while self.left > 0 {
            let Some(chunk) = self.answer.chunk().await? else {
                return Ok(None);
            };
            let mut visible = self.cleaner.push(&chunk);
            if self.skip_line {
                match visible.iter().position(|byte| *byte == b'\n') {
                    Some(end) => {
                        visible.drain(..=end);
                        self.skip_line = false;
                    }
                    None => visible.clear(),
                }
            }
            visible.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
            if !visible.is_empty() {
                self.left -= visible.len() as u64;
                return Ok(Some(Bytes::from(visible)));
            }
        }
        Ok(None)
    }

    /// The same as a stream that ends after its first failure.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, JenkinsError>> + Send {
        futures_util::stream::unfold(Some(self), |state| async move {
            let mut log = state?;
            match log.next().await {
                Ok(Some(piece)) => Some((Ok(piece), Some(log))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        })
    }
}

fn text_size(headers: &HeaderMap) -> Option<u64> {
    headers.get("x-text-size")?.to_str().ok()?.parse().ok()
}

fn has_more(headers: &HeaderMap) -> bool {
    headers
        .get("x-more-data")
        .is_some_and(|value| value == "true")
}

/// A page in place of the log would be shown as the log.
fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(http::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    kind.is_none_or(|kind| kind.starts_with("text/plain"))
}
