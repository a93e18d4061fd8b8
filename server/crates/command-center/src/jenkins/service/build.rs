//! Asking Jenkins to build.

use mattermost_plugin::api::new_id;
use tokio::time::Instant;

use super::audit::Change;
use super::{Caller, JenkinsService, Reply};
use crate::config::ServerAlias;
use crate::jenkins::client::Job;
use crate::jenkins::command::JobArgument;
use crate::jenkins::command::build::Request;
use crate::jenkins::model::QueueId;
use crate::jenkins::parameters::{Parameter, ParameterKind};
use crate::jenkins::watch::machine::Progress;
use crate::jenkins::watch::record::{Place, Requester, Stage, WatchRecord, WatchedJob};
use crate::jenkins::watch::task::Origin;
use crate::jenkins::{JenkinsClient, JenkinsError, parameters};
use crate::text;

/// What the card does not say.
const ALREADY_QUEUED: &str =
    "An equal build of this job was waiting already; Jenkins runs one for both.";

impl JenkinsService {
    pub(super) async fn building(&self, caller: &Caller, request: Request) -> Reply {
        match request {
            Request::Build {
                job,
                parameters,
                defaults,
            } => self.build(caller, &job, &parameters, defaults).await,
            Request::Rebuild { build } => self.rebuild_as_typed(caller, &build).await,
        }
    }

    async fn build(
        &self,
        caller: &Caller,
        argument: &JobArgument,
        given: &[(String, String)],
        defaults: bool,
    ) -> Reply {
        let since = Instant::now();
        let target = self.target(caller, argument).await?;
        let job = self.resolve(caller, &target).await?;
        let given = &with_alias(&target.parameters, given);
        let (server, client) = (&target.server.alias, &target.client);
        if given.is_empty() && !defaults && !job.parameters.is_empty() {
            return self.ask_for_all(caller, (server, client), job, since).await;
        }
        let said = self
            .start_build(caller, server, client, &job, given)
            .await?;
        Ok(paragraphs([said, left_out(&job, given)]))
    }

    /// Asks Jenkins to build, and follows the build. An error means that nothing was started.
    pub(super) async fn start_build(
        &self,
        caller: &Caller,
        server: &ServerAlias,
        client: &JenkinsClient,
        job: &Job,
        given: &[(String, String)],
    ) -> Reply {
        let values = parameters::fit(&job.parameters, given).map_err(|problems| {
            JenkinsError::BadParameters {
                name: job.path.to_string(),
                problems,
            }
        })?;
        let files = self.files(caller, job).await?;
        let contents = self.read_files(&files).await?;
        let requester = self.requester(caller, client).await?;

        let id = new_id();
        let Some(reservation) = self.supervisor.reserve(&id) else {
            return Err(
                mattermost_plugin::Error::Invalid("an id was drawn twice".to_owned()).into(),
            );
        };
        let tools = self.supervisor.tools();
        let now = self.clock.now();
        let record = self.record(id, caller, requester, (server, job), now);
        let mut stored = tools.store.insert(record, now).await?;

        let names: Vec<&str> = values.iter().map(|value| value.name.as_str()).collect();
        let change = Change::of_job("build", server, &job.path).with("parameters", names);
        let asked = client.trigger_with_files(job, &values, &contents);
        match self.audited(caller, change, asked).await {
            Ok(triggered) => {
                let QueueId(queue_id) = triggered.queue_id;
                // Two equal requests share an entry: then the first one has it, which is fine here.
                if let Err(error) = tools.store.claim(server, queue_id, &stored.record.id).await {
                    tracing::warn!(watch = stored.record.id, %error, "an entry of Jenkins' queue is not claimed");
                }
                let stage = Stage::Watching {
                    queue_id: Some(queue_id),
                    post_id: None,
                    progress: Progress::queued(queue_id, now),
                };
                let record = WatchRecord {
                    stage,
                    ..stored.record.clone()
                };
                // Should this fail, the request is looked for at Jenkins: it is not lost.
                let is_stored = tools.store.replace(&mut stored, record).await;
                let origin = if matches!(is_stored, Ok(true)) {
                    Origin::New
                } else {
                    Origin::TakenOver
                };
                self.supervisor.start(stored, origin, reservation);
                let queued = triggered.already_queued.then(|| ALREADY_QUEUED.to_owned());
                Ok(paragraphs([queued, files.told()]))
            }
            Err(error) if error.is_outcome_unknown() => {
                self.supervisor
                    .start(stored, Origin::TakenOver, reservation);
                Ok(Some(format!(
                    "{}\nJenkins may have got the request all the same: that is being looked at, and the build's card appears if it has. Please do not ask again before.",
                    crate::jenkins::render::error(&error)
                )))
            }
            Err(error) => {
                if let Err(failure) = tools.store.remove(&stored).await {
                    tracing::warn!(watch = stored.record.id, error = %failure, "the record of a refused build stays for now");
                }
                Err(error.into())
            }
        }
    }

    /// Who is told of a build, and how.
    pub(super) async fn requester(
        &self,
        caller: &Caller,
        client: &JenkinsClient,
    ) -> Result<Requester, mattermost_plugin::Error> {
        Ok(Requester {
            user_id: caller.user_id.clone(),
            username: self.api.users().get(&caller.user_id).await?.username,
            jenkins_user: client.user().to_owned(),
            ping: self.pings.of(&caller.user_id).await?,
        })
    }

    fn record(
        &self,
        id: String,
        caller: &Caller,
        requester: Requester,
        (server, job): (&ServerAlias, &Job),
        now: i64,
    ) -> WatchRecord {
        WatchRecord {
            id,
            owner: self.supervisor.tools().presence.id().to_owned(),
            claim: 0,
            created_at: now,
            requester,
            place: Place {
                channel_id: caller.channel_id.clone(),
                root_id: caller.root_id.clone(),
            },
            job: WatchedJob {
                server: server.clone(),
                path: job.path.names().to_vec(),
                display_name: job.path.to_string(),
            },
            stage: Stage::Submitting {
                next_number: job
                    .next_build
                    .unwrap_or_else(|| job.last_build.map_or(1, |number| number + 1)),
            },
        }
    }
}

/// What an alias gives, unless it was typed; then what was typed.
fn with_alias(alias: &[(String, String)], typed: &[(String, String)]) -> Vec<(String, String)> {
    let is_typed = |name: &str| {
        typed
            .iter()
            .any(|(other, _)| other.eq_ignore_ascii_case(name))
    };
    let left = alias.iter().filter(|(name, _)| !is_typed(name));
    left.chain(typed).cloned().collect()
}

/// Which parameters took their defaults, as the card does not say.
fn left_out(job: &Job, given: &[(String, String)]) -> Option<String> {
    let is_given = |declared: &&Parameter| {
        given
            .iter()
            .any(|(name, _)| parameters::find(&job.parameters, name) == Some(*declared))
    };
    let left_out: Vec<String> = job
        .parameters
        .iter()
        .filter(|declared| declared.kind != ParameterKind::File && !is_given(declared))
        .map(|declared| text::code_span(&declared.name))
        .collect();
    (!left_out.is_empty()).then(|| {
        format!(
            "Built with the job's defaults for {}. Others are given as `NAME=value`.",
            left_out.join(", ")
        )
    })
}

/// What there is to say, if anything.
pub(super) fn paragraphs(said: impl IntoIterator<Item = Option<String>>) -> Option<String> {
    let said: Vec<String> = said.into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join("\n"))
}
