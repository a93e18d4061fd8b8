//! Users' preferences.

use crate::error::Error;
use crate::model::Preference;

service! {
    /// Preferences: small texts per user, category and name.
    Preferences
}

impl Preferences<'_> {
    /// One preference.
    ///
    /// # Errors
    /// When it is not set (status 400, not 404: `app/preference.go`).
    pub async fn get(
        &self,
        user_id: &str,
        category: &str,
        name: &str,
    ) -> Result<Preference, Error> {
        self.host
            .get_preference_for_user(user_id.to_owned(), category.to_owned(), name.to_owned())
            .await
    }

    /// All preferences of a user.
    ///
    /// # Errors
    /// When the server cannot read them.
    pub async fn list(&self, user_id: &str) -> Result<Vec<Preference>, Error> {
        self.host.get_preferences_for_user(user_id.to_owned()).await
    }

    /// Sets preferences; each must carry `user_id` itself.
    ///
    /// # Errors
    /// Status 400 when one is invalid, 403 when one belongs to somebody else.
    pub async fn update(&self, user_id: &str, preferences: &[Preference]) -> Result<(), Error> {
        self.host
            .update_preferences_for_user(user_id.to_owned(), preferences.to_vec())
            .await
    }

    /// Removes preferences; each must carry `user_id` itself.
    ///
    /// # Errors
    /// Status 403 when one belongs to somebody else.
    pub async fn delete(&self, user_id: &str, preferences: &[Preference]) -> Result<(), Error> {
        self.host
            .delete_preferences_for_user(user_id.to_owned(), preferences.to_vec())
            .await
    }
}
