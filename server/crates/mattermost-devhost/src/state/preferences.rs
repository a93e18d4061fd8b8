//! Preferences of users (`app/preference.go`, `model/preference.go`).

use mattermost_plugin::model::{AppError, Preference};

use super::Data;
use crate::errors::{app_error, detailed};
use crate::ids::is_valid_id;

/// Longest category and name, in bytes.
pub const NAME_MAX_LENGTH: usize = 32;
/// Longest value, in runes (`MaxPreferenceValueLength`).
pub const VALUE_MAX_RUNES: usize = 20_000;

impl Data {
    /// One preference.
    ///
    /// # Errors
    /// When it is not set (the server's status is 400, not 404).
    pub fn preference(
        &self,
        user_id: &str,
        category: &str,
        name: &str,
    ) -> Result<Preference, AppError> {
        let key = (user_id.to_owned(), category.to_owned(), name.to_owned());
        self.preferences.get(&key).cloned().ok_or_else(|| {
            app_error(
                "GetPreferenceByCategoryAndNameForUser",
                "app.preference.get.app_error",
                "We encountered an error while finding preferences.",
                400,
            )
        })
    }

    /// All preferences of a user.
    #[must_use]
    pub fn preferences_of(&self, user_id: &str) -> Vec<Preference> {
        self.preferences
            .values()
            .filter(|preference| preference.user_id == user_id)
            .cloned()
            .collect()
    }

    /// Sets preferences, all or none.
    ///
    /// # Errors
    /// When one is another user's or breaks a limit.
    pub fn set_preferences(
        &mut self,
        user_id: &str,
        preferences: &[Preference],
    ) -> Result<(), AppError> {
        owned_by(
            user_id,
            preferences,
            "savePreferences",
            "api.preference.update_preferences.set.app_error",
        )?;
        for preference in preferences {
            check(preference)?;
        }
        for preference in preferences {
            self.preferences.insert(key(preference), preference.clone());
        }
        Ok(())
    }

    /// Removes preferences, if they are there.
    ///
    /// # Errors
    /// When one is another user's.
    pub fn delete_preferences(
        &mut self,
        user_id: &str,
        preferences: &[Preference],
    ) -> Result<(), AppError> {
        owned_by(
            user_id,
            preferences,
            "DeletePreferences",
            "api.preference.delete_preferences.delete.app_error",
        )?;
        for preference in preferences {
            self.preferences.remove(&key(preference));
        }
        Ok(())
    }
}

fn key(preference: &Preference) -> (String, String, String) {
    (
        preference.user_id.clone(),
        preference.category.clone(),
        preference.name.clone(),
    )
}

fn owned_by(
    user_id: &str,
    preferences: &[Preference],
    place: &str,
    id: &str,
) -> Result<(), AppError> {
    match preferences
        .iter()
        .find(|preference| preference.user_id != user_id)
    {
        None => Ok(()),
        Some(other) => {
            let error = app_error(
                place,
                id,
                "Unable to change the preferences of another user.",
                403,
            );
            Err(detailed(
                error,
                format!("userId={user_id}, preference.UserId={}", other.user_id),
            ))
        }
    }
}

fn check(preference: &Preference) -> Result<(), AppError> {
    let refuse = |id: &str, message: &str| {
        Err(app_error(
            "Preference.IsValid",
            &format!("model.preference.is_valid.{id}.app_error"),
            message,
            400,
        ))
    };
    if !is_valid_id(&preference.user_id) {
        return refuse("id", "Invalid user id.");
    }
    if preference.category.is_empty() || preference.category.len() > NAME_MAX_LENGTH {
        return refuse("category", "Invalid category.");
    }
    if preference.name.len() > NAME_MAX_LENGTH {
        return refuse("name", "Invalid name.");
    }
    if preference.value.chars().count() > VALUE_MAX_RUNES {
        return refuse("value", "Value is too long.");
    }
    Ok(())
}
