//! User accounts.

use bytes::Bytes;

use super::optional;
use crate::error::Error;
use crate::model::{Status, User, UserGetOptions};

service! {
    /// User accounts, their status and profile images.
    Users
}

impl Users<'_> {
    /// Creates an account. `username`, `email` and `password` (or another login method) are needed.
    ///
    /// # Errors
    /// Status 400 when a field is invalid or taken.
    pub async fn create(&self, user: &User) -> Result<User, Error> {
        self.host.create_user(user.clone()).await
    }

    /// One account by its id.
    ///
    /// # Errors
    /// Status 404 when there is none.
    pub async fn get(&self, user_id: &str) -> Result<User, Error> {
        self.host.get_user(user_id.to_owned()).await
    }

    /// One account by its id, `None` when there is none.
    ///
    /// # Errors
    /// Any error of the server except 404.
    pub async fn get_optional(&self, user_id: &str) -> Result<Option<User>, Error> {
        optional(self.get(user_id).await)
    }

    /// One account by its name, without `@`.
    ///
    /// # Errors
    /// Status 404 when there is none.
    pub async fn get_by_username(&self, username: &str) -> Result<User, Error> {
        self.host.get_user_by_username(username.to_owned()).await
    }

    /// One account by its name, without `@`; `None` when there is none.
    ///
    /// # Errors
    /// Any error of the server except 404.
    pub async fn get_by_username_optional(&self, username: &str) -> Result<Option<User>, Error> {
        optional(self.get_by_username(username).await)
    }

    /// One account by its e-mail address.
    ///
    /// # Errors
    /// Status 404 when there is none.
    pub async fn get_by_email(&self, email: &str) -> Result<User, Error> {
        self.host.get_user_by_email(email.to_owned()).await
    }

    /// Accounts that match `options`, one page of them.
    ///
    /// # Errors
    /// When the server refuses the options.
    pub async fn list(&self, options: &UserGetOptions) -> Result<Vec<User>, Error> {
        self.host.get_users(options.clone()).await
    }

    /// The accounts with these ids; unknown ids are left out.
    ///
    /// # Errors
    /// When the server cannot read them.
    pub async fn list_by_ids(&self, user_ids: &[String]) -> Result<Vec<User>, Error> {
        self.host.get_users_by_ids(user_ids.to_vec()).await
    }

    /// The accounts with these names; unknown names are left out.
    ///
    /// # Errors
    /// When the server cannot read them.
    pub async fn list_by_usernames(&self, usernames: &[String]) -> Result<Vec<User>, Error> {
        self.host.get_users_by_usernames(usernames.to_vec()).await
    }

    /// The members of a team, page by page from 0.
    ///
    /// # Errors
    /// When the server cannot read them.
    pub async fn list_in_team(
        &self,
        team_id: &str,
        page: i64,
        per_page: i64,
    ) -> Result<Vec<User>, Error> {
        self.host
            .get_users_in_team(team_id.to_owned(), page, per_page)
            .await
    }

    /// The members of a channel, page by page from 0. `sort_by` is `username` or `status`.
    ///
    /// # Errors
    /// Status 400 for another `sort_by`.
    pub async fn list_in_channel(
        &self,
        channel_id: &str,
        sort_by: &str,
        page: i64,
        per_page: i64,
    ) -> Result<Vec<User>, Error> {
        self.host
            .get_users_in_channel(channel_id.to_owned(), sort_by.to_owned(), page, per_page)
            .await
    }

    /// Saves an account as it is given: read it first and change what should change.
    ///
    /// # Errors
    /// Status 400 when a field is invalid, 404 when the account does not exist.
    pub async fn update(&self, user: &User) -> Result<User, Error> {
        self.host.update_user(user.clone()).await
    }

    /// Deactivates an account or activates it again.
    ///
    /// # Errors
    /// Status 404 when the account does not exist.
    pub async fn set_active(&self, user_id: &str, active: bool) -> Result<(), Error> {
        self.host
            .update_user_active(user_id.to_owned(), active)
            .await
    }

    /// Deactivates an account (Go's `DeleteUser`, which deletes nothing).
    ///
    /// # Errors
    /// Status 404 when the account does not exist.
    pub async fn deactivate(&self, user_id: &str) -> Result<(), Error> {
        self.host.delete_user(user_id.to_owned()).await
    }

    /// Sets an account's system roles, separated by spaces.
    ///
    /// # Errors
    /// Status 400 for an unknown role, 404 for an unknown account.
    pub async fn set_roles(&self, user_id: &str, roles: &str) -> Result<User, Error> {
        self.host
            .update_user_roles(user_id.to_owned(), roles.to_owned())
            .await
    }

    /// Whether a user is online, away, busy or offline.
    ///
    /// # Errors
    /// Status 404 when the server has no status of that user.
    pub async fn status(&self, user_id: &str) -> Result<Status, Error> {
        self.host.get_user_status(user_id.to_owned()).await
    }

    /// The statuses of several users.
    ///
    /// # Errors
    /// When the server cannot read them.
    pub async fn statuses(&self, user_ids: &[String]) -> Result<Vec<Status>, Error> {
        self.host.get_user_statuses_by_ids(user_ids.to_vec()).await
    }

    /// Sets a user's status: `online`, `away`, `dnd` or `offline`.
    ///
    /// # Errors
    /// Status 400 for another text.
    pub async fn set_status(&self, user_id: &str, status: &str) -> Result<Status, Error> {
        self.host
            .update_user_status(user_id.to_owned(), status.to_owned())
            .await
    }

    /// The profile image; a generated one when the user has none.
    ///
    /// # Errors
    /// Status 404 when the account does not exist.
    pub async fn profile_image(&self, user_id: &str) -> Result<Bytes, Error> {
        self.host.get_profile_image(user_id.to_owned()).await
    }

    /// Sets the profile image, from a PNG, JPEG, GIF or BMP.
    ///
    /// # Errors
    /// When the image cannot be decoded or the account does not exist.
    pub async fn set_profile_image(
        &self,
        user_id: &str,
        image: impl Into<Bytes>,
    ) -> Result<(), Error> {
        self.host
            .set_profile_image(user_id.to_owned(), image.into())
            .await
    }
}
