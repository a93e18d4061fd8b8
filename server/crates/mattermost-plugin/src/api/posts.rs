//! Posts, ephemeral posts and reactions.

use super::optional;
use crate::error::Error;
use crate::model::{Post, PostList, Reaction, SearchParams};

service! {
    /// Posts, ephemeral posts and reactions.
    Posts
}

impl Posts<'_> {
    /// Creates a post as `post.user_id`, who needs no permission. The server adds the property
    /// `from_plugin`.
    ///
    /// # Errors
    /// Status 400 when the message is too long (in runes) or another field is invalid.
    pub async fn create(&self, post: &Post) -> Result<Post, Error> {
        self.host.create_post(post.clone()).await
    }

    /// Replaces message, properties and files of a post.
    ///
    /// # Errors
    /// Status 404 when it does not exist or was deleted, 400 when a field is invalid.
    pub async fn update(&self, post: &Post) -> Result<Post, Error> {
        self.host.update_post(post.clone()).await
    }

    /// Deletes a post and its thread.
    ///
    /// # Errors
    /// Status 404 when it does not exist.
    pub async fn delete(&self, post_id: &str) -> Result<(), Error> {
        self.host.delete_post(post_id.to_owned()).await
    }

    /// One post.
    ///
    /// # Errors
    /// Status 404 when it does not exist or was deleted.
    pub async fn get(&self, post_id: &str) -> Result<Post, Error> {
        self.host.get_post(post_id.to_owned()).await
    }

    /// One post, `None` when it does not exist or was deleted.
    ///
    /// # Errors
    /// Any error of the server except 404.
    pub async fn get_optional(&self, post_id: &str) -> Result<Option<Post>, Error> {
        optional(self.get(post_id).await)
    }

    /// The whole thread that a post belongs to.
    ///
    /// # Errors
    /// Status 404 when the post does not exist.
    pub async fn thread(&self, post_id: &str) -> Result<PostList, Error> {
        self.host.get_post_thread(post_id.to_owned()).await
    }

    /// The posts of a channel that changed since `time`, in milliseconds since 1970.
    ///
    /// # Errors
    /// When the server cannot read them.
    pub async fn since(&self, channel_id: &str, time: i64) -> Result<PostList, Error> {
        self.host.get_posts_since(channel_id.to_owned(), time).await
    }

    /// The posts of a channel after one of them, page by page from 0.
    ///
    /// # Errors
    /// When the server cannot read them.
    pub async fn after(
        &self,
        channel_id: &str,
        post_id: &str,
        page: i64,
        per_page: i64,
    ) -> Result<PostList, Error> {
        self.host
            .get_posts_after(channel_id.to_owned(), post_id.to_owned(), page, per_page)
            .await
    }

    /// The posts of a channel before one of them, page by page from 0.
    ///
    /// # Errors
    /// When the server cannot read them.
    pub async fn before(
        &self,
        channel_id: &str,
        post_id: &str,
        page: i64,
        per_page: i64,
    ) -> Result<PostList, Error> {
        self.host
            .get_posts_before(channel_id.to_owned(), post_id.to_owned(), page, per_page)
            .await
    }

    /// The posts of a channel, newest first, page by page from 0.
    ///
    /// # Errors
    /// When the server cannot read them.
    pub async fn in_channel(
        &self,
        channel_id: &str,
        page: i64,
        per_page: i64,
    ) -> Result<PostList, Error> {
        self.host
            .get_posts_for_channel(channel_id.to_owned(), page, per_page)
            .await
    }

    /// Posts of a team that match one of the searches.
    ///
    /// # Errors
    /// Status 501 when the server has search disabled.
    pub async fn search(
        &self,
        team_id: &str,
        searches: &[SearchParams],
    ) -> Result<Vec<Post>, Error> {
        self.host
            .search_posts_in_team(team_id.to_owned(), searches.to_vec())
            .await
    }

    /// Shows a post to one user only, until they reload. Nobody learns whether they saw it.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn send_ephemeral(&self, user_id: &str, post: &Post) -> Result<Post, Error> {
        self.host
            .send_ephemeral_post(user_id.to_owned(), post.clone())
            .await
    }

    /// Replaces an ephemeral post that the user still has before them.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn update_ephemeral(&self, user_id: &str, post: &Post) -> Result<Post, Error> {
        self.host
            .update_ephemeral_post(user_id.to_owned(), post.clone())
            .await
    }

    /// Takes an ephemeral post away.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn delete_ephemeral(&self, user_id: &str, post_id: &str) -> Result<(), Error> {
        self.host
            .delete_ephemeral_post(user_id.to_owned(), post_id.to_owned())
            .await
    }

    /// Adds a reaction; `emoji_name` without colons.
    ///
    /// # Errors
    /// Status 404 when the post does not exist, 400 when the emoji does not.
    pub async fn add_reaction(&self, reaction: &Reaction) -> Result<Reaction, Error> {
        self.host.add_reaction(reaction.clone()).await
    }

    /// Removes a reaction.
    ///
    /// # Errors
    /// Status 404 when the post does not exist.
    pub async fn remove_reaction(&self, reaction: &Reaction) -> Result<(), Error> {
        self.host.remove_reaction(reaction.clone()).await
    }

    /// The reactions to a post.
    ///
    /// # Errors
    /// When the server cannot read them.
    pub async fn reactions(&self, post_id: &str) -> Result<Vec<Reaction>, Error> {
        self.host.get_reactions(post_id.to_owned()).await
    }

    /// Shows a user as typing for a few seconds; `parent_id` is a thread's root or empty.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn typing(
        &self,
        user_id: &str,
        channel_id: &str,
        parent_id: &str,
    ) -> Result<(), Error> {
        self.host
            .publish_user_typing(
                user_id.to_owned(),
                channel_id.to_owned(),
                parent_id.to_owned(),
            )
            .await
    }
}
