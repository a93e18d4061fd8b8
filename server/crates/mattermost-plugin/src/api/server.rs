//! The server itself, its licence and its plugins.

use std::path::PathBuf;

use crate::error::Error;
use crate::http::Body;
use crate::model::{License, Manifest, PluginStatus};

service! {
    /// The server: version, licence, identity, and the plugins it runs.
    Server
}

impl Server<'_> {
    /// The server's version as it says it, such as `11.6.0`.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn version(&self) -> Result<String, Error> {
        self.host.get_server_version().await
    }

    /// The server's version, to compare with what a feature needs.
    ///
    /// # Errors
    /// [`Error::Unsupported`] when the server's text is no semantic version.
    pub async fn semantic_version(&self) -> Result<semver::Version, Error> {
        let text = self.version().await?;
        semver::Version::parse(text.trim_start_matches('v')).map_err(|error| Error::Unsupported {
            what: "the server's version as a semantic version",
            reason: format!("the server calls itself {text:?}: {error}"),
        })
    }

    /// Whether this is a build with enterprise features (licensed or not).
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn is_enterprise_ready(&self) -> Result<bool, Error> {
        self.host.is_enterprise_ready().await
    }

    /// The licence, if there is one.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn license(&self) -> Result<Option<License>, Error> {
        self.host.get_license().await
    }

    /// When the server was installed, in milliseconds since 1970.
    ///
    /// # Errors
    /// When the server does not know.
    pub async fn installed_at(&self) -> Result<i64, Error> {
        self.host.get_system_install_date().await
    }

    /// The id of this server (of the whole cluster).
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn diagnostic_id(&self) -> Result<String, Error> {
        self.host.get_diagnostic_id().await
    }

    /// The id under which the server reports telemetry; equal to the diagnostic id in 11.x.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn telemetry_id(&self) -> Result<String, Error> {
        self.host.get_telemetry_id().await
    }

    /// This plugin's own id.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn plugin_id(&self) -> Result<String, Error> {
        self.host.get_plugin_id().await
    }

    /// The folder into which the server unpacked this plugin's bundle.
    ///
    /// # Errors
    /// When the server cannot tell.
    pub async fn bundle_path(&self) -> Result<PathBuf, Error> {
        self.host.get_bundle_path().await.map(PathBuf::from)
    }

    /// The manifests of all installed plugins, active ones first.
    ///
    /// # Errors
    /// When plugins are disabled.
    pub async fn plugins(&self) -> Result<Vec<Manifest>, Error> {
        self.host.get_plugins().await
    }

    /// The state of one plugin.
    ///
    /// # Errors
    /// Status 404 when it is not installed.
    pub async fn plugin_status(&self, id: &str) -> Result<PluginStatus, Error> {
        self.host.get_plugin_status(id.to_owned()).await
    }

    /// Enables an installed plugin in the configuration and starts it.
    ///
    /// # Errors
    /// Status 404 when it is not installed.
    pub async fn enable_plugin(&self, id: &str) -> Result<(), Error> {
        self.host.enable_plugin(id.to_owned()).await
    }

    /// Stops a plugin and disables it in the configuration.
    ///
    /// # Errors
    /// Status 404 when it is not installed.
    pub async fn disable_plugin(&self, id: &str) -> Result<(), Error> {
        self.host.disable_plugin(id.to_owned()).await
    }

    /// Stops a plugin and deletes it; its key-value store and settings stay.
    ///
    /// # Errors
    /// Status 404 when it is not installed.
    pub async fn remove_plugin(&self, id: &str) -> Result<(), Error> {
        self.host.remove_plugin(id.to_owned()).await
    }

    /// Installs a bundle (`.tar.gz`) of a plugin that is not installed yet. The server reads it
    /// whole into memory.
    ///
    /// # Errors
    /// Status 501 when the server forbids plugin uploads, 400 when the bundle is invalid or its
    /// id is installed.
    pub async fn install_plugin(&self, bundle: impl Into<Body>) -> Result<Manifest, Error> {
        self.host.install_plugin(bundle.into(), false).await
    }

    /// Installs a bundle (`.tar.gz`) in place of the installed version, if there is one.
    ///
    /// # Errors
    /// As [`install_plugin`](Self::install_plugin), except for an installed id.
    pub async fn replace_plugin(&self, bundle: impl Into<Body>) -> Result<Manifest, Error> {
        self.host.install_plugin(bundle.into(), true).await
    }
}
