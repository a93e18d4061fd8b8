//! Bundles for tests.

// Each test uses some of it.
#![allow(dead_code)]

use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::MANIFEST;

/// The probe as an executable.
const EXECUTABLE: &str = env!("CARGO_BIN_EXE_devhost-test-plugin");

/// Writes a bundle of the probe with the manifest's executable being `program`.
pub(crate) fn bundle(directory: &Path, program: &[u8]) -> PathBuf {
    let server = r#""server": {"executable": "server/dist/plugin"}, "id""#;
    let manifest = MANIFEST.replacen("\"id\"", server, 1);
    bundle_of(directory, "com.example.probe", &manifest, program)
}

/// Writes a bundle with `program` as `server/dist/plugin`.
pub(crate) fn bundle_of(directory: &Path, id: &str, manifest: &str, program: &[u8]) -> PathBuf {
    let path = directory.join("probe.tar.gz");
    let file = std::fs::File::create(&path).expect("the bundle can be written");
    let mut archive = tar::Builder::new(GzEncoder::new(file, Compression::fast()));
    let mut add = |name: &str, mode: u32, bytes: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(mode);
        header.set_cksum();
        archive
            .append_data(&mut header, name, bytes)
            .expect("the entry can be written");
    };
    add(&format!("{id}/plugin.json"), 0o644, manifest.as_bytes());
    add(&format!("{id}/server/dist/plugin"), 0o755, program);
    add(&format!("{id}/public/icon.svg"), 0o644, b"<svg/>");
    let mut link = tar::Header::new_gnu();
    link.set_entry_type(tar::EntryType::Symlink);
    link.set_size(0);
    archive
        .append_link(&mut link, format!("{id}/public/passwd"), "/etc/passwd")
        .expect("the link can be written");
    archive
        .into_inner()
        .and_then(GzEncoder::finish)
        .expect("the bundle can be finished");
    path
}

pub(crate) fn probe_bundle(directory: &Path) -> PathBuf {
    bundle(
        directory,
        &std::fs::read(EXECUTABLE).expect("the executable can be read"),
    )
}

/// Whether a process exists and is no zombie.
pub(crate) fn lives(id: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{id}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}
