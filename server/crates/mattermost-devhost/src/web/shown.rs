//! Posts as the page shows them.

use mattermost_plugin::model::{FileInfo, Post};
use serde::Serialize;

use crate::server::Server;
use crate::state::post_limits::EPHEMERAL;
use crate::state::text;

/// A post with what belongs to it.
#[derive(Debug, Serialize)]
pub(super) struct ShownPost {
    #[serde(flatten)]
    post: Post,
    username: String,
    is_bot: bool,
    only_visible_to_you: bool,
    reactions: Vec<ShownReaction>,
    files: Vec<FileInfo>,
}

#[derive(Debug, Serialize)]
struct ShownReaction {
    emoji: String,
    users: Vec<String>,
}

pub(super) fn posts(server: &Server, posts: Vec<Post>) -> Vec<ShownPost> {
    posts.into_iter().map(|post| shown(server, post)).collect()
}

fn shown(server: &Server, post: Post) -> ShownPost {
    server.read(|data| {
        let user = data.users.get(&post.user_id);
        let mut reactions: Vec<ShownReaction> = Vec::new();
        for reaction in data.of_post(&post.id) {
            let username = data
                .users
                .get(&reaction.user_id)
                .map(|user| user.username.clone())
                .unwrap_or_default();
            match reactions
                .iter_mut()
                .find(|known| known.emoji == reaction.emoji_name)
            {
                Some(known) => known.users.push(username),
                None => reactions.push(ShownReaction {
                    emoji: reaction.emoji_name.clone(),
                    users: vec![username],
                }),
            }
        }
        ShownPost {
            username: user.map(|user| user.username.clone()).unwrap_or_default(),
            is_bot: user.is_some_and(|user| user.is_bot),
            only_visible_to_you: post.r#type == EPHEMERAL,
            reactions,
            files: post
                .file_ids
                .iter()
                .filter_map(|id| data.files.info(id).ok().cloned())
                .collect(),
            post: Post {
                props: text::without_integrations(&post.props),
                ..post
            },
        }
    })
}
