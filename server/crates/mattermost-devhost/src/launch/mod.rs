//! Starting plugins: bundles and executables as processes, or plugins inside of this process.

pub(crate) mod bundle;
mod wire;

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mattermost_plugin::model::{AppError, Manifest};
use mattermost_plugin::plugin::Instance;
use mattermost_plugin::{Api, Plugin};

use crate::errors::{app_error, detailed};
use crate::server::Server;

/// Where a plugin comes from.
pub(crate) enum Source {
    /// An executable.
    Executable(PathBuf),
    /// Code of this process.
    InProcess(Box<dyn Fn() -> Instance + Send + Sync>),
}

impl Source {
    pub(crate) fn in_process<P: Plugin>(make: impl Fn(Api) -> P + Send + Sync + 'static) -> Self {
        let make = Arc::new(make);
        Self::InProcess(Box::new(move || {
            let make = make.clone();
            Instance::with(move |api| make(api))
        }))
    }
}

/// A plugin that can be installed.
pub(crate) struct Prepared {
    pub(crate) manifest: Manifest,
    pub(crate) directory: Option<PathBuf>,
    pub(crate) source: Source,
}

/// Registers a plugin with the server.
pub(crate) fn install(server: &Arc<Server>, plugin: Prepared, nodes: usize) {
    let launch = wire::Launcher {
        protocol: server.protocol(),
        source: plugin.source,
        directory: plugin.directory.clone(),
    };
    server.install(plugin.manifest, plugin.directory, Arc::new(launch), nodes);
}

/// Installs a bundle that is in memory.
///
/// # Errors
/// When the bundle is none, or the plugin is installed already and must not be replaced.
pub(crate) async fn install_bytes(
    server: &Arc<Server>,
    bytes: &[u8],
    replace: bool,
    node: usize,
) -> Result<Manifest, AppError> {
    let refuse = |id: &str, message: &str, detail: String| {
        Err(detailed(
            app_error("installPlugin", id, message, 400),
            detail,
        ))
    };
    let directory = server.new_plugin_directory().map_err(|error| {
        let refusal = app_error(
            "installPlugin",
            "app.plugin.filesystem.app_error",
            "Encountered filesystem error.",
            500,
        );
        detailed(refusal, error.to_string())
    })?;
    let bundle = match bundle::unpack(Cursor::new(bytes), &directory) {
        Ok(bundle) => bundle,
        Err(problem) => {
            return refuse(
                "app.plugin.extract.app_error",
                "Encountered error extracting plugin.",
                problem,
            );
        }
    };
    let executable = match bundle::executable(&bundle) {
        Ok(executable) => executable,
        Err(problem) => {
            return refuse(
                "app.plugin.install.app_error",
                "Unable to install plugin.",
                problem,
            );
        }
    };
    let id = bundle.manifest.id.clone();
    let installed = server.manifests().iter().any(|manifest| manifest.id == id);
    if installed && !replace {
        return refuse(
            "app.plugin.install_id.app_error",
            "Unable to install plugin. A plugin with the same ID is already installed.",
            id,
        );
    }
    for other in server.nodes_of(&id) {
        server.deactivate(&id, other).await;
    }
    let manifest = bundle.manifest.clone();
    let prepared = Prepared {
        manifest: bundle.manifest,
        directory: Some(bundle.directory),
        source: Source::Executable(executable),
    };
    install(server, prepared, server.node_count());
    if server.config().is_enabled(&id) {
        server.activate(&id, node).await.map_err(|problem| {
            let refusal = app_error(
                "installPlugin",
                "app.plugin.restart.app_error",
                "Unable to restart plugin on upgrade.",
                500,
            );
            detailed(refusal, problem)
        })?;
    }
    Ok(manifest)
}

/// Unpacks a bundle file.
///
/// # Errors
/// When it cannot be read, is not what its checksum says, or is no bundle.
pub(crate) fn unpack_file(path: &Path, target: &Path) -> Result<bundle::Bundle, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    check_sum(path, &bytes)?;
    bundle::unpack(Cursor::new(bytes), target)
}

/// Compares a bundle with the SHA-256 in the file beside it, `<bundle>.sha256`, when there is one.
fn check_sum(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".sha256");
    let Ok(text) = std::fs::read_to_string(&beside) else {
        return Ok(());
    };
    let expected = text
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_lowercase();
    let digest = <sha2::Sha256 as sha2::Digest>::digest(bytes);
    let actual: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    if actual == expected {
        Ok(())
    } else {
        Err(format!(
            "its SHA-256 is {actual}, not {expected} as {} says",
            beside.display()
        ))
    }
}
