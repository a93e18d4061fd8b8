//! Posts and reactions.

use mattermost_plugin::model::{AppError, Post, Reaction};

use super::User;

impl User {
    /// Writes a post.
    ///
    /// # Errors
    /// When the user may not post there, a limit is broken, or a plugin refuses.
    pub async fn post(&self, channel: &str, message: &str) -> Result<Post, AppError> {
        self.reply(channel, "", message).await
    }

    /// Writes a reply to a post.
    ///
    /// # Errors
    /// When the user may not post there, the root does not fit, a limit is broken, or a plugin
    /// refuses.
    pub async fn reply(
        &self,
        channel: &str,
        root_id: &str,
        message: &str,
    ) -> Result<Post, AppError> {
        let caller = self.caller().await?;
        let post = Post {
            root_id: root_id.to_owned(),
            ..Post::new(self.id(), self.channel(channel)?, message)
        };
        self.server.create_post_as_user(caller, post).await
    }

    /// Changes the message of a post.
    ///
    /// # Errors
    /// When there is no such post or a plugin refuses.
    pub async fn edit(&self, post_id: &str, message: &str) -> Result<Post, AppError> {
        let caller = self.caller().await?;
        let post = self
            .server
            .read(|data| data.posts.get(post_id))
            .ok_or_else(|| crate::errors::post_missing("PatchPost"))?;
        self.server
            .update_post(
                caller,
                Post {
                    message: message.to_owned(),
                    ..post
                },
            )
            .await
    }

    /// Deletes a post.
    ///
    /// # Errors
    /// When there is no such post.
    pub async fn delete(&self, post_id: &str) -> Result<(), AppError> {
        let caller = self.caller().await?;
        self.server.delete_post(caller, post_id, &self.id())
    }

    /// Reacts to a post.
    ///
    /// # Errors
    /// When the post or emoji does not exist.
    pub async fn react(&self, post_id: &str, emoji: &str) -> Result<Reaction, AppError> {
        let caller = self.caller().await?;
        self.server
            .add_reaction(caller, self.reaction(post_id, emoji))
    }

    /// Takes a reaction back.
    ///
    /// # Errors
    /// When the post does not exist.
    pub async fn unreact(&self, post_id: &str, emoji: &str) -> Result<(), AppError> {
        let caller = self.caller().await?;
        self.server
            .remove_reaction(caller, self.reaction(post_id, emoji))
    }

    fn reaction(&self, post_id: &str, emoji: &str) -> Reaction {
        Reaction {
            user_id: self.id(),
            post_id: post_id.to_owned(),
            emoji_name: emoji.to_owned(),
            ..Reaction::default()
        }
    }
}
