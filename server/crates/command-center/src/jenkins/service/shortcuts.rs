//! `default` and `alias`: choosing what need not be typed.

use super::defaults::alias_words;
use super::{Caller, JenkinsService, Reply};
use crate::jenkins::access::AccessError;
use crate::jenkins::client::Job;
use crate::jenkins::command::JobArgument;
use crate::jenkins::command::arguments::Whose;
use crate::jenkins::command::shortcuts::Request;
use crate::jenkins::shortcuts::{Alias, AliasName, JobKey, Owner, Shortcuts};
use crate::jenkins::{JenkinsError, parameters};
use crate::notifications::budget::{MESSAGE_RUNES, fit_lines};
use crate::text;

/// Most short names of one user or channel.
const MOST_ALIASES: usize = 100;
/// Longest values of one short name together, in bytes.
const LONGEST_VALUES: usize = 4_000;

impl JenkinsService {
    pub(super) async fn shortcuts(&self, caller: &Caller, request: Request) -> Reply {
        match request {
            Request::ShowDefaults => self.show_defaults(caller).await,
            Request::SetDefault { job, whose } => self.set_default(caller, &job, whose).await,
            Request::ClearDefault { whose } => {
                let owner = self.owner(caller, whose).await?;
                let former = self
                    .shortcuts
                    .change(owner, |shortcuts| shortcuts.job.take());
                Ok(Some(match former.await? {
                    Some(_) => format!("{} default job any more.", has_no(whose)),
                    None => format!("{} default job.", has_no(whose)),
                }))
            }
            Request::AddAlias {
                name,
                job,
                parameters,
                whose,
            } => self.add_alias(caller, &name, &job, parameters, whose).await,
            Request::ListAliases => self.list_aliases(caller).await,
            Request::DeleteAlias { name, whose } => self.delete_alias(caller, &name, whose).await,
        }
    }

    /// Whose shortcuts are to be changed, if the caller may.
    pub(super) async fn owner<'a>(
        &self,
        caller: &'a Caller,
        whose: Whose,
    ) -> Result<Owner<'a>, AccessError> {
        match whose {
            Whose::Own => Ok(Owner::User(&caller.user_id)),
            Whose::Channels => {
                self.managed_channel(caller).await?;
                Ok(Owner::Channel(&caller.channel_id))
            }
        }
    }

    async fn show_defaults(&self, caller: &Caller) -> Reply {
        let channel = self
            .shortcuts
            .of(Owner::Channel(&caller.channel_id))
            .await?;
        let own = self.shortcuts.of(Owner::User(&caller.user_id)).await?;
        let line = |whose: &str, shortcuts: &Shortcuts| {
            let job = shortcuts
                .job
                .as_ref()
                .map(|job| format!("job {}", text::code_span(&job.to_string())));
            let server = shortcuts
                .server
                .as_ref()
                .map(|server| format!("server {}", text::code_span(server.as_str())));
            let chosen: Vec<String> = job.into_iter().chain(server).collect();
            match chosen.as_slice() {
                [] => format!("- {whose}: none"),
                chosen => format!("- {whose}: {}", chosen.join(", ")),
            }
        };
        Ok(Some(format!(
            "###### What is meant where nothing is named\n{}\n{}\n\nThe channel's comes first. `/jenkins default set <job>` and `/jenkins server default <alias>` choose, for yourself or with `--channel` for all in this channel.",
            line("this channel", &channel),
            line("you, elsewhere", &own),
        )))
    }

    async fn set_default(&self, caller: &Caller, argument: &JobArgument, whose: Whose) -> Reply {
        let owner = self.owner(caller, whose).await?;
        let (key, _) = self.visible_job(caller, argument).await?;
        self.shortcuts
            .change(owner, |shortcuts| shortcuts.job = Some(key.clone()))
            .await?;
        let job = text::code_span(&key.to_string());
        Ok(Some(format!(
            "{} default job is {job} now: `/jenkins build` alone builds it. Commands that are hard to undo want the job to be named all the same.",
            of(whose)
        )))
    }

    /// A job that the caller may see.
    async fn visible_job(
        &self,
        caller: &Caller,
        argument: &JobArgument,
    ) -> Result<(JobKey, Job), AccessError> {
        let target = self.typed_target(caller, argument).await?;
        let job = self.resolve(caller, &target).await?;
        let key = JobKey {
            server: target.server.alias.clone(),
            job: job.path.clone(),
        };
        Ok((key, job))
    }

    async fn add_alias(
        &self,
        caller: &Caller,
        name: &str,
        argument: &JobArgument,
        values: Vec<(String, String)>,
        whose: Whose,
    ) -> Reply {
        let owner = self.owner(caller, whose).await?;
        let name = AliasName::parse(name).map_err(|error| {
            AccessError::Refused(format!("{} is no alias: {error}.", text::code_span(name)))
        })?;
        let (target, job) = self.visible_job(caller, argument).await?;
        check_values(&job, &values)?;
        let alias = Alias {
            name,
            target,
            parameters: values,
        };
        let outcome = self.shortcuts.change(owner, |shortcuts| {
            let former = shortcuts.alias(&alias.name).cloned();
            if former.is_none() && shortcuts.aliases.len() >= MOST_ALIASES {
                return Err(());
            }
            shortcuts.set_alias(alias.clone());
            Ok(former)
        });
        let Ok(former) = outcome.await? else {
            return Err(AccessError::Refused(format!(
                "There are {MOST_ALIASES} aliases already. Delete one that is not used: `/jenkins alias list`."
            )));
        };
        let name = text::code_span(alias.name.as_str());
        let former = former.filter(|former| *former != alias);
        let former = former.map_or_else(String::new, |former| {
            format!(" It was {} before.", alias_words(&former))
        });
        Ok(Some(format!(
            "{name} is {} alias for {} now.{former} Type it in place of the job, as in `/jenkins build {}`.",
            of(whose).to_lowercase(),
            alias_words(&alias),
            alias.name,
        )))
    }

    async fn list_aliases(&self, caller: &Caller) -> Reply {
        let own = self.shortcuts.of(Owner::User(&caller.user_id)).await?;
        let channel = self
            .shortcuts
            .of(Owner::Channel(&caller.channel_id))
            .await?;
        let line = |alias: &Alias, whose: &str| {
            format!(
                "- {}: {}{whose}",
                text::code_span(alias.name.as_str()),
                alias_words(alias)
            )
        };
        let owns = own.aliases.iter().map(|alias| line(alias, ""));
        let channels = channel.aliases.iter().map(|alias| {
            let is_hidden = own.alias(&alias.name).is_some();
            line(
                alias,
                if is_hidden {
                    " (this channel's; yours counts)"
                } else {
                    " (this channel's)"
                },
            )
        });
        let lines: Vec<String> = owns.chain(channels).collect();
        if lines.is_empty() {
            return Ok(Some(
                "Neither you nor this channel has an alias. `/jenkins alias add <name> <job> [NAME=value…]` makes one, with `--channel` for all in this channel.".to_owned(),
            ));
        }
        Ok(Some(fit_lines("###### Aliases", &lines, MESSAGE_RUNES)))
    }

    async fn delete_alias(&self, caller: &Caller, typed: &str, whose: Whose) -> Reply {
        let owner = self.owner(caller, whose).await?;
        let removed = match AliasName::parse(typed) {
            Ok(name) => {
                let removed = self
                    .shortcuts
                    .change(owner, |shortcuts| shortcuts.remove_alias(&name));
                removed.await?
            }
            Err(_) => false,
        };
        let name = text::code_span(typed);
        if removed {
            return Ok(Some(format!(
                "{name} is {} alias no longer.",
                of(whose).to_lowercase()
            )));
        }
        let other = match whose {
            Whose::Own => "that of the channel goes with `--channel`",
            Whose::Channels => "your own goes without `--channel`",
        };
        Err(AccessError::Refused(format!(
            "{} alias {name}. `/jenkins alias list` shows them all; {other}.",
            has_no(whose)
        )))
    }
}

/// Only what the job takes, and never a secret: aliases are stored as they are, and shown.
fn check_values(job: &Job, values: &[(String, String)]) -> Result<(), AccessError> {
    let secret = values.iter().find_map(|(name, _)| {
        let declared = parameters::find(&job.parameters, name)?;
        declared.kind.is_secret().then_some(name)
    });
    if let Some(name) = secret {
        return Err(AccessError::Refused(format!(
            "{} is a password: an alias does not keep it, for it is stored and shown as it is. Leave it out; `/jenkins build` asks for it.",
            text::code_span(name)
        )));
    }
    parameters::fit(&job.parameters, values).map_err(|problems| JenkinsError::BadParameters {
        name: job.path.to_string(),
        problems,
    })?;
    let length: usize = values
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    if length > LONGEST_VALUES {
        return Err(AccessError::Refused(format!(
            "The values are too long for an alias: at most {LONGEST_VALUES} bytes together."
        )));
    }
    Ok(())
}

/// Whose, at the beginning of a sentence.
pub(super) fn of(whose: Whose) -> &'static str {
    match whose {
        Whose::Own => "Your",
        Whose::Channels => "This channel's",
    }
}

/// Who has none.
pub(super) fn has_no(whose: Whose) -> &'static str {
    match whose {
        Whose::Own => "You have no",
        Whose::Channels => "This channel has no",
    }
}
