//! Posts (`app/post.go`, `model/post.go`, `store/sqlstore/post_store.go`).

use std::collections::BTreeMap;

use mattermost_plugin::model::{AppError, Post};
use serde_json::Value;

use super::post_limits::{check, complete};
use crate::errors::{app_error, post_missing};
use crate::ids::new_id;

/// The posts of a server.
#[derive(Debug, Clone, Default)]
pub struct Posts {
    pub(super) by_id: BTreeMap<String, Post>,
    /// Ids in the order of their creation; the second key where `create_at` is equal.
    order: Vec<String>,
    /// Ids of the replies to each root, deleted ones too.
    replies: BTreeMap<String, Vec<String>>,
    ephemeral: BTreeMap<String, Vec<Post>>,
}

impl Posts {
    /// Stores a new post, filling what is missing. Author, channel and root are the caller's
    /// business.
    ///
    /// # Errors
    /// When the post has an id already or breaks a limit.
    pub fn insert(&mut self, mut post: Post, now: i64) -> Result<Post, AppError> {
        if !post.id.is_empty() {
            return Err(app_error(
                "CreatePost",
                "app.post.save.existing.app_error",
                "You cannot update an existing Post.",
                400,
            ));
        }
        post.id = new_id();
        post.original_id = String::new();
        if post.create_at == 0 {
            post.create_at = now;
        }
        post.update_at = post.create_at;
        complete(&mut post);
        check(&post)?;
        if let Some(root) = self.by_id.get_mut(&post.root_id) {
            root.update_at = root.update_at.max(post.create_at);
        }
        if !post.root_id.is_empty() {
            let replies = self.replies.entry(post.root_id.clone()).or_default();
            replies.push(post.id.clone());
        }
        self.order.push(post.id.clone());
        self.by_id.insert(post.id.clone(), post.clone());
        Ok(self.with_counts(post))
    }

    /// Replaces a post. The former version stays, as a deleted post of its own.
    ///
    /// # Errors
    /// When the post breaks a limit.
    pub fn replace(&mut self, mut post: Post, now: i64) -> Result<Post, AppError> {
        let Some(old) = self.by_id.get(&post.id) else {
            return Err(post_missing("UpdatePost"));
        };
        post.update_at = now;
        complete(&mut post);
        check(&post)?;
        let former = Post {
            id: new_id(),
            original_id: post.id.clone(),
            delete_at: now,
            update_at: now,
            ..old.clone()
        };
        if let Some(root) = self.by_id.get_mut(&post.root_id) {
            root.update_at = root.update_at.max(now);
        }
        self.order.push(former.id.clone());
        self.by_id.insert(former.id.clone(), former);
        self.by_id.insert(post.id.clone(), post.clone());
        Ok(self.with_counts(post))
    }

    /// Marks a post and the replies to it as deleted; `deleted_by` is the id of a user or plugin.
    pub fn delete(&mut self, id: &str, deleted_by: &str, now: i64) {
        let root_id = self
            .by_id
            .get(id)
            .map(|post| post.root_id.clone())
            .unwrap_or_default();
        for post in self
            .by_id
            .values_mut()
            .filter(|post| post.id == id || post.root_id == id)
        {
            post.delete_at = now;
            post.update_at = now;
            post.props
                .insert("deleteBy".to_owned(), Value::String(deleted_by.to_owned()));
        }
        if let Some(root) = self.by_id.get_mut(&root_id) {
            root.update_at = now;
        }
    }

    /// Sets the files of a post without a new version of it.
    pub fn set_file_ids(&mut self, id: &str, file_ids: &[String]) {
        if let Some(post) = self.by_id.get_mut(id) {
            post.file_ids = file_ids.to_vec();
        }
    }

    /// Sets whether a post has reactions; that changes its time of update too.
    pub fn set_has_reactions(&mut self, id: &str, has_reactions: bool, now: i64) {
        if let Some(post) = self.by_id.get_mut(id) {
            post.has_reactions = has_reactions;
            post.update_at = now;
        }
    }

    /// The post with this id, unless it was deleted.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<Post> {
        self.by_id
            .get(id)
            .filter(|post| post.delete_at == 0)
            .map(|post| self.with_counts(post.clone()))
    }

    /// Every post of a channel that is not deleted, oldest first.
    #[must_use]
    pub fn in_channel(&self, channel_id: &str) -> Vec<Post> {
        let mut posts: Vec<&Post> = self
            .stored()
            .filter(|post| post.channel_id == channel_id && post.delete_at == 0)
            .collect();
        posts.sort_by_key(|post| post.create_at);
        posts
            .into_iter()
            .map(|post| self.with_counts(post.clone()))
            .collect()
    }

    /// Every stored post in the order of creation, earlier versions and deleted ones too.
    pub(super) fn stored(&self) -> impl Iterator<Item = &Post> {
        self.order.iter().filter_map(|id| self.by_id.get(id))
    }

    /// How many posts and earlier versions there ever were: a mark for [`Posts::made_after`].
    #[must_use]
    pub fn mark(&self) -> usize {
        self.order.len()
    }

    /// The posts that were made after this many and are not deleted, oldest first.
    #[must_use]
    pub fn made_after(&self, mark: usize) -> Vec<Post> {
        let ids = self.order.get(mark..).unwrap_or_default();
        ids.iter().filter_map(|id| self.get(id)).collect()
    }

    /// How many posts that are not deleted `wanted` accepts.
    #[must_use]
    pub fn count(&self, wanted: impl Fn(&Post) -> bool) -> usize {
        let posts = self.stored().filter(|post| post.delete_at == 0);
        posts.filter(|post| wanted(post)).count()
    }

    /// Every post that is not deleted, oldest first.
    #[must_use]
    pub fn all(&self) -> Vec<Post> {
        self.stored()
            .filter(|post| post.delete_at == 0)
            .map(|post| self.with_counts(post.clone()))
            .collect()
    }

    pub(super) fn with_counts(&self, mut post: Post) -> Post {
        let root_id = if post.root_id.is_empty() {
            post.id.as_str()
        } else {
            post.root_id.as_str()
        };
        let replies = self.replies.get(root_id).into_iter().flatten();
        let replies = replies.filter_map(|id| self.by_id.get(id));
        let count = replies.filter(|reply| reply.delete_at == 0).count();
        post.reply_count = i64::try_from(count).unwrap_or(i64::MAX);
        post
    }

    /// Keeps an ephemeral post for the page and for tests; the server keeps none.
    pub fn put_ephemeral(&mut self, user_id: &str, post: Post) {
        let posts = self.ephemeral.entry(user_id.to_owned()).or_default();
        match posts.iter_mut().find(|known| known.id == post.id) {
            Some(known) => *known = post,
            None => posts.push(post),
        }
    }

    /// Forgets an ephemeral post.
    pub fn remove_ephemeral(&mut self, user_id: &str, post_id: &str) {
        if let Some(posts) = self.ephemeral.get_mut(user_id) {
            posts.retain(|post| post.id != post_id);
        }
    }

    /// What a user sees as "Only visible to you", oldest first.
    #[must_use]
    pub fn ephemeral_of(&self, user_id: &str) -> Vec<Post> {
        self.ephemeral.get(user_id).cloned().unwrap_or_default()
    }
}
