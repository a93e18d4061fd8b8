//! Pairs of header and value written to a stream, each pair in one write.

use std::io;

use gobwire::{Encode, Encoder};
use tokio::io::{AsyncWrite, AsyncWriteExt};

/// What stays allocated between values, in bytes.
const KEPT: usize = 16 * 1024;

/// Writes gob values of one connection. Each type is described once, before its first value.
pub(crate) struct GobWriter<W> {
    stream: W,
    encoder: Encoder,
    /// The pair that is written next.
    pair: Vec<u8>,
    /// How much of it is written.
    written: usize,
    /// The value that follows the header.
    value: Vec<u8>,
}

impl<W: AsyncWrite + Unpin> GobWriter<W> {
    pub(crate) fn new(stream: W) -> Self {
        Self {
            stream,
            encoder: Encoder::new(),
            pair: Vec::new(),
            written: 0,
            value: Vec::new(),
        }
    }

    /// Prepares a value for [`GobWriter::send`].
    ///
    /// # Errors
    /// When gob cannot carry the value. The connection is as it was.
    pub(crate) fn prepare(&mut self, value: &(impl Encode + ?Sized)) -> gobwire::Result<()> {
        self.value.clear();
        self.encoder.encode_into(value, &mut self.value)
    }

    /// Writes `header` and the prepared value.
    ///
    /// When the future is dropped half way, [`GobWriter::finish`] writes the rest.
    pub(crate) async fn send(&mut self, header: &(impl Encode + Sync)) -> io::Result<()> {
        self.finish().await?;
        self.encoder
            .encode_into(header, &mut self.pair)
            .map_err(io::Error::other)?;
        self.pair.extend_from_slice(&self.value);
        self.value.clear();
        self.value.shrink_to(KEPT);
        self.finish().await
    }

    /// Writes what an earlier [`GobWriter::send`] left.
    pub(crate) async fn finish(&mut self) -> io::Result<()> {
        while self.written < self.pair.len() {
            match self.stream.write(&self.pair[self.written..]).await? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                count => self.written += count,
            }
        }
        self.written = 0;
        self.pair.clear();
        self.pair.shrink_to(KEPT);
        Ok(())
    }
}
