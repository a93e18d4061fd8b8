//! Bot accounts.

use bytes::Bytes;

use crate::error::Error;
use crate::model::{Bot, BotGetOptions, BotPatch};

service! {
    /// Bot accounts. A bot's id is the id of its user.
    Bots
}

impl Bots<'_> {
    /// The id of this plugin's bot, which is made on the first call and brought up to date by the
    /// later ones. The server keeps the id under its own `mmi_` key of this plugin's store.
    ///
    /// Instances of a cluster that start together race here: hold a
    /// [`cluster::Mutex`](crate::cluster::Mutex) around it.
    ///
    /// # Errors
    /// When the name is invalid or belongs to an ordinary user.
    pub async fn ensure(&self, bot: &Bot) -> Result<String, Error> {
        self.host.ensure_bot_user(bot.clone()).await
    }

    /// Creates another bot; this plugin owns it unless `owner_id` says otherwise.
    ///
    /// # Errors
    /// Status 400 when a field is invalid or the name is taken.
    pub async fn create(&self, bot: &Bot) -> Result<Bot, Error> {
        self.host.create_bot(bot.clone()).await
    }

    /// Changes the fields of a bot that are `Some`.
    ///
    /// # Errors
    /// Status 404 when the bot does not exist.
    pub async fn patch(&self, bot_user_id: &str, patch: &BotPatch) -> Result<Bot, Error> {
        self.host
            .patch_bot(bot_user_id.to_owned(), patch.clone())
            .await
    }

    /// One active bot.
    ///
    /// # Errors
    /// Status 404 when there is none or it is deactivated.
    pub async fn get(&self, bot_user_id: &str) -> Result<Bot, Error> {
        self.host.get_bot(bot_user_id.to_owned(), false).await
    }

    /// One bot, active or not.
    ///
    /// # Errors
    /// Status 404 when there is none.
    pub async fn get_even_inactive(&self, bot_user_id: &str) -> Result<Bot, Error> {
        self.host.get_bot(bot_user_id.to_owned(), true).await
    }

    /// Bots that match `options`, one page of them.
    ///
    /// # Errors
    /// When the server cannot read them.
    pub async fn list(&self, options: &BotGetOptions) -> Result<Vec<Bot>, Error> {
        self.host.get_bots(options.clone()).await
    }

    /// Deactivates a bot or activates it again.
    ///
    /// # Errors
    /// Status 404 when the bot does not exist.
    pub async fn set_active(&self, bot_user_id: &str, active: bool) -> Result<Bot, Error> {
        self.host
            .update_bot_active(bot_user_id.to_owned(), active)
            .await
    }

    /// Deletes a bot and everything it wrote, for good.
    ///
    /// # Errors
    /// Status 404 when the bot does not exist.
    pub async fn delete_permanently(&self, bot_user_id: &str) -> Result<(), Error> {
        self.host.permanent_delete_bot(bot_user_id.to_owned()).await
    }

    /// Sets a bot's profile image, from a PNG, JPEG, GIF or BMP.
    ///
    /// # Errors
    /// When the image cannot be decoded or the bot does not exist.
    pub async fn set_profile_image(
        &self,
        bot_user_id: &str,
        image: impl Into<Bytes>,
    ) -> Result<(), Error> {
        self.host
            .set_profile_image(bot_user_id.to_owned(), image.into())
            .await
    }
}
