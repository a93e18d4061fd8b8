//! Posts (`app/post.go`, `model/post.go`, `store/sqlstore/post_store.go`).

use std::collections::BTreeMap;

use mattermost_plugin::model::{AppError, Post, PostList};
use serde_json::Value;

use super::text;
use crate::errors::{app_error, detailed, post_missing};
use crate::ids::{is_valid_id, new_id};

/// Longest message, in runes: a quarter of 65,535 bytes (`PostMessageMaxRunesV2`).
pub const MESSAGE_MAX_RUNES: usize = 16_383;
/// Longest props, in runes of their JSON.
pub const PROPS_MAX_RUNES: usize = 800_000;
/// Longest list of file ids, in runes of its JSON: ten files.
pub const FILE_IDS_MAX_RUNES: usize = 300;

/// Type of a post that only one user sees and that is not stored.
pub const EPHEMERAL: &str = "system_ephemeral";

/// Types a post can have without the prefix `custom_` (`Post.IsValid`).
const TYPES: &[&str] = &[
    "",
    "system_generic",
    "system_join_leave",
    "system_auto_responder",
    "system_add_remove",
    "system_join_channel",
    "system_guest_join_channel",
    "system_leave_channel",
    "system_join_team",
    "system_leave_team",
    "system_add_to_channel",
    "system_add_guest_to_chan",
    "system_remove_from_channel",
    "system_move_channel",
    "system_add_to_team",
    "system_remove_from_team",
    "slack_attachment",
    "system_header_change",
    "system_purpose_change",
    "system_displayname_change",
    "system_convert_channel",
    "system_channel_deleted",
    "system_channel_restored",
    "system_change_chan_privacy",
    "add_bot_teams_channels",
    "reminder",
    "me",
    "system_wrangler",
    "system_gm_to_channel",
    "system_autotranslation",
    "burn_on_read",
    "card",
];

/// The posts of a server.
#[derive(Debug, Clone, Default)]
pub struct Posts {
    by_id: BTreeMap<String, Post>,
    /// Ids in the order of their creation; the second key where `create_at` is equal.
    order: Vec<String>,
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
            return Err(app_error("CreatePost", "app.post.save.existing.app_error", "You cannot update an existing Post.", 400));
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
        let root_id = self.by_id.get(id).map(|post| post.root_id.clone()).unwrap_or_default();
        for post in self.by_id.values_mut().filter(|post| post.id == id || post.root_id == id) {
            post.delete_at = now;
            post.update_at = now;
            post.props.insert("deleteBy".to_owned(), Value::String(deleted_by.to_owned()));
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
        self.by_id.get(id).filter(|post| post.delete_at == 0).map(|post| self.with_counts(post.clone()))
    }

    /// Every post of a channel that is not deleted, oldest first.
    #[must_use]
    pub fn in_channel(&self, channel_id: &str) -> Vec<Post> {
        let mut posts: Vec<&Post> = self
            .stored()
            .filter(|post| post.channel_id == channel_id && post.delete_at == 0)
            .collect();
        posts.sort_by_key(|post| post.create_at);
        posts.into_iter().map(|post| self.with_counts(post.clone())).collect()
    }

    /// Every stored post in the order of creation, earlier versions and deleted ones too.
    fn stored(&self) -> impl Iterator<Item = &Post> {
        self.order.iter().filter_map(|id| self.by_id.get(id))
    }

    /// Every post that is not deleted, oldest first.
    #[must_use]
    pub fn all(&self) -> Vec<Post> {
        self.stored().filter(|post| post.delete_at == 0).map(|post| self.with_counts(post.clone())).collect()
    }

    /// The thread that a post is in, that post first.
    ///
    /// # Errors
    /// When there is no such post or it was deleted.
    pub fn thread(&self, id: &str) -> Result<PostList, AppError> {
        let Some(post) = self.get(id) else {
            return Err(post_missing("GetPostThread"));
        };
        let root_id = if post.root_id.is_empty() { post.id.clone() } else { post.root_id.clone() };
        let mut list = PostList::default();
        add(&mut list, post, true);
        for other in self.stored().filter(|other| other.delete_at == 0 && other.id != id) {
            if other.id == root_id || other.root_id == root_id {
                add(&mut list, self.with_counts(other.clone()), true);
            }
        }
        Ok(list)
    }

    /// Posts of a channel that changed after `time`, newest first: deleted ones and earlier
    /// versions too, as the server answers them.
    #[must_use]
    pub fn since(&self, channel_id: &str, time: i64) -> PostList {
        let mut changed: Vec<&Post> =
            self.stored().filter(|post| post.channel_id == channel_id && post.update_at > time).take(1_000).collect();
        changed.sort_by_key(|post| std::cmp::Reverse(post.create_at));
        let mut list = PostList::default();
        for post in changed {
            add(&mut list, self.with_counts(post.clone()), true);
            if let Some(root) = self.by_id.get(&post.root_id) {
                add(&mut list, self.with_counts(root.clone()), false);
            }
        }
        list
    }

    /// A page of a channel, newest first.
    ///
    /// # Errors
    /// When more than 1,000 posts are asked for.
    pub fn page(&self, channel_id: &str, page: i64, per_page: i64) -> Result<PostList, AppError> {
        if per_page > 1_000 {
            return Err(app_error("GetPostsPage", "app.post.get_posts.app_error", "Limit exceeded for paging.", 400));
        }
        let mut posts = self.in_channel(channel_id);
        posts.reverse();
        Ok(self.listing(super::users::page_of(posts, page, per_page)))
    }

    /// A page of the posts before (`before`) or after a post.
    #[must_use]
    pub fn around(&self, channel_id: &str, post_id: &str, before: bool, page: i64, per_page: i64) -> PostList {
        let Some(center) = self.by_id.get(post_id).map(|post| post.create_at) else {
            return PostList::default();
        };
        let mut posts: Vec<Post> = self
            .in_channel(channel_id)
            .into_iter()
            .filter(|post| if before { post.create_at < center } else { post.create_at > center })
            .collect();
        if before {
            posts.reverse();
        }
        let mut posts = super::users::page_of(posts, page, per_page);
        if !before {
            posts.reverse();
        }
        self.listing(posts)
    }

    fn listing(&self, posts: Vec<Post>) -> PostList {
        let mut list = PostList::default();
        for post in posts {
            let root = self.by_id.get(&post.root_id).cloned();
            add(&mut list, post, true);
            if let Some(root) = root {
                add(&mut list, self.with_counts(root), false);
            }
        }
        list
    }

    fn with_counts(&self, mut post: Post) -> Post {
        let root_id = if post.root_id.is_empty() { post.id.as_str() } else { post.root_id.as_str() };
        let replies = self.by_id.values().filter(|other| other.delete_at == 0 && other.root_id == root_id);
        post.reply_count = i64::try_from(replies.count()).unwrap_or(i64::MAX);
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

fn add(list: &mut PostList, post: Post, in_order: bool) {
    if in_order {
        list.order.push(post.id.clone());
    }
    list.posts.insert(post.id.clone(), post);
}

/// What is done to each post before it is stored (`Post.PreCommit`).
fn complete(post: &mut Post) {
    text::generate_action_ids(&mut post.props);
    let mut seen = Vec::new();
    post.file_ids.retain(|id| {
        let new = !seen.contains(id);
        seen.push(id.clone());
        new
    });
}

/// The limits of a post (`Post.IsValid`).
///
/// # Errors
/// The first limit that is broken.
pub fn check(post: &Post) -> Result<(), AppError> {
    let refuse = |id: &str, message: &str| {
        let error = app_error("Post.IsValid", &format!("model.post.is_valid.{id}.app_error"), message, 400);
        Err(detailed(error, format!("id={}", post.id)))
    };
    if !is_valid_id(&post.user_id) {
        return refuse("user_id", "Invalid user id.");
    }
    if !is_valid_id(&post.channel_id) {
        return refuse("channel_id", "Invalid channel id.");
    }
    if !post.root_id.is_empty() && !is_valid_id(&post.root_id) {
        return refuse("root_id", "Invalid root id.");
    }
    if post.message.chars().count() > MESSAGE_MAX_RUNES {
        return refuse("message_length", "Post Message property is longer than the maximum permitted length.");
    }
    if !TYPES.contains(&post.r#type.as_str()) && !post.r#type.starts_with("custom_") {
        return refuse("type", "Invalid type.");
    }
    let json_runes = |value: Value| value.to_string().chars().count();
    if json_runes(Value::from(post.file_ids.clone())) > FILE_IDS_MAX_RUNES {
        return refuse("file_ids", "Invalid file ids. Note that uploads are limited to 10 files maximum.");
    }
    if json_runes(Value::Object(post.props.clone())) > PROPS_MAX_RUNES {
        return refuse("props", "Invalid props.");
    }
    Ok(())
}
