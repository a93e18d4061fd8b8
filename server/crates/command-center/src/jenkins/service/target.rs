//! From what somebody typed to a server, a job and a build there.

use std::sync::Arc;

use url::Url;

use super::{Caller, JenkinsService};
use crate::config::ServerAlias;
use crate::jenkins::access::{AccessError, Server};
use crate::jenkins::command::JobArgument;
use crate::jenkins::command::arguments::BuildArgument;
use crate::jenkins::error::Thing;
use crate::jenkins::{BuildSelector, JenkinsClient, JenkinsError, JobPath, JobReference};

/// A job as somebody named it, at a server that they are connected to.
pub(super) struct Target {
    /// Which server.
    pub(super) server: Arc<Server>,
    /// Asks it as the caller.
    pub(super) client: JenkinsClient,
    /// The job.
    pub(super) reference: JobReference,
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

impl JenkinsService {
    /// The server that a command means: what stands after `--server`, else the main one.
    pub(super) fn server(&self, typed: Option<&str>) -> Result<Arc<Server>, JenkinsError> {
        match typed {
            Some(alias) => self.access.server_named(alias),
            None => self.access.server(&ServerAlias::default()),
        }
    }

    /// The server and the job that a command means.
    pub(super) async fn target(
        &self,
        caller: &Caller,
        argument: &JobArgument,
    ) -> Result<Target, AccessError> {
        let (server, text) = self.server_of_job(argument)?;
        let client = self.access.client(&caller.user_id, &server.alias).await?;
        let reference =
            JobReference::parse(text, client.address()).map_err(JenkinsError::Reference)?;
        Ok(Target {
            server,
            client,
            reference,
        })
    }

    /// `--server legacy`, `legacy:folder/job` (names of jobs have no colon, `Jenkins.checkGoodName`),
    /// or an address below the root of one of the servers.
    pub(super) fn server_of_job<'a>(
        &self,
        argument: &'a JobArgument,
    ) -> Result<(Arc<Server>, &'a str), JenkinsError> {
        let text = argument.text.trim();
        if let Some(alias) = &argument.server {
            return Ok((self.access.server_named(alias)?, text));
        }
        let address = text.trim_start_matches('<').trim_end_matches('>');
        if let Ok(url) = Url::parse(address)
            && url.has_host()
        {
            let server = self.access.server_at(&url);
            return Ok((server.map_or_else(|| self.server(None), Ok)?, text));
        }
        if let Some((alias, job)) = text.split_once(':')
            && let Ok(alias) = ServerAlias::parse(alias)
        {
            return Ok((self.access.server(&alias)?, job));
        }
        Ok((self.server(None)?, text))
    }

    /// A build that a command means.
    pub(super) async fn find_build(
        &self,
        caller: &Caller,
        argument: &BuildArgument,
    ) -> Result<FoundBuild, AccessError> {
        let target = self.target(caller, &argument.job).await?;
        let client = target.client;
        let path = client.resolve(&target.reference).await?.path;
        let selector = match &argument.build {
            Some(text) => BuildSelector::parse(text).ok_or_else(|| missing(text, &path))?,
            None => target.reference.build.unwrap_or(BuildSelector::LAST),
        };
        let build = client
            .build(&path, selector)
            .await?
            .ok_or_else(|| missing(&selector.to_segment(), &path))?;
        Ok(FoundBuild::new(
            target.server.alias.clone(),
            client,
            path,
            build.number,
        ))
    }
}

impl FoundBuild {
    pub(super) fn new(
        server: ServerAlias,
        client: JenkinsClient,
        path: JobPath,
        number: u64,
    ) -> Self {
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
