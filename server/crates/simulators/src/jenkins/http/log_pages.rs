//! Logs, streamed from the world chunk by chunk: however long a log is, one chunk of it is in memory.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderName, HeaderValue};

use super::call::Call;
use super::replies::{Refusal, Reply, text};
use crate::jenkins::control::Shared;
use crate::jenkins::model::LogText;
use crate::jenkins::world::World;

/// Reads a build's log.
struct Reader {
    shared: Arc<Shared>,
    job: String,
    number: u32,
    offset: u64,
    /// Where to end; `None` follows the log.
    end: Option<u64>,
    /// Past the end of an endless log of a running build: its source and how far into it.
    beyond: Option<(LogText, u64)>,
}

impl Reader {
    fn next(&mut self) -> Option<Bytes> {
        let mut world = self.shared.world();
        let now = world.now;
        let build = world.build_mut(&self.job, self.number)?;
        let endless = build.has_endless_log();
        let log = build.log(now);
        if self.beyond.is_none() {
            let end = self.end.unwrap_or(u64::MAX);
            match log.read(self.offset, end) {
                Some((chunk, next)) => {
                    self.offset = next;
                    return Some(chunk);
                }
                None if endless && self.end.is_none() => {
                    self.beyond = Some((log.source().clone(), log.printed()));
                }
                None => return None,
            }
        }
        let (source, from) = self.beyond.as_mut().filter(|_| endless)?;
        let chunk = source.chunk(*from);
        *from += chunk.len() as u64;
        Some(chunk)
    }

    fn into_body(self) -> Body {
        Body::from_stream(stream::unfold(self, |mut reader| async move {
            let chunk = reader.next()?;
            Some((Ok::<_, Infallible>(chunk), reader))
        }))
    }
}

/// `Run.doConsoleText`: everything, chunked, no length. What is appended meanwhile comes too.
pub(crate) fn console_text(shared: &Arc<Shared>, job: &str, number: u32) -> Response {
    let reader = Reader {
        shared: Arc::clone(shared),
        job: job.to_owned(),
        number,
        offset: 0,
        end: None,
        beyond: None,
    };
    text(reader.into_body())
}

/// stapler `LargeText.doProgressText`: the text from `start`, where to go on, and whether more will come.
/// A `start` past the end begins again at 0.
pub(crate) fn progressive_text(
    shared: &Arc<Shared>,
    world: &mut World,
    call: &Call,
    job: &str,
    number: u32,
) -> Reply {
    let now = world.now;
    let build = world.build_mut(job, number).ok_or(Refusal::NotFound)?;
    let size = build.log(now).len();
    let asked = call.parameter("start").map_or(Ok(0), str::parse::<u64>);
    let asked = asked.map_err(|error| Refusal::Exception(error.to_string()))?;
    let offset = if asked > size { 0 } else { asked };
    let running = build.is_running();
    let reader = Reader {
        shared: Arc::clone(shared),
        job: job.to_owned(),
        number,
        offset,
        end: Some(size),
        beyond: None,
    };
    let mut response = text(reader.into_body());
    let headers = response.headers_mut();
    headers.insert(
        HeaderName::from_static("x-text-size"),
        HeaderValue::from(size),
    );
    if running {
        headers.insert(
            HeaderName::from_static("x-more-data"),
            HeaderValue::from_static("true"),
        );
    }
    Ok(response)
}
