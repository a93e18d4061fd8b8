//! Gob values read from a stream, one message after the other.

use std::io;

use bytes::{Buf, BytesMut};
use gobwire::{Decode, parse_length_prefix, parse_uint};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::gob::{Decoder, Progress};

/// The longest message that is taken, in bytes. The largest that a server sends is a file
/// (`GetFile`), which it limits to 100 MB unless configured otherwise.
const LONGEST_MESSAGE: usize = 1 << 30;

/// How much is asked of the stream at once, and what stays allocated between messages, in bytes.
const BLOCK: usize = 8 * 1024;

/// Why no value could be read.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// The connection failed, or what it carries can no longer be told apart into messages.
    Broken(io::Error),
    /// One value made no sense; the next can be read.
    Value(gobwire::Error),
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Broken(error)
    }
}

/// Reads gob values of one connection. Types are known to it from the first value that used them.
pub(crate) struct GobReader<R> {
    stream: R,
    buffer: BytesMut,
    decoder: Decoder,
}

impl<R: AsyncRead + Unpin> GobReader<R> {
    pub(crate) fn new(stream: R) -> Self {
        Self {
            stream,
            buffer: BytesMut::new(),
            decoder: Decoder::new(),
        }
    }

    /// Waits until a whole value has arrived; `false` when the stream ended before it began.
    ///
    /// Dropping the future loses nothing.
    pub(crate) async fn arrived(&mut self) -> Result<bool, ReadError> {
        let mut begun = false;
        loop {
            let Some((prefix, length)) = self.message(begun).await? else {
                return Ok(false);
            };
            begun = true;
            let body = &self.buffer[prefix..prefix + length];
            let defines_type = defines_type(body);
            let progress = self.decoder.push_message(body);
            self.buffer.advance(prefix + length);
            self.release();
            match progress {
                Ok(Progress::Ready) => return Ok(true),
                Ok(Progress::TypeDefinition(_) | Progress::NeedMore) => {}
                // After a type that is not understood its values cannot be told from what follows.
                Err(error) if defines_type => {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, error).into());
                }
                Err(error) => return Err(ReadError::Value(error)),
            }
        }
    }

    /// The next bytes, which are not gob. Dropping the future loses nothing.
    pub(crate) async fn raw<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        while self.buffer.len() < N {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let mut bytes = [0; N];
        self.buffer.copy_to_slice(&mut bytes);
        Ok(bytes)
    }

    /// Stores the arrived value in `value` the way Go does: what the sender left out stays.
    pub(crate) fn decode_into<T: Decode + ?Sized>(&mut self, value: &mut T) -> gobwire::Result<()> {
        self.decoder.decode_into(value)
    }

    /// The arrived value.
    pub(crate) fn decode<T: Decode + Default>(&mut self) -> gobwire::Result<T> {
        self.decoder.decode()
    }

    /// Skips the arrived value, if it has not been taken.
    pub(crate) fn discard(&mut self) {
        // Fails when nothing is there to be skipped.
        let _ = self.decoder.discard();
    }

    /// Where the arrived value lies.
    pub(crate) fn decoder(&mut self) -> &mut Decoder {
        &mut self.decoder
    }

    /// How much memory waits for bytes.
    #[cfg(test)]
    pub(crate) fn capacity(&self) -> usize {
        self.buffer.capacity()
    }

    /// Length of the prefix and of the body of the next message, which is then in the buffer.
    async fn message(&mut self, begun: bool) -> Result<Option<(usize, usize)>, ReadError> {
        loop {
            let invalid = |error| io::Error::new(io::ErrorKind::InvalidData, error);
            let wanted = match parse_length_prefix(&self.buffer).map_err(invalid)? {
                Some((_, length)) if length > LONGEST_MESSAGE => {
                    let reason = format!("a message of {length} bytes is too long");
                    return Err(io::Error::new(io::ErrorKind::InvalidData, reason).into());
                }
                Some((prefix, length)) if self.buffer.len() >= prefix + length => {
                    return Ok(Some((prefix, length)));
                }
                Some((prefix, length)) => prefix + length - self.buffer.len(),
                None => 1,
            };
            // At most doubled, so that a length alone makes nobody allocate.
            self.buffer
                .reserve(wanted.min(self.buffer.len()).max(BLOCK));
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                if self.buffer.is_empty() && !begun {
                    return Ok(None);
                }
                return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
            }
        }
    }

    /// Gives memory back after a long message.
    fn release(&mut self) {
        if self.buffer.is_empty() && self.buffer.capacity() > 4 * BLOCK {
            self.buffer = BytesMut::new();
        }
    }
}

/// Whether a message body defines a type: it then begins with a negative number (gob's `doc.go`).
fn defines_type(body: &[u8]) -> bool {
    matches!(parse_uint(body), Ok(Some((first, _))) if first & 1 == 1)
}
