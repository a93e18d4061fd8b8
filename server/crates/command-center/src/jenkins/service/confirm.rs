//! Asking for a yes, and doing what was confirmed.

use std::sync::Arc;

use mattermost_plugin::api::permission::READ_CHANNEL_CONTENT;
use mattermost_plugin::model::{Post, PostActionIntegrationRequest, PostActionIntegrationResponse};

use super::action::say;
use super::configuration::Confirmed;
use super::{Aside, Caller, JenkinsService, Reply};
use crate::jenkins::access::AccessError;
use crate::jenkins::confirm::{Operation, PATIENCE, Wording, said};
use crate::pending::Question;

/// The answer to a second click, a late one, or one of somebody else.
const OVER: &str =
    "This was answered already, or asked more than five minutes ago. Type the command again.";

impl JenkinsService {
    /// Asks the caller alone.
    pub(super) async fn confirm(
        &self,
        caller: &Caller,
        operation: Operation,
        wording: Wording<'_>,
    ) -> Reply {
        let question = Question {
            user_id: caller.user_id.clone(),
            channel_id: caller.channel_id.clone(),
            root_id: caller.root_id.clone(),
            about: operation,
        };
        let id = self.pending.put(&question, PATIENCE).await?;
        self.show(caller, "", &[wording.attachment(&id)]).await;
        Ok(None)
    }

    /// Does what was asked about, if this user was asked and said yes first.
    pub(super) async fn answered(
        self: &Arc<Self>,
        user_id: &str,
        request: &PostActionIntegrationRequest,
        question: &str,
        accept: bool,
    ) -> PostActionIntegrationResponse {
        let question = match self.take_question(user_id, question).await {
            Ok(question) => question,
            Err(error) => return say(super::words(Err(error))),
        };
        let caller = Caller {
            user_id: user_id.to_owned(),
            channel_id: question.channel_id,
            root_id: question.root_id,
            trigger_id: request.trigger_id.clone(),
            verb: question.about.verb(),
            aside: Aside::default(),
        };
        let word = if accept {
            "Confirmed."
        } else {
            "Nothing was changed."
        };
        self.replace_question(&caller, &request.post_id, word).await;
        if accept {
            let service = Arc::clone(self);
            let (told, operation) = (caller.clone(), question.about);
            let work = async move { service.carry_out(&caller, operation).await };
            if let Some(text) = self.answer(told.clone(), work).await {
                self.tell(&told, &text).await;
            }
        }
        PostActionIntegrationResponse::default()
    }

    async fn take_question(
        &self,
        user_id: &str,
        id: &str,
    ) -> Result<Question<Operation>, AccessError> {
        let over = || AccessError::Refused(OVER.to_owned());
        let question: Option<Question<Operation>> = self.pending.peek(id, user_id).await?;
        let question = question.ok_or_else(over)?;
        // The result is told there.
        let may_read = self
            .api
            .permissions()
            .has_in_channel(user_id, &question.channel_id, READ_CHANNEL_CONTENT)
            .await?;
        if !may_read {
            return Err(over());
        }
        self.pending.take(id, user_id).await?.ok_or_else(over)
    }

    /// Takes the buttons away. `post_id` is what the client says: whatever it is, only this user's own
    /// screen changes.
    async fn replace_question(&self, caller: &Caller, post_id: &str, word: &str) {
        let post = Post {
            id: post_id.to_owned(),
            user_id: self.bot_user_id.clone(),
            channel_id: caller.channel_id.clone(),
            root_id: caller.root_id.clone(),
            // Without one, clients show it as made in 1970, above all others.
            create_at: self.clock.now(),
            ..Post::default()
        };
        let post = post.with_attachments(&[said(word)]);
        let updated = self
            .api
            .posts()
            .update_ephemeral(&caller.user_id, &post)
            .await;
        if let Err(error) = updated {
            tracing::debug!(%error, "an answered question still shows its buttons");
        }
    }

    async fn carry_out(&self, caller: &Caller, operation: Operation) -> Reply {
        let (server, subject) = operation.subject();
        self.permit(caller, server, subject).await?;
        match operation {
            Operation::Delete {
                server,
                job,
                is_folder,
            } => self.delete(caller, &server, &job, is_folder).await,
            Operation::Configure {
                server,
                job,
                file_id,
                before,
                after,
            } => {
                let confirmed = Confirmed {
                    server: &server,
                    job: &job,
                    file_id: &file_id,
                    before: &before,
                    after: &after,
                };
                self.configure(caller, &confirmed).await
            }
            Operation::SafeRestart { server, message } => {
                self.safe_restart(caller, &server, message.as_deref()).await
            }
            Operation::QuietDown { server, message } => {
                self.quiet_down(caller, &server, message.as_deref()).await
            }
            Operation::Stop { build, kind } => {
                let client = self.access.client(&caller.user_id, &build.server).await?;
                self.stop(caller, &client, &build, kind).await
            }
        }
    }
}
