//! Slash commands.

use crate::error::Error;
use crate::model::{Command, CommandArgs, CommandResponse};

service! {
    /// Slash commands: registering this plugin's own and running any.
    ///
    /// [`CommandTree`](crate::command::CommandTree) makes a [`Command`] from a `clap` tree.
    Commands
}

impl Commands<'_> {
    /// Makes the server send `/trigger …` to this plugin's `ExecuteCommand`. Registering a trigger
    /// again replaces it.
    ///
    /// # Errors
    /// When the server finds the command or its autocomplete tree invalid.
    pub async fn register(&self, command: &Command) -> Result<(), Error> {
        self.host.register_command(command.clone()).await
    }

    /// Takes a command back. `team_id` is empty for a command of all teams.
    ///
    /// # Errors
    /// When the server cannot be reached; an unknown trigger is no error.
    pub async fn unregister(&self, team_id: &str, trigger: &str) -> Result<(), Error> {
        self.host
            .unregister_command(team_id.to_owned(), trigger.to_owned())
            .await
    }

    /// Runs any slash command (`args.command`) as `args.user_id` and answers what it answers.
    ///
    /// # Errors
    /// Status 404 when no command has that trigger, or the command's own error.
    pub async fn execute(&self, args: &CommandArgs) -> Result<CommandResponse, Error> {
        self.host.execute_slash_command(args.clone()).await
    }
}
