//! Creating, changing and deleting posts (`app/post.go`).

use std::sync::Arc;

use mattermost_plugin::Verdict;
use mattermost_plugin::model::{AppError, Post};
use serde_json::{Map, Value, json};

use super::{Caller, Server};
use crate::errors::{app_error, channel_missing, user_missing};
use crate::state::text;

impl Server {
    /// Creates a post (`App.CreatePost`).
    ///
    /// # Errors
    /// When the channel, author or root does not fit, a limit is broken, or a plugin refuses.
    pub async fn create_post(
        self: &Arc<Self>,
        caller: &Caller,
        mut post: Post,
    ) -> Result<Post, AppError> {
        self.check_parents(&post)?;
        for name in ["add_channel_member", "force_notification"] {
            post.props.remove(name);
        }
        let user = self
            .read(|data| data.users.get(&post.user_id).cloned())
            .ok_or_else(|| user_missing("CreatePost"))?;
        if user.is_bot {
            post.props
                .insert("from_bot".to_owned(), Value::from("true"));
        }
        let may_mention =
            self.has_channel_permission(&user.id, &post.channel_id, "use_channel_mentions");
        let wide_mention = text::channel_wide_mention(&post.message);
        let refused_mention = wide_mention.filter(|_| post.r#type.is_empty() && !may_mention);
        if refused_mention.is_some() {
            post.props
                .insert("mentionHighlightDisabled".to_owned(), Value::Bool(true));
        }
        post.hashtags = text::hashtags(&post.message);
        self.fill_channel_mentions(&mut post);
        let metadata = post.metadata.clone();
        for (_, hooks) in self.implementing("MessageWillBePosted", caller.node) {
            match hooks
                .message_will_be_posted(caller.context.clone(), for_plugin(post.clone()))
                .await
            {
                Ok(Verdict::Allow) | Err(_) => {}
                Ok(Verdict::Replace(replacement)) => {
                    post = Post {
                        metadata: metadata.clone(),
                        ..replacement
                    }
                }
                Ok(Verdict::Reject(reason)) => {
                    let id = format!("Post rejected by plugin. {reason}");
                    return Err(app_error("createPost", &id, id.clone(), 400));
                }
            }
        }
        let now = self.now();
        let file_ids = post.file_ids.clone();
        let post = self.write(|data| {
            let mut post = data.posts.insert(post, now)?;
            post.file_ids = file_ids
                .into_iter()
                .filter(|id| {
                    data.files
                        .attach(id, &post.id, &post.channel_id, &post.user_id)
                })
                .collect();
            data.posts.set_file_ids(&post.id, &post.file_ids);
            if let Some(channel) = data.channels.get_mut(&post.channel_id) {
                channel.last_post_at = channel.last_post_at.max(post.create_at);
                channel.total_msg_count += 1;
            }
            Ok::<Post, AppError>(post)
        })?;
        self.report_attachment_problems(&post);
        for (_, hooks) in self.implementing("MessageHasBeenPosted", caller.node) {
            let (context, post) = (caller.context.clone(), for_plugin(post.clone()));
            tokio::spawn(async move { hooks.message_has_been_posted(context, post).await });
        }
        let mut event = post_event(&post);
        event.insert(
            "sender_name".to_owned(),
            Value::from(format!("@{}", user.username)),
        );
        self.publish_to_channel("posted", &post.channel_id, event);
        if let Some(mention) = refused_mention {
            let notice = Post::new(
                &user.id,
                &post.channel_id,
                format!(
                    "Channel notifications are disabled in this channel. The {mention} did not trigger any notifications."
                ),
            );
            self.send_ephemeral(
                &user.id,
                Post {
                    root_id: post.root_id.clone(),
                    ..notice
                },
            );
        }
        Ok(post)
    }

    fn check_parents(&self, post: &Post) -> Result<(), AppError> {
        self.read(|data| {
            if data.channels.get(&post.channel_id).is_none() {
                return Err(channel_missing(
                    "CreatePostMissingChannel",
                    &post.channel_id,
                ));
            }
            if post.root_id.is_empty() {
                return Ok(());
            }
            let bad_root = || {
                app_error(
                    "createPost",
                    "api.post.create_post.root_id.app_error",
                    "Invalid RootId parameter.",
                    400,
                )
            };
            let root = data.posts.get(&post.root_id).ok_or_else(bad_root)?;
            if root.channel_id != post.channel_id {
                return Err(app_error(
                    "createPost",
                    "api.post.create_post.channel_root_id.app_error",
                    "Invalid ChannelId for RootId parameter.",
                    500,
                ));
            }
            if root.root_id.is_empty() {
                Ok(())
            } else {
                Err(bad_root())
            }
        })
    }

    /// Creates a post as a client does: not in archived channels, and not as the system.
    ///
    /// # Errors
    /// As [`create_post`](Self::create_post).
    pub async fn create_post_as_user(
        self: &Arc<Self>,
        caller: &Caller,
        post: Post,
    ) -> Result<Post, AppError> {
        let invalid = |name: &str| {
            app_error(
                "CreatePostAsUser",
                "api.context.invalid_param.app_error",
                format!("Invalid {name} parameter."),
                400,
            )
        };
        let archived = self
            .read(|data| {
                data.channels
                    .get(&post.channel_id)
                    .map(|channel| channel.delete_at != 0)
            })
            .ok_or_else(|| invalid("post.channel_id"))?;
        if post.r#type.starts_with("system_") {
            return Err(invalid("post.type"));
        }
        if archived {
            return Err(app_error(
                "createPost",
                "api.post.create_post.can_not_post_to_deleted.error",
                "Can not post to deleted channel.",
                400,
            ));
        }
        if !self.has_channel_permission(&post.user_id, &post.channel_id, "create_post") {
            return Err(app_error(
                "Permissions",
                "api.context.permissions.app_error",
                "You do not have the appropriate permissions.",
                403,
            ));
        }
        self.create_post(caller, post).await
    }

    /// Notes the channels that a message mentions, as far as its author may read them.
    pub(super) fn fill_channel_mentions(&self, post: &mut Post) {
        let names = text::mentions(&post.message, '~');
        let mut mentioned = Map::new();
        self.read(|data| {
            let team_id = data.channels.get(&post.channel_id).map(|channel| channel.team_id.clone()).unwrap_or_default();
            for channel in names.iter().filter_map(|name| data.channels.by_name(&team_id, name, false)) {
                let readable = channel.r#type == "O" || data.channels.member(&channel.id, &post.user_id).is_some();
                if let Some(team) = data.teams.get(&channel.team_id).filter(|_| readable) {
                    let known = json!({"display_name": channel.display_name, "team_name": team.name, "id": channel.id});
                    mentioned.insert(channel.name.clone(), known);
                }
            }
        });
        if mentioned.is_empty() {
            post.props.remove("channel_mentions");
        } else {
            post.props
                .insert("channel_mentions".to_owned(), Value::Object(mentioned));
        }
    }
}

/// The post as plugins get it.
pub(crate) fn for_plugin(post: Post) -> Post {
    Post {
        metadata: None,
        ..post
    }
}

/// What an event about a post carries: the post as JSON text, without what its buttons do.
pub(crate) fn post_event(post: &Post) -> Map<String, Value> {
    let shown = Post {
        props: text::without_integrations(&post.props),
        ..post.clone()
    };
    let mut event = Map::new();
    event.insert(
        "post".to_owned(),
        Value::from(serde_json::to_string(&shown).unwrap_or_default()),
    );
    event
}
