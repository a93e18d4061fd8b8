use std::sync::{Arc, Mutex};

use bytes::Bytes;
use serde_json::json;

use super::invalid;
use crate::api::test_host::{TestHost, lock};
use crate::api::{Api, Upload};
use crate::http::Body;
use crate::model::{Config, FileInfo, UploadSession};

fn upload(size: u64) -> Upload {
    Upload {
        channel_id: "channel".to_owned(),
        user_id: "user".to_owned(),
        filename: "build.log".to_owned(),
        size,
    }
}

/// A host that stores uploads of at most 10 bytes.
fn host_with_files() -> (Arc<Mutex<Vec<u8>>>, Api) {
    let (host, api) = TestHost::with_store();
    host.on("GetConfig", |(): ()| {
        Ok(Config::new(json!({"FileSettings": {"MaxFileSize": 10}})))
    });
    host.on("UploadFile", |(data, ..): (Bytes, String, String)| {
        Ok(FileInfo {
            size: data.len() as i64,
            ..FileInfo::default()
        })
    });
    host.on("CreateUploadSession", |(session,): (UploadSession,)| {
        assert_eq!(session.id.len(), 26);
        Ok(session)
    });
    let received = Arc::new(Mutex::new(Vec::new()));
    let store = Arc::clone(&received);
    host.on_async(
        "UploadData",
        move |(session, body): (UploadSession, Body)| {
            let store = Arc::clone(&store);
            async move {
                let Ok(bytes) = body.collect(1 << 20).await else {
                    return Ok(None);
                };
                lock(&store).extend_from_slice(&bytes);
                Ok(Some(FileInfo {
                    size: session.file_size,
                    ..FileInfo::default()
                }))
            }
        },
    );
    (received, api)
}

#[tokio::test]
async fn uploads_keep_the_servers_limit() {
    let (_, api) = host_with_files();
    assert_eq!(
        api.files()
            .upload("0123456789", "c", "f")
            .await
            .unwrap()
            .size,
        10
    );
    assert!(invalid(api.files().upload("0123456789a", "c", "f").await).contains("MaxFileSize"));
    assert!(invalid(api.files().upload_stream(&upload(11), "x").await).contains("11 bytes"));
    assert!(invalid(api.files().upload_stream(&upload(0), "").await).contains("empty"));
}

#[tokio::test]
async fn streams_are_uploaded_whole_or_not_at_all() {
    let (received, api) = host_with_files();
    let info = api
        .files()
        .upload_reader(&upload(5), &b"hello"[..])
        .await
        .unwrap();
    assert_eq!(info.size, 5);
    assert_eq!(lock(&received).as_slice(), b"hello");
    for wrong in ["hell", "hello!"] {
        let reason = invalid(api.files().upload_stream(&upload(5), wrong).await);
        assert!(reason.contains("5 bytes"), "{reason}");
    }
    assert_eq!(lock(&received).as_slice(), b"hello");
}
