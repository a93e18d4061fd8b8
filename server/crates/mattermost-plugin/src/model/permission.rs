//! Permissions.

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};

/// Something that a role may allow. A server looks at `id` alone.
///
/// Go: `Permission` in `server/public/model/permission.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct Permission {
    /// The permission's id, such as `manage_system`.
    pub id: String,
    /// Translation id of its name.
    pub name: String,
    /// Translation id of its description.
    pub description: String,
    /// `system_scope`, `team_scope`, `channel_scope`, …
    pub scope: String,
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $id:literal;)*) => {
        impl Permission {
            $($(#[$doc])* pub const $name: &'static str = $id;)*
        }
    };
}

permissions! {
    /// Everything: what makes a system administrator.
    MANAGE_SYSTEM = "manage_system";
    /// Use the slash commands of integrations.
    USE_SLASH_COMMANDS = "use_slash_commands";
    /// See a team.
    VIEW_TEAM = "view_team";
    /// Change a team's settings.
    MANAGE_TEAM = "manage_team";
    /// Change who administers a team.
    MANAGE_TEAM_ROLES = "manage_team_roles";
    /// See the open channels of a team.
    LIST_TEAM_CHANNELS = "list_team_channels";
    /// Join open channels.
    JOIN_PUBLIC_CHANNELS = "join_public_channels";
    /// Make open channels.
    CREATE_PUBLIC_CHANNEL = "create_public_channel";
    /// Make private channels.
    CREATE_PRIVATE_CHANNEL = "create_private_channel";
    /// See a channel.
    READ_CHANNEL = "read_channel";
    /// Read the posts of a channel.
    READ_CHANNEL_CONTENT = "read_channel_content";
    /// See an open channel without being in it.
    READ_PUBLIC_CHANNEL = "read_public_channel";
    /// Change who administers a channel: what makes a channel administrator.
    MANAGE_CHANNEL_ROLES = "manage_channel_roles";
    /// Change name, header and purpose of an open channel.
    MANAGE_PUBLIC_CHANNEL_PROPERTIES = "manage_public_channel_properties";
    /// Change name, header and purpose of a private channel.
    MANAGE_PRIVATE_CHANNEL_PROPERTIES = "manage_private_channel_properties";
    /// Add people to open channels and remove them.
    MANAGE_PUBLIC_CHANNEL_MEMBERS = "manage_public_channel_members";
    /// Add people to private channels and remove them.
    MANAGE_PRIVATE_CHANNEL_MEMBERS = "manage_private_channel_members";
    /// Post in a channel.
    CREATE_POST = "create_post";
    /// Change one's own posts.
    EDIT_POST = "edit_post";
    /// Change everybody's posts.
    EDIT_OTHERS_POSTS = "edit_others_posts";
    /// Delete one's own posts.
    DELETE_POST = "delete_post";
    /// Delete everybody's posts.
    DELETE_OTHERS_POSTS = "delete_others_posts";
    /// React to posts.
    ADD_REACTION = "add_reaction";
    /// Upload files.
    UPLOAD_FILE = "upload_file";
    /// Write to any user.
    CREATE_DIRECT_CHANNEL = "create_direct_channel";
    /// See all bots.
    READ_BOTS = "read_bots";
    /// Change the incoming webhooks of a channel.
    MANAGE_INCOMING_WEBHOOKS = "manage_incoming_webhooks";
}

impl Permission {
    /// The permission with this id; the other fields mean nothing to a server.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            ..Self::default()
        }
    }
}
