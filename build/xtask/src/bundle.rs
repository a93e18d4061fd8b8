//! The plugin bundle: one tar.gz with one top folder, reproducible, executables marked as such.
//!
//! A server takes only files and folders, no links, and keeps the modes of the archive
//! (`server/channels/utils/archive.go`, `app/extract_plugin_tar.go`).

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Args;
use flate2::{Compression, GzBuilder};
use sha2::{Digest, Sha256};

use crate::compile::{self, PLATFORMS, Platform, Program};
use crate::manifest::Manifest;
use crate::output::line;
use crate::workspace;

#[derive(Args, Default)]
pub(crate) struct DistArguments {
    /// Bundle an example of the SDK instead of the product.
    #[arg(long)]
    pub(crate) example: Option<String>,
    /// Cargo profile.
    #[arg(long, default_value = "release")]
    pub(crate) profile: String,
    /// Only for the machine this runs on.
    #[arg(long, env = "MM_SERVICESETTINGS_ENABLEDEVELOPER")]
    pub(crate) host_only: Option<String>,
}

/// Builds the product's bundle, or an example's, and writes its SHA-256 beside it.
pub(crate) fn dist(arguments: &DistArguments) -> Result<()> {
    let host_only = arguments
        .host_only
        .as_deref()
        .is_some_and(|value| !matches!(value, "" | "false" | "0"));
    let example = arguments.example.as_deref();
    let (path, digest) = build(example, &arguments.profile, host_only, Packing::Small)?;
    line(format!("{digest}  {}", path.display()));
    Ok(())
}

/// Code and tables alternate in an executable; the default of 15 is for small files.
const BLOCK_SPLITS: u16 = 500;

/// How much time goes into a small bundle.
#[derive(Clone, Copy)]
pub(crate) enum Packing {
    /// For tests.
    Quick,
    /// For people who install it: some percent less, in a minute.
    Small,
}

impl Packing {
    fn pack(self, archive: Vec<u8>) -> Result<Vec<u8>> {
        let mut packed = Vec::new();
        match self {
            Self::Quick => {
                let mut writer = GzBuilder::new()
                    .mtime(0)
                    .write(&mut packed, Compression::best());
                writer.write_all(&archive)?;
                writer.finish()?;
            }
            Self::Small => {
                let options = zopfli::Options {
                    maximum_block_splits: BLOCK_SPLITS,
                    ..zopfli::Options::default()
                };
                zopfli::compress(
                    options,
                    zopfli::Format::Gzip,
                    archive.as_slice(),
                    &mut packed,
                )?;
            }
        }
        Ok(packed)
    }
}

/// Builds a bundle and returns its path and SHA-256 in hexadecimal.
pub(crate) fn build(
    example: Option<&str>,
    profile: &str,
    host_only: bool,
    packing: Packing,
) -> Result<(PathBuf, String)> {
    let (program, folder) = match example {
        None => (Program::Product, workspace::root()),
        Some(name) => (
            Program::Example(name.to_owned()),
            workspace::examples().join(name),
        ),
    };
    let manifest = Manifest::read(&folder.join("plugin.json"))?;
    let executables = build_executables(&program, &manifest, profile, host_only)?;
    let files = collect(&manifest, &folder, executables)?;

    let dist = workspace::root().join("dist");
    std::fs::create_dir_all(&dist)?;
    let name = format!("{}-{}.tar.gz", manifest.id, manifest.version);
    let path = dist.join(&name);
    let bytes = packing.pack(archive(&manifest.id, &files)?)?;
    std::fs::write(&path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
    let digest = hex(&Sha256::digest(&bytes));
    std::fs::write(
        dist.join(format!("{name}.sha256")),
        format!("{digest}  {name}\n"),
    )?;
    Ok((path, digest))
}

/// A file of the bundle.
struct Entry {
    bytes: Vec<u8>,
    mode: u32,
}

fn build_executables(
    program: &Program,
    manifest: &Manifest,
    profile: &str,
    host_only: bool,
) -> Result<BTreeMap<String, (String, PathBuf)>> {
    let host = Platform::host()?;
    let mut built = BTreeMap::new();
    for (name, path) in manifest.executables()? {
        let Some(platform) = PLATFORMS.iter().find(|platform| platform.name == name) else {
            anyhow::bail!("plugin.json names the platform {name}, which this build does not know");
        };
        let is_host = platform.target == host.target;
        if !is_host && (host_only || !platform.is_available()) {
            line(format!(
                "{name}: left out ({})",
                if host_only {
                    "host platform only"
                } else {
                    "no standard library for it is installed"
                }
            ));
            continue;
        }
        built.insert(name, (path, compile::build(program, *platform, profile)?));
    }
    ensure!(!built.is_empty(), "no executable was built");
    Ok(built)
}

fn collect(
    manifest: &Manifest,
    folder: &Path,
    executables: BTreeMap<String, (String, PathBuf)>,
) -> Result<BTreeMap<String, Entry>> {
    let mut files = BTreeMap::new();
    let platforms: Vec<String> = executables.keys().cloned().collect();
    files.insert(
        "plugin.json".to_owned(),
        Entry {
            bytes: manifest.for_bundle(&platforms)?,
            mode: 0o644,
        },
    );
    for (path, built) in executables.into_values() {
        let bytes =
            std::fs::read(&built).with_context(|| format!("cannot read {}", built.display()))?;
        files.insert(path, Entry { bytes, mode: 0o755 });
    }
    add_folder(&mut files, &folder.join("assets"), "assets")?;
    add_folder(&mut files, &folder.join("assets/public"), "public")?;
    add_folder(&mut files, &folder.join("webapp/dist"), "webapp/dist")?;
    Ok(files)
}

/// Adds a folder's files, sub-folders included. A folder that is not there adds nothing.
fn add_folder(files: &mut BTreeMap<String, Entry>, folder: &Path, prefix: &str) -> Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}/{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            add_folder(files, &entry.path(), &name)?;
        } else {
            ensure!(
                kind.is_file(),
                "{} is neither a file nor a folder",
                entry.path().display()
            );
            files.insert(
                name,
                Entry {
                    bytes: std::fs::read(entry.path())?,
                    mode: 0o644,
                },
            );
        }
    }
    Ok(())
}

/// The archive's bytes: entries in name order, no times, no owners.
fn archive(top: &str, files: &BTreeMap<String, Entry>) -> Result<Vec<u8>> {
    let mut archive = tar::Builder::new(Vec::new());
    for (path, entry) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(entry.bytes.len() as u64);
        header.set_mode(entry.mode);
        header.set_mtime(0);
        header.set_entry_type(tar::EntryType::Regular);
        archive.append_data(&mut header, format!("{top}/{path}"), entry.bytes.as_slice())?;
    }
    Ok(archive.into_inner()?)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> BTreeMap<String, Entry> {
        BTreeMap::from([
            (
                "plugin.json".to_owned(),
                Entry {
                    bytes: b"{}".to_vec(),
                    mode: 0o644,
                },
            ),
            (
                "server/dist/plugin".to_owned(),
                Entry {
                    bytes: vec![0x7f, b'E', b'L', b'F'],
                    mode: 0o755,
                },
            ),
        ])
    }

    #[test]
    fn same_files_give_the_same_bytes() {
        for packing in [Packing::Quick, Packing::Small] {
            let bundle = || packing.pack(archive("id", &files()).unwrap()).unwrap();
            assert_eq!(bundle(), bundle());
        }
    }

    #[test]
    fn one_top_folder_and_executable_modes() {
        let bytes = Packing::Small
            .pack(archive("id", &files()).unwrap())
            .unwrap();
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice()));
        let entries: Vec<(String, u32)> = archive
            .entries()
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                (
                    entry.path().unwrap().display().to_string(),
                    entry.header().mode().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            entries,
            [
                ("id/plugin.json".to_owned(), 0o644),
                ("id/server/dist/plugin".to_owned(), 0o755)
            ]
        );
    }
}
