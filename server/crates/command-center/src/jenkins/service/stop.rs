//! Stopping builds that run, as hard as it takes.

use std::time::Duration;

use tokio::time::Instant;

use super::audit::Change;
use super::target::missing;
use super::{Caller, JenkinsService, Reply};
use crate::http_client::{HttpFailure, Phase};
use crate::jenkins::access::AccessError;
use crate::jenkins::action::BuildKey;
use crate::jenkins::client::StopKind;
use crate::jenkins::confirm::{Operation, Wording};
use crate::jenkins::error::ErrorKind;
use crate::jenkins::model::{Build, BuildResult};
use crate::jenkins::{BuildSelector, JenkinsClient, JenkinsError, render};
use crate::text;

/// How often a build that should stop is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How long one look may take.
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);
/// How long a build may take to stop before something harder is offered.
const STOPS_WITHIN: Duration = Duration::from_secs(20);

/// What became of a build that should stop.
enum End {
    /// It is over.
    Over(Build),
    /// It still runs.
    Running,
    /// Jenkins does not say.
    Unknown(JenkinsError),
}

impl JenkinsService {
    /// Stops a build as hard as said, and waits for what comes of it.
    pub(super) async fn stop(
        &self,
        caller: &Caller,
        client: &JenkinsClient,
        key: &BuildKey,
        kind: StopKind,
    ) -> Reply {
        let name = name(client, key);
        let build = client
            .build(&key.job, BuildSelector::Number(key.number))
            .await?
            .ok_or_else(|| missing(&key.number.to_string(), &key.job))?;
        if !build.running {
            return Ok(Some(format!(
                "{name} {} before; there is nothing to abort.",
                ended(build.result)
            )));
        }
        let verb = match kind {
            StopKind::Stop => "abort",
            StopKind::Term => "term",
            StopKind::Kill => "kill",
        };
        let change = Change::of_build(verb, key);
        let asked = client.stop_with(&key.job, key.number, kind);
        match self.audited(caller, change, asked).await {
            Ok(()) => {}
            Err(JenkinsError::NotFound { .. }) if kind != StopKind::Stop => {
                return Err(AccessError::Refused(format!(
                    "{name} still runs, and Jenkins has nothing harder for it: only builds of pipelines can be terminated or killed. Look at it in Jenkins."
                )));
            }
            // It may have arrived: the build tells.
            Err(error) if error.is_outcome_unknown() => {}
            Err(error) => return Err(error.into()),
        }
        match self.wait_for_end(client, key).await {
            End::Over(build) if build.result == Some(BuildResult::Aborted) => {
                self.notify(
                    caller,
                    client,
                    format!("{name} has been aborted."),
                    Vec::new(),
                )
                .await
            }
            End::Over(build) => Ok(Some(format!(
                "{name} {} before it could be aborted.",
                ended(build.result)
            ))),
            End::Running => self.offer_harder(caller, key, kind, &name).await,
            End::Unknown(error) => Ok(Some(format!(
                "Jenkins was asked to abort {name}; whether it did is not known. {}",
                render::error(&error)
            ))),
        }
    }

    async fn wait_for_end(&self, client: &JenkinsClient, key: &BuildKey) -> End {
        let start = Instant::now();
        loop {
            self.clock.sleep(LOOK).await;
            let is_late = self.clock.elapsed(start) >= STOPS_WITHIN;
            match self.look_at(client, key).await {
                Ok(Some(build)) if !build.running => return End::Over(build),
                Ok(Some(_)) if is_late => return End::Running,
                Ok(Some(_)) => {}
                Ok(None) => {
                    return End::Unknown(missing(&key.number.to_string(), &key.job));
                }
                Err(error) if error.kind() == ErrorKind::Passing && !is_late => {}
                Err(error) => return End::Unknown(error),
            }
        }
    }

    /// The build, if Jenkins answers soon.
    async fn look_at(
        &self,
        client: &JenkinsClient,
        key: &BuildKey,
    ) -> Result<Option<Build>, JenkinsError> {
        let build = client.build(&key.job, BuildSelector::Number(key.number));
        let answer = tokio::time::timeout(self.clock.real(ANSWERS_WITHIN), build).await;
        answer.unwrap_or(Err(JenkinsError::Http(HttpFailure::Timeout {
            phase: Phase::Whole,
            after: ANSWERS_WITHIN,
        })))
    }

    async fn offer_harder(
        &self,
        caller: &Caller,
        key: &BuildKey,
        kind: StopKind,
        name: &str,
    ) -> Reply {
        let (harder, yes, text) = match kind {
            StopKind::Stop => (
                StopKind::Term,
                "Terminate it",
                format!(
                    "{name} still runs {} after it was asked to stop. Shall Jenkins terminate it, without letting its steps clean up?",
                    text::duration(STOPS_WITHIN)
                ),
            ),
            StopKind::Term => (
                StopKind::Kill,
                "Kill it",
                format!(
                    "{name} still runs after it was terminated. Shall Jenkins kill it? It is then marked as aborted at once; what its steps started may go on unseen."
                ),
            ),
            StopKind::Kill => {
                return Ok(Some(format!(
                    "{name} still runs although it was killed. An administrator of Jenkins has to look at it."
                )));
            }
        };
        let operation = Operation::Stop {
            build: key.clone(),
            kind: harder,
        };
        let wording = Wording {
            text: &text,
            yes,
            no: "Let it run",
        };
        self.confirm(caller, operation, wording).await
    }
}

/// `Build #3 of the job 'folder/x'`, with a link.
fn name(client: &JenkinsClient, key: &BuildKey) -> String {
    let number = key.number.to_string();
    let page = client.address().page(key.job.build_segments(&number));
    format!(
        "Build {} of the job '{}'",
        text::link(&format!("#{number}"), page.as_str()),
        text::plain(&key.job.to_string())
    )
}

/// How a build ended before.
pub(super) fn ended(result: Option<BuildResult>) -> &'static str {
    match result {
        Some(BuildResult::Success) => "had succeeded",
        Some(BuildResult::Unstable) => "had ended unstable",
        Some(BuildResult::Failure) => "had failed",
        Some(BuildResult::Aborted) => "had been aborted",
        Some(BuildResult::NotBuilt) => "had ended without being built",
        Some(BuildResult::Unknown) | None => "had ended",
    }
}
