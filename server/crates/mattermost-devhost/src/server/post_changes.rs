//! Changing and deleting posts (`app/post.go`).

use std::sync::Arc;

use mattermost_plugin::Verdict;
use mattermost_plugin::model::{AppError, Post};

use super::posts::{for_plugin, post_event};
use super::{Caller, Server};
use crate::errors::{app_error, detailed, post_missing};
use crate::state::text;

impl Server {
    /// Changes a post (`App.UpdatePost` with `SafeUpdate: false`): message, props, files, pin.
    ///
    /// # Errors
    /// When there is no such post, it cannot be changed, a limit is broken, or a plugin refuses.
    pub async fn update_post(
        self: &Arc<Self>,
        caller: &Caller,
        received: Post,
    ) -> Result<Post, AppError> {
        let old = self
            .read(|data| data.posts.get(&received.id))
            .ok_or_else(|| post_missing("UpdatePost"))?;
        if old.r#type.starts_with("system_") {
            let error = app_error(
                "UpdatePost",
                "api.post.update_post.system_message.app_error",
                "Unable to update system message.",
                400,
            );
            return Err(detailed(error, format!("id={}", received.id)));
        }
        let archived = self.read(|data| {
            data.channels
                .get(&old.channel_id)
                .is_some_and(|channel| channel.delete_at != 0)
        });
        if archived {
            return Err(app_error(
                "UpdatePost",
                "api.post.update_post.can_not_update_post_in_deleted.error",
                "Can not update a post in a deleted channel.",
                400,
            ));
        }
        let now = self.now();
        let mut post = Post {
            is_pinned: received.is_pinned,
            has_reactions: received.has_reactions,
            props: received.props,
            ..old.clone()
        };
        for name in ["add_channel_member", "force_notification"] {
            post.props.remove(name);
        }
        if old.message != received.message {
            post.message = received.message;
            post.hashtags = text::hashtags(&post.message);
            post.edit_at = now;
        }
        post.file_ids = self.write(|data| {
            received
                .file_ids
                .into_iter()
                .filter(|id| {
                    old.file_ids.contains(id)
                        || data
                            .files
                            .attach(id, &old.id, &old.channel_id, &old.user_id)
                })
                .collect()
        });
        if old.file_ids != post.file_ids
            || old.props.get("attachments") != post.props.get("attachments")
        {
            post.edit_at = now;
        }
        self.fill_channel_mentions(&mut post);
        for (_, hooks) in self.implementing("MessageWillBeUpdated", caller.node) {
            let (new, before) = (for_plugin(post.clone()), for_plugin(old.clone()));
            match hooks
                .message_will_be_updated(caller.context.clone(), new, before)
                .await
            {
                Ok(Verdict::Allow) | Err(_) => {}
                Ok(Verdict::Replace(replacement)) => {
                    post = Post {
                        metadata: old.metadata.clone(),
                        ..replacement
                    }
                }
                Ok(Verdict::Reject(reason)) => {
                    let id = format!("Post rejected by plugin. {reason}");
                    return Err(app_error("UpdatePost", &id, id.clone(), 400));
                }
            }
        }
        let post = self.write(|data| data.posts.replace(post, now))?;
        self.report_attachment_problems(&post);
        for (_, hooks) in self.implementing("MessageHasBeenUpdated", caller.node) {
            let (context, new, before) = (
                caller.context.clone(),
                for_plugin(post.clone()),
                for_plugin(old.clone()),
            );
            tokio::spawn(async move { hooks.message_has_been_updated(context, new, before).await });
        }
        self.publish_to_channel("post_edited", &post.channel_id, post_event(&post));
        Ok(post)
    }

    /// Deletes a post and the replies to it; `deleted_by` is the id of a user or plugin.
    ///
    /// # Errors
    /// When there is no such post (the server's status is 400, not 404).
    pub fn delete_post(
        self: &Arc<Self>,
        caller: &Caller,
        post_id: &str,
        deleted_by: &str,
    ) -> Result<(), AppError> {
        let post = self
            .read(|data| data.posts.get(post_id))
            .ok_or_else(|| AppError {
                status_code: 400,
                ..post_missing("DeletePost")
            })?;
        let now = self.now();
        self.write(|data| data.posts.delete(post_id, deleted_by, now));
        for (_, hooks) in self.implementing("MessageHasBeenDeleted", caller.node) {
            let (context, post) = (caller.context.clone(), for_plugin(post.clone()));
            tokio::spawn(async move { hooks.message_has_been_deleted(context, post).await });
        }
        self.publish_to_channel("post_deleted", &post.channel_id, post_event(&post));
        Ok(())
    }
}
