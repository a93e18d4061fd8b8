//! Gives up HTTP requests on which nothing moves.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

use super::{Body, BoxError};

/// How long no byte may move in either direction.
pub(crate) const IDLE_LIMIT: Duration = Duration::from_secs(300);

/// When a byte of a request or its response last moved.
#[derive(Clone)]
pub(crate) struct Traffic(Arc<Mutex<Instant>>);

impl Default for Traffic {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }
}

impl Traffic {
    fn moved(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn given_up_at(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) + IDLE_LIMIT
    }

    /// Waits until nothing has moved for [`IDLE_LIMIT`].
    pub(crate) async fn ceased(&self) {
        while self.given_up_at() > Instant::now() {
            sleep_until(self.given_up_at()).await;
        }
    }

    /// The body, whose bytes count as traffic.
    pub(crate) fn watch_request(&self, body: Body) -> Body {
        Body::new(Watched {
            body,
            traffic: self.clone(),
            silence: None,
            limited: false,
        })
    }

    /// The body, whose bytes count as traffic and which fails when there is none. It also fails
    /// where it would panic.
    pub(crate) fn watch_response(&self, body: Body) -> Body {
        self.moved();
        Body::new(Watched {
            body,
            traffic: self.clone(),
            silence: None,
            limited: true,
        })
    }
}

struct Watched {
    body: Body,
    traffic: Traffic,
    /// Runs while the body has nothing to give.
    silence: Option<Pin<Box<Sleep>>>,
    limited: bool,
}

impl Watched {
    /// Ready when the silence has lasted too long.
    fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let given_up_at = self.traffic.given_up_at();
            let silence = self
                .silence
                .get_or_insert_with(|| Box::pin(sleep_until(given_up_at)));
            std::task::ready!(silence.as_mut().poll(cx));
            // The other direction may have moved meanwhile.
            let given_up_at = self.traffic.given_up_at();
            if given_up_at <= Instant::now() {
                return Poll::Ready(());
            }
            silence.as_mut().reset(given_up_at);
        }
    }
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        let polled = catch_unwind(AssertUnwindSafe(|| Pin::new(&mut this.body).poll_frame(cx)));
        match polled {
            Ok(Poll::Ready(frame)) => {
                this.traffic.moved();
                this.silence = None;
                Poll::Ready(frame)
            }
            Ok(Poll::Pending) if this.limited => this.poll_silence(cx).map(|()| {
                this.body = Body::empty();
                Some(Err(
                    format!("no byte for {} seconds", IDLE_LIMIT.as_secs()).into()
                ))
            }),
            Ok(Poll::Pending) => Poll::Pending,
            // The panic itself is in the log already.
            Err(_) => {
                this.body = Body::empty();
                Poll::Ready(Some(Err("the body panicked".into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::{BodyExt, StreamBody};

    use super::{Body, Bytes, Frame, IDLE_LIMIT, Instant, Traffic};

    #[tokio::test(start_paused = true)]
    async fn a_response_that_stays_silent_fails_after_the_limit() {
        let started = Instant::now();
        let never = StreamBody::new(futures_util::stream::pending::<
            Result<Frame<Bytes>, std::io::Error>,
        >());
        let mut body = Traffic::default().watch_response(Body::new(never));
        let error = body.frame().await.expect("a frame").expect_err("an error");
        assert_eq!(error.to_string(), "no byte for 300 seconds");
        assert_eq!(started.elapsed(), IDLE_LIMIT);
    }

    #[tokio::test(start_paused = true)]
    async fn bytes_of_the_request_keep_a_response_alive() {
        let started = Instant::now();
        let traffic = Traffic::default();
        let request = traffic.watch_request(Body::from("late"));
        let late = async {
            tokio::time::sleep(IDLE_LIMIT / 2).await;
            request.collect(10).await.expect("a body");
        };
        tokio::join!(late, traffic.ceased());
        assert_eq!(started.elapsed(), IDLE_LIMIT * 3 / 2);
    }

    #[tokio::test]
    async fn a_panic_in_a_body_is_an_error() {
        let panics = futures_util::stream::poll_fn(
            |_| -> std::task::Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
                panic!("while streaming")
            },
        );
        let mut body = Traffic::default().watch_response(Body::new(StreamBody::new(panics)));
        assert!(body.frame().await.expect("a frame").is_err());
        assert!(body.frame().await.is_none());
    }
}
