//! Posts and reactions.

use std::collections::BTreeMap;

use mattermost_plugin::Error;
use mattermost_plugin::model::{Post, PostList, Reaction, SearchParams};
use serde_json::{Map, Value};

use super::PluginApi;
use crate::errors::post_missing;

impl PluginApi {
    pub(super) async fn create_post(&self, mut post: Post) -> Result<Post, Error> {
        post.props
            .insert("from_plugin".to_owned(), Value::from("true"));
        Ok(for_plugin(
            self.server.create_post(&self.caller(), post).await?,
        ))
    }

    pub(super) async fn update_post(&self, post: Post) -> Result<Post, Error> {
        Ok(for_plugin(
            self.server.update_post(&self.caller(), post).await?,
        ))
    }

    pub(super) async fn delete_post(&self, post_id: String) -> Result<(), Error> {
        Ok(self
            .server
            .delete_post(&self.caller(), &post_id, self.id())?)
    }

    pub(super) async fn get_post(&self, post_id: String) -> Result<Post, Error> {
        let post = self
            .server
            .read(|data| data.posts.get(&post_id))
            .ok_or_else(|| post_missing("GetSinglePost"))?;
        Ok(for_plugin(post))
    }

    pub(super) async fn get_post_thread(&self, post_id: String) -> Result<PostList, Error> {
        Ok(list_for_plugin(
            self.server.read(|data| data.posts.thread(&post_id))?,
        ))
    }

    pub(super) async fn get_posts_since(
        &self,
        channel_id: String,
        time: i64,
    ) -> Result<PostList, Error> {
        Ok(list_for_plugin(
            self.server.read(|data| data.posts.since(&channel_id, time)),
        ))
    }

    pub(super) async fn get_posts_after(
        &self,
        channel_id: String,
        post_id: String,
        page: i64,
        per_page: i64,
    ) -> Result<PostList, Error> {
        Ok(list_for_plugin(self.server.read(|data| {
            data.posts
                .around(&channel_id, &post_id, false, page, per_page)
        })))
    }

    pub(super) async fn get_posts_before(
        &self,
        channel_id: String,
        post_id: String,
        page: i64,
        per_page: i64,
    ) -> Result<PostList, Error> {
        Ok(list_for_plugin(self.server.read(|data| {
            data.posts
                .around(&channel_id, &post_id, true, page, per_page)
        })))
    }

    pub(super) async fn get_posts_for_channel(
        &self,
        channel_id: String,
        page: i64,
        per_page: i64,
    ) -> Result<PostList, Error> {
        Ok(list_for_plugin(self.server.read(|data| {
            data.posts.page(&channel_id, page, per_page)
        })?))
    }

    /// Posts of a team that contain all words of one of the searches, newest first. Phrases and the
    /// search syntax of clients are not known here.
    pub(super) async fn search_posts_in_team(
        &self,
        team_id: String,
        params: Vec<SearchParams>,
    ) -> Result<Vec<Post>, Error> {
        let mut found = self.server.read(|data| {
            let mut posts = data.posts.all();
            posts.retain(|post| {
                data.channels
                    .get(&post.channel_id)
                    .is_some_and(|channel| channel.team_id == team_id)
            });
            posts
        });
        found.retain(|post| params.iter().any(|search| matches(post, search)));
        found.sort_by_key(|post| std::cmp::Reverse(post.create_at));
        Ok(found.into_iter().map(for_plugin).collect())
    }

    pub(super) async fn send_ephemeral_post(
        &self,
        user_id: String,
        post: Post,
    ) -> Result<Post, Error> {
        Ok(for_plugin(self.server.send_ephemeral(&user_id, post)))
    }

    pub(super) async fn update_ephemeral_post(
        &self,
        user_id: String,
        post: Post,
    ) -> Result<Post, Error> {
        Ok(for_plugin(self.server.update_ephemeral(&user_id, post)))
    }

    pub(super) async fn delete_ephemeral_post(
        &self,
        user_id: String,
        post_id: String,
    ) -> Result<(), Error> {
        self.server.delete_ephemeral(&user_id, &post_id);
        Ok(())
    }

    pub(super) async fn add_reaction(&self, reaction: Reaction) -> Result<Reaction, Error> {
        Ok(self.server.add_reaction(&self.caller(), reaction)?)
    }

    pub(super) async fn remove_reaction(&self, reaction: Reaction) -> Result<(), Error> {
        Ok(self.server.remove_reaction(&self.caller(), reaction)?)
    }

    pub(super) async fn get_reactions(&self, post_id: String) -> Result<Vec<Reaction>, Error> {
        Ok(self
            .server
            .read(|data| data.of_post(&post_id).cloned().collect()))
    }

    pub(super) async fn publish_user_typing(
        &self,
        user_id: String,
        channel_id: String,
        parent_id: String,
    ) -> Result<(), Error> {
        let mut event = Map::new();
        event.insert("parent_id".to_owned(), Value::from(parent_id));
        event.insert("user_id".to_owned(), Value::from(user_id.clone()));
        let broadcast = mattermost_plugin::model::WebSocketBroadcast {
            channel_id,
            omit_users: BTreeMap::from([(user_id, true)]),
            ..Default::default()
        };
        self.server.publish("typing", event, broadcast);
        Ok(())
    }
}

fn for_plugin(post: Post) -> Post {
    Post {
        metadata: None,
        ..post
    }
}

fn list_for_plugin(mut list: PostList) -> PostList {
    for post in list.posts.values_mut() {
        post.metadata = None;
    }
    list
}

fn matches(post: &Post, search: &SearchParams) -> bool {
    let message = post.message.to_lowercase();
    let words = search.terms.to_lowercase();
    let has = |word: &str| message.contains(word.trim_matches('"'));
    let mut words = words.split_whitespace();
    let found = if search.or_terms {
        words.any(has)
    } else {
        words.all(has)
    };
    found
        && (search.in_channels.is_empty() || search.in_channels.contains(&post.channel_id))
        && (search.from_users.is_empty() || search.from_users.contains(&post.user_id))
}
