//! `/conformance` and what it can be told to do.

use std::time::Duration;

use mattermost_plugin::Error;
use mattermost_plugin::api::{new_id, permission};
use mattermost_plugin::model::{AppError, Command, CommandArgs, CommandResponse};

use crate::table::Outcome;
use crate::{Conformance, TRIGGER, checks};

/// What no ordinary user may do to a server.
const ADMINISTRATORS: [&str; 4] = ["", "block", "exit", "save-config"];

/// A command with this trigger.
pub(crate) fn definition(trigger: &str) -> Command {
    Command {
        trigger: trigger.to_owned(),
        auto_complete: true,
        auto_complete_desc: "Try every hook and API call of the SDK on this server".to_owned(),
        auto_complete_hint: "[echo|nested|panic|sleep|block|exit|save-config]".to_owned(),
        ..Command::default()
    }
}

impl Conformance {
    pub(crate) async fn command(&self, args: CommandArgs) -> Result<CommandResponse, AppError> {
        let (trigger, rest) = args.command.split_once(' ').unwrap_or((&args.command, ""));
        let (what, argument) = rest.split_once(' ').unwrap_or((rest, ""));
        if !trigger
            .trim_start_matches('/')
            .eq_ignore_ascii_case(TRIGGER)
        {
            // The temporary command of the checks.
            return Ok(CommandResponse::ephemeral(format!("{trigger} ok")));
        }
        if ADMINISTRATORS.contains(&what) {
            self.require_administrator(&args).await?;
        }
        let text = match what {
            "" => self.table(&args).await,
            "echo" => argument.to_owned(),
            "nested" => {
                let count = number(argument)?;
                self.nested(count).await?;
                format!("nested ok {count}")
            }
            "panic" => panic!("conformance panics because it was told to"),
            "sleep" => {
                tokio::time::sleep(Duration::from_millis(number(argument)?)).await;
                "sleep ok".to_owned()
            }
            "block" => {
                // What no hook should do: the thread does nothing else meanwhile.
                std::thread::sleep(Duration::from_millis(number(argument)?));
                "block ok".to_owned()
            }
            "exit" => std::process::abort(),
            "save-config" => {
                self.save_config().await?;
                "save-config ok".to_owned()
            }
            _ => {
                return Err(AppError::new(
                    "conformance",
                    format!("unknown: {what}"),
                    400,
                ));
            }
        };
        Ok(CommandResponse::ephemeral(text))
    }

    async fn require_administrator(&self, args: &CommandArgs) -> Result<(), AppError> {
        let permissions = self.api.permissions();
        let may = permissions
            .has(&args.user_id, permission::MANAGE_SYSTEM)
            .await?;
        if may {
            return Ok(());
        }
        Err(AppError::new(
            "conformance",
            "Only system administrators may do this.",
            403,
        ))
    }

    async fn table(&self, args: &CommandArgs) -> String {
        let Ok(_running) = self.running.try_lock() else {
            return "A run is under way. Wait for its table.".to_owned();
        };
        let mut table = checks::run(&self.api, args, &self.seen).await;
        self.seen.report(&mut table).await;
        let failed = table.count(Outcome::Fail);
        tracing::info!(
            failed,
            passed = table.count(Outcome::Pass),
            "conformance run ended"
        );
        table.markdown()
    }

    async fn nested(&self, count: u64) -> Result<(), Error> {
        // Of this call alone, as others run beside it.
        let key = format!("nested_{}", new_id());
        for number in 0..count {
            let value = number.to_string();
            self.api.kv().set(&key, value.clone()).await?;
            let stored = self.api.kv().get(&key).await?;
            if stored.as_deref() != Some(value.as_bytes()) {
                return Err(Error::Invalid(format!("stored {value}, read {stored:?}")));
            }
        }
        self.api.kv().delete(&key).await
    }

    async fn save_config(&self) -> Result<(), Error> {
        let config = self.api.config().server_unsanitized().await?;
        self.api.config().save_server(&config).await
    }
}

fn number(text: &str) -> Result<u64, AppError> {
    text.trim()
        .parse()
        .map_err(|_| AppError::new("conformance", format!("no number: {text:?}"), 400))
}
