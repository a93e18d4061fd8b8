//! Making jobs: of a configuration, of an attached file, of another job.

use std::sync::Arc;
use std::time::Duration;

use mattermost_plugin::model::{SubmitDialogRequest, SubmitDialogResponse};
use serde::{Deserialize, Serialize};

use super::audit::Change;
use super::{Aside, Caller, JenkinsService, Reply};
use crate::config::ServerAlias;
use crate::jenkins::access::AccessError;
use crate::jenkins::client::check_name;
use crate::jenkins::command::JobArgument;
use crate::jenkins::command::control::Create;
use crate::jenkins::dialog::create_job as dialog;
use crate::jenkins::error::NameProblem;
use crate::jenkins::policy::{Subject, Verb};
use crate::jenkins::{JenkinsClient, JenkinsError, JobPath, render};
use crate::pending::Question;
use crate::text;

/// How long somebody may look for the configuration while the dialog is open.
const DIALOG_TIME: Duration = Duration::from_secs(60 * 60);

/// The answer when a dialog was open for too long.
const GONE: &str = "This dialog was open for more than an hour. Copy what you filled in, and run /jenkins createjob again.";

/// A job that is being filled in.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct CreateJob {
    server: ServerAlias,
}

/// What a job is made of.
enum Source {
    Xml(String),
    Copy(JobPath),
}

impl JenkinsService {
    pub(super) async fn create_job(&self, caller: &Caller, create: Create) -> Reply {
        let server = self
            .server(caller, create.server.as_deref())
            .await?
            .alias
            .clone();
        let client = self.access.client(&caller.user_id, &server).await?;
        let source = match create.from {
            Some(from) => {
                let from = JobArgument {
                    text: from,
                    server: Some(server.to_string()),
                };
                // What is copied is only looked at.
                let reader = Caller {
                    verb: Verb::Info,
                    ..caller.clone()
                };
                let target = self.target(&reader, &from).await?;
                let (path, _) = self.resolve_item(&reader, &target).await?;
                Source::Copy(path)
            }
            None if create.attached => Source::Xml(self.attached_xml(caller).await?.xml),
            None => return self.open_create_dialog(caller, &server, &create.name).await,
        };
        self.make(caller, &client, &server, &create.name, source)
            .await
    }

    async fn open_create_dialog(&self, caller: &Caller, server: &ServerAlias, name: &str) -> Reply {
        caller.may_open_dialog()?;
        let question = Question {
            user_id: caller.user_id.clone(),
            channel_id: caller.channel_id.clone(),
            root_id: caller.root_id.clone(),
            about: CreateJob {
                server: server.clone(),
            },
        };
        let state = self.pending.put(&question, DIALOG_TIME).await?;
        let request = dialog::open(&caller.trigger_id, &state, name);
        self.api.dialogs().open(&request).await?;
        Ok(None)
    }

    /// Makes the job that was filled in. Sent twice, the second time Jenkins knows the job already.
    pub async fn submit_create_dialog(
        self: &Arc<Self>,
        user_id: &str,
        request: &SubmitDialogRequest,
    ) -> SubmitDialogResponse {
        if request.cancelled {
            return SubmitDialogResponse::default();
        }
        let job = match dialog::filled_in(request) {
            Ok(job) => job,
            Err(answer) => return *answer,
        };
        let refused = |error: AccessError| SubmitDialogResponse {
            error: super::words(Err(error)).unwrap_or_default(),
            ..SubmitDialogResponse::default()
        };
        let question: Question<CreateJob> = match self.pending.peek(&request.state, user_id).await {
            Ok(Some(question)) => question,
            Ok(None) => return refused(AccessError::Refused(GONE.to_owned())),
            Err(error) => return refused(error.into()),
        };
        let caller = Caller {
            user_id: user_id.to_owned(),
            channel_id: question.channel_id,
            root_id: question.root_id,
            trigger_id: String::new(),
            verb: Verb::CreateJob,
            aside: Aside::default(),
        };
        let service = Arc::clone(self);
        let (told, server) = (caller.clone(), question.about.server);
        let work = async move {
            service.check_may_post(&caller).await?;
            let client = service.access.client(&caller.user_id, &server).await?;
            let source = Source::Xml(job.xml);
            service
                .make(&caller, &client, &server, &job.name, source)
                .await
        };
        self.submitted(told, work).await
    }

    async fn make(
        &self,
        caller: &Caller,
        client: &JenkinsClient,
        server: &ServerAlias,
        name: &str,
        source: Source,
    ) -> Reply {
        let path = new_path(name)?;
        self.permit(caller, server, Subject::Job(&path)).await?;
        let shown = text::plain(&path.to_string());
        if client.item(&path).await?.is_some() {
            return Err(AccessError::Refused(format!(
                "A job or folder '{shown}' is there already; nothing was changed. Choose another name."
            )));
        }
        let parent = parent(&path);
        let folders = match &parent {
            Some(parent) => client.create_missing_folders(parent).await?,
            None => Vec::new(),
        };
        let made = match folders.as_slice() {
            [] => String::new(),
            folders => {
                let names: Vec<String> = folders
                    .iter()
                    .map(|folder| text::code_span(&folder.to_string()))
                    .collect();
                format!(
                    " Folders that were missing and have been made: {}.",
                    names.join(", ")
                )
            }
        };
        let change = Change::of_job("createjob", server, &path).with("folders", folders.len());
        let asked = async {
            match &source {
                Source::Xml(xml) => client.create(parent.as_ref(), path.name(), xml).await,
                Source::Copy(from) => client.copy(parent.as_ref(), path.name(), from).await,
            }
        };
        let doubt = match self.audited(caller, change, asked).await {
            Ok(_) => None,
            Err(error) if error.is_outcome_unknown() => Some(error),
            Err(error) if made.is_empty() => return Err(error.into()),
            Err(error) => {
                return Err(AccessError::Refused(format!(
                    "{}{made}",
                    render::error(&error)
                )));
            }
        };
        match (client.item(&path).await?, doubt) {
            (Some(_), _) => {
                let page = client.address().page(path.segments());
                let name = text::link(&path.to_string(), page.as_str());
                let copied = match &source {
                    Source::Copy(from) => {
                        format!(" as a copy of {}", text::code_span(&from.to_string()))
                    }
                    Source::Xml(_) => String::new(),
                };
                let said = format!("Job '{name}' has been created{copied}.{made}");
                self.notify(caller, client, said, Vec::new()).await
            }
            (None, Some(error)) => Err(error.into()),
            (None, None) => Ok(Some(format!(
                "Jenkins took the request, but the job '{shown}' is not there, or you may not see it.{made}"
            ))),
        }
    }
}

fn new_path(name: &str) -> Result<JobPath, JenkinsError> {
    let names: Vec<String> = name
        .trim()
        .trim_matches('/')
        .split('/')
        .map(|name| name.trim().to_owned())
        .collect();
    for name in &names {
        check_name(name)?;
    }
    JobPath::new(names).map_err(|_| JenkinsError::BadName {
        name: name.to_owned(),
        problem: NameProblem::Empty,
    })
}

fn parent(path: &JobPath) -> Option<JobPath> {
    let (_, parent) = path.names().split_last()?;
    JobPath::new(parent.to_vec()).ok()
}
