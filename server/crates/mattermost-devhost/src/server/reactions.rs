//! Reactions to posts (`app/reaction.go`).

use std::sync::Arc;

use mattermost_plugin::model::{AppError, Reaction};
use serde_json::{Map, Value};

use super::{Caller, Server};

impl Server {
    /// Adds a reaction.
    ///
    /// # Errors
    /// When the post or emoji does not exist or a limit is broken.
    pub fn add_reaction(
        self: &Arc<Self>,
        caller: &Caller,
        reaction: Reaction,
    ) -> Result<Reaction, AppError> {
        let now = self.now();
        let reaction = self.write(|data| data.add_reaction(reaction, now))?;
        for (_, hooks) in self.implementing("ReactionHasBeenAdded", caller.node) {
            let (context, reaction) = (caller.context.clone(), reaction.clone());
            tokio::spawn(async move { hooks.reaction_has_been_added(context, reaction).await });
        }
        self.publish_reaction("reaction_added", &reaction);
        Ok(reaction)
    }

    /// Removes a reaction.
    ///
    /// # Errors
    /// When the post does not exist.
    pub fn remove_reaction(
        self: &Arc<Self>,
        caller: &Caller,
        reaction: Reaction,
    ) -> Result<(), AppError> {
        let now = self.now();
        self.write(|data| data.remove_reaction(&reaction, now))?;
        for (_, hooks) in self.implementing("ReactionHasBeenRemoved", caller.node) {
            let (context, reaction) = (caller.context.clone(), reaction.clone());
            tokio::spawn(async move { hooks.reaction_has_been_removed(context, reaction).await });
        }
        self.publish_reaction("reaction_removed", &reaction);
        Ok(())
    }

    fn publish_reaction(&self, name: &str, reaction: &Reaction) {
        let channel = self
            .read(|data| data.posts.get(&reaction.post_id))
            .map(|post| post.channel_id)
            .unwrap_or_default();
        let mut event = Map::new();
        event.insert(
            "reaction".to_owned(),
            Value::from(serde_json::to_string(reaction).unwrap_or_default()),
        );
        self.publish_to_channel(name, &channel, event);
    }
}
