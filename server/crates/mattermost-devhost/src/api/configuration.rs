//! Configuration, commands and facts about the server.

use mattermost_plugin::Error;
use mattermost_plugin::model::{Command, CommandArgs, CommandResponse, Config, License};
use serde_json::{Map, Value};

use super::PluginApi;
use crate::config::sanitize;
use crate::errors::user_missing;
use crate::server::SERVER_VERSION;

impl PluginApi {
    pub(super) async fn register_command(&self, command: Command) -> Result<(), Error> {
        let registered = self
            .server
            .write(|data| data.commands.register(self.id(), command));
        registered.map_err(|problem| {
            self.server
                .violation(self.id(), format!("command not registered: {problem}"));
            Error::Invalid(problem)
        })
    }

    pub(super) async fn unregister_command(
        &self,
        team_id: String,
        trigger: String,
    ) -> Result<(), Error> {
        self.server
            .write(|data| data.commands.unregister(&team_id, &trigger));
        Ok(())
    }

    pub(super) async fn execute_slash_command(
        &self,
        args: CommandArgs,
    ) -> Result<CommandResponse, Error> {
        if self
            .server
            .read(|data| data.users.get(&args.user_id).is_none())
        {
            return Err(user_missing("GetUser").into());
        }
        Ok(self.server.execute_command(&self.caller(), args).await?)
    }

    pub(super) async fn load_plugin_configuration(&self) -> Result<Value, Error> {
        Ok(Value::Object(crate::config::delivered(
            &self.server.config(),
            &self.manifest,
        )))
    }

    pub(super) async fn get_config(&self) -> Result<Config, Error> {
        Ok(Config::new(self.server.sanitized_config().value().clone()))
    }

    pub(super) async fn get_unsanitized_config(&self) -> Result<Config, Error> {
        Ok(Config::new(self.server.config().value().clone()))
    }

    pub(super) async fn save_config(&self, config: Config) -> Result<(), Error> {
        Ok(self
            .server
            .save_config(config.into_value(), self.node)
            .await?)
    }

    pub(super) async fn get_plugin_config(&self) -> Result<Map<String, Value>, Error> {
        let manifests = self.server.manifests();
        Ok(sanitize(&self.server.config(), &manifests).plugin(self.id()))
    }

    pub(super) async fn save_plugin_config(&self, config: Map<String, Value>) -> Result<(), Error> {
        Ok(self
            .server
            .save_plugin_settings(self.id(), config, self.node)
            .await?)
    }

    pub(super) async fn get_bundle_path(&self) -> Result<String, Error> {
        match &self.directory {
            Some(directory) => Ok(directory.display().to_string()),
            None => Ok(format!(
                "{}/{}",
                self.server.config().text("PluginSettings.Directory"),
                self.id()
            )),
        }
    }

    pub(super) async fn get_license(&self) -> Result<Option<License>, Error> {
        Ok(None)
    }

    pub(super) async fn is_enterprise_ready(&self) -> Result<bool, Error> {
        Ok(false)
    }

    pub(super) async fn get_server_version(&self) -> Result<String, Error> {
        Ok(SERVER_VERSION.to_owned())
    }

    pub(super) async fn get_system_install_date(&self) -> Result<i64, Error> {
        Ok(self.server.installed_at())
    }

    pub(super) async fn get_diagnostic_id(&self) -> Result<String, Error> {
        Ok(self.server.server_id().to_owned())
    }

    pub(super) async fn get_telemetry_id(&self) -> Result<String, Error> {
        Ok(self.server.server_id().to_owned())
    }

    pub(super) async fn get_plugin_id(&self) -> Result<String, Error> {
        Ok(self.id().to_owned())
    }
}
