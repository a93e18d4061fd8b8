//! Bytes that nobody should send.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use proptest::prelude::*;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::http::Body;
use crate::plugin::Instance;
use crate::transport::Calls;
use crate::transport::netrpc::header::{Request, Response};
use crate::transport::netrpc::http_head::RequestHead;
use crate::transport::netrpc::reader::{GobReader, ReadError};
use crate::transport::netrpc::session;

/// Gives what it was given, in pieces, and takes everything.
struct Recorded {
    bytes: Vec<u8>,
    piece: usize,
}

impl AsyncRead for Recorded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let length = self.piece.min(self.bytes.len()).min(buffer.remaining());
        let rest = self.bytes.split_off(length);
        buffer.put_slice(&self.bytes);
        self.bytes = rest;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Recorded {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

fn run<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    runtime.expect("a runtime").block_on(work)
}

/// A request and a reply as Go sends them, to be spoiled.
fn valid() -> Vec<u8> {
    let mut encoder = gobwire::Encoder::new();
    let request = Request {
        service_method: "Plugin.ExecuteCommand".to_owned(),
        sequence: 7,
    };
    let mut bytes = encoder.encode(&request).expect("bytes");
    let response = Response {
        service_method: "Plugin.KVGet".to_owned(),
        sequence: 9,
        error: "no".to_owned(),
    };
    bytes.extend(encoder.encode(&response).expect("bytes"));
    bytes
}

fn spoiled() -> impl Strategy<Value = Vec<u8>> {
    let changes = proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6);
    let anything = proptest::collection::vec(any::<u8>(), 0..200);
    prop_oneof![
        anything,
        changes.prop_map(|changes| {
            let mut bytes = valid();
            for (place, byte) in changes {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            bytes
        })
    ]
}

proptest! {
    #[test]
    fn a_reader_takes_any_bytes(bytes in spoiled(), piece in 1usize..64) {
        run(async {
            let limit = bytes.len() + 2;
            let mut reader = GobReader::new(Recorded { bytes, piece });
            for turn in 0.. {
                // Each turn takes a message or ends.
                assert!(turn <= limit, "the reader makes no progress");
                match reader.arrived().await {
                    Ok(true) if turn % 2 == 0 => drop(reader.decode::<Request>()),
                    Ok(true) => drop(reader.decode::<Response>()),
                    Ok(false) | Err(ReadError::Broken(_)) => return,
                    Err(ReadError::Value(_)) => {}
                }
                reader.discard();
            }
        });
    }

    #[test]
    fn a_plugin_takes_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200), piece in 1usize..64) {
        struct Quiet;
        impl crate::Plugin for Quiet {
            const HOOKS: &'static [&'static str] = &[];
            fn new(_: crate::Api) -> Self {
                Self
            }
        }
        run(async {
            let started = Instance::of::<Quiet>().into_started();
            let connection = Recorded { bytes, piece };
            // It ends, by an error or not; it neither panics nor hangs.
            drop(session::serve(connection, started, Calls::here()).await);
        });
    }

    #[test]
    fn any_head_becomes_a_request_or_a_reason(
        method in any::<String>(),
        url in proptest::collection::vec(any::<u8>(), 0..60),
        name in proptest::collection::vec(any::<u8>(), 0..10),
        value in proptest::collection::vec(any::<u8>(), 0..10),
        host in proptest::collection::vec(any::<u8>(), 0..10),
    ) {
        let head = RequestHead {
            method,
            url: crate::transport::netrpc::gob::GoUrl(url.into()),
            header: [(name.into(), vec![value.into()])].into(),
            host: host.into(),
            ..RequestHead::default()
        };
        drop(head.into_request(Body::empty()));
    }
}

/// A length that promises more than will come is not believed in advance.
#[test]
fn a_long_length_allocates_nothing() {
    run(async {
        // 512 MiB, of which two bytes come.
        let bytes = vec![0xfc, 0x20, 0, 0, 0, 1, 2];
        let mut reader = GobReader::new(Recorded { bytes, piece: 100 });
        assert!(matches!(reader.arrived().await, Err(ReadError::Broken(_))));
        assert!(reader.capacity() < 100_000, "{} bytes", reader.capacity());
    });
}
