//! What is meant where no job or server is named, and what aliases stand for.

use std::sync::Arc;

use super::target::Target;
use super::{Caller, JenkinsService};
use crate::config::ServerAlias;
use crate::jenkins::JenkinsError;
use crate::jenkins::access::{AccessError, Server};
use crate::jenkins::command::JobArgument;
use crate::jenkins::policy::Weight;
use crate::jenkins::shortcuts::{Alias, AliasName, JobKey, Owner, Shortcuts};
use crate::text;

/// What counts for one caller.
struct InForce {
    channel: Shortcuts,
    own: Shortcuts,
}

impl JenkinsService {
    async fn in_force(&self, caller: &Caller) -> Result<InForce, AccessError> {
        let (channel, own) = tokio::try_join!(
            self.shortcuts.of(Owner::Channel(&caller.channel_id)),
            self.shortcuts.of(Owner::User(&caller.user_id)),
        )?;
        Ok(InForce { channel, own })
    }

    /// The server that is meant where none is named: the channel's, else the caller's, else the main one.
    pub(super) async fn default_server(&self, caller: &Caller) -> Result<ServerAlias, AccessError> {
        if let [only] = self.access.servers()?.as_slice() {
            return Ok(only.alias.clone());
        }
        let InForce { channel, own } = self.in_force(caller).await?;
        Ok(channel.server.or(own.server).unwrap_or_default())
    }

    /// The job that is meant where none is named, and whose default that is.
    pub(super) async fn default_job(
        &self,
        caller: &Caller,
        argument: &JobArgument,
    ) -> Result<Option<(JobKey, &'static str)>, AccessError> {
        let InForce { channel, own } = self.in_force(caller).await?;
        let channels = channel.job.map(|job| (job, "this channel's"));
        let owns = own.job.map(|job| (job, "your"));
        let server = self.named_server(argument)?;
        let fits = |(job, _): &(JobKey, _)| server.as_ref().is_none_or(|s| s.alias == job.server);
        Ok(channels.into_iter().chain(owns).find(fits))
    }

    fn named_server(&self, argument: &JobArgument) -> Result<Option<Arc<Server>>, JenkinsError> {
        let named = argument.server.as_deref();
        named
            .map(|alias| self.access.server_named(alias))
            .transpose()
    }

    /// The default job. What is hard to undo wants to be named.
    pub(super) async fn default_target(
        &self,
        caller: &Caller,
        argument: &JobArgument,
    ) -> Result<Target, AccessError> {
        let verb = caller.verb;
        let refused = |why: &str| {
            AccessError::Refused(format!(
                "Please specify a job name, as in `/jenkins {} folder/job`.{why}",
                verb.name()
            ))
        };
        if verb.weight() == Weight::Destructive {
            return Err(refused(" Defaults do not count for this command."));
        }
        let Some((key, whose)) = self.default_job(caller, argument).await? else {
            return Err(refused(
                " Or choose a job that is meant where none is named: `/jenkins default set <job>` for yourself, with `--channel` for all in this channel.",
            ));
        };
        let target = self.known_target(caller, &key, Vec::new()).await?;
        let job = text::code_span(&key.to_string());
        self.tell(caller, &format!("Meant was {whose} default job {job}."))
            .await;
        Ok(target)
    }

    /// What an alias stands for, if one was typed. A job of exactly that name comes first.
    pub(super) async fn alias_target(
        &self,
        caller: &Caller,
        argument: &JobArgument,
    ) -> Result<Option<Target>, AccessError> {
        let Ok(name) = AliasName::parse(&argument.text) else {
            return Ok(None);
        };
        let InForce { channel, own } = self.in_force(caller).await?;
        let owns = own.alias(&name).map(|alias| (alias, "your"));
        let channels = channel.alias(&name).map(|alias| (alias, "this channel's"));
        let server = self.named_server(argument)?;
        let fits = |(alias, _): &(&Alias, _)| {
            let target = &alias.target;
            server.as_ref().is_none_or(|s| s.alias == target.server)
        };
        let Some((alias, whose)) = owns.into_iter().chain(channels).find(fits) else {
            return Ok(None);
        };
        let shown = text::code_span(name.as_str());
        if self.is_job(caller, argument, &alias.target).await? {
            let words = format!(
                "There is a job {shown}, so {whose} alias of that name does not count. `/jenkins alias list` shows them all."
            );
            self.tell(caller, &words).await;
            return Ok(None);
        }
        let target = self
            .known_target(caller, &alias.target, alias.parameters.clone())
            .await?;
        let words = format!("{shown} is {whose} alias for {}.", alias_words(alias));
        self.tell(caller, &words).await;
        Ok(Some(target))
    }

    /// Whether what was typed is the very name of a job. Another server that does not answer cannot
    /// stand in an alias' way.
    async fn is_job(
        &self,
        caller: &Caller,
        argument: &JobArgument,
        alias: &JobKey,
    ) -> Result<bool, AccessError> {
        let typed = match self.typed_target(caller, argument).await {
            Ok(typed) => typed,
            Err(AccessError::Jenkins(_)) => return Ok(false),
            Err(error) => return Err(error),
        };
        match typed.is_there().await {
            Err(error) if typed.server.alias == alias.server => Err(error.into()),
            answer => Ok(answer.unwrap_or(false)),
        }
    }

    async fn known_target(
        &self,
        caller: &Caller,
        key: &JobKey,
        parameters: Vec<(String, String)>,
    ) -> Result<Target, AccessError> {
        let server = self.access.server(&key.server)?;
        let client = self.access.client(&caller.user_id, &key.server).await?;
        Ok(Target::known(server, client, &key.job, parameters))
    }
}

/// What an alias stands for, in Markdown.
pub(super) fn alias_words(alias: &Alias) -> String {
    let job = text::code_span(&alias.target.to_string());
    if alias.parameters.is_empty() {
        return job;
    }
    let parameters: Vec<String> = alias
        .parameters
        .iter()
        .map(|(name, value)| text::code_span(&format!("{name}={}", text::truncate(value, 100))))
        .collect();
    format!("{job} with {}", parameters.join(", "))
}
