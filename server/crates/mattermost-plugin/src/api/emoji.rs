//! Custom emoji.

use crate::error::Error;
use crate::model::Emoji;

service! {
    /// Custom emoji.
    EmojiService
}

impl EmojiService<'_> {
    /// Custom emoji, page by page from 0; `sort_by` is empty or `name`.
    ///
    /// # Errors
    /// When the server cannot read them.
    pub async fn list(&self, sort_by: &str, page: i64, per_page: i64) -> Result<Vec<Emoji>, Error> {
        self.host
            .get_emoji_list(sort_by.to_owned(), page, per_page)
            .await
    }

    /// One custom emoji by its name, without colons.
    ///
    /// # Errors
    /// Status 404 when there is none, 501 when custom emoji are disabled.
    pub async fn by_name(&self, name: &str) -> Result<Emoji, Error> {
        self.host.get_emoji_by_name(name.to_owned()).await
    }
}
