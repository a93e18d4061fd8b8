//! Slash commands from one `clap` tree: the same tree parses what was typed, feeds the server's
//! autocomplete, and writes the help.
//!
//! ```
//! use clap::{Arg, Command};
//! use mattermost_plugin::command::{Answer, CommandTree};
//!
//! let tree = CommandTree::new(
//!     Command::new("jenkins")
//!         .about("Run builds from chat")
//!         .subcommand(Command::new("build").about("Start a build").arg(Arg::new("job").required(true))),
//! );
//! // In on_activate: api.commands().register(&tree.to_model()?).await?;
//! assert_eq!(tree.to_model().unwrap().trigger, "jenkins");
//!
//! // In execute_command:
//! match tree.parse("/Jenkins build “my job”") {
//!     Ok(matches) => {
//!         let (_, build) = matches.subcommand().unwrap();
//!         assert_eq!(build.get_one::<String>("job").unwrap(), "my job");
//!     }
//!     Err(Answer::Help(text) | Answer::Mistake(text)) => panic!("{text}"),
//! }
//! ```

mod autocomplete;
mod help;
mod split;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgMatches};

use crate::error::Error;
use crate::model::Command;

pub use split::{UnclosedQuote, split};

/// What `author` of a `clap::Command` says to make it for administrators only.
const ADMIN_ONLY: &str = "mattermost: system administrators only";

/// Marks a command: only system administrators are offered it and all below it. The mark is kept
/// in the command's `author`, which is shown nowhere.
///
/// It decides what autocomplete shows and nothing else: check the permission when it runs.
#[must_use]
pub fn admin_only(command: clap::Command) -> clap::Command {
    command.author(ADMIN_ONLY)
}

/// Puts a command under a heading of the help of the command above it. The mark is kept in the command's
/// `before_help`, which is shown nowhere else.
#[must_use]
pub fn topic(command: clap::Command, name: &'static str) -> clap::Command {
    command.before_help(name)
}

/// Marks an argument: while it is typed, the values offered are fetched from this plugin. `path`
/// begins with `/` and is relative to `/plugins/<id>`; `ServeHTTP` answers it with a JSON list of
/// `{"Item", "Hint", "HelpText"}`. The mark is kept in the argument's help heading, which is
/// shown nowhere.
#[must_use]
pub fn dynamic_list(arg: Arg, path: &'static str) -> Arg {
    arg.help_heading(path)
}

/// What to answer instead of running a command, as Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Help was asked for.
    Help(String),
    /// What was typed cannot be understood; the text says why and what is near.
    Mistake(String),
}

impl Answer {
    /// The text, whichever it is.
    #[must_use]
    pub fn into_text(self) -> String {
        match self {
            Answer::Help(text) | Answer::Mistake(text) => text,
        }
    }
}

/// A slash command with all of its sub-commands.
#[derive(Debug, Clone)]
pub struct CommandTree {
    command: clap::Command,
    icon: String,
}

impl CommandTree {
    /// A tree whose trigger is the command's name. `help` as a first word and `--help` anywhere
    /// are understood without being declared.
    #[must_use]
    pub fn new(command: clap::Command) -> Self {
        let name = command.get_name().to_owned();
        let mut command = command
            .bin_name(format!("/{name}"))
            .no_binary_name(true)
            .disable_help_flag(true)
            .disable_version_flag(true)
            .disable_help_subcommand(true);
        // Propagates the settings and gives every sub-command its full name.
        command.build();
        Self {
            command,
            icon: String::new(),
        }
    }

    /// Shows an icon beside the suggestions: an SVG as a `data:image/svg+xml;base64,…` URL.
    #[must_use]
    pub fn icon(mut self, data_url: impl Into<String>) -> Self {
        self.icon = data_url.into();
        self
    }

    /// The trigger, without the slash.
    #[must_use]
    pub fn trigger(&self) -> &str {
        self.command.get_name()
    }

    /// The command with its autocomplete tree, to be registered.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the server would refuse it: names are lower-case, and the trigger
    /// has 1 to 128 letters, digits, `_`, `.`, `/` or `-` (`public/model/command.go`).
    pub fn to_model(&self) -> Result<Command, Error> {
        let trigger = self.trigger();
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || "_./-".contains(letter);
        if trigger.is_empty()
            || trigger.len() > 128
            || trigger.starts_with('/')
            || !trigger.chars().all(allowed)
        {
            return Err(Error::Invalid(format!(
                "{trigger:?} cannot be a slash command"
            )));
        }
        let about = help::about(&self.command);
        let data = autocomplete::tree(&self.command)?;
        Ok(Command {
            trigger: trigger.to_owned(),
            auto_complete: true,
            auto_complete_desc: about.clone(),
            auto_complete_hint: data.hint.clone(),
            display_name: trigger.to_owned(),
            description: about,
            autocomplete_data: Some(data),
            autocomplete_icon_data: self.icon.clone(),
            ..Command::default()
        })
    }

    /// Understands what a user typed, the slash and trigger included (`CommandArgs::command`).
    ///
    /// # Errors
    /// The [`Answer`] to give: the help that was asked for, or what is wrong with the text.
    pub fn parse(&self, typed: &str) -> Result<ArgMatches, Answer> {
        let words = split(typed).map_err(|error| Answer::Mistake(error.to_string()))?;
        let mut words = words.into_iter();
        let trigger = words.next().unwrap_or_default();
        if !trigger
            .trim_start_matches('/')
            .eq_ignore_ascii_case(self.trigger())
        {
            return Err(Answer::Mistake(format!(
                "{} is not /{}.",
                help::code(&trigger),
                self.trigger()
            )));
        }
        let mut words: Vec<String> = words.collect();
        self.spell_as_declared(&mut words);
        if let Some(path) = self.asked_for_help(&words) {
            return Err(self.help_for(&path));
        }
        self.command
            .clone()
            .try_get_matches_from_mut(&words)
            .map_err(|error| match error.kind() {
                ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
                | ErrorKind::MissingSubcommand => self.help_for(&words),
                ErrorKind::InvalidSubcommand => self.unknown(&words),
                ErrorKind::MissingRequiredArgument => self.missing(&words, &error),
                _ => Answer::Mistake(help::mistake(&error)),
            })
    }

    /// The help of the whole tree, or of the sub-command that the names lead to, as Markdown.
    #[must_use]
    pub fn help(&self, path: &[&str]) -> String {
        let (command, _) = self.walk(path.iter().copied());
        help::markdown(command)
    }

    /// Help for the command that the first words lead to. A word too many is a mistake, unless it
    /// is an argument.
    fn help_for(&self, path: &[String]) -> Answer {
        let (command, used) = self.walk(path.iter().map(String::as_str));
        match path.get(used) {
            Some(word) if command.has_subcommands() && !word.starts_with('-') => {
                Answer::Mistake(format!(
                    "There is no {} in `{}`.{}\n\n{}",
                    help::code(word),
                    help::full_name(command),
                    self.did_you_mean(command, &path[..used], word),
                    help::markdown(command)
                ))
            }
            _ => Answer::Help(help::markdown(command)),
        }
    }

    /// That there is no such sub-command, and what is near.
    fn unknown(&self, words: &[String]) -> Answer {
        let (command, used) = self.walk(words.iter().map(String::as_str));
        let word = words.get(used).map_or("", String::as_str);
        let name = help::full_name(command);
        let below = name.strip_prefix(&format!("/{}", self.trigger()));
        Answer::Mistake(format!(
            "There is no {} in `{name}`.{} `/{} help{}` shows what there is.",
            help::code(word),
            self.did_you_mean(command, &words[..used], word),
            self.trigger(),
            below.unwrap_or_default(),
        ))
    }

    /// Which arguments a command lacks, and its help.
    fn missing(&self, words: &[String], error: &clap::Error) -> Answer {
        let (command, _) = self.walk(words.iter().map(String::as_str));
        let Some(ContextValue::Strings(names)) = error.get(ContextKind::InvalidArg) else {
            return Answer::Mistake(help::mistake(error));
        };
        let names: Vec<String> = names.iter().map(|name| help::code(name)).collect();
        Answer::Mistake(format!(
            "`{}` needs {}.\n\n{}",
            help::full_name(command),
            names.join(" and "),
            help::markdown(command)
        ))
    }

    /// What clap offers in place of a sub-command that is not there.
    fn did_you_mean(&self, command: &clap::Command, path: &[String], word: &str) -> String {
        let words = path.iter().map(String::as_str).chain([word]);
        let Err(error) = self.command.clone().try_get_matches_from_mut(words) else {
            return String::new();
        };
        let suggested = match error.get(ContextKind::SuggestedSubcommand) {
            Some(ContextValue::String(name)) => vec![name.clone()],
            Some(ContextValue::Strings(names)) => names.clone(),
            _ => Vec::new(),
        };
        let names: Vec<String> = suggested
            .iter()
            .filter(|name| command.find_subcommand(name).is_some())
            .map(|name| help::code(name))
            .collect();
        match names.as_slice() {
            [] => String::new(),
            names => format!(" Did you mean {}?", names.join(" or ")),
        }
    }

    /// Phones begin a line with a capital letter: names of sub-commands count in any case, as the
    /// trigger does.
    fn spell_as_declared(&self, words: &mut [String]) {
        let is_help = words
            .first()
            .is_some_and(|word| word.eq_ignore_ascii_case("help"));
        let mut command = &self.command;
        for word in words.iter_mut().skip(usize::from(is_help)) {
            let is_named = |sub: &&clap::Command| {
                let mut names = std::iter::once(sub.get_name()).chain(sub.get_all_aliases());
                names.any(|name| name.eq_ignore_ascii_case(word))
            };
            let Some(sub) = command.get_subcommands().find(is_named) else {
                break;
            };
            sub.get_name().clone_into(word);
            command = sub;
        }
    }

    /// The words after `help`, or before `--help`.
    fn asked_for_help(&self, words: &[String]) -> Option<Vec<String>> {
        let first = words.first()?;
        if first.eq_ignore_ascii_case("help") && self.command.find_subcommand("help").is_none() {
            return Some(words[1..].to_vec());
        }
        let arguments = words.iter().take_while(|word| *word != "--");
        let position = arguments.into_iter().position(|word| word == "--help")?;
        Some(words[..position].to_vec())
    }

    fn walk<'w>(&self, words: impl Iterator<Item = &'w str>) -> (&clap::Command, usize) {
        let mut command = &self.command;
        let mut used = 0;
        for word in words {
            let Some(next) = command.find_subcommand(word) else {
                break;
            };
            command = next;
            used += 1;
        }
        (command, used)
    }
}

#[cfg(test)]
mod tests;
