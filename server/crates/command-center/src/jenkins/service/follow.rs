//! Following builds that somebody else started.

use mattermost_plugin::api::new_id;

use super::target::missing;
use super::{Caller, JenkinsService, Reply};
use crate::config::ServerAlias;
use crate::jenkins::access::AccessError;
use crate::jenkins::command::JobArgument;
use crate::jenkins::command::arguments::BuildArgument;
use crate::jenkins::command::follow::Request;
use crate::jenkins::model::QueueId;
use crate::jenkins::watch::machine::Progress;
use crate::jenkins::watch::record::{Place, Stage, WatchRecord, WatchedJob};
use crate::jenkins::watch::state::Verdict;
use crate::jenkins::watch::store::Stored;
use crate::jenkins::watch::task::Origin;
use crate::jenkins::{BuildSelector, JenkinsClient, JenkinsError, JobPath};
use crate::text;

/// How often a record that changes under our hands is tried again.
const RACES: u32 = 5;

impl JenkinsService {
    pub(super) async fn following(&self, caller: &Caller, request: Request) -> Reply {
        match request {
            Request::Watch { build } => self.watch(caller, &build).await,
            Request::Unwatch { job } => self.unwatch(caller, &job).await,
        }
    }

    async fn watch(&self, caller: &Caller, argument: &BuildArgument) -> Reply {
        let argument = self.build_argument(caller, argument).await?;
        let target = self.target(caller, &argument.job).await?;
        let path = self.resolve(caller, &target).await?.path;
        let typed = argument
            .build
            .as_deref()
            .map(|text| BuildSelector::parse(text).ok_or_else(|| missing(text, &path)));
        let selector = typed.transpose()?.or(target.build());
        let (server, client) = (target.server.alias.clone(), target.client);
        let now = self.clock.now();
        let name = text::code_span(&path.to_string());
        let last = match selector {
            Some(selector) => {
                let build = client.build(&path, selector).await?;
                Some(build.ok_or_else(|| missing(&selector.to_segment(), &path))?)
            }
            None => client.build(&path, BuildSelector::LAST).await?,
        };
        let progress = match last {
            Some(build) if build.running => Progress::running(build.number, build.started_at, now),
            Some(build) if selector.is_some() => {
                return Ok(Some(format!(
                    "Build #{} of the job {name} is over already; `/jenkins get-log` shows its end.",
                    build.number
                )));
            }
            _ => match client.status(&path).await?.queued {
                Some((QueueId(queue_id), _)) => Progress::queued(queue_id, now),
                None => {
                    return Ok(Some(format!(
                        "No build of the job {name} is running or waiting, so there is nothing to watch. `/jenkins build` starts one."
                    )));
                }
            },
        };
        let job = watched(&server, &path);
        self.begin_to_watch(caller, &client, job, progress).await
    }

    async fn begin_to_watch(
        &self,
        caller: &Caller,
        client: &JenkinsClient,
        job: WatchedJob,
        progress: Progress,
    ) -> Reply {
        let is_here = |stored: &Stored| {
            let record = &stored.record;
            let is_same = match &record.stage {
                Stage::Watching { progress: own, .. } => own.ask == progress.ask,
                Stage::Submitting { .. } | Stage::Announcing { .. } => false,
            };
            is_same && record.place.channel_id == caller.channel_id
        };
        if self.own_watches(caller, &job).await?.iter().any(is_here) {
            return Ok(Some(
                "You watch this build in this channel already; its card stands above.".to_owned(),
            ));
        }
        let requester = self.requester(caller, client).await?;
        let id = new_id();
        let Some(reservation) = self.supervisor.reserve(&id) else {
            return Err(
                mattermost_plugin::Error::Invalid("an id was drawn twice".to_owned()).into(),
            );
        };
        let now = self.clock.now();
        let record = WatchRecord {
            id,
            owner: self.supervisor.tools().presence.id().to_owned(),
            claim: 0,
            created_at: now,
            requester,
            place: Place {
                channel_id: caller.channel_id.clone(),
                root_id: caller.root_id.clone(),
            },
            job,
            stage: Stage::Watching {
                // It belongs to whoever asked for the build.
                queue_id: None,
                post_id: None,
                progress,
            },
        };
        let stored = self.supervisor.tools().store.insert(record, now).await?;
        self.supervisor.start(stored, Origin::New, reservation);
        Ok(None)
    }

    async fn unwatch(&self, caller: &Caller, argument: &JobArgument) -> Reply {
        let target = self.target(caller, argument).await?;
        let path = match self.resolve(caller, &target).await {
            Ok(job) => job.path,
            // A job that is gone can be watched no longer, either.
            Err(AccessError::Jenkins(error @ JenkinsError::NotFound { .. })) => {
                JobPath::new(target.names().to_vec()).map_err(|_| error)?
            }
            Err(error) => return Err(error),
        };
        let name = text::code_span(&path.to_string());
        let job = watched(&target.server.alias, &path);
        let mut ended = 0_u32;
        for stored in self.own_watches(caller, &job).await? {
            if self.end_watch(stored).await? {
                ended += 1;
            }
        }
        Ok(Some(match ended {
            0 => format!("You watch no build of the job {name}."),
            1 => format!("Its build is watched no longer: no result of {name} is told."),
            count => format!("{count} builds are watched no longer: no result of {name} is told."),
        }))
    }

    /// What this user watches of a job.
    pub(super) async fn own_watches(
        &self,
        caller: &Caller,
        job: &WatchedJob,
    ) -> Result<Vec<Stored>, mattermost_plugin::Error> {
        let now = self.clock.now();
        let all = self.supervisor.tools().store.all(|_| false, now).await?;
        let own = all.into_iter().filter(|stored| {
            let record = &stored.record;
            record.requester.user_id == caller.user_id && record.job.is_same(job)
        });
        Ok(own.collect())
    }

    /// Ends a watch without a word; false if it ended by itself.
    async fn end_watch(&self, stored: Stored) -> Result<bool, mattermost_plugin::Error> {
        let store = &self.supervisor.tools().store;
        let id = stored.record.id.clone();
        let mut current = Some(stored);
        for _ in 0..RACES {
            let Some(mut stored) = current else {
                return Ok(false);
            };
            let Stage::Watching {
                queue_id,
                post_id,
                progress,
            } = stored.record.stage.clone()
            else {
                return Ok(false);
            };
            let ended = progress.ended(Verdict::Unwatched, self.clock.now());
            let Some(outcome) = ended.outcome().cloned() else {
                return Ok(false);
            };
            let record = WatchRecord {
                stage: Stage::Announcing {
                    queue_id,
                    post_id,
                    outcome,
                },
                ..stored.record.clone()
            };
            if store.replace(&mut stored, record).await? {
                self.supervisor.interrupt(&id);
                return Ok(true);
            }
            current = store.get(&id).await?;
        }
        Err(mattermost_plugin::Error::Invalid(
            "the record of a watch changes too fast".to_owned(),
        ))
    }
}

fn watched(server: &ServerAlias, path: &JobPath) -> WatchedJob {
    WatchedJob {
        server: server.clone(),
        path: path.names().to_vec(),
        display_name: path.to_string(),
    }
}
