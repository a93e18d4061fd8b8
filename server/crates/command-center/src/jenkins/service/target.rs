//! From what somebody typed to a server, a job and a build there.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::{Caller, JenkinsService};
use crate::config::ServerAlias;
use crate::jenkins::access::{AccessError, Server};
use crate::jenkins::client::Job;
use crate::jenkins::command::JobArgument;
use crate::jenkins::command::arguments::BuildArgument;
use crate::jenkins::error::Thing;
use crate::jenkins::model::{Item, ItemKind};
use crate::jenkins::policy::{Scope, Subject};
use crate::jenkins::shortcuts::JobKey;
use crate::jenkins::{BuildSelector, JenkinsClient, JenkinsError, JobPath, JobReference};

/// So many names are offered in place of one that is not there.
const SUGGESTIONS: usize = 3;

/// A job as somebody named it, at a server that they are connected to.
pub(super) struct Target {
    /// Which server.
    pub(super) server: Arc<Server>,
    /// Asks it as the caller.
    pub(super) client: JenkinsClient,
    /// What the caller's alias gives a build, if an alias was typed.
    pub(super) parameters: Vec<(String, String)>,
    /// The job. Only [`JenkinsService::resolve`] makes a job of it, which asks the policy.
    reference: JobReference,
}

/// A build that is there.
pub(super) struct FoundBuild {
    /// At which server.
    pub(super) server: ServerAlias,
    /// Asks its server as the caller.
    pub(super) client: JenkinsClient,
    /// The job.
    pub(super) path: JobPath,
    /// The build's number.
    pub(super) number: u64,
}

impl Target {
    /// A job that is known.
    pub(super) fn known(
        server: Arc<Server>,
        client: JenkinsClient,
        job: &JobPath,
        parameters: Vec<(String, String)>,
    ) -> Self {
        Self {
            server,
            client,
            parameters,
            reference: JobReference::exact(job),
        }
    }

    /// A job that an address names.
    pub(super) fn linked(
        server: Arc<Server>,
        client: JenkinsClient,
        reference: JobReference,
    ) -> Self {
        Self {
            server,
            client,
            parameters: Vec::new(),
            reference,
        }
    }

    /// The build that was part of a pasted address.
    pub(super) fn build(&self) -> Option<BuildSelector> {
        self.reference.build
    }

    /// The names as they were typed.
    pub(super) fn names(&self) -> &[String] {
        &self.reference.names
    }

    /// Whether there is a job or folder of exactly this name.
    pub(super) async fn is_there(&self) -> Result<bool, JenkinsError> {
        match JobPath::new(self.reference.names.clone()) {
            Ok(path) => Ok(self.client.item(&path).await?.is_some()),
            Err(_) => Ok(false),
        }
    }
}

impl JenkinsService {
    /// The server that a command means: what stands after `--server`, else the default of the channel or
    /// the caller, else the main one.
    pub(super) async fn server(
        &self,
        caller: &Caller,
        typed: Option<&str>,
    ) -> Result<Arc<Server>, AccessError> {
        let server = match typed {
            Some(alias) => self.access.server_named(alias)?,
            None => self.access.server(&self.default_server(caller).await?)?,
        };
        if caller.verb.scope() == Scope::Server {
            self.permit(caller, &server.alias, Subject::Server).await?;
        }
        Ok(server)
    }

    /// The server and the job that a command means. The caller is told which default or alias counted.
    pub(super) async fn target(
        &self,
        caller: &Caller,
        argument: &JobArgument,
    ) -> Result<Target, AccessError> {
        if argument.text.trim().is_empty() {
            return self.default_target(caller, argument).await;
        }
        match self.alias_target(caller, argument).await? {
            Some(target) => Ok(target),
            None => self.typed_target(caller, argument).await,
        }
    }

    /// The same, taken for a name and nothing else.
    pub(super) async fn typed_target(
        &self,
        caller: &Caller,
        argument: &JobArgument,
    ) -> Result<Target, AccessError> {
        let (server, text) = self.server_of_job(caller, argument).await?;
        let client = self.access.client(&caller.user_id, &server.alias).await?;
        let reference =
            JobReference::parse(text, client.address()).map_err(JenkinsError::Reference)?;
        Ok(Target {
            server,
            client,
            parameters: Vec::new(),
            reference,
        })
    }

    /// `--server legacy`, `legacy:folder/job` (names of jobs have no colon, `Jenkins.checkGoodName`),
    /// or an address below the root of one of the servers.
    pub(super) async fn server_of_job<'a>(
        &self,
        caller: &Caller,
        argument: &'a JobArgument,
    ) -> Result<(Arc<Server>, &'a str), AccessError> {
        let text = argument.text.trim();
        if let Some(alias) = &argument.server {
            return Ok((self.access.server_named(alias)?, text));
        }
        let address = text.trim_start_matches('<').trim_end_matches('>');
        if let Ok(url) = Url::parse(address)
            && url.has_host()
        {
            return match self.access.server_at(&url) {
                Some(server) => Ok((server, text)),
                None => Ok((self.server(caller, None).await?, text)),
            };
        }
        if let Some((alias, job)) = text.split_once(':')
            && let Ok(alias) = ServerAlias::parse(alias)
        {
            return Ok((self.access.server(&alias)?, job));
        }
        Ok((self.server(caller, None).await?, text))
    }

    /// The job that is meant, if the policy lets the caller do with it what they want to.
    pub(super) async fn resolve(
        &self,
        caller: &Caller,
        target: &Target,
    ) -> Result<Job, AccessError> {
        let job = match target.client.resolve(&target.reference).await {
            Ok(job) => job,
            Err(error) => return Err(self.did_you_mean(caller, target, error).await.into()),
        };
        self.permit(caller, &target.server.alias, Subject::Job(&job.path))
            .await?;
        Ok(job)
    }

    /// The job or folder that is meant, under the same condition.
    pub(super) async fn resolve_item(
        &self,
        caller: &Caller,
        target: &Target,
    ) -> Result<(JobPath, Item), AccessError> {
        let (path, item) = match target.client.resolve_item(&target.reference).await {
            Ok(found) => found,
            Err(error) => return Err(self.did_you_mean(caller, target, error).await.into()),
        };
        let subject = match &item.kind {
            ItemKind::Job { .. } => Subject::Job(&path),
            ItemKind::Folder { .. } => Subject::Folder(&path),
        };
        self.permit(caller, &target.server.alias, subject).await?;
        Ok((path, item))
    }

    /// The job as it is now, of which only the place is known, under the same condition.
    pub(super) async fn resolve_known(
        &self,
        caller: &Caller,
        (server, client): (&ServerAlias, &JenkinsClient),
        job: &JobPath,
    ) -> Result<Job, AccessError> {
        let job = client.resolve(&JobReference::exact(job)).await?;
        self.permit(caller, server, Subject::Job(&job.path)).await?;
        Ok(job)
    }

    /// An error with names from all that the caller may see, if that is at hand.
    async fn did_you_mean(
        &self,
        caller: &Caller,
        target: &Target,
        error: JenkinsError,
    ) -> JenkinsError {
        let JenkinsError::NotFound {
            thing: thing @ Thing::Job,
            name,
            suggestions,
        } = error
        else {
            return error;
        };
        let jobs = self
            .catalogs
            .known(&caller.user_id, &target.server, Duration::ZERO)
            .await;
        let near = jobs.map_or_else(Vec::new, |jobs| jobs.similar(&name, SUGGESTIONS));
        // As they can be typed: with their server, if it is not the one that is meant anyway.
        let near: Vec<String> = near
            .into_iter()
            .map(|name| match target.server.alias.is_main() {
                true => name,
                false => format!("{}:{name}", target.server.alias),
            })
            .collect();
        JenkinsError::NotFound {
            thing,
            name,
            suggestions: if near.is_empty() { suggestions } else { near },
        }
    }

    /// A single word that can name a build means one of the default job, unless a job has that name.
    pub(super) async fn build_argument<'a>(
        &self,
        caller: &Caller,
        argument: &'a BuildArgument,
    ) -> Result<Cow<'a, BuildArgument>, AccessError> {
        let job = &argument.job;
        let is_build = argument.build.is_none() && BuildSelector::parse(&job.text).is_some();
        if !is_build || self.default_job(caller, job).await?.is_none() {
            return Ok(Cow::Borrowed(argument));
        }
        let target = self.typed_target(caller, job).await?;
        if target.is_there().await? {
            return Ok(Cow::Borrowed(argument));
        }
        Ok(Cow::Owned(BuildArgument {
            build: Some(job.text.clone()),
            job: JobArgument {
                text: String::new(),
                server: job.server.clone(),
            },
        }))
    }

    /// A build that a command means.
    pub(super) async fn find_build(
        &self,
        caller: &Caller,
        argument: &BuildArgument,
    ) -> Result<FoundBuild, AccessError> {
        let argument = self.build_argument(caller, argument).await?;
        let target = self.target(caller, &argument.job).await?;
        let path = self.resolve(caller, &target).await?.path;
        let selector = match &argument.build {
            Some(text) => BuildSelector::parse(text).ok_or_else(|| missing(text, &path))?,
            None => target.build().unwrap_or(BuildSelector::LAST),
        };
        let client = target.client;
        let build = client
            .build(&path, selector)
            .await?
            .ok_or_else(|| missing(&selector.to_segment(), &path))?;
        let job = JobKey {
            server: target.server.alias.clone(),
            job: path,
        };
        Ok(FoundBuild::new(client, job, build.number))
    }
}

impl FoundBuild {
    pub(super) fn new(client: JenkinsClient, job: JobKey, number: u64) -> Self {
        let JobKey { server, job: path } = job;
        Self {
            server,
            path,
            number,
            client,
        }
    }
}

/// There is no such build.
pub(super) fn missing(build: &str, path: &JobPath) -> JenkinsError {
    JenkinsError::NotFound {
        thing: Thing::Build,
        name: format!("{path} {build}"),
        suggestions: Vec::new(),
    }
}
