//! Who may do what. A hook's user has been authenticated, never authorized: ask before acting.

use crate::error::Error;
use crate::model::Permission;

/// System administrators have it (`public/model/permission.go`, as all ids here).
pub const MANAGE_SYSTEM: &str = "manage_system";
/// To change a team's settings.
pub const MANAGE_TEAM: &str = "manage_team";
/// To see a team.
pub const VIEW_TEAM: &str = "view_team";
/// To see that a channel exists and who is in it.
pub const READ_CHANNEL: &str = "read_channel";
/// To read the posts of a channel.
pub const READ_CHANNEL_CONTENT: &str = "read_channel_content";
/// To post in a channel.
pub const CREATE_POST: &str = "create_post";
/// To mention everybody in a channel.
pub const USE_CHANNEL_MENTIONS: &str = "use_channel_mentions";
/// To attach files to posts.
pub const UPLOAD_FILE: &str = "upload_file";
/// To react to posts.
pub const ADD_REACTION: &str = "add_reaction";
/// To change name, header and purpose of a public channel.
pub const MANAGE_PUBLIC_CHANNEL_PROPERTIES: &str = "manage_public_channel_properties";
/// To change name, header and purpose of a private channel.
pub const MANAGE_PRIVATE_CHANNEL_PROPERTIES: &str = "manage_private_channel_properties";
/// To change the roles of a channel's members; channel administrators have it.
pub const MANAGE_CHANNEL_ROLES: &str = "manage_channel_roles";
/// To use slash commands.
pub const USE_SLASH_COMMANDS: &str = "use_slash_commands";
/// To change the settings of plugins in the System Console.
pub const SYSCONSOLE_WRITE_PLUGINS: &str = "sysconsole_write_plugins";

service! {
    /// Permission checks, by the id of a permission such as [`MANAGE_SYSTEM`]. The answer to an
    /// unknown user, team, channel or permission is no.
    Permissions
}

impl Permissions<'_> {
    /// Whether a user's system roles grant a permission.
    ///
    /// # Errors
    /// When the server cannot be reached. Treat it as a no.
    pub async fn has(&self, user_id: &str, permission_id: &str) -> Result<bool, Error> {
        self.host
            .has_permission_to(user_id.to_owned(), permission(permission_id))
            .await
    }

    /// Whether a user has a permission in a team, by a role there or in the system.
    ///
    /// # Errors
    /// When the server cannot be reached. Treat it as a no.
    pub async fn has_in_team(
        &self,
        user_id: &str,
        team_id: &str,
        permission_id: &str,
    ) -> Result<bool, Error> {
        self.host
            .has_permission_to_team(
                user_id.to_owned(),
                team_id.to_owned(),
                permission(permission_id),
            )
            .await
    }

    /// Whether a user has a permission in a channel, by a role there, in its team or in the
    /// system.
    ///
    /// # Errors
    /// When the server cannot be reached. Treat it as a no.
    pub async fn has_in_channel(
        &self,
        user_id: &str,
        channel_id: &str,
        permission_id: &str,
    ) -> Result<bool, Error> {
        self.host
            .has_permission_to_channel(
                user_id.to_owned(),
                channel_id.to_owned(),
                permission(permission_id),
            )
            .await
    }

    /// Whether one of these roles grants a permission.
    ///
    /// # Errors
    /// When the server cannot be reached. Treat it as a no.
    pub async fn granted_by_roles(
        &self,
        role_names: &[String],
        permission_id: &str,
    ) -> Result<bool, Error> {
        self.host
            .roles_grant_permission(role_names.to_vec(), permission_id.to_owned())
            .await
    }
}

/// The server looks at nothing but the id (`app/authorization.go`).
fn permission(id: &str) -> Permission {
    Permission {
        id: id.to_owned(),
        ..Permission::default()
    }
}
