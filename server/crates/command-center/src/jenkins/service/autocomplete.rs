//! What clients offer while a command is typed.
//!
//! The server asks for the items of an argument with all that was typed, and shows those that begin with
//! what stands at the argument's place (`app/command_autocomplete.go`, `parseListItems`); an argument is
//! passed once an item stands there whole. So a job is only offered by the beginning of its name;
//! `/jenkins search` finds it by any part.

use std::time::Duration;

use mattermost_plugin::api::permission::READ_CHANNEL_CONTENT;
use mattermost_plugin::command::split;
use mattermost_plugin::model::AutocompleteListItem;
use serde::Deserialize;

use super::{Aside, Caller, JenkinsService};
use crate::config::ServerAlias;
use crate::jenkins::JobPath;
use crate::jenkins::access::AccessError;
use crate::jenkins::catalog::{VisibleJobs, view};
use crate::jenkins::command::JobArgument;
use crate::jenkins::model::CatalogKind;
use crate::jenkins::policy::Verb;
use crate::jenkins::reference::Permalink;
use crate::jenkins::shortcuts::{Owner, Shortcuts};

/// How long a client waits for a list that is not there yet; then it is empty.
const PATIENCE: Duration = Duration::from_millis(150);
/// So many are offered.
const OFFERED: usize = 40;
/// Longest input that is looked at, in bytes.
const LONGEST: usize = 4096;

/// What the server asks with (`getDynamicListArgument`). It sends a user id, too: the session says who
/// that really is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SuggestQuery {
    /// All that was typed, without the slash.
    pub user_input: String,
    /// The part of it before the argument.
    pub parsed: String,
    /// Where it is typed.
    pub channel_id: String,
}

/// Which argument is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suggested {
    /// A job, or an alias of one.
    Jobs,
    /// A build of the job before it.
    Builds,
    /// A server.
    Servers,
    /// An alias of a job.
    Aliases,
}

impl JenkinsService {
    /// What can be typed at this place. Nothing rather than an error: people are still typing.
    pub async fn suggest(
        &self,
        user_id: &str,
        what: Suggested,
        query: &SuggestQuery,
    ) -> Vec<AutocompleteListItem> {
        if query.user_input.len() > LONGEST {
            return Vec::new();
        }
        let caller = Caller {
            user_id: user_id.to_owned(),
            channel_id: query.channel_id.clone(),
            root_id: String::new(),
            trigger_id: String::new(),
            verb: Verb::Search,
            aside: Aside::default(),
        };
        let typed = query.user_input.strip_prefix(&query.parsed);
        let typed = typed.unwrap_or(&query.user_input).trim_start();
        let items = match what {
            Suggested::Jobs => self.suggest_jobs(&caller, query, typed).await,
            Suggested::Builds => self.suggest_builds(&caller, query).await,
            Suggested::Servers => self.suggest_servers(),
            Suggested::Aliases => self.suggest_aliases(&caller).await,
        };
        items.unwrap_or_else(|error| {
            tracing::debug!(?error, "nothing is offered");
            Vec::new()
        })
    }

    /// The caller's aliases, and those of the channel if they can read it: the channel is the client's
    /// word.
    async fn readable_shortcuts(&self, caller: &Caller) -> Result<[Shortcuts; 2], AccessError> {
        let own = self.shortcuts.of(Owner::User(&caller.user_id)).await?;
        let may_read = self
            .api
            .permissions()
            .has_in_channel(&caller.user_id, &caller.channel_id, READ_CHANNEL_CONTENT)
            .await?;
        let channel = if may_read {
            self.shortcuts
                .of(Owner::Channel(&caller.channel_id))
                .await?
        } else {
            Shortcuts::default()
        };
        Ok([own, channel])
    }

    async fn suggest_aliases(
        &self,
        caller: &Caller,
    ) -> Result<Vec<AutocompleteListItem>, AccessError> {
        let shortcuts = self.readable_shortcuts(caller).await?;
        Ok(aliases(&shortcuts))
    }

    fn suggest_servers(&self) -> Result<Vec<AutocompleteListItem>, AccessError> {
        let servers = self.access.servers()?;
        let items = servers.iter().map(|server| {
            item(
                server.alias.to_string(),
                server.address.public_root().to_string(),
            )
        });
        Ok(items.collect())
    }

    async fn suggest_jobs(
        &self,
        caller: &Caller,
        query: &SuggestQuery,
        typed: &str,
    ) -> Result<Vec<AutocompleteListItem>, AccessError> {
        let shortcuts = self.readable_shortcuts(caller).await?;
        let (quote, name) = match typed.strip_prefix('"') {
            Some(name) => (true, name),
            None => (false, typed),
        };
        let (prefix, server, name) = match name.split_once(':') {
            Some((alias, name)) if self.is_server(alias) => {
                (format!("{alias}:"), ServerAlias::parse(alias).ok(), name)
            }
            _ => (String::new(), None, name),
        };
        let server = match server.or_else(|| server_option(&query.user_input)) {
            Some(alias) => self.access.server(&alias)?,
            None => {
                let [own, channel] = &shortcuts;
                let default = channel.server.as_ref().or(own.server.as_ref());
                let main = self
                    .access
                    .servers()?
                    .first()
                    .map(|server| server.alias.clone());
                self.access
                    .server(&default.cloned().or(main).unwrap_or_default())?
            }
        };
        let mut items = if prefix.is_empty() && !quote {
            aliases(&shortcuts)
        } else {
            Vec::new()
        };
        let jobs = self
            .catalogs
            .known(&caller.user_id, &server, PATIENCE)
            .await;
        let Some(jobs) = jobs else {
            return Ok(items);
        };
        let is_quoted = quote || name.is_empty();
        for (path, kind) in matching(&jobs, name) {
            items.push(item(
                as_typed(&prefix, &path, is_quoted),
                view::words(kind).to_owned(),
            ));
        }
        Ok(items)
    }

    fn is_server(&self, alias: &str) -> bool {
        ServerAlias::parse(alias).is_ok_and(|alias| self.access.server(&alias).is_ok())
    }

    async fn suggest_builds(
        &self,
        caller: &Caller,
        query: &SuggestQuery,
    ) -> Result<Vec<AutocompleteListItem>, AccessError> {
        let permalinks = Permalink::ALL
            .iter()
            .map(|permalink| item(permalink.as_str().to_owned(), String::new()));
        let numbers = self.newest_builds(caller, query).await?;
        Ok(numbers.into_iter().chain(permalinks).collect())
    }

    /// The newest builds of the job that stands before this place, if Jenkins tells them at once.
    async fn newest_builds(
        &self,
        caller: &Caller,
        query: &SuggestQuery,
    ) -> Result<Vec<AutocompleteListItem>, AccessError> {
        let Some(argument) = job_before(&query.parsed) else {
            return Ok(Vec::new());
        };
        let (server, name) = self.server_of_job(caller, &argument).await?;
        let jobs = self
            .catalogs
            .known(&caller.user_id, &server, Duration::ZERO)
            .await;
        let Some(found) = jobs.and_then(|jobs| jobs.named(name)) else {
            return Ok(Vec::new());
        };
        let client = self.access.client(&caller.user_id, &server.alias).await?;
        let history = tokio::time::timeout(PATIENCE, client.history(&found.path, 10)).await;
        let Ok(history) = history else {
            return Ok(Vec::new());
        };
        let now = self.clock.now();
        let items = history?
            .into_iter()
            .map(|build| item(build.number.to_string(), view::build_words(&build, now)));
        Ok(items.collect())
    }
}

fn item(item: String, help_text: String) -> AutocompleteListItem {
    AutocompleteListItem {
        item,
        hint: String::new(),
        help_text,
    }
}

fn aliases([own, channel]: &[Shortcuts; 2]) -> Vec<AutocompleteListItem> {
    let mut items: Vec<AutocompleteListItem> = Vec::new();
    for (shortcuts, whose) in [(own, "your alias"), (channel, "alias of this channel")] {
        for alias in &shortcuts.aliases {
            let name = alias.name.to_string();
            if !items.iter().any(|item| item.item == name) {
                items.push(item(name, format!("{whose} for {}", alias.target)));
            }
        }
    }
    items
}

/// Jobs whose name begins like this; and the one that stands here whole, if more was typed behind it.
fn matching(jobs: &VisibleJobs, typed: &str) -> Vec<(JobPath, CatalogKind)> {
    let is_job = |kind| matches!(kind, CatalogKind::Job(_));
    let plain = unescaped(typed);
    let mut found = jobs.beginning_with(&plain, is_job, OFFERED);
    if found.is_empty() {
        // `name 12`, `"name" 12`: the longest beginning that is a name.
        let ends = plain.match_indices([' ', '"']).map(|(end, _)| end);
        let whole = ends.rev().find_map(|end| jobs.named(&plain[..end]));
        found.extend(whole);
    }
    found.into_iter().map(|hit| (hit.path, hit.kind)).collect()
}

/// Without the backslashes that [`as_typed`] puts in.
fn unescaped(typed: &str) -> String {
    let mut plain = String::with_capacity(typed.len());
    let mut letters = typed.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if letters.peek().is_some() => plain.extend(letters.next()),
            letter => plain.push(letter),
        }
    }
    plain
}

/// As the command line takes it. A name with spaces is offered in quotes, unless it is half typed
/// without: then the rest follows as it is, which the command understands, too.
fn as_typed(prefix: &str, path: &JobPath, is_quoted: bool) -> String {
    let name = path.to_string();
    let needs_quotes = name.contains(char::is_whitespace) || name.contains(['"', '\'', '\\']);
    // Typographic quotes would end the plain ones.
    if is_quoted && needs_quotes && !name.contains(TYPOGRAPHIC) {
        let inside = escaped(&name, |letter, _| matches!(letter, '"' | '\\' | '$' | '`'));
        return format!("\"{prefix}{inside}\"");
    }
    let plain = escaped(&name, |letter, before| {
        // One blank is put between two words again, not two.
        let is_second = letter.is_whitespace() && before.is_none_or(char::is_whitespace);
        let is_quote = matches!(letter, '"' | '\'' | '\\') || TYPOGRAPHIC.contains(&letter);
        is_second || is_quote || (letter.is_whitespace() && letter != ' ')
    });
    format!("{prefix}{plain}")
}

/// What the command line takes for plain quotes (`mattermost_plugin::command::split`).
const TYPOGRAPHIC: &[char] = &[
    '\u{2018}', '\u{2019}', '\u{201A}', '\u{201B}', '\u{201C}', '\u{201D}', '\u{201E}', '\u{201F}',
];

/// With a backslash before each letter that needs one, as it and the one before it tell.
fn escaped(text: &str, needs: impl Fn(char, Option<char>) -> bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut before = None;
    for letter in text.chars() {
        if needs(letter, before) {
            escaped.push('\\');
        }
        escaped.push(letter);
        before = Some(letter);
    }
    escaped
}

/// The alias behind `--server`, wherever it stands.
fn server_option(input: &str) -> Option<ServerAlias> {
    let words = split(input).ok()?;
    let position = words.iter().position(|word| word == "--server")?;
    ServerAlias::parse(words.get(position + 1)?).ok()
}

/// The job in `jenkins get-log <job> `.
fn job_before(parsed: &str) -> Option<JobArgument> {
    let words = split(parsed).ok()?;
    let name: Vec<&str> = words
        .iter()
        .skip(2)
        .map(String::as_str)
        .take_while(|word| !word.starts_with("--"))
        .collect();
    (!name.is_empty()).then(|| JobArgument {
        text: name.join(" "),
        server: server_option(parsed).map(String::from),
    })
}

#[cfg(test)]
#[path = "autocomplete_tests.rs"]
mod tests;
