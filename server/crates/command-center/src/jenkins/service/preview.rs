//! What stands behind pasted addresses of Jenkins.
//!
//! | key | value |
//! |---|---|
//! | `jenkins_preview_v1_<hash of channel and address>` | nothing; while it is there, the address is not shown again |

use std::sync::Arc;
use std::time::Duration;

use mattermost_plugin::Error;
use mattermost_plugin::api::KvSet;
use mattermost_plugin::model::{Attachment, Post};

use super::target::Target;
use super::{Caller, JenkinsService};
use crate::jenkins::access::{AccessError, Server};
use crate::jenkins::{BuildSelector, JobReference, heard};
use crate::key_hash::key_hash;

/// So many addresses of one post are shown.
const SHOWN: usize = 3;
/// The same address is shown once in this time in a channel.
const PAUSE: Duration = Duration::from_secs(10 * 60);
/// So long does a post wait for its turn, and then for each answer: later, nobody looks any more.
const PATIENCE: Duration = Duration::from_secs(10);
/// So many posts are looked at at once. The others wait for a while, and then go without.
pub(super) const AT_ONCE: usize = 8;

const PREFIX: &str = "jenkins_preview_v1_";

/// An address of a job or a build.
pub(super) struct Linked {
    server: Arc<Server>,
    reference: JobReference,
}

impl JenkinsService {
    /// The addresses of configured servers in a message, as far as they are shown.
    pub(super) fn linked(&self, message: &str) -> Vec<Linked> {
        let urls = heard::addresses(message);
        let is_on = || {
            let snapshot = self.access.configuration().current();
            snapshot.settings.jenkins_link_previews
        };
        if urls.is_empty() || !is_on() {
            return Vec::new();
        }
        let mut all: Vec<Linked> = Vec::new();
        for url in urls {
            let Some(server) = self.access.server_at(&url) else {
                continue;
            };
            let Ok(reference) = JobReference::parse(url.as_str(), &server.address) else {
                continue;
            };
            let is_there = all
                .iter()
                .any(|other| other.reference == reference && other.server.alias == server.alias);
            if !is_there && all.len() < SHOWN {
                all.push(Linked { server, reference });
            }
        }
        all
    }

    /// Shows in the thread what stands behind addresses, asked with the caller's own account. What
    /// they may not see, or the policy does not let them, is not shown, and nobody is told why: nobody
    /// asked.
    pub(super) async fn preview(&self, caller: &Caller, linked: Vec<Linked>) {
        let turn = tokio::time::timeout(PATIENCE, self.previewing.acquire()).await;
        let Ok(Ok(_turn)) = turn else {
            return;
        };
        let mut shown = Vec::new();
        for link in linked {
            match tokio::time::timeout(PATIENCE, self.preview_one(caller, link)).await {
                Ok(Ok(attachment)) => shown.extend(attachment),
                Ok(Err(error)) => tracing::debug!(?error, "an address is not shown"),
                Err(_) => tracing::debug!("an address is not shown: Jenkins is too slow"),
            }
        }
        if shown.is_empty() {
            return;
        }
        let post = Post {
            user_id: self.bot_user_id.clone(),
            channel_id: caller.channel_id.clone(),
            root_id: caller.root_id.clone(),
            ..Post::default()
        };
        if let Err(error) = self
            .api
            .posts()
            .create(&post.with_attachments(&shown))
            .await
        {
            // The post may have been deleted in the meantime.
            tracing::debug!(%error, "what stands behind an address is not posted");
        }
    }

    async fn preview_one(
        &self,
        caller: &Caller,
        link: Linked,
    ) -> Result<Option<Attachment>, AccessError> {
        let Linked { server, reference } = link;
        let client = self.access.client(&caller.user_id, &server.alias).await?;
        let key = key(&caller.channel_id, &server, &reference);
        if self.api.kv().get(&key).await?.is_some() {
            return Ok(None);
        }
        let selector = reference.build;
        let target = Target::linked(server, client, reference);
        let path = self.resolve(caller, &target).await?.path;
        let (client, view) = (&target.client, self.view(&target.client));
        let attachment = match selector {
            None => view.preview_of_job(&path, &client.status(&path).await?),
            Some(selector) => {
                let Some(build) = client.build(&path, selector).await? else {
                    return Ok(None);
                };
                // Without stages, the build is told anyway.
                let stages = client.stages(&path, build.number).await;
                let stages = stages.ok().flatten().unwrap_or_default();
                view.preview_of_build(&path, &build, &stages)
            }
        };
        // Only now: what could not be shown may be another time, or to somebody else.
        Ok(self.is_first(&key).await?.then_some(attachment))
    }

    /// Whether nobody shows it in the same channel, on any node.
    async fn is_first(&self, key: &str) -> Result<bool, Error> {
        let options = KvSet::new().if_absent().ttl(PAUSE);
        self.api.kv().set_with(key, "shown", options).await
    }
}

fn key(channel_id: &str, server: &Server, reference: &JobReference) -> String {
    let build = reference.build.map(BuildSelector::to_segment);
    let parts = [
        channel_id,
        server.alias.as_str(),
        build.as_deref().unwrap_or_default(),
        reference.branch_hint.as_deref().unwrap_or_default(),
    ];
    let names = reference.names.iter().map(String::as_str);
    format!("{PREFIX}{}", key_hash(parts.into_iter().chain(names)))
}
