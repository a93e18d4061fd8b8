//! What a click does.

use std::sync::Arc;

use mattermost_plugin::api::permission::READ_CHANNEL_CONTENT;
use mattermost_plugin::model::{Post, PostActionIntegrationRequest, PostActionIntegrationResponse};
use serde::de::IgnoredAny;

use super::target::FoundBuild;
use super::{Aside, Caller, JenkinsService, Reply};
use crate::jenkins::access::AccessError;
use crate::jenkins::action::{Action, Asked, BuildKey};
use crate::jenkins::client::StopKind;
use crate::jenkins::command::input::Answer;
use crate::jenkins::command::log::{DEFAULT_LINES, Part};
use crate::jenkins::policy::{Subject, Verb};
use crate::jenkins::shortcuts::JobKey;
use crate::pending::Question;

/// The answer to a click that leads nowhere.
const GONE: &str = "This button is out of date. Type the command in its place.";

impl JenkinsService {
    /// Does what a button says that `user_id` used. Nothing else in the request is believed before it
    /// is looked up.
    ///
    /// What the user alone is told is shown in the channel where they see the button. The server would
    /// put a text in its answer into the post's thread, where nobody looks
    /// (`app/integration_action.go`, `DoPostActionWithCookie`).
    pub async fn act(
        self: &Arc<Self>,
        user_id: &str,
        request: &PostActionIntegrationRequest,
    ) -> PostActionIntegrationResponse {
        if let Some((question, asked)) = Action::question(&request.context) {
            return self
                .act_on_question(user_id, request, question, asked)
                .await;
        }
        if let Some(server) = Action::as_connect(&request.context) {
            return self.connect_by_click(user_id, request, server).await;
        }
        if let Some((question, accept)) = Action::as_answer(&request.context) {
            return self.answered(user_id, request, &question, accept).await;
        }
        let (post, action) = match self.verified(user_id, request).await {
            Ok(verified) => verified,
            Err(error) => return say(super::words(Err(error))),
        };
        let told = Caller {
            user_id: user_id.to_owned(),
            channel_id: post.channel_id.clone(),
            root_id: post.root_id.clone(),
            trigger_id: request.trigger_id.clone(),
            verb: action.verb(),
            aside: Aside::default(),
        };
        let is_beside = matches!(action, Action::Rebuild { .. });
        let caller = Caller {
            // A new build has a card beside the old one, all else belongs into its thread.
            root_id: if post.root_id.is_empty() && !is_beside {
                post.id
            } else {
                post.root_id
            },
            ..told.clone()
        };
        let service = Arc::clone(self);
        let shown = told.clone();
        let work = async move { service.perform(&caller, &shown, action).await };
        if let Some(text) = self.answer(told.clone(), work).await {
            self.tell(&told, &text).await;
        }
        PostActionIntegrationResponse::default()
    }

    /// A click on a post that is not stored: what it does, and for whom, is in the question.
    async fn act_on_question(
        self: &Arc<Self>,
        user_id: &str,
        request: &PostActionIntegrationRequest,
        id: String,
        asked: Asked,
    ) -> PostActionIntegrationResponse {
        let question: Option<Question<IgnoredAny>> = match self.pending.peek(&id, user_id).await {
            Ok(question) => question,
            Err(error) => return say(super::words(Err(error.into()))),
        };
        let Some(question) = question else {
            return say(Some(GONE.to_owned()));
        };
        let told = Caller {
            user_id: user_id.to_owned(),
            channel_id: question.channel_id,
            root_id: question.root_id,
            trigger_id: request.trigger_id.clone(),
            verb: match asked {
                Asked::Form => Verb::Build,
                Asked::File(_) | Asked::AllFiles => Verb::GetArtifacts,
            },
            aside: Aside::default(),
        };
        let service = Arc::clone(self);
        let caller = told.clone();
        let work = async move {
            match asked {
                Asked::Form => service.fill_in(&caller, &id).await,
                Asked::File(path) => service.attach_chosen(&caller, &id, Some(&path)).await,
                Asked::AllFiles => service.attach_chosen(&caller, &id, None).await,
            }
        };
        if let Some(text) = self.answer(told.clone(), work).await {
            self.tell(&told, &text).await;
        }
        PostActionIntegrationResponse::default()
    }

    /// The post and the action, if this user can read the post and it has a button that says so.
    async fn verified(
        &self,
        user_id: &str,
        request: &PostActionIntegrationRequest,
    ) -> Result<(Post, Action), AccessError> {
        let gone = || AccessError::Refused(GONE.to_owned());
        let post = self.api.posts().get_optional(&request.post_id).await?;
        let post = post
            .filter(|post| post.user_id == self.bot_user_id && post.delete_at == 0)
            .ok_or_else(gone)?;
        let may_read = self
            .api
            .permissions()
            .has_in_channel(user_id, &post.channel_id, READ_CHANNEL_CONTENT)
            .await?;
        if !may_read {
            return Err(gone());
        }
        let action = Action::on_post(&post, &request.context).ok_or_else(gone)?;
        Ok((post, action))
    }

    /// Does it; `caller` is in the thread of the button's post, and `told` where the button is seen.
    async fn perform(&self, caller: &Caller, told: &Caller, action: Action) -> Reply {
        if let Some((server, job)) = action.job() {
            self.permit(caller, server, Subject::Job(job)).await?;
        }
        match action {
            Action::Log { build } => {
                let found = self.build_of_key(caller, build).await?;
                self.show_log(caller, &found, &Part::End(DEFAULT_LINES))
                    .await
            }
            Action::Tests { build } => {
                let found = self.build_of_key(caller, build).await?;
                self.show_tests(caller, &found, None).await
            }
            Action::Artifacts { build } => {
                let found = self.build_of_key(caller, build).await?;
                self.offer_artifacts(caller, told, &found).await
            }
            Action::StopLog { follow } => {
                let user = self.api.users().get(&caller.user_id).await?;
                self.log_follows.end(&follow, &user.username).await?;
                Ok(None)
            }
            Action::Rebuild { build } => self.rebuild(caller, build).await,
            Action::Abort { build } => {
                let client = self.access.client(&caller.user_id, &build.server).await?;
                self.stop(caller, &client, &build, StopKind::Stop).await
            }
            Action::Cancel { queued } => {
                let client = self.access.client(&caller.user_id, &queued.server).await?;
                self.cancel(caller, &client, &queued).await
            }
            Action::Approve { build, input } => {
                let answer = Answer::Approve {
                    values: Vec::new(),
                    defaults: false,
                };
                self.answer_on_card(caller, build, &input, answer).await
            }
            Action::Reject { build, input } => {
                self.answer_on_card(caller, build, &input, Answer::Reject)
                    .await
            }
            // Only on posts that are not stored.
            Action::FillIn { .. }
            | Action::Connect { .. }
            | Action::Answer { .. }
            | Action::Attach { .. } => Err(AccessError::Refused(GONE.to_owned())),
        }
    }

    pub(super) async fn build_of_key(
        &self,
        caller: &Caller,
        key: BuildKey,
    ) -> Result<FoundBuild, AccessError> {
        let client = self.access.client(&caller.user_id, &key.server).await?;
        let job = JobKey {
            server: key.server,
            job: key.job,
        };
        Ok(FoundBuild::new(client, job, key.number))
    }
}

/// For what has no place of its own.
pub(super) fn say(text: Option<String>) -> PostActionIntegrationResponse {
    PostActionIntegrationResponse {
        ephemeral_text: text.unwrap_or_default(),
        skip_slack_parsing: true,
        ..PostActionIntegrationResponse::default()
    }
}
