//! Asking for the parameters of a build, page by page.
//!
//! What was filled in so far waits in a [question](crate::pending) to the user, sealed because of the
//! passwords in it. The next page is opened by a button: older servers and clients know no form in the
//! answer of a dialog (`SubmitDialogResponse` had nothing but errors) and would just close it.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use mattermost_plugin::Capability;
use mattermost_plugin::api::new_id;
use mattermost_plugin::api::permission::CREATE_POST;
use mattermost_plugin::model::{Attachment, SubmitDialogRequest, SubmitDialogResponse};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::{Aside, Caller, JenkinsService, Reply};
use crate::config::ServerAlias;
use crate::connections::{ConnectionError, Purpose, SealedSecret};
use crate::jenkins::access::AccessError;
use crate::jenkins::action::{Action, Style};
use crate::jenkins::client::Job;
use crate::jenkins::dialog::parameters::{self as dialog, BuildOption, Field, Form, Values};
use crate::jenkins::model::{BuildResult, BuildSummary};
use crate::jenkins::parameters::{self, ParameterKind};
use crate::jenkins::policy::Verb;
use crate::jenkins::{JenkinsClient, JenkinsError, JobPath};
use crate::pending::Question;
use crate::text;

/// How long a form waits for its next page.
const FORM_TIME: Duration = Duration::from_secs(60 * 60);
/// A dialog that comes later than this after the command would come into the way of something else.
const SOON: Duration = Duration::from_secs(3);
/// How long the builds to choose from may be waited for.
const BUILDS_TIME: Duration = Duration::from_secs(1);
/// How many of them are offered.
const BUILDS: u32 = 20;

/// The answer when a form is not there any more.
const GONE: &str =
    "This form was sent already, or it waited for more than an hour. Type the command again.";

/// A build whose parameters are being filled in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Asked {
    server: ServerAlias,
    job: JobPath,
    fields: Vec<Field>,
    page: usize,
    /// The values so far, as JSON.
    known: SealedSecret,
    /// What the dialog has to say; Markdown.
    note: String,
    /// The post with the button for this page, if it came to that.
    post_id: String,
}

/// What to ask for.
pub(super) struct Asking {
    pub(super) fields: Vec<Field>,
    pub(super) known: Values,
    /// What the dialog has to say; Markdown.
    pub(super) note: String,
}

impl JenkinsService {
    /// Asks for every parameter of a job.
    pub(super) async fn ask_for_all(
        &self,
        caller: &Caller,
        (server, client): (&ServerAlias, &JenkinsClient),
        job: Job,
        since: Instant,
    ) -> Reply {
        let files = self.files(caller, &job).await?;
        let note = files.offered(client, &job).unwrap_or_default();
        let asking = Asking {
            fields: fields(client, &job, self.has_menus()).await,
            known: Values::new(),
            note,
        };
        if asking.fields.is_empty() && files.missing.is_empty() {
            return self.start_build(caller, server, client, &job, &[]).await;
        }
        if asking.fields.is_empty() {
            return Err(AccessError::Refused(format!(
                "The job {} takes a file. {} `--defaults` builds without.",
                name(&job.path),
                asking.note
            )));
        }
        self.ask(caller, (server, client), &job, asking, since)
            .await
    }

    /// Asks for some parameters of a job: with a dialog if it comes soon after the command or click,
    /// else with a button for it.
    pub(super) async fn ask(
        &self,
        caller: &Caller,
        (server, client): (&ServerAlias, &JenkinsClient),
        job: &Job,
        asking: Asking,
        since: Instant,
    ) -> Reply {
        if !job.buildable {
            return Err(JenkinsError::NotBuildable {
                name: job.path.to_string(),
            }
            .into());
        }
        let asked = Asked {
            server: server.clone(),
            job: job.path.clone(),
            fields: asking.fields,
            page: 0,
            known: self.seal_values(&caller.user_id, &asking.known)?,
            note: asking.note,
            post_id: new_id(),
        };
        let id = self.put_form(caller, asked.clone()).await?;
        let may_open = !caller.trigger_id.is_empty() && since.elapsed() < SOON;
        if may_open
            && self
                .open_form(client, &caller.trigger_id, &id, &asked, &asking.known)
                .await?
        {
            return Ok(None);
        }
        let text = format!("The job {} takes parameters.", name(&asked.job));
        self.offer_form(caller, &id, &asked, &text, "Fill in parameters")
            .await;
        Ok(None)
    }

    async fn put_form(&self, caller: &Caller, asked: Asked) -> Result<String, AccessError> {
        let question = Question {
            user_id: caller.user_id.clone(),
            channel_id: caller.channel_id.clone(),
            root_id: caller.root_id.clone(),
            about: asked,
        };
        Ok(self.pending.put(&question, FORM_TIME).await?)
    }

    /// Opens the dialog of the page that is due; false if the trigger has expired.
    async fn open_form(
        &self,
        client: &JenkinsClient,
        trigger_id: &str,
        id: &str,
        asked: &Asked,
        known: &[(String, String)],
    ) -> Result<bool, AccessError> {
        let url = client.address().page(asked.job.segments());
        let heading = dialog::Heading {
            job: &asked.job.to_string(),
            name: &crate::jenkins::job_path::branch_name(asked.job.name()),
            url: url.as_str(),
            note: &asked.note,
        };
        let request = dialog::open(trigger_id, id, &heading, &asked.form(known));
        match self.api.dialogs().open(&request).await {
            Ok(()) => Ok(true),
            Err(error) if error.status_code() == Some(400) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Shows the button that opens the page that is due.
    async fn offer_form(&self, caller: &Caller, id: &str, asked: &Asked, text: &str, word: &str) {
        let action = Action::FillIn {
            question: id.to_owned(),
        };
        let attachment = Attachment {
            fallback: word.to_owned(),
            actions: vec![action.button(word, Style::Primary)],
            ..Attachment::default()
        };
        self.show_as(asked.post_id.clone(), caller, text, &[attachment])
            .await;
    }

    /// A click on the button of a page.
    pub(super) async fn fill_in(&self, caller: &Caller, id: &str) -> Reply {
        let user_id = caller.user_id.as_str();
        let question: Option<Question<Asked>> = self.pending.peek(id, user_id).await?;
        let asked = question.ok_or_else(gone)?.about;
        let known = self.open_values(user_id, &asked.known)?;
        let client = self.access.client(user_id, &asked.server).await?;
        let is_open = self
            .open_form(&client, &caller.trigger_id, id, &asked, &known)
            .await?;
        Ok((!is_open).then(|| "The click came too late for a dialog. Click again.".to_owned()))
    }

    /// Takes a page that was filled in. Answers at once: the build is started in the background.
    pub async fn submit_parameters_dialog(
        self: &Arc<Self>,
        user_id: &str,
        request: &SubmitDialogRequest,
    ) -> SubmitDialogResponse {
        if request.cancelled {
            return SubmitDialogResponse::default();
        }
        match self.take_page(user_id, request).await {
            Ok(answer) => answer,
            Err(error) => SubmitDialogResponse {
                error: super::words(Err(error)).unwrap_or_default(),
                ..SubmitDialogResponse::default()
            },
        }
    }

    async fn take_page(
        self: &Arc<Self>,
        user_id: &str,
        request: &SubmitDialogRequest,
    ) -> Result<SubmitDialogResponse, AccessError> {
        let id = &request.state;
        let question: Question<Asked> = self.pending.peek(id, user_id).await?.ok_or_else(gone)?;
        let caller = Caller {
            user_id: user_id.to_owned(),
            channel_id: question.channel_id,
            root_id: question.root_id,
            trigger_id: String::new(),
            verb: Verb::Build,
            aside: Aside::default(),
        };
        self.check_may_post(&caller).await?;
        let mut asked = question.about;
        let known = self.open_values(user_id, &asked.known)?;
        let values = match asked.form(&known).read(&request.submission) {
            Ok(values) => values,
            Err(errors) => {
                return Ok(SubmitDialogResponse {
                    errors,
                    ..SubmitDialogResponse::default()
                });
            }
        };
        let is_last = asked.form(&known).is_last();
        let former_post = std::mem::replace(&mut asked.post_id, new_id());
        asked.known = self.seal_values(user_id, &values)?;
        let next = if is_last {
            None
        } else {
            asked.page += 1;
            // Before the page is taken, so that nothing filled in can be lost between the two.
            Some(self.put_form(&caller, asked.clone()).await?)
        };
        let taken: Option<Question<Asked>> = self.pending.take(id, user_id).await?;
        if taken.is_none() {
            return Err(gone());
        }
        if let Err(error) = self
            .api
            .posts()
            .delete_ephemeral(user_id, &former_post)
            .await
        {
            tracing::debug!(%error, "a button that was used stays visible");
        }
        match next {
            Some(next) => self.offer_next(&caller, &next, &asked).await,
            None => {
                let service = Arc::clone(self);
                let told = caller.clone();
                self.in_background(told, async move {
                    service.build_filled_in(&caller, asked, values).await
                });
            }
        }
        Ok(SubmitDialogResponse::default())
    }

    async fn offer_next(&self, caller: &Caller, id: &str, asked: &Asked) {
        let (page, pages) = (asked.page + 1, asked.form(&[]).pages());
        let text = format!(
            "Parameters of the job {}: page {} is filled in.",
            name(&asked.job),
            page - 1
        );
        let word = format!("Continue ({page} of {pages})");
        self.offer_form(caller, id, asked, &text, &word).await;
    }

    /// Builds with what was filled in. If nothing comes of it, nothing of it is lost: it can be sent
    /// again.
    async fn build_filled_in(&self, caller: &Caller, asked: Asked, values: Values) -> Reply {
        let mut fields = asked.fields.clone();
        let error = match self
            .try_filled_in(caller, &asked, &values, &mut fields)
            .await
        {
            Ok(said) => return Ok(said),
            Err(error) => error,
        };
        let known = values
            .into_iter()
            .filter(|(name, _)| fields.iter().any(|field| field.parameter.name == *name))
            .collect();
        let asked = Asked {
            known: self.seal_values(&caller.user_id, &known)?,
            fields,
            page: 0,
            ..asked
        };
        let id = self.put_form(caller, asked.clone()).await?;
        let text = super::words(Err(error)).unwrap_or_default();
        let text = format!("{text}\nWhat you filled in is kept for an hour.");
        self.offer_form(caller, &id, &asked, &text, "Try again")
            .await;
        Ok(None)
    }

    /// `fields` become those that the job has now, if it does not take these values any more.
    async fn try_filled_in(
        &self,
        caller: &Caller,
        asked: &Asked,
        values: &Values,
        fields_now: &mut Vec<Field>,
    ) -> Reply {
        let client = self.access.client(&caller.user_id, &asked.server).await?;
        let job = self
            .resolve_known(caller, (&asked.server, &client), &asked.job)
            .await?;
        if parameters::fit(&job.parameters, values).is_err() {
            *fields_now = fields(&client, &job, self.has_menus()).await;
        }
        self.start_build(caller, &asked.server, &client, &job, values)
            .await
    }

    /// An hour is long enough to lose the right to post.
    pub(super) async fn check_may_post(&self, caller: &Caller) -> Result<(), AccessError> {
        let may_post = self
            .api
            .permissions()
            .has_in_channel(&caller.user_id, &caller.channel_id, CREATE_POST)
            .await?;
        if may_post {
            return Ok(());
        }
        Err(AccessError::Refused(
            "You may not post in the channel of this form any more. Type the command in another one."
                .to_owned(),
        ))
    }

    fn seal_values(&self, user_id: &str, values: &Values) -> Result<SealedSecret, AccessError> {
        let json = Zeroizing::new(serde_json::to_string(values).unwrap_or_default());
        self.access
            .connections()
            .seal(
                user_id,
                Purpose::BuildParameters,
                &SecretString::from(json.as_str()),
            )
            .map_err(|error| {
                tracing::error!(%error, "what was filled in could not be sealed");
                self.access.not_configured().into()
            })
    }

    /// Whether dialogs of this server can have menus.
    pub(super) fn has_menus(&self) -> bool {
        self.api.supports(Capability::DialogChoices)
    }

    fn open_values(&self, user_id: &str, sealed: &SealedSecret) -> Result<Values, AccessError> {
        let opened = self
            .access
            .connections()
            .unseal(user_id, Purpose::BuildParameters, sealed);
        match opened {
            Ok(json) => serde_json::from_str(json.expose_secret()).map_err(|_| gone()),
            Err(ConnectionError::Open(_)) => Err(AccessError::Refused(
                "The administrator changed the encryption key meanwhile. Type the command again."
                    .to_owned(),
            )),
            Err(_) => Err(self.access.not_configured().into()),
        }
    }
}

impl Asked {
    fn form<'a>(&'a self, known: &'a [(String, String)]) -> Form<'a> {
        Form {
            fields: &self.fields,
            page: self.page,
            known,
        }
    }
}

/// A field for each parameter that can be filled in, with builds to choose from where a build is asked
/// for and the user may see any.
pub(super) async fn fields(client: &JenkinsClient, job: &Job, menus: bool) -> Vec<Field> {
    let parameters = job.parameters.iter();
    let asked = parameters.filter(|parameter| parameter.kind != ParameterKind::File);
    let fields = asked.map(|parameter| async move {
        let builds = match &parameter.kind {
            ParameterKind::Run { project } if menus => builds_of(client, project).await,
            _ => Vec::new(),
        };
        Field {
            builds,
            ..Field::new(parameter.clone(), menus)
        }
    });
    join_all(fields).await
}

/// `project` is a full name (`hudson.model.RunParameterDefinition.projectName`).
async fn builds_of(client: &JenkinsClient, project: &str) -> Vec<BuildOption> {
    let names = project.split('/').map(str::to_owned).collect();
    let Ok(path) = JobPath::new(names) else {
        return Vec::new();
    };
    let history = tokio::time::timeout(BUILDS_TIME, client.history(&path, BUILDS)).await;
    let builds = history.ok().and_then(Result::ok).unwrap_or_default();
    let option = |build: BuildSummary| BuildOption {
        value: format!("{project}#{}", build.number),
        text: build_text(&build),
    };
    builds.into_iter().map(option).collect()
}

fn build_text(build: &BuildSummary) -> String {
    let result = match build.result {
        _ if build.running => "running",
        Some(BuildResult::Success) => "success",
        Some(BuildResult::Unstable) => "unstable",
        Some(BuildResult::Failure) => "failure",
        Some(BuildResult::NotBuilt) => "not built",
        Some(BuildResult::Aborted) => "aborted",
        Some(BuildResult::Unknown) | None => "unknown",
    };
    match &build.display_name {
        Some(name) => format!("#{} {name} ({result})", build.number),
        None => format!("#{} ({result})", build.number),
    }
}

fn name(job: &JobPath) -> String {
    text::code_span(&text::truncate_middle(&job.to_string(), 200))
}

fn gone() -> AccessError {
    AccessError::Refused(GONE.to_owned())
}
