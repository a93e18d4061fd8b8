//! The server's configuration: read, changed and saved without losing a setting.
//!
//! A configuration that the server gave remembers the Go types of its settings and is saved as it
//! is. For one that an author made of JSON the types are those of the server's present one.

use std::borrow::Cow;

use super::api_client::{ApiClient, outcome, present};
use super::api_output::ApiOutput;
use super::gob::Letters;
use crate::error::Error;
use crate::model::{AppError, Config};

impl ApiClient {
    pub(super) async fn read_config(
        &self,
        method: &'static str,
        service_method: &'static str,
    ) -> Result<Config, Error> {
        let reply: <Config as ApiOutput>::Alone =
            self.call(method, service_method, Letters(())).await?;
        present(method, Config::from_lone_reply(reply))
    }

    pub(super) async fn write_config(&self, config: Config) -> Result<(), Error> {
        const METHOD: &str = "SaveConfig";
        let config = match config.shape() {
            Cow::Borrowed(_) => config,
            Cow::Owned(_) => {
                let mut typed = self
                    .read_config("GetUnsanitizedConfig", "Plugin.GetUnsanitizedConfig")
                    .await?;
                *typed.value_mut() = config.into_value();
                typed
            }
        };
        let reply: <() as ApiOutput>::OrError<Option<AppError>> = self
            .call(METHOD, "Plugin.SaveConfig", Letters((config,)))
            .await?;
        outcome::<(), Option<AppError>>(METHOD, reply)
    }
}
