//! The limits of posts (`model/post.go`).

use mattermost_plugin::model::{AppError, Post};
use serde_json::Value;

use super::text;
use crate::errors::{app_error, detailed};
use crate::ids::is_valid_id;

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

/// What is done to each post before it is stored (`Post.PreCommit`).
pub(super) fn complete(post: &mut Post) {
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
        let error = app_error(
            "Post.IsValid",
            &format!("model.post.is_valid.{id}.app_error"),
            message,
            400,
        );
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
        return refuse(
            "message_length",
            "Post Message property is longer than the maximum permitted length.",
        );
    }
    if !TYPES.contains(&post.r#type.as_str()) && !post.r#type.starts_with("custom_") {
        return refuse("type", "Invalid type.");
    }
    let json_runes = |value: Value| value.to_string().chars().count();
    if json_runes(Value::from(post.file_ids.clone())) > FILE_IDS_MAX_RUNES {
        return refuse(
            "file_ids",
            "Invalid file ids. Note that uploads are limited to 10 files maximum.",
        );
    }
    if json_runes(Value::Object(post.props.clone())) > PROPS_MAX_RUNES {
        return refuse("props", "Invalid props.");
    }
    Ok(())
}
