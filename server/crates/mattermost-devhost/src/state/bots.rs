//! Bots (`app/bot.go`, `model/bot.go`).

use mattermost_plugin::model::{AppError, Bot, BotGetOptions, BotPatch, User};

use super::Data;
use super::users::{is_valid_username, page_of};
use crate::errors::app_error;

/// Longest display name, in runes.
pub const DISPLAY_NAME_MAX_RUNES: usize = 64;
/// Longest description, in runes.
pub const DESCRIPTION_MAX_RUNES: usize = 1_024;

/// Where a plugin's store keeps the id of its bot (`app/bot.go`). Deleting all keys forgets it.
pub const BOT_KEY: &str = "mmi_botid";

impl Data {
    /// Creates a bot and its account.
    ///
    /// # Errors
    /// When the name is not valid or taken, or a text is too long.
    pub fn create_bot(&mut self, mut bot: Bot, now: i64) -> Result<Bot, AppError> {
        check(&bot)?;
        let user = self.users.create(
            User {
                username: bot.username.clone(),
                email: format!("{}@localhost", bot.username),
                first_name: bot.display_name.clone(),
                is_bot: true,
                bot_description: bot.description.clone(),
                ..User::default()
            },
            now,
        )?;
        bot.user_id.clone_from(&user.id);
        bot.create_at = now;
        bot.update_at = now;
        bot.delete_at = 0;
        self.bots.insert(user.id, bot.clone());
        Ok(bot)
    }

    /// A bot.
    ///
    /// # Errors
    /// When there is none with this id, or it was deactivated and is not asked for.
    pub fn bot(&self, user_id: &str, include_deleted: bool) -> Result<&Bot, AppError> {
        self.bots
            .get(user_id)
            .filter(|bot| include_deleted || bot.delete_at == 0)
            .ok_or_else(missing)
    }

    /// Changes names and description of a bot.
    ///
    /// # Errors
    /// When there is no such bot or a new value is not valid.
    pub fn patch_bot(
        &mut self,
        user_id: &str,
        patch: &BotPatch,
        now: i64,
    ) -> Result<Bot, AppError> {
        let mut bot = self.bot(user_id, true)?.clone();
        if let Some(username) = &patch.username {
            bot.username.clone_from(username);
        }
        if let Some(display_name) = &patch.display_name {
            bot.display_name.clone_from(display_name);
        }
        if let Some(description) = &patch.description {
            bot.description.clone_from(description);
        }
        check(&bot)?;
        let Some(user) = self.users.get(user_id) else {
            return Err(missing());
        };
        let user = User {
            username: bot.username.clone(),
            email: format!("{}@localhost", bot.username),
            first_name: bot.display_name.clone(),
            bot_description: bot.description.clone(),
            ..user.clone()
        };
        self.users.update(user, now)?;
        bot.update_at = now;
        self.bots.insert(user_id.to_owned(), bot.clone());
        Ok(bot)
    }

    /// Switches a bot and its account on or off.
    ///
    /// # Errors
    /// When there is no such bot.
    pub fn set_bot_active(
        &mut self,
        user_id: &str,
        active: bool,
        now: i64,
    ) -> Result<Bot, AppError> {
        let bot = self.bots.get_mut(user_id).ok_or_else(missing)?;
        bot.delete_at = if active { 0 } else { now };
        bot.update_at = now;
        let bot = bot.clone();
        if let Some(user) = self.users.get_mut(user_id) {
            user.delete_at = bot.delete_at;
            user.update_at = now;
        }
        Ok(bot)
    }

    /// A page of bots, the oldest first.
    #[must_use]
    pub fn bots(&self, options: &BotGetOptions) -> Vec<Bot> {
        let mut bots: Vec<Bot> = self
            .bots
            .values()
            .filter(|bot| options.include_deleted || bot.delete_at == 0)
            .filter(|bot| options.owner_id.is_empty() || bot.owner_id == options.owner_id)
            .filter(|bot| {
                !options.only_orphaned
                    || self
                        .users
                        .get(&bot.owner_id)
                        .is_some_and(|owner| owner.delete_at != 0)
            })
            .cloned()
            .collect();
        bots.sort_by(|one, other| {
            one.create_at
                .cmp(&other.create_at)
                .then_with(|| one.username.cmp(&other.username))
        });
        page_of(bots, options.page, options.per_page)
    }

    /// Removes a bot and its account for good.
    ///
    /// # Errors
    /// When there is no such bot.
    pub fn remove_bot(&mut self, user_id: &str) -> Result<(), AppError> {
        self.bots.remove(user_id).ok_or_else(missing)?;
        self.users.remove(user_id);
        Ok(())
    }
}

fn missing() -> AppError {
    app_error(
        "SqlBotStore.Get",
        "store.sql_bot.get.missing.app_error",
        "Bot does not exist.",
        404,
    )
}

fn check(bot: &Bot) -> Result<(), AppError> {
    let refuse = |id: &str, message: &str| {
        Err(app_error(
            "Bot.IsValid",
            &format!("model.bot.is_valid.{id}.app_error"),
            message,
            400,
        ))
    };
    if !is_valid_username(&bot.username) {
        return refuse("username", "Invalid username.");
    }
    if bot.display_name.chars().count() > DISPLAY_NAME_MAX_RUNES {
        return refuse("user_id", "Invalid user id.");
    }
    if bot.description.chars().count() > DESCRIPTION_MAX_RUNES {
        return refuse("description", "Invalid description.");
    }
    if bot.owner_id.is_empty() {
        return refuse("creator_id", "Invalid creator id.");
    }
    Ok(())
}
