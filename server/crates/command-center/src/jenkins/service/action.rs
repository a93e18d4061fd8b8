//! What a click does.

use std::sync::Arc;

use mattermost_plugin::api::permission::READ_CHANNEL_CONTENT;
use mattermost_plugin::model::{PostActionIntegrationRequest, PostActionIntegrationResponse};

use super::target::FoundBuild;
use super::{Caller, JenkinsService, Reply};
use crate::jenkins::access::AccessError;
use crate::jenkins::action::{Action, BuildKey};
use crate::jenkins::command::log::{DEFAULT_LINES, Extent};

/// The answer to a click that leads nowhere.
const GONE: &str = "This button is out of date. Type the command in its place.";

impl JenkinsService {
    /// Does what a button says that `user_id` used. Nothing else in the request is believed before it
    /// is looked up.
    pub async fn act(
        self: &Arc<Self>,
        user_id: &str,
        request: &PostActionIntegrationRequest,
    ) -> PostActionIntegrationResponse {
        let service = Arc::clone(self);
        let caller = Caller {
            user_id: user_id.to_owned(),
            channel_id: request.channel_id.clone(),
            root_id: String::new(),
            trigger_id: request.trigger_id.clone(),
        };
        let (caller, action) = match self.verified(caller, request).await {
            Ok(verified) => verified,
            Err(error) => return say(super::words(Err(error))),
        };
        let work = async move |caller: Caller| service.perform(&caller, action).await;
        say(self.answer(caller, work).await)
    }

    /// The action, if a post that this user can read has a button that says so; and the place of that
    /// post as the caller's.
    async fn verified(
        &self,
        caller: Caller,
        request: &PostActionIntegrationRequest,
    ) -> Result<(Caller, Action), AccessError> {
        let gone = || AccessError::Refused(GONE.to_owned());
        let post = self.api.posts().get_optional(&request.post_id).await?;
        let post = post
            .filter(|post| post.user_id == self.bot_user_id && post.delete_at == 0)
            .ok_or_else(gone)?;
        let may_read = self
            .api
            .permissions()
            .has_in_channel(&caller.user_id, &post.channel_id, READ_CHANNEL_CONTENT)
            .await?;
        if !may_read {
            return Err(gone());
        }
        let action = Action::on_post(&post, &request.context).ok_or_else(gone)?;
        let root_id = if post.root_id.is_empty() {
            post.id
        } else {
            post.root_id
        };
        let caller = Caller {
            channel_id: post.channel_id,
            root_id,
            ..caller
        };
        Ok((caller, action))
    }

    async fn perform(&self, caller: &Caller, action: Action) -> Reply {
        match action {
            Action::Log { build } => {
                let found = self.build_of_key(caller, build).await?;
                self.show_log(caller, &found, Extent::Lines(DEFAULT_LINES))
                    .await
            }
        }
    }

    async fn build_of_key(
        &self,
        caller: &Caller,
        key: BuildKey,
    ) -> Result<FoundBuild, AccessError> {
        let client = self.access.client(&caller.user_id, &key.server).await?;
        Ok(FoundBuild::new(client, key.job, key.number))
    }
}

fn say(text: Option<String>) -> PostActionIntegrationResponse {
    PostActionIntegrationResponse {
        ephemeral_text: text.unwrap_or_default(),
        skip_slack_parsing: true,
        ..PostActionIntegrationResponse::default()
    }
}
