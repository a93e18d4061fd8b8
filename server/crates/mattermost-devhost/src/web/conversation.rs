//! Reading and writing posts.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::Failure;
use super::{Page, shown};
use crate::client;

#[derive(Deserialize)]
pub(super) struct Reader {
    user: String,
}

/// `GET /api/channels/<channel>/posts?user=`: the channel's posts, oldest first. The channel is an
/// id, a name, or `@username`.
pub(super) async fn posts(
    State(page): State<Page>,
    Path(channel): Path<String>,
    Query(reader): Query<Reader>,
) -> Result<Json<Value>, Failure> {
    let user = page.user(&reader.user);
    let channel_id = user.channel(&channel)?;
    let server = page.host.server();
    let posts = client::visible_posts(server, &user.id(), &channel_id);
    Ok(Json(
        json!({"channel_id": channel_id, "posts": shown::posts(server, posts)}),
    ))
}

/// `GET /api/threads/<post>?user=`: the thread of a post, its root first.
pub(super) async fn thread(
    State(page): State<Page>,
    Path(root): Path<String>,
    Query(reader): Query<Reader>,
) -> Result<Json<Value>, Failure> {
    let user = page.user(&reader.user);
    let server = page.host.server();
    let root_id = server
        .read(|data| data.posts.get(&root))
        .map(|post| {
            if post.root_id.is_empty() {
                post.id
            } else {
                post.root_id
            }
        })
        .ok_or_else(|| Failure::new("Unable to get the post.", 404))?;
    let channel_id = server
        .read(|data| data.posts.get(&root_id))
        .map(|post| post.channel_id)
        .unwrap_or_default();
    let mut posts = client::visible_posts(server, &user.id(), &channel_id);
    posts.retain(|post| post.id == root_id || post.root_id == root_id);
    Ok(Json(
        json!({"root_id": root_id, "posts": shown::posts(server, posts)}),
    ))
}

#[derive(Deserialize)]
pub(super) struct NewPost {
    user: String,
    channel: String,
    message: String,
    #[serde(default)]
    root_id: String,
}

/// `POST /api/posts {user, channel, message, root_id?}`: writes a post.
pub(super) async fn create(
    State(page): State<Page>,
    Json(new): Json<NewPost>,
) -> Result<Json<Value>, Failure> {
    let post = page
        .user(&new.user)
        .reply(&new.channel, &new.root_id, &new.message)
        .await?;
    Ok(Json(json!(post)))
}

#[derive(Deserialize)]
pub(super) struct React {
    user: String,
    post_id: String,
    emoji: String,
    #[serde(default)]
    remove: bool,
}

/// `POST /api/reaction {user, post_id, emoji, remove?}`.
pub(super) async fn react(
    State(page): State<Page>,
    Json(react): Json<React>,
) -> Result<Json<Value>, Failure> {
    let user = page.user(&react.user);
    if react.remove {
        user.unreact(&react.post_id, &react.emoji).await?;
    } else {
        user.react(&react.post_id, &react.emoji).await?;
    }
    Ok(Json(json!({"status": "OK"})))
}
