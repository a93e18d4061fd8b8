//! Bodies that the other side reads from us, or we from it, at the reader's pace
//! (`server/public/plugin/io_rpc.go`).
//!
//! The reading side writes a number (a zigzag varint) and gets that many bytes, or fewer and the
//! end of the stream when the data ends before.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes, BytesMut};
use goplugin::yamux::Stream;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader, ReadBuf};
use tokio_util::io::poll_read_buf;

use super::broker::{Dialled, check_echo};
use crate::http::{Body, BoxError};

/// How many bytes may be asked for and not have arrived: less than a stream's window, since a reader
/// that stops would otherwise leave the other side writing into a full window for minutes.
const OUTSTANDING: u64 = 255 * 1024;

/// The largest piece that is handed on, in bytes.
const PIECE: usize = 64 * 1024;

/// Data on the other side, read as a body. Dropping it tells the other side to stop.
pub(crate) struct RemoteBody<S> {
    /// `None` once there is nothing more to read.
    stream: Option<S>,
    /// What comes before the first byte of the data.
    echo: Option<Echo>,
    /// Whether the other side waits to be asked.
    asks: bool,
    /// Bytes asked for that have not arrived.
    outstanding: u64,
    /// Bytes still to come, when that is known.
    remaining: Option<u64>,
    /// A question that is not completely written.
    question: Bytes,
    buffer: BytesMut,
}

/// The broker's number, as far as the other side has repeated it.
struct Echo {
    number: u32,
    bytes: [u8; 4],
    arrived: usize,
}

impl RemoteBody<Stream> {
    /// The data behind a number of the broker, of `length` bytes if that is known.
    pub(crate) fn new(dialled: Dialled, length: Option<u64>) -> Self {
        let (stream, number) = dialled.unacknowledged();
        Self {
            echo: Some(Echo {
                number,
                bytes: [0; 4],
                arrived: 0,
            }),
            ..Self::on(stream, length)
        }
    }
}

impl<S> RemoteBody<S> {
    /// Data that the other side sends without being asked, to the end of `stream`.
    pub(crate) fn unasked(stream: S, length: Option<u64>) -> Self {
        Self {
            asks: false,
            ..Self::on(stream, length)
        }
    }

    fn on(stream: S, length: Option<u64>) -> Self {
        Self {
            stream: (length != Some(0)).then_some(stream),
            echo: None,
            asks: true,
            outstanding: 0,
            remaining: length,
            question: Bytes::new(),
            buffer: BytesMut::new(),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> RemoteBody<S> {
    /// Asks for more once half of what may be outstanding has come.
    fn ask(&mut self, cx: &mut Context<'_>) {
        let Some(stream) = &mut self.stream else {
            return;
        };
        if self.asks && self.question.is_empty() && self.outstanding <= OUTSTANDING / 2 {
            let remaining = self.remaining.unwrap_or(u64::MAX);
            let unasked = remaining.saturating_sub(self.outstanding);
            let more = unasked.min(OUTSTANDING - self.outstanding);
            if more > 0 {
                self.outstanding += more;
                self.question = varint(more);
            }
        }
        while !self.question.is_empty() {
            match Pin::new(&mut *stream).poll_write(cx, &self.question) {
                Poll::Ready(Ok(written)) if written > 0 => self.question.advance(written),
                Poll::Pending => return,
                // Whoever has nothing more to give need not listen; what was given can be read.
                Poll::Ready(_) => {
                    self.asks = false;
                    self.question.clear();
                }
            }
        }
    }

    /// Reads the echo of the broker's number, which comes before everything else.
    fn poll_echo(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let (Some(stream), Some(echo)) = (&mut self.stream, &mut self.echo) {
            let mut rest = ReadBuf::new(&mut echo.bytes[echo.arrived..]);
            ready!(Pin::new(stream).poll_read(cx, &mut rest))?;
            match rest.filled().len() {
                0 => return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into())),
                arrived => echo.arrived += arrived,
            }
            if echo.arrived == echo.bytes.len() {
                check_echo(echo.number, echo.bytes)?;
                self.echo = None;
            }
        }
        Poll::Ready(Ok(()))
    }

    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Option<Bytes>>> {
        self.ask(cx);
        ready!(self.poll_echo(cx))?;
        let Some(stream) = &mut self.stream else {
            return Poll::Ready(Ok(None));
        };
        if self.buffer.capacity() == 0 {
            let expected = self.remaining.unwrap_or(u64::MAX).min(PIECE as u64);
            self.buffer
                .reserve(usize::try_from(expected).unwrap_or(PIECE));
        }
        let arrived = ready!(poll_read_buf(Pin::new(stream), cx, &mut self.buffer))?;
        if arrived == 0 {
            self.stream = None;
            return Poll::Ready(match self.remaining {
                Some(missing) if missing > 0 => Err(io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    format!("the body ended {missing} bytes early; its sender is gone"),
                )),
                _ => Ok(None),
            });
        }
        let mut piece = std::mem::take(&mut self.buffer).freeze();
        self.outstanding = self.outstanding.saturating_sub(piece.len() as u64);
        if let Some(remaining) = &mut self.remaining {
            piece.truncate(usize::try_from(*remaining).unwrap_or(usize::MAX));
            *remaining -= piece.len() as u64;
            if *remaining == 0 {
                self.stream = None;
            }
        }
        Poll::Ready(Ok(Some(piece)))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> http_body::Body for RemoteBody<S> {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match ready!(self.poll_piece(cx)) {
            Ok(piece) => Poll::Ready(piece.map(|piece| Ok(Frame::data(piece)))),
            Err(error) => {
                self.stream = None;
                Poll::Ready(Some(Err(error.into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.stream.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        self.remaining
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// Gives the other side `body` as it asks for it; the number of bytes given.
///
/// # Errors
/// When the body fails or the stream does. The other side then sees the data end.
pub(crate) async fn give<S: AsyncRead + AsyncWrite + Unpin>(
    mut body: Body,
    stream: S,
) -> io::Result<u64> {
    let mut stream = BufReader::with_capacity(64, stream);
    let mut piece = Bytes::new();
    let mut given = 0;
    while let Some(mut asked) = read_varint(&mut stream).await? {
        while asked > 0 {
            while piece.is_empty() {
                match body.frame().await {
                    Some(frame) => {
                        let frame = frame.map_err(io::Error::other)?;
                        piece = frame.into_data().unwrap_or_default();
                    }
                    None => {
                        stream.shutdown().await?;
                        return Ok(given);
                    }
                }
            }
            let length = piece
                .len()
                .min(PIECE)
                .min(usize::try_from(asked).unwrap_or(PIECE));
            stream.write_all(&piece.split_to(length)).await?;
            asked -= length as u64;
            given += length as u64;
        }
    }
    Ok(given)
}

/// Go's `binary.PutVarint` of a number that is not negative.
fn varint(number: u64) -> Bytes {
    let mut rest = number << 1;
    let mut bytes = Vec::with_capacity(4);
    while rest >= 0x80 {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    bytes.into()
}

/// Go's `binary.ReadVarint`; `None` at the end of the stream. Negative numbers ask for nothing.
async fn read_varint(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<u64>> {
    let mut number = 0u64;
    for shift in (0..64).step_by(7) {
        let byte = match stream.read_u8().await {
            Ok(byte) => byte,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof && shift == 0 => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(Some(if number & 1 == 0 { number >> 1 } else { 0 }));
        }
    }
    Err(io::Error::new(
        io::ErrorKind::InvalidData,
        "a number longer than 64 bits",
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokio::io::duplex;

    use super::*;

    fn run<T>(work: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.expect("a runtime").block_on(work)
    }

    #[test]
    fn numbers_are_written_as_go_writes_them() {
        // From Go's documentation of PutVarint and by hand.
        assert_eq!(varint(0), [0][..]);
        assert_eq!(varint(1), [2][..]);
        assert_eq!(varint(64), [0x80, 0x01][..]);
        assert_eq!(varint(32_768), [0x80, 0x80, 0x04][..]);
    }

    proptest! {
        #[test]
        fn numbers_come_back(number in 0..u64::MAX / 2) {
            let bytes = varint(number);
            prop_assert_eq!(run(read_varint(&mut &bytes[..])).expect("a number"), Some(number));
        }

        #[test]
        fn any_bytes_are_a_number_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..12)) {
            drop(run(read_varint(&mut &bytes[..])));
        }

        #[test]
        fn any_stream_of_questions_ends(bytes in proptest::collection::vec(any::<u8>(), 0..40), length in 0usize..2_000) {
            run(async {
                let (mut ours, theirs) = duplex(64);
                let asking = async {
                    // The other side may stop to listen at any of them.
                    drop(ours.write_all(&bytes).await);
                    drop(ours.shutdown().await);
                    let mut answered = Vec::new();
                    drop(ours.read_to_end(&mut answered).await);
                    answered.len()
                };
                let giving = give(Body::from(vec![1; length]), theirs);
                let (answered, given) = tokio::join!(asking, giving);
                assert!(answered <= length, "{given:?}");
            });
        }
    }

    #[test]
    fn a_body_comes_over_in_order_whatever_the_pipe_holds() {
        let sent: Vec<u8> = (0..600_000u32).map(|number| (number % 251) as u8).collect();
        for (pipe, length) in [
            (1, Some(5_000)),
            (7, None),
            (100_000, Some(600_000)),
            (1 << 20, None),
        ] {
            let sent = &sent[..length.unwrap_or(600_000) as usize];
            run(async {
                let (ours, theirs) = duplex(pipe);
                let giving = give(Body::from(sent.to_vec()), theirs);
                let reading = Body::new(RemoteBody {
                    asks: true,
                    ..RemoteBody::on(ours, length)
                })
                .collect(1 << 20);
                let (given, read) = tokio::join!(giving, reading);
                assert_eq!(given.expect("no error"), sent.len() as u64);
                assert!(
                    read.expect("a body") == sent,
                    "through a pipe of {pipe} bytes"
                );
            });
        }
    }

    #[test]
    fn no_more_is_asked_for_than_may_be_outstanding() {
        run(async {
            let (ours, mut theirs) = duplex(1 << 20);
            let mut body = RemoteBody::on(ours, None);
            assert!(futures_util::poll!(body.frame()).is_pending());
            assert_eq!(
                read_varint(&mut theirs).await.expect("a number"),
                Some(OUTSTANDING)
            );
            theirs.write_all(&[0; 1_000]).await.expect("a pipe");
            body.frame().await.expect("a frame").expect("data");
            assert!(futures_util::poll!(body.frame()).is_pending());
            theirs
                .write_all(&vec![0; OUTSTANDING as usize / 2])
                .await
                .expect("a pipe");
            let mut read = 1_000;
            while read <= OUTSTANDING / 2 {
                read += body
                    .frame()
                    .await
                    .expect("a frame")
                    .expect("data")
                    .data_ref()
                    .expect("data")
                    .len() as u64;
            }
            assert!(futures_util::poll!(body.frame()).is_pending() || read > OUTSTANDING / 2);
            let again = read_varint(&mut theirs)
                .await
                .expect("a number")
                .expect("a question");
            assert!(again <= read, "{again} asked for after {read} came");
        });
    }
}
