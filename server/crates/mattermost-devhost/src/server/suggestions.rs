//! Suggestions for a half-typed command, with the items that plugins give.

use std::sync::Arc;

use http::Method;
use mattermost_plugin::model::{Command, CommandArgs};

use super::{Caller, Server};
use crate::autocomplete::{Answers, Fetch, Item, Outcome, Suggestion, suggest};

/// How many rounds of questions to plugins one input may cause.
const ROUNDS_MAX: usize = 8;

impl Server {
    /// What a client offers for `input`, which may begin with a slash.
    pub async fn suggestions(
        self: &Arc<Self>,
        caller: &Caller,
        args: &CommandArgs,
        input: &str,
    ) -> Vec<Suggestion> {
        let input = input.strip_prefix('/').unwrap_or(input);
        let commands = self.autocomplete_commands(&args.team_id);
        let administrator = self.has_permission(&caller.user_id(), "manage_system");
        let role = if administrator {
            "system_admin"
        } else {
            "system_user"
        };
        let mut answers = Answers::new();
        for _ in 0..ROUNDS_MAX {
            match suggest(&commands, input, role, &answers) {
                Outcome::Suggestions(suggestions) => return suggestions,
                Outcome::Fetch(questions) => {
                    for question in questions {
                        let items = self.fetch_items(caller, args, &question).await;
                        answers.insert(question, items);
                    }
                }
            }
        }
        Vec::new()
    }

    fn autocomplete_commands(&self, team_id: &str) -> Vec<Command> {
        self.read(|data| {
            let mut commands: Vec<Command> = Vec::new();
            for known in data
                .commands
                .of_team(team_id)
                .filter(|known| known.command.auto_complete)
            {
                if !commands
                    .iter()
                    .any(|command| command.trigger == known.command.trigger)
                {
                    commands.push(known.command.clone());
                }
            }
            commands
        })
    }

    /// Asks a plugin for the items of a dynamic list (`getDynamicListArgument`). What goes wrong is
    /// logged, and the list is empty.
    async fn fetch_items(
        self: &Arc<Self>,
        caller: &Caller,
        args: &CommandArgs,
        question: &Fetch,
    ) -> Vec<Item> {
        let context = &caller.context;
        let query = [
            ("user_input", question.user_input.clone()),
            ("parsed", question.parsed.clone()),
            ("request_id", context.request_id.clone()),
            ("session_id", context.session_id.clone()),
            ("ip_address", context.ip_address.clone()),
            ("accept_language", context.accept_language.clone()),
            ("user_agent", context.user_agent.clone()),
            ("channel_id", args.channel_id.clone()),
            ("team_id", args.team_id.clone()),
            ("root_id", args.root_id.clone()),
            ("user_id", caller.user_id()),
            ("site_url", self.config().text("ServiceSettings.SiteURL")),
        ];
        let answer = self
            .do_plugin_request(caller, Method::GET, &question.url, &query, Vec::new())
            .await;
        let problem = match answer {
            Ok(response) => match serde_json::from_slice(&response.body) {
                Ok(items) => return items,
                Err(error) => format!("status {}: {error}", response.status),
            },
            Err(error) => error.to_string(),
        };
        let fields = vec![
            ("url".to_owned(), question.url.clone()),
            ("error".to_owned(), problem),
        ];
        self.log(
            mattermost_plugin::LogLevel::Error,
            "",
            caller.node,
            "Can't fetch dynamic list arguments for",
            fields,
        );
        Vec::new()
    }
}
