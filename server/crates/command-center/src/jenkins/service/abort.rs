//! From what somebody wants aborted to the build that runs or waits. What is told is what was seen.

use super::audit::Change;
use super::stop::ended;
use super::target::missing;
use super::{Caller, JenkinsService, Reply};
use crate::config::ServerAlias;
use crate::jenkins::action::{BuildKey, QueueKey};
use crate::jenkins::client::StopKind;
use crate::jenkins::command::arguments::BuildArgument;
use crate::jenkins::model::{QueueId, QueueState};
use crate::jenkins::{BuildSelector, JenkinsClient, JenkinsError, JobPath};
use crate::text;

/// Among so many of the newest builds those that run are looked for.
const RUNNING_AMONG: u32 = 20;

impl JenkinsService {
    pub(super) async fn abort(
        &self,
        caller: &Caller,
        argument: &BuildArgument,
        queued: bool,
    ) -> Reply {
        let argument = self.build_argument(caller, argument).await?;
        let target = self.target(caller, &argument.job).await?;
        let job = self.resolve(caller, &target).await?.path;
        let typed = argument
            .build
            .as_deref()
            .map(|text| BuildSelector::parse(text).ok_or_else(|| missing(text, &job)));
        let selector = typed.transpose()?.or(target.build());
        let (server, client) = (target.server.alias.clone(), target.client);
        match selector {
            Some(selector) if !queued => {
                let build = client.build(&job, selector).await?;
                let build = build.ok_or_else(|| missing(&selector.to_segment(), &job))?;
                let key = BuildKey {
                    server,
                    job,
                    number: build.number,
                };
                self.stop(caller, &client, &key, StopKind::Stop).await
            }
            _ => {
                self.abort_newest(caller, &client, server, job, queued)
                    .await
            }
        }
    }

    /// The build that runs, else what waits; if there are several, the user has to say which.
    async fn abort_newest(
        &self,
        caller: &Caller,
        client: &JenkinsClient,
        server: ServerAlias,
        job: JobPath,
        queued: bool,
    ) -> Reply {
        let status = client.status(&job).await?;
        let builds = if queued {
            Vec::new()
        } else {
            client.history(&job, RUNNING_AMONG).await?
        };
        let running: Vec<u64> = builds
            .iter()
            .filter(|build| build.running)
            .map(|build| build.number)
            .collect();
        let shown = text::code_span(&job.to_string());
        match (running.as_slice(), status.queued) {
            ([number], _) => {
                let number = *number;
                let key = BuildKey {
                    server,
                    job,
                    number,
                };
                self.stop(caller, client, &key, StopKind::Stop).await
            }
            ([], Some((QueueId(queue_id), _))) => {
                let queued = QueueKey {
                    server,
                    job,
                    queue_id,
                };
                self.cancel(caller, client, &queued).await
            }
            ([], None) if queued => Ok(Some(format!(
                "No build of the job {shown} waits in the queue. Nothing was aborted."
            ))),
            ([], None) => Ok(Some(match status.last {
                Some(last) => format!(
                    "No build of the job {shown} is running or waiting; the last one, #{}, {}. Nothing was aborted.",
                    last.number,
                    ended(last.result)
                ),
                None => format!(
                    "The job {shown} was never built, and no build is waiting. Nothing was aborted."
                ),
            })),
            (several, _) => {
                let numbers: Vec<String> =
                    several.iter().map(|number| format!("#{number}")).collect();
                Ok(Some(format!(
                    "{} builds of the job {shown} are running: {}. Say which, as in `/jenkins abort {job} {}`; nothing was aborted.",
                    several.len(),
                    numbers.join(", "),
                    several[0],
                    job = text::one_line(&job.to_string()).replace('`', "'"),
                )))
            }
        }
    }

    /// Takes a build out of the queue; if it has begun already, says so.
    pub(super) async fn cancel(
        &self,
        caller: &Caller,
        client: &JenkinsClient,
        queued: &QueueKey,
    ) -> Reply {
        let id = QueueId(queued.queue_id);
        let change =
            Change::of_job("abort", &queued.server, &queued.job).with("queue_id", queued.queue_id);
        let cancelled = self.audited(caller, change, client.cancel_queue_item(id));
        let doubt = match cancelled.await {
            Ok(()) => None,
            Err(error @ JenkinsError::NotFound { .. }) => Some(error),
            Err(error) if error.is_outcome_unknown() => Some(error),
            Err(error) => return Err(error.into()),
        };
        let job = text::plain(&queued.job.to_string());
        let item = client.queue_item(id).await?;
        match (item.map(|item| item.state), doubt) {
            (Some(QueueState::Cancelled), _) => {
                let said = format!(
                    "The waiting build of the job '{job}' has been taken out of the queue."
                );
                self.notify(caller, client, said, Vec::new()).await
            }
            (Some(QueueState::Started { number }), _) => Ok(Some(format!(
                "The build of the job '{job}' had left the queue and runs as #{number}; it was not aborted. `/jenkins abort {} {number}` does that.",
                text::one_line(&queued.job.to_string()).replace('`', "'"),
            ))),
            (Some(QueueState::Starting), _) => Ok(Some(format!(
                "The build of the job '{job}' has just left the queue; it was not aborted. Try again in a moment."
            ))),
            (Some(QueueState::Waiting { .. }), Some(error)) => Err(error.into()),
            (Some(QueueState::Waiting { .. }), None) => Ok(Some(format!(
                "Jenkins took the request, but the build of the job '{job}' still waits in the queue. Look at the job in Jenkins."
            ))),
            (None, Some(error)) => Err(error.into()),
            // Jenkins took it, and has forgotten the entry by now.
            (None, None) => {
                let said = format!(
                    "The waiting build of the job '{job}' has been taken out of the queue."
                );
                self.notify(caller, client, said, Vec::new()).await
            }
        }
    }
}
