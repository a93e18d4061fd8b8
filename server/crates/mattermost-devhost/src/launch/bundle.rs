//! Bundles: unpacking them as the server does (`app/extract_plugin_tar.go`, `app/plugin_install.go`).

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Component, Path, PathBuf};

use flate2::read::GzDecoder;
use mattermost_plugin::model::Manifest;
use tar::{Archive, EntryType};

/// An unpacked bundle.
#[derive(Debug, Clone)]
pub(crate) struct Bundle {
    pub(crate) manifest: Manifest,
    pub(crate) directory: PathBuf,
}

/// Unpacks a bundle into `target` and reads its manifest. Links are left out, as the server does
/// it; modes are kept.
///
/// # Errors
/// Why the bundle is none.
pub(crate) fn unpack(bundle: impl Read, target: &Path) -> Result<Bundle, String> {
    let text = |error: io::Error| error.to_string();
    let mut archive = Archive::new(GzDecoder::new(bundle));
    for entry in archive.entries().map_err(text)? {
        let mut entry =
            entry.map_err(|error| format!("failed to read next file from archive: {error}"))?;
        let kind = entry.header().entry_type();
        let name = entry.path().map_err(text)?.into_owned();
        let path = inside(target, &name)
            .ok_or_else(|| format!("failed to sanitize path {}", name.display()))?;
        match kind {
            EntryType::Directory => fs::create_dir_all(&path).map_err(text)?,
            EntryType::Regular => {
                if let Some(parent) = path.parent() {
                    fs::create_dir_all(parent).map_err(text)?;
                }
                let mode = entry.header().mode().map_err(text)?;
                let mut file = OpenOptions::new()
                    .write(true)
                    .create(true)
                    .truncate(true)
                    .mode(mode)
                    .open(&path)
                    .map_err(text)?;
                io::copy(&mut entry, &mut file).map_err(text)?;
            }
            other => {
                tracing::warn!(?other, name = %name.display(), "skipping unsupported header type in bundle");
            }
        }
    }
    let root = only_directory(target)
        .map_err(text)?
        .unwrap_or_else(|| target.to_owned());
    let manifest = read_manifest(&root)?;
    Ok(Bundle {
        manifest,
        directory: root,
    })
}

/// The manifest in a directory.
///
/// # Errors
/// When there is none or it is not valid.
pub(crate) fn read_manifest(directory: &Path) -> Result<Manifest, String> {
    let path = directory.join("plugin.json");
    let file = File::open(&path)
        .map_err(|error| format!("unable to find manifest: {}: {error}", path.display()))?;
    let manifest: Manifest = serde_json::from_reader(io::BufReader::new(file))
        .map_err(|error| format!("plugin.json: {error}"))?;
    check(&manifest)?;
    Ok(manifest)
}

/// What the server wants of a manifest (`Manifest.IsValid`, `IsValidPluginId`).
///
/// # Errors
/// The first thing that is wrong.
pub(crate) fn check(manifest: &Manifest) -> Result<(), String> {
    let id = &manifest.id;
    let id_is_valid = (3..=190).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if !id_is_valid {
        return Err(format!("invalid plugin ID {id:?}"));
    }
    if manifest.name.trim().is_empty() {
        return Err("a plugin name is needed".to_owned());
    }
    for (what, version) in [
        ("Version", &manifest.version),
        ("MinServerVersion", &manifest.min_server_version),
    ] {
        let core = version.split(['-', '+']).next().unwrap_or_default();
        let is_version =
            core.split('.').count() == 3 && core.split('.').all(|part| part.parse::<u64>().is_ok());
        if !version.is_empty() && !is_version {
            return Err(format!("failed to parse {what} {version:?}"));
        }
    }
    for setting in manifest
        .settings_schema
        .iter()
        .flat_map(|schema| &schema.settings)
    {
        let kinds = [
            "bool",
            "dropdown",
            "generated",
            "radio",
            "text",
            "longtext",
            "number",
            "username",
            "custom",
        ];
        if !kinds.contains(&setting.r#type.to_lowercase().as_str()) {
            return Err(format!(
                "invalid settings schema: setting {:?} has type {:?}",
                setting.key, setting.r#type
            ));
        }
        if setting
            .options
            .iter()
            .any(|option| option.display_name.is_empty() || option.value.is_empty())
        {
            return Err(format!(
                "invalid settings schema: setting {:?} has an option without name or value",
                setting.key
            ));
        }
    }
    Ok(())
}

/// The executable of a bundle for this machine (`GetExecutableForRuntime`).
///
/// # Errors
/// When there is none or it is outside of the bundle.
pub(crate) fn executable(bundle: &Bundle) -> Result<PathBuf, String> {
    let system = std::env::consts::OS.replace("macos", "darwin");
    let machine = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let key = format!("{system}-{machine}");
    let server = bundle.manifest.server.clone().unwrap_or_default();
    let name = server
        .executables
        .get(&key)
        .filter(|name| !name.is_empty())
        .unwrap_or(&server.executable);
    if name.is_empty() {
        return Err(format!(
            "backend executable not found for environment: {system}/{machine}"
        ));
    }
    inside(&bundle.directory, Path::new(name))
        .ok_or_else(|| format!("invalid backend executable: {name}"))
}

/// `name` below `root`, unless it leads out of it.
fn inside(root: &Path, name: &Path) -> Option<PathBuf> {
    let mut path = root.to_owned();
    let mut depth = 0_usize;
    for component in name.components() {
        match component {
            Component::Normal(part) => {
                path.push(part);
                depth += 1;
            }
            Component::CurDir => {}
            Component::ParentDir => {
                depth = depth.checked_sub(1)?;
                path.pop();
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(path)
}

fn only_directory(root: &Path) -> io::Result<Option<PathBuf>> {
    let entries: Vec<_> = fs::read_dir(root)?.collect::<io::Result<_>>()?;
    match entries.as_slice() {
        [only] if only.file_type()?.is_dir() => Ok(Some(only.path())),
        _ => Ok(None),
    }
}
