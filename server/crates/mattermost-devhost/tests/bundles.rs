//! A bundle, started as a process of its own.

#[path = "support/archive.rs"]
mod archive;
mod support;

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use mattermost_devhost::DevHost;
use mattermost_plugin::model::PluginStatus;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use archive::{bundle, lives, probe_bundle};

async fn says(host: &DevHost, text: &str) -> String {
    let outcome = host
        .user("alice")
        .run_command("builds", &format!("/probe {text}"))
        .await;
    outcome.expect("the command runs").response.text
}

#[tokio::test]
async fn a_bundle_is_unpacked_started_and_ended() {
    let directory = TempDir::new().unwrap();
    let host = DevHost::builder()
        .plugin_bundle(probe_bundle(directory.path()))
        .start()
        .await
        .unwrap();
    assert_eq!(says(&host, "echo hello").await, "hello");
    let status = host.plugin_status(0);
    let plugin = Path::new(&status.plugin_path);
    assert_eq!(
        std::fs::metadata(plugin.join("server/dist/plugin"))
            .unwrap()
            .permissions()
            .mode()
            & 0o777,
        0o755
    );
    assert!(plugin.join("public/icon.svg").exists());
    assert!(!plugin.join("public/passwd").exists(), "links are left out");
    let id = host.process_id(0).expect("it is a process");
    assert!(lives(id));
    host.deactivate(0).await;
    assert!(!lives(id), "deactivation leaves no process");
    host.activate(0).await.unwrap();
    let id = host.process_id(0).expect("it is a process");
    host.stop().await;
    assert!(!lives(id), "the end of the server leaves no process");
}

#[tokio::test]
async fn a_killed_process_is_replaced_by_the_health_check() {
    let directory = TempDir::new().unwrap();
    let host = DevHost::builder()
        .plugin_bundle(probe_bundle(directory.path()))
        .start()
        .await
        .unwrap();
    let before = host.process_id(0).expect("it is a process");
    host.kill(0).await;
    assert!(!lives(before));
    assert!(
        host.user("alice")
            .run_command("builds", "/probe echo x")
            .await
            .is_err()
    );
    host.check_health().await;
    assert_eq!(says(&host, "echo back").await, "back");
    assert_ne!(host.process_id(0), Some(before));
    host.stop().await;
}

#[tokio::test]
async fn a_dropped_server_takes_its_processes_along() {
    let directory = TempDir::new().unwrap();
    let host = DevHost::builder()
        .plugin_bundle(probe_bundle(directory.path()))
        .start()
        .await
        .unwrap();
    let id = host.process_id(0).expect("it is a process");
    drop(host);
    let start = Instant::now();
    while lives(id) {
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "the process is still there"
        );
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_wrong_checksum_is_noticed() {
    let directory = TempDir::new().unwrap();
    let path = probe_bundle(directory.path());
    let digest = Sha256::digest(std::fs::read(&path).unwrap());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let beside = directory.path().join("probe.tar.gz.sha256");
    std::fs::write(&beside, format!("{hex}  probe.tar.gz\n")).unwrap();
    DevHost::builder()
        .plugin_bundle(&path)
        .start()
        .await
        .unwrap()
        .stop()
        .await;
    std::fs::write(
        &beside,
        format!("{}  probe.tar.gz\n", hex.replace(&hex[..1], "x")),
    )
    .unwrap();
    let error = DevHost::builder()
        .plugin_bundle(&path)
        .start()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("SHA-256"), "{error}");
}

#[tokio::test]
async fn an_executable_that_is_no_plugin_fails_to_start() {
    let directory = TempDir::new().unwrap();
    let path = bundle(
        directory.path(),
        b"#!/bin/sh\necho garbage\nexec sleep 30\n",
    );
    let host = DevHost::builder()
        .plugin_bundle(&path)
        .accept_failed_activation()
        .start()
        .await
        .unwrap();
    let status = host.plugin_status(0);
    assert_eq!(status.state, PluginStatus::FAILED_TO_START);
    assert!(status.error.contains("garbage"), "{}", status.error);
    host.stop().await;
    let error = DevHost::builder()
        .plugin_bundle(&path)
        .start()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("was not activated"), "{error}");
}

#[tokio::test]
async fn files_that_are_no_bundles_are_refused() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("x.tar.gz");
    let refused = async |bytes: Vec<u8>| {
        std::fs::File::create(&path)
            .and_then(|mut file| file.write_all(&bytes))
            .unwrap();
        DevHost::builder()
            .plugin_bundle(&path)
            .start()
            .await
            .unwrap_err()
            .to_string()
    };
    assert!(refused(b"no gzip".to_vec()).await.contains("x.tar.gz"));
    let archive = |name: &str, bytes: &[u8]| {
        let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        // The library refuses such names, an attacker does not.
        let raw = &mut header.as_gnu_mut().expect("it is a GNU header").name;
        raw[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        archive.append(&header, bytes).unwrap();
        archive.into_inner().and_then(GzEncoder::finish).unwrap()
    };
    assert!(
        refused(archive("../evil", b"x"))
            .await
            .contains("failed to sanitize path")
    );
    assert!(!directory.path().join("evil").exists());
    assert!(
        refused(archive("p/readme.txt", b"x"))
            .await
            .contains("unable to find manifest")
    );
    assert!(
        refused(archive(
            "p/plugin.json",
            b"{\"id\": \"a\", \"name\": \"A\"}"
        ))
        .await
        .contains("invalid plugin ID")
    );
}
