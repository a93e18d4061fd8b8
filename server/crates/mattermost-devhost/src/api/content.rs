//! Bots and emoji.

use bytes::Bytes;
use mattermost_plugin::Error;
use mattermost_plugin::model::{Bot, BotGetOptions, BotPatch, Emoji, KvSetOptions};

use super::PluginApi;
use crate::errors::app_error;
use crate::state::bots::BOT_KEY;

impl PluginApi {
    /// The plugin's bot, made if there is none; the same one every time (`App.EnsureBot`).
    pub(super) async fn ensure_bot_user(&self, mut bot: Bot) -> Result<String, Error> {
        self.id().clone_into(&mut bot.owner_id);
        if bot.username.is_empty() {
            return Err(Error::Invalid("passed a bot with no username".to_owned()));
        }
        let now = self.server.now();
        let known = self
            .server
            .write(|data| data.kv(self.id()).get(BOT_KEY, now));
        let known = String::from_utf8_lossy(&known).into_owned();
        if self.server.read(|data| data.bot(&known, true).is_ok()) {
            let patch = BotPatch {
                username: Some(bot.username),
                display_name: Some(bot.display_name),
                description: Some(bot.description),
            };
            self.server
                .write(|data| data.patch_bot(&known, &patch, now))
                .map_err(|error| Error::Invalid(format!("failed to patch bot: {error}")))?;
            return Ok(known);
        }
        let user = self
            .server
            .read(|data| data.users.by_username(&bot.username).cloned());
        let user_id = match user {
            Some(user) if !user.is_bot => {
                self.server.log(
                    mattermost_plugin::LogLevel::Error,
                    self.id(),
                    self.node,
                    "Plugin attempted to use an account that already exists.",
                    vec![("username".to_owned(), bot.username)],
                );
                return Ok(user.id);
            }
            Some(user) => user.id,
            None => {
                self.server
                    .write(|data| data.create_bot(bot, now))
                    .map_err(|error| Error::Invalid(format!("failed to create bot: {error}")))?
                    .user_id
            }
        };
        let value = Bytes::from(user_id.clone());
        self.server.write(|data| {
            data.kv(self.id())
                .set(BOT_KEY, value, &KvSetOptions::default(), now)
        })?;
        Ok(user_id)
    }

    pub(super) async fn create_bot(&self, mut bot: Bot) -> Result<Bot, Error> {
        if bot.owner_id.is_empty() {
            self.id().clone_into(&mut bot.owner_id);
        }
        if self.server.read(|data| {
            data.users
                .get(&bot.owner_id)
                .is_some_and(|owner| owner.is_bot)
        }) {
            return Err(app_error(
                "CreateBot",
                "plugin_api.bot_cant_create_bot",
                "Bot user cannot create bot user.",
                400,
            )
            .into());
        }
        let now = self.server.now();
        Ok(self.server.write(|data| data.create_bot(bot, now))?)
    }

    pub(super) async fn patch_bot(
        &self,
        bot_user_id: String,
        patch: BotPatch,
    ) -> Result<Bot, Error> {
        let now = self.server.now();
        Ok(self
            .server
            .write(|data| data.patch_bot(&bot_user_id, &patch, now))?)
    }

    pub(super) async fn get_bot(
        &self,
        bot_user_id: String,
        include_deleted: bool,
    ) -> Result<Bot, Error> {
        Ok(self
            .server
            .read(|data| data.bot(&bot_user_id, include_deleted).cloned())?)
    }

    pub(super) async fn get_bots(&self, options: BotGetOptions) -> Result<Vec<Bot>, Error> {
        Ok(self.server.read(|data| data.bots(&options)))
    }

    pub(super) async fn update_bot_active(
        &self,
        bot_user_id: String,
        active: bool,
    ) -> Result<Bot, Error> {
        let now = self.server.now();
        Ok(self
            .server
            .write(|data| data.set_bot_active(&bot_user_id, active, now))?)
    }

    pub(super) async fn permanent_delete_bot(&self, bot_user_id: String) -> Result<(), Error> {
        Ok(self.server.write(|data| data.remove_bot(&bot_user_id))?)
    }

    /// Emoji that users made: there are none.
    pub(super) async fn get_emoji_list(
        &self,
        _sort_by: String,
        _page: i64,
        _per_page: i64,
    ) -> Result<Vec<Emoji>, Error> {
        Ok(Vec::new())
    }

    pub(super) async fn get_emoji_by_name(&self, _name: String) -> Result<Emoji, Error> {
        Err(app_error(
            "GetEmojiByName",
            "app.emoji.get_by_name.no_result",
            "We couldn’t find the emoji.",
            404,
        )
        .into())
    }
}
