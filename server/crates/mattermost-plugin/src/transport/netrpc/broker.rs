//! Streams beside the calls: go-plugin's `MuxBroker` (`mux_broker.go`).
//!
//! The side that will accept a stream picks a number and tells it in a call. The other side opens a
//! stream and writes the number (little endian, 4 bytes); the acceptor writes it back, and from
//! there on the stream carries raw bytes. Each side counts its numbers for itself.
//!
//! Go's broker also keeps a stream that arrives before anybody asked for its number. Here a number
//! is always awaited before it is told, so such a stream is nobody's and is closed.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use goplugin::yamux::{Session, Stream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// How long one side waits for the other to dial or to accept (`mux_broker.go`).
pub(crate) const RENDEZVOUS: Duration = Duration::from_secs(5);

/// Opens and accepts numbered streams of one session. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Broker(Arc<Inner>);

struct Inner {
    session: Session,
    last_number: AtomicU32,
    awaited: Mutex<HashMap<u32, oneshot::Sender<Stream>>>,
}

impl Broker {
    /// A broker for all streams of `session` that have not been accepted yet. It accepts while
    /// [`Broker::run`] is polled.
    pub(crate) fn new(session: Session) -> Self {
        Self(Arc::new(Inner {
            session,
            last_number: AtomicU32::new(0),
            awaited: Mutex::default(),
        }))
    }

    /// Picks a number for the other side to dial. Dropping the answer gives the number up.
    pub(crate) fn listen(&self) -> Listening {
        let number = self
            .0
            .last_number
            .fetch_add(1, Ordering::Relaxed)
            .wrapping_add(1);
        let (sender, arrival) = oneshot::channel();
        self.awaited().insert(number, sender);
        Listening {
            broker: self.clone(),
            number,
            arrival,
        }
    }

    /// Opens the stream that the other side listens for as `number`.
    ///
    /// The acknowledgement is still to come: see [`Dialled`].
    pub(crate) async fn dial(&self, number: u32) -> io::Result<Dialled> {
        let mut stream = self.0.session.open().await?;
        stream.write_all(&number.to_le_bytes()).await?;
        Ok(Dialled { stream, number })
    }

    /// Hands out incoming streams until the session ends.
    pub(crate) async fn run(self) {
        while let Ok(stream) = self.0.session.accept().await {
            tokio::spawn(self.clone().introduce(stream));
        }
    }

    async fn introduce(self, mut stream: Stream) {
        let mut number = [0; 4];
        if !matches!(
            timeout(RENDEZVOUS, stream.read_exact(&mut number)).await,
            Ok(Ok(_))
        ) {
            return;
        }
        if let Some(waiting) = self.awaited().remove(&u32::from_le_bytes(number)) {
            // Whoever waited may have given up at this moment; the stream then closes here.
            drop(waiting.send(stream));
        }
    }

    fn awaited(&self) -> MutexGuard<'_, HashMap<u32, oneshot::Sender<Stream>>> {
        self.0
            .awaited
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// A number that the other side has been or will be told.
pub(crate) struct Listening {
    broker: Broker,
    number: u32,
    arrival: oneshot::Receiver<Stream>,
}

impl Listening {
    /// The number to tell.
    pub(crate) fn number(&self) -> u32 {
        self.number
    }

    /// The other side's stream, waiting [`RENDEZVOUS`] for it.
    pub(crate) async fn accept(mut self) -> io::Result<Stream> {
        let arrival = timeout(RENDEZVOUS, &mut self.arrival).await;
        let Ok(Ok(mut stream)) = arrival else {
            return Err(io::Error::new(
                io::ErrorKind::TimedOut,
                format!(
                    "stream {} was not opened within {} seconds",
                    self.number,
                    RENDEZVOUS.as_secs()
                ),
            ));
        };
        stream.write_all(&self.number.to_le_bytes()).await?;
        Ok(stream)
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.broker.awaited().remove(&self.number);
    }
}

/// A stream whose number has been written and whose echo has not been read.
///
/// The acceptor reads nothing past the number before it answers, so one may write on at once;
/// dropping the stream here is the polite way to refuse it.
pub(crate) struct Dialled {
    stream: Stream,
    number: u32,
}

impl Dialled {
    /// The stream and the number whose echo is the first that will be read from it.
    pub(crate) fn unacknowledged(self) -> (Stream, u32) {
        (self.stream, self.number)
    }

    /// The stream, once the other side has accepted it, waiting [`RENDEZVOUS`] for that.
    pub(crate) async fn established(mut self) -> io::Result<Stream> {
        let mut echo = [0; 4];
        match timeout(RENDEZVOUS, self.stream.read_exact(&mut echo)).await {
            Ok(read) => drop(read?),
            Err(_) => {
                let reason = format!(
                    "stream {} was not accepted within {} seconds",
                    self.number,
                    RENDEZVOUS.as_secs()
                );
                return Err(io::Error::new(io::ErrorKind::TimedOut, reason));
            }
        }
        check_echo(self.number, echo)?;
        Ok(self.stream)
    }
}

/// Checks what the acceptor of `number` wrote first.
pub(crate) fn check_echo(number: u32, echo: [u8; 4]) -> io::Result<()> {
    let echoed = u32::from_le_bytes(echo);
    if echoed == number {
        return Ok(());
    }
    let reason = format!("stream {number} was acknowledged as {echoed}");
    Err(io::Error::new(io::ErrorKind::InvalidData, reason))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::netrpc::session::config;

    /// The brokers of both ends of a session.
    fn pair() -> (Broker, Broker) {
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        let client = Broker::new(Session::client(ours, config()).expect("a session"));
        let server = Broker::new(Session::server(theirs, config()).expect("a session"));
        tokio::spawn(client.clone().run());
        tokio::spawn(server.clone().run());
        (client, server)
    }

    async fn say(stream: &mut Stream, word: &[u8; 4]) {
        stream.write_all(word).await.expect("a stream");
    }

    async fn hear(stream: &mut Stream) -> [u8; 4] {
        let mut word = [0; 4];
        stream.read_exact(&mut word).await.expect("a word");
        word
    }

    #[tokio::test]
    async fn streams_meet_by_number_in_both_directions() {
        let (client, server) = pair();
        for (near, far) in [(&client, &server), (&server, &client)] {
            let (first, second) = (near.listen(), near.listen());
            assert_eq!((first.number(), second.number()), (1, 2));
            let mut dialled_second = far.dial(2).await.expect("a stream");
            say(&mut dialled_second.stream, b"two!").await;
            let dialled_first = far.dial(1).await.expect("a stream");
            let (mut second, mut first) = (
                second.accept().await.expect("a stream"),
                first.accept().await.expect("a stream"),
            );
            // What was written before the acknowledgement follows the number.
            assert_eq!(&hear(&mut second).await, b"two!");
            say(&mut first, b"one!").await;
            assert_eq!(
                &hear(&mut dialled_first.established().await.expect("an echo")).await,
                b"one!"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_is_waited_for_for_ever() {
        let (client, server) = pair();
        let error = client.listen().accept().await.expect_err("an error");
        assert_eq!(
            error.to_string(),
            "stream 1 was not opened within 5 seconds"
        );
        assert!(client.awaited().is_empty());
        // The number is not awaited any more: the stream is closed.
        let error = server
            .dial(1)
            .await
            .expect("a stream")
            .established()
            .await
            .expect_err("an error");
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }

    #[tokio::test]
    async fn a_number_that_is_given_up_is_forgotten() {
        let (client, _server) = pair();
        drop(client.listen());
        assert!(client.awaited().is_empty());
    }

    #[test]
    fn an_echo_is_the_number_itself() {
        check_echo(0x0102_0304, [4, 3, 2, 1]).expect("little endian");
        let error = check_echo(1, [2, 0, 0, 0]).expect_err("an error");
        assert_eq!(error.to_string(), "stream 1 was acknowledged as 2");
    }
}
