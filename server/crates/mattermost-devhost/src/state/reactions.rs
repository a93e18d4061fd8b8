//! Reactions to posts (`app/reaction.go`, `model/reaction.go`).

use mattermost_plugin::model::{AppError, Reaction};

use super::Data;
use super::emoji::system_emoji;
use crate::errors::{app_error, detailed, post_missing};
use crate::ids::is_valid_id;

/// Longest name of an emoji, in bytes.
pub const EMOJI_NAME_MAX_LENGTH: usize = 64;
/// Different emoji on one post (`ServiceSettings.UniqueEmojiReactionLimitPerPost`).
pub const UNIQUE_REACTIONS_MAX: usize = 50;

impl Data {
    /// Adds a reaction; a second one by the same user with the same emoji changes nothing.
    ///
    /// # Errors
    /// When the post does not exist or a limit is broken.
    pub fn add_reaction(&mut self, mut reaction: Reaction, now: i64) -> Result<Reaction, AppError> {
        let Some(post) = self.posts.get(&reaction.post_id) else {
            return Err(post_missing("GetSinglePost"));
        };
        if system_emoji(&reaction.emoji_name).is_none() {
            return Err(app_error(
                "GetEmojiByName",
                "app.emoji.get_by_name.no_result",
                "We couldn’t find the emoji.",
                404,
            ));
        }
        check(&reaction)?;
        let mut names: Vec<&str> = self
            .of_post(&post.id)
            .map(|known| known.emoji_name.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        if !names.contains(&reaction.emoji_name.as_str()) && names.len() >= UNIQUE_REACTIONS_MAX {
            return Err(app_error(
                "SaveReactionForPost",
                "app.reaction.save.save.too_many_reactions",
                "Reaction limit has been reached for this post.",
                400,
            ));
        }
        reaction.channel_id.clone_from(&post.channel_id);
        reaction.create_at = now;
        reaction.update_at = now;
        let known = self.reactions.iter().any(|known| same(known, &reaction));
        if !known {
            self.reactions.push(reaction.clone());
        }
        self.posts.set_has_reactions(&post.id, true, now);
        Ok(reaction)
    }

    /// Removes a reaction, if it is there.
    ///
    /// # Errors
    /// When the post does not exist.
    pub fn remove_reaction(&mut self, reaction: &Reaction, now: i64) -> Result<(), AppError> {
        if self.posts.get(&reaction.post_id).is_none() {
            return Err(post_missing("GetSinglePost"));
        }
        self.reactions.retain(|known| !same(known, reaction));
        let left = self.of_post(&reaction.post_id).next().is_some();
        self.posts.set_has_reactions(&reaction.post_id, left, now);
        Ok(())
    }

    /// Reactions to a post, in the order they were given.
    pub fn of_post<'a>(&'a self, post_id: &'a str) -> impl Iterator<Item = &'a Reaction> {
        self.reactions
            .iter()
            .filter(move |reaction| reaction.post_id == post_id)
    }
}

fn same(one: &Reaction, other: &Reaction) -> bool {
    one.user_id == other.user_id
        && one.post_id == other.post_id
        && one.emoji_name == other.emoji_name
}

fn check(reaction: &Reaction) -> Result<(), AppError> {
    if !is_valid_id(&reaction.user_id) {
        return Err(app_error(
            "Reaction.IsValid",
            "model.reaction.is_valid.user_id.app_error",
            "Invalid user id.",
            400,
        ));
    }
    let name = &reaction.emoji_name;
    let valid = (1..=EMOJI_NAME_MAX_LENGTH).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-+_".contains(&byte));
    if !valid {
        let error = app_error(
            "Reaction.IsValid",
            "model.reaction.is_valid.emoji_name.app_error",
            "Invalid emoji name.",
            400,
        );
        return Err(detailed(error, format!("emoji_name={name}")));
    }
    Ok(())
}
