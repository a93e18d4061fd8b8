//! The plugin's end of a response stream: a `net/rpc` connection on which the server's
//! `http.ResponseWriter` is called (`server/public/plugin/http.go`).
//!
//! The server runs calls beside each other, so each one here waits for its reply before the next.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use gobwire::Encode;
use goplugin::yamux::Stream;
use http::StatusCode;
use tokio::io::{ReadHalf, WriteHalf};
use tokio::time::timeout;

use super::broker::{Broker, check_echo};
use super::gob::Bare;
use super::header::{Empty, Request, Response};
use super::http_head::Headers;
use super::reader::{GobReader, ReadError};
use super::writer::GobWriter;

/// How long a reader may take for one piece of a response. The server's own limit for a whole
/// response is as long by default (`ServiceSettings.WriteTimeout`).
const WRITE_LIMIT: Duration = Duration::from_secs(300);

/// A response that the server waits for.
pub(crate) struct ResponseWriter {
    number: u32,
    reader: GobReader<ReadHalf<Stream>>,
    writer: GobWriter<WriteHalf<Stream>>,
    last_sequence: u64,
    opening: Opening,
}

/// What is still to come before the first call may be made.
enum Opening {
    /// The echo of the broker's number.
    Echo,
    /// The reply to `Header`, announced and then said.
    Announcement,
    Headers,
    /// Nothing: these are the headers that the server has set itself.
    Done(Headers),
}

impl ResponseWriter {
    /// Opens the stream and asks for the server's headers in the same breath.
    pub(crate) async fn open(broker: &Broker, number: u32) -> io::Result<Self> {
        let (stream, number) = broker.dial(number).await?.unacknowledged();
        let (read, write) = tokio::io::split(stream);
        let mut opened = Self {
            number,
            reader: GobReader::new(read),
            writer: GobWriter::new(write),
            last_sequence: 0,
            opening: Opening::Echo,
        };
        opened.send("Plugin.Header", &Empty::default()).await?;
        Ok(opened)
    }

    /// Takes the headers that the server has set itself.
    pub(crate) async fn headers(&mut self) -> io::Result<Headers> {
        loop {
            if let Opening::Done(headers) = &mut self.opening {
                return Ok(std::mem::take(headers));
            }
            self.step().await?;
        }
    }

    /// Waits until the server gives the response up, and says how. Dropping the future loses nothing.
    pub(crate) async fn lost(&mut self) -> io::Error {
        loop {
            let step = match self.opening {
                Opening::Done(_) => match self.reader.arrived().await {
                    Ok(false) => Err(io::ErrorKind::ConnectionAborted.into()),
                    Ok(true) => Err(io::Error::new(
                        io::ErrorKind::InvalidData,
                        "a reply to nothing",
                    )),
                    Err(error) => Err(broken(error)),
                },
                _ => self.step().await,
            };
            if let Err(error) = step {
                return error;
            }
        }
    }

    async fn step(&mut self) -> io::Result<()> {
        self.opening = match self.opening {
            Opening::Echo => {
                check_echo(self.number, self.reader.raw().await?)?;
                Opening::Announcement
            }
            Opening::Announcement => {
                self.announced().await?;
                Opening::Headers
            }
            Opening::Headers => {
                self.value().await?;
                let headers: Bare<Headers> = self.reader.decode().map_err(invalid)?;
                Opening::Done(headers.0)
            }
            Opening::Done(_) => return Ok(()),
        };
        Ok(())
    }

    /// Replaces all headers of the response.
    pub(crate) async fn set_headers(&mut self, headers: Headers) -> io::Result<()> {
        self.call("Plugin.SyncHeader", &Bare(headers)).await
    }

    /// Sends status and headers.
    pub(crate) async fn write_status(&mut self, status: StatusCode) -> io::Result<()> {
        self.call("Plugin.WriteHeader", &Bare(i64::from(status.as_u16())))
            .await
    }

    /// Sends a piece of the body.
    pub(crate) async fn write(&mut self, piece: Bytes) -> io::Result<()> {
        self.call("Plugin.Write", &Bare(piece)).await
    }

    /// Makes the server send what it has.
    pub(crate) async fn flush(&mut self) -> io::Result<()> {
        self.call("Plugin.Flush", &Empty::default()).await
    }

    /// Closes the connection to the reader, which is the only way to tell it that what it has got
    /// is not all. HTTP/2 connections cannot be taken over like this.
    pub(crate) async fn abort(&mut self) -> io::Result<()> {
        self.call("Plugin.HijackResponse", &Empty::default())
            .await?;
        self.call("Plugin.HjConnClose", &Empty::default()).await
    }

    async fn call(
        &mut self,
        service_method: &str,
        argument: &(impl Encode + Sync),
    ) -> io::Result<()> {
        self.send(service_method, argument).await?;
        let reply = async {
            let announced = self.announced().await;
            self.value().await?;
            self.reader.discard();
            announced
        };
        timeout(WRITE_LIMIT, reply)
            .await
            .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }

    async fn send(
        &mut self,
        service_method: &str,
        argument: &(impl Encode + Sync),
    ) -> io::Result<()> {
        self.last_sequence += 1;
        let request = Request {
            service_method: service_method.to_owned(),
            sequence: self.last_sequence,
        };
        self.writer.prepare(argument).map_err(invalid)?;
        self.writer.send(&request).await
    }

    /// Reads the header of the reply to the latest call.
    async fn announced(&mut self) -> io::Result<()> {
        self.value().await?;
        let response: Response = self.reader.decode().map_err(invalid)?;
        if response.sequence != self.last_sequence {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "a reply to another call",
            ));
        }
        if response.error.is_empty() {
            Ok(())
        } else {
            Err(io::Error::other(response.error))
        }
    }

    async fn value(&mut self) -> io::Result<()> {
        match self.reader.arrived().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(io::ErrorKind::ConnectionAborted.into()),
            Err(error) => Err(broken(error)),
        }
    }
}

fn broken(error: ReadError) -> io::Error {
    match error {
        ReadError::Broken(error) => error,
        ReadError::Value(error) => invalid(error),
    }
}

fn invalid(error: gobwire::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
