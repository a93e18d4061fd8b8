//! Who changed what at Jenkins, for the server's audit log.

use mattermost_plugin::model::{AuditEventActor, AuditEventData, AuditEventError, AuditRecord};
use serde_json::{Map, Value};

use super::{Caller, JenkinsService};
use crate::config::ServerAlias;
use crate::jenkins::action::BuildKey;
use crate::jenkins::{JenkinsError, JobPath};

/// A change that is about to be asked of Jenkins. Holds no secret: no values of parameters, no texts.
#[derive(Debug, Clone)]
pub(super) struct Change {
    verb: &'static str,
    server: ServerAlias,
    about: Map<String, Value>,
}

impl Change {
    /// A change of a server as a whole; `verb` is the command's name.
    pub(super) fn of_server(verb: &'static str, server: &ServerAlias) -> Self {
        Self {
            verb,
            server: server.clone(),
            about: Map::new(),
        }
    }

    /// A change of a job or a folder.
    pub(super) fn of_job(verb: &'static str, server: &ServerAlias, job: &JobPath) -> Self {
        Self::of_server(verb, server).with("job", job.full_name())
    }

    /// A change of a build.
    pub(super) fn of_build(verb: &'static str, build: &BuildKey) -> Self {
        Self::of_job(verb, &build.server, &build.job).with("build", build.number)
    }

    /// The same with something more to say.
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.about.insert(name.to_owned(), value.into());
        self
    }
}

impl JenkinsService {
    /// Makes a change, and records that it was made, refused, or is in doubt.
    pub(super) async fn audited<T>(
        &self,
        caller: &Caller,
        change: Change,
        deed: impl Future<Output = Result<T, JenkinsError>>,
    ) -> Result<T, JenkinsError> {
        let result = deed.await;
        self.log_record(record(caller, change, result.as_ref().err()))
            .await;
        result
    }

    /// Records a change that was made here, and not at Jenkins.
    pub(super) async fn record_change(&self, caller: &Caller, change: Change) {
        self.log_record(record(caller, change, None)).await;
    }

    async fn log_record(&self, record: AuditRecord) {
        if let Err(error) = self.api.audit().log(&record).await {
            tracing::warn!(event = record.event_name, %error, "a change is not in the audit log");
        }
    }
}

fn record(caller: &Caller, change: Change, failure: Option<&JenkinsError>) -> AuditRecord {
    let status = match failure {
        None => "success",
        Some(error) if error.is_outcome_unknown() => "attempt",
        Some(_) => "fail",
    };
    let mut parameters = change.about;
    parameters.insert("server".to_owned(), change.server.to_string().into());
    parameters.insert("channel_id".to_owned(), caller.channel_id.clone().into());
    AuditRecord {
        event_name: format!("jenkins.{}", change.verb),
        status: status.to_owned(),
        event_data: AuditEventData {
            parameters,
            object_type: "jenkins".to_owned(),
            ..AuditEventData::default()
        },
        actor: AuditEventActor {
            user_id: caller.user_id.clone(),
            ..AuditEventActor::default()
        },
        error: AuditEventError {
            description: failure.map(ToString::to_string).unwrap_or_default(),
            ..AuditEventError::default()
        },
        ..AuditRecord::default()
    }
}
