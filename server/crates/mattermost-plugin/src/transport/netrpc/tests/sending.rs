//! Calls that are given up while they are being sent.

use std::time::Duration;

use bytes::Bytes;
use tokio::io::AsyncReadExt;

use crate::transport::netrpc::client::{CallError, Client};
use crate::transport::netrpc::gob::{Bare, Letters};
use crate::transport::netrpc::header::{Empty, Request};
use crate::transport::netrpc::reader::GobReader;

const LIMIT: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_call_that_is_given_up_half_way_is_sent_to_its_end() {
    // The pipe holds a part of the first call only.
    let (ours, theirs) = tokio::io::duplex(1_000);
    let client = Client::new(ours);
    let large = Letters((Bytes::from(vec![1; 10_000]),));
    {
        let mut call = std::pin::pin!(client.call("Plugin.KVSet", &large, Empty::default(), LIMIT));
        assert!(futures_util::poll!(&mut call).is_pending());
    }
    assert_eq!(client.pending(), 0, "nobody waits for it");
    let mut second =
        std::pin::pin!(client.call("Plugin.KVGet", &Bare(7u32), Empty::default(), LIMIT));
    assert!(futures_util::poll!(&mut second).is_pending());
    let mut reader = GobReader::new(theirs);
    let listen = async {
        for (method, sequence) in [("Plugin.KVSet", 1), ("Plugin.KVGet", 2)] {
            assert!(reader.arrived().await.expect("a header"));
            let request: Request = reader.decode().expect("a request");
            assert_eq!(
                (request.service_method.as_str(), request.sequence),
                (method, sequence)
            );
            assert!(reader.arrived().await.expect("an argument"));
            reader.discard();
        }
    };
    tokio::select! {
        () = listen => {}
        outcome = &mut second => panic!("{outcome:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_cannot_be_sent_in_time_fails() {
    let (ours, mut theirs) = tokio::io::duplex(1_000);
    let client = Client::new(ours);
    let large = Letters((Bytes::from(vec![1; 10_000]),));
    let outcome = client
        .call("Plugin.KVSet", &large, Empty::default(), LIMIT)
        .await;
    assert_eq!(outcome.expect_err("an error"), CallError::TimedOut(LIMIT));
    drop(client);
    // What could be sent was; then the connection is closed, since nobody uses it any more.
    let mut sent = Vec::new();
    theirs.read_to_end(&mut sent).await.expect("an end");
    assert!(sent.len() >= 1_000, "{}", sent.len());
}
