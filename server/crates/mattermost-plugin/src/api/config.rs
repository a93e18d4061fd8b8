//! The plugin's settings and the server's configuration.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::settings;
use crate::error::Error;
use crate::model::Config;

service! {
    /// The plugin's own settings, and the configuration of the whole server.
    Configuration
}

impl Configuration<'_> {
    /// The plugin's settings: the manifest's defaults under what is saved.
    /// [`settings::decode`] says how keys and fields match.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the first setting that does not fit `T`.
    pub async fn load<T: DeserializeOwned>(&self) -> Result<T, Error> {
        settings::decode(self.raw().await?)
    }

    /// The plugin's settings as the server delivers them: a JSON object whose top-level keys are
    /// in lower case.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn raw(&self) -> Result<Value, Error> {
        self.host.load_plugin_configuration().await
    }

    /// The settings that are saved for this plugin, keys as they were saved, without the
    /// manifest's defaults. The values of settings that the manifest marks `secret` are hidden;
    /// [`raw`](Self::raw) has them.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn saved(&self) -> Result<Map<String, Value>, Error> {
        self.host.get_plugin_config().await
    }

    /// Saves the plugin's settings, all of them. `OnConfigurationChange` runs before this returns.
    ///
    /// # Errors
    /// When the server refuses the configuration.
    pub async fn save(&self, settings: Map<String, Value>) -> Result<(), Error> {
        self.host.save_plugin_config(settings).await
    }

    /// The server's configuration with its secrets replaced by 32 `*`. It must not be saved: the
    /// settings of plugins that are not installed are missing from it.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn server(&self) -> Result<Config, Error> {
        self.host.get_config().await
    }

    /// The server's configuration with its secrets.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn server_unsanitized(&self) -> Result<Config, Error> {
        self.host.get_unsanitized_config().await
    }

    /// Saves the configuration of the whole server, made by changing what
    /// [`server_unsanitized`](Self::server_unsanitized) answered. Reading and saving are not one
    /// step: a change that somebody else saves in between is lost. `OnConfigurationChange` runs
    /// before this returns.
    ///
    /// # Errors
    /// Status 400 when the server finds the configuration invalid.
    pub async fn save_server(&self, config: &Config) -> Result<(), Error> {
        self.host.save_config(config.clone()).await
    }
}
