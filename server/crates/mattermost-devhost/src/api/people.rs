//! Users, their sessions, preferences and permissions.

use bytes::Bytes;
use mattermost_plugin::Error;
use mattermost_plugin::model::{AppError, Status, User, UserGetOptions};

use super::PluginApi;
use crate::errors::{app_error, detailed, user_missing};
use crate::state::users::{page_of, sanitized};

impl PluginApi {
    pub(super) async fn create_user(&self, user: User) -> Result<User, Error> {
        Ok(sanitized(&self.server.create_user(&self.caller(), user)?))
    }

    pub(super) async fn delete_user(&self, user_id: String) -> Result<(), Error> {
        self.update_user_active(user_id, false).await
    }

    pub(super) async fn update_user_active(
        &self,
        user_id: String,
        active: bool,
    ) -> Result<(), Error> {
        self.server
            .set_user_active(&self.caller(), &user_id, active)?;
        Ok(())
    }

    pub(super) async fn get_users(&self, options: UserGetOptions) -> Result<Vec<User>, Error> {
        let users: Vec<User> = self.server.read(|data| {
            data.users
                .matching(&options)
                .into_iter()
                .filter(|user| {
                    options.in_team_id.is_empty()
                        || data.teams.is_member(&options.in_team_id, &user.id)
                })
                .filter(|user| {
                    options.in_channel_id.is_empty()
                        || data
                            .channels
                            .member(&options.in_channel_id, &user.id)
                            .is_some()
                })
                .map(sanitized)
                .collect()
        });
        Ok(page_of(users, options.page, options.per_page))
    }

    pub(super) async fn get_users_by_ids(&self, user_ids: Vec<String>) -> Result<Vec<User>, Error> {
        Ok(self.server.read(|data| {
            data.users
                .all()
                .into_iter()
                .filter(|user| user_ids.contains(&user.id))
                .map(sanitized)
                .collect()
        }))
    }

    pub(super) async fn get_user(&self, user_id: String) -> Result<User, Error> {
        self.user("GetUser", |data| data.users.get(&user_id).map(sanitized))
    }

    pub(super) async fn get_user_by_email(&self, email: String) -> Result<User, Error> {
        self.user("GetUserByEmail", |data| {
            data.users.by_email(&email).map(sanitized)
        })
    }

    pub(super) async fn get_user_by_username(&self, name: String) -> Result<User, Error> {
        let found = self.user("GetUserByUsername", |data| {
            data.users.by_username(&name).map(sanitized)
        });
        found.map_err(|_| {
            app_error(
                "GetUserByUsername",
                "app.user.get_by_username.app_error",
                "Unable to find an existing account matching your username for this team.",
                404,
            )
            .into()
        })
    }

    fn user(
        &self,
        place: &str,
        find: impl FnOnce(&crate::state::Data) -> Option<User>,
    ) -> Result<User, Error> {
        self.server
            .read(find)
            .ok_or_else(|| user_missing(place).into())
    }

    pub(super) async fn get_users_by_usernames(
        &self,
        usernames: Vec<String>,
    ) -> Result<Vec<User>, Error> {
        Ok(self.server.read(|data| {
            usernames
                .iter()
                .filter_map(|name| data.users.by_username(name))
                .map(sanitized)
                .collect()
        }))
    }

    pub(super) async fn get_users_in_team(
        &self,
        team_id: String,
        page: i64,
        per_page: i64,
    ) -> Result<Vec<User>, Error> {
        self.get_users(UserGetOptions {
            in_team_id: team_id,
            page,
            per_page,
            ..UserGetOptions::default()
        })
        .await
    }

    pub(super) async fn get_users_in_channel(
        &self,
        channel_id: String,
        sort_by: String,
        page: i64,
        per_page: i64,
    ) -> Result<Vec<User>, Error> {
        if sort_by != "username" && sort_by != "status" {
            let error = app_error(
                "GetUsersInChannel",
                "plugin.api.get_users_in_channel",
                "Unable to get the users, invalid sorting criteria.",
                400,
            );
            return Err(detailed(error, "invalid sort option").into());
        }
        self.get_users(UserGetOptions {
            in_channel_id: channel_id,
            page,
            per_page,
            ..UserGetOptions::default()
        })
        .await
    }

    pub(super) async fn update_user(&self, user: User) -> Result<User, Error> {
        let now = self.server.now();
        Ok(sanitized(
            &self.server.write(|data| data.users.update(user, now))?,
        ))
    }

    pub(super) async fn update_user_roles(
        &self,
        user_id: String,
        new_roles: String,
    ) -> Result<User, Error> {
        let now = self.server.now();
        let user = self.server.write(|data| {
            let user = data
                .users
                .get_mut(&user_id)
                .ok_or_else(|| user_missing("GetUser"))?;
            user.roles = new_roles;
            user.update_at = now;
            Ok::<User, AppError>(user.clone())
        })?;
        Ok(sanitized(&user))
    }

    pub(super) async fn get_user_status(&self, user_id: String) -> Result<Status, Error> {
        let status = self
            .server
            .read(|data| data.statuses.get(&user_id).cloned());
        status.ok_or_else(|| {
            app_error(
                "GetStatus",
                "app.status.get.missing.app_error",
                "No entry for that status exists.",
                404,
            )
            .into()
        })
    }

    pub(super) async fn get_user_statuses_by_ids(
        &self,
        user_ids: Vec<String>,
    ) -> Result<Vec<Status>, Error> {
        Ok(self.server.read(|data| {
            let offline = |id: &String| Status {
                user_id: id.clone(),
                status: "offline".to_owned(),
                ..Status::default()
            };
            user_ids
                .iter()
                .map(|id| {
                    data.statuses
                        .get(id)
                        .cloned()
                        .unwrap_or_else(|| offline(id))
                })
                .collect()
        }))
    }

    pub(super) async fn update_user_status(
        &self,
        user_id: String,
        status: String,
    ) -> Result<Status, Error> {
        if !["online", "offline", "away", "dnd"].contains(&status.as_str()) {
            let error = app_error(
                "UpdateUserStatus",
                "plugin.api.update_user_status.bad_status",
                "Unable to set the user status. Unknown user status.",
                400,
            );
            return Err(detailed(error, "unrecognized status").into());
        }
        let status = Status {
            user_id: user_id.clone(),
            status,
            manual: true,
            last_activity_at: self.server.now(),
            ..Status::default()
        };
        self.server
            .write(|data| data.statuses.insert(user_id, status.clone()));
        Ok(status)
    }

    pub(super) async fn get_profile_image(&self, user_id: String) -> Result<Bytes, Error> {
        self.get_user(user_id.clone()).await?;
        Ok(self
            .server
            .read(|data| data.profile_images.get(&user_id).cloned())
            .unwrap_or_default())
    }

    pub(super) async fn set_profile_image(
        &self,
        user_id: String,
        data: Bytes,
    ) -> Result<(), Error> {
        self.get_user(user_id.clone()).await?;
        let known = [&b"\x89PNG"[..], &b"\xff\xd8"[..], &b"GIF8"[..]]
            .iter()
            .any(|magic| data.starts_with(magic));
        if !known {
            return Err(app_error(
                "SetProfileImage",
                "api.user.upload_profile_user.decode_config.app_error",
                "Could not save profile image. File does not appear to be a valid image.",
                400,
            )
            .into());
        }
        let now = self.server.now();
        self.server.write(|tables| {
            if let Some(user) = tables.users.get_mut(&user_id) {
                user.last_picture_update = now;
            }
            tables.profile_images.insert(user_id, data);
        });
        Ok(())
    }
}
