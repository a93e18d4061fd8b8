//! Where things are.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The repository's top folder.
pub(crate) fn root() -> PathBuf {
    let mut path = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    path.pop();
    path.pop();
    path
}

/// Cargo's output folder.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Where cargo keeps what it has downloaded.
pub(crate) fn cargo_home() -> Result<PathBuf> {
    if let Some(folder) = std::env::var_os("CARGO_HOME") {
        return Ok(PathBuf::from(folder));
    }
    let home = std::env::home_dir().context("there is no home folder")?;
    Ok(home.join(".cargo"))
}

/// Folder for logs of tasks whose output would be long.
pub(crate) fn logs() -> PathBuf {
    target().join("logs")
}

/// Folder of the SDK's examples.
pub(crate) fn examples() -> PathBuf {
    root().join("server/crates/mattermost-plugin/examples")
}

/// `path` as text, for commands and messages.
pub(crate) fn text(path: &Path) -> String {
    path.display().to_string()
}
