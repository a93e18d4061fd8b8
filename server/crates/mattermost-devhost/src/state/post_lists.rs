//! Threads and pages of posts (`store/sqlstore/post_store.go`).

use mattermost_plugin::model::{AppError, Post, PostList};

use super::posts::Posts;
use crate::errors::{app_error, post_missing};

impl Posts {
    /// The thread that a post is in, that post first.
    ///
    /// # Errors
    /// When there is no such post or it was deleted.
    pub fn thread(&self, id: &str) -> Result<PostList, AppError> {
        let Some(post) = self.get(id) else {
            return Err(post_missing("GetPostThread"));
        };
        let root_id = if post.root_id.is_empty() {
            post.id.clone()
        } else {
            post.root_id.clone()
        };
        let mut list = PostList::default();
        add(&mut list, post, true);
        for other in self
            .stored()
            .filter(|other| other.delete_at == 0 && other.id != id)
        {
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
        let mut changed: Vec<&Post> = self
            .stored()
            .filter(|post| post.channel_id == channel_id && post.update_at > time)
            .take(1_000)
            .collect();
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
            return Err(app_error(
                "GetPostsPage",
                "app.post.get_posts.app_error",
                "Limit exceeded for paging.",
                400,
            ));
        }
        let mut posts = self.in_channel(channel_id);
        posts.reverse();
        Ok(self.listing(super::users::page_of(posts, page, per_page)))
    }

    /// A page of the posts before (`before`) or after a post.
    #[must_use]
    pub fn around(
        &self,
        channel_id: &str,
        post_id: &str,
        before: bool,
        page: i64,
        per_page: i64,
    ) -> PostList {
        let Some(center) = self.by_id.get(post_id).map(|post| post.create_at) else {
            return PostList::default();
        };
        let mut posts: Vec<Post> = self
            .in_channel(channel_id)
            .into_iter()
            .filter(|post| {
                if before {
                    post.create_at < center
                } else {
                    post.create_at > center
                }
            })
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
}

fn add(list: &mut PostList, post: Post, in_order: bool) {
    if in_order {
        list.order.push(post.id.clone());
    }
    list.posts.insert(post.id.clone(), post);
}
