//! Roles and what they permit (`MakeDefaultRoles` in `model/role.go`, unmodified schemes).

/// Ids of all permissions that a system administrator has. One that is not here is permitted to
/// nobody, as on the server, so that a misspelt id does not pass a test.
const ALL_PERMISSIONS: &str = include_str!("permissions.txt");

const CHANNEL_GUEST: &[&str] = &[
    "read_channel",
    "read_channel_content",
    "add_reaction",
    "remove_reaction",
    "upload_file",
    "edit_post",
    "create_post",
    "use_channel_mentions",
];

const CHANNEL_USER: &[&str] = &[
    "read_channel",
    "read_channel_content",
    "add_reaction",
    "remove_reaction",
    "manage_public_channel_members",
    "upload_file",
    "get_public_link",
    "create_post",
    "use_channel_mentions",
    "manage_public_channel_properties",
    "delete_public_channel",
    "manage_private_channel_properties",
    "delete_private_channel",
    "manage_private_channel_members",
    "delete_post",
    "edit_post",
    "add_bookmark_public_channel",
    "edit_bookmark_public_channel",
    "delete_bookmark_public_channel",
    "order_bookmark_public_channel",
    "add_bookmark_private_channel",
    "edit_bookmark_private_channel",
    "delete_bookmark_private_channel",
    "order_bookmark_private_channel",
];

const CHANNEL_ADMIN: &[&str] = &[
    "manage_channel_roles",
    "use_group_mentions",
    "add_bookmark_public_channel",
    "edit_bookmark_public_channel",
    "delete_bookmark_public_channel",
    "order_bookmark_public_channel",
    "add_bookmark_private_channel",
    "edit_bookmark_private_channel",
    "delete_bookmark_private_channel",
    "order_bookmark_private_channel",
    "manage_public_channel_banner",
    "manage_private_channel_banner",
    "manage_channel_access_rules",
    "manage_public_channel_auto_translation",
    "manage_private_channel_auto_translation",
];

const TEAM_USER: &[&str] = &[
    "list_team_channels",
    "join_public_channels",
    "read_public_channel",
    "view_team",
    "create_public_channel",
    "create_private_channel",
    "invite_user",
    "add_user_to_team",
];

const TEAM_ADMIN: &[&str] = &[
    "remove_user_from_team",
    "manage_team",
    "import_team",
    "manage_team_roles",
    "manage_channel_roles",
    "manage_own_incoming_webhooks",
    "manage_others_incoming_webhooks",
    "manage_own_outgoing_webhooks",
    "manage_others_outgoing_webhooks",
    "manage_own_slash_commands",
    "manage_others_slash_commands",
    "bypass_incoming_webhook_channel_lock",
    "convert_public_channel_to_private",
    "convert_private_channel_to_public",
    "delete_post",
    "delete_others_posts",
    "add_bookmark_public_channel",
    "edit_bookmark_public_channel",
    "delete_bookmark_public_channel",
    "order_bookmark_public_channel",
    "add_bookmark_private_channel",
    "edit_bookmark_private_channel",
    "delete_bookmark_private_channel",
    "order_bookmark_private_channel",
    "manage_public_channel_banner",
    "manage_private_channel_banner",
    "manage_channel_access_rules",
];

const SYSTEM_USER: &[&str] = &[
    "list_public_teams",
    "join_public_teams",
    "create_direct_channel",
    "create_group_channel",
    "view_members",
    "create_team",
    "create_custom_group",
    "edit_custom_group",
    "delete_custom_group",
    "restore_custom_group",
    "manage_custom_group_members",
];

/// Whether one of `roles` permits `permission`. Roles that do not exist permit nothing.
#[must_use]
pub fn grant<'a>(roles: impl IntoIterator<Item = &'a str>, permission: &str) -> bool {
    roles.into_iter().any(|role| match role {
        "system_admin" => {
            !permission.is_empty() && ALL_PERMISSIONS.lines().any(|id| id == permission)
        }
        _ => permissions_of(role).contains(&permission),
    })
}

fn permissions_of(role: &str) -> &'static [&'static str] {
    match role {
        "channel_guest" => CHANNEL_GUEST,
        "channel_user" => CHANNEL_USER,
        "channel_admin" => CHANNEL_ADMIN,
        "team_guest" => &["view_team"],
        "team_user" => TEAM_USER,
        "team_post_all" | "system_post_all" => &["create_post", "use_channel_mentions"],
        "team_post_all_public" | "system_post_all_public" => {
            &["create_post_public", "use_channel_mentions"]
        }
        "team_admin" => TEAM_ADMIN,
        "system_guest" => &["create_direct_channel", "create_group_channel"],
        "system_user" => SYSTEM_USER,
        "system_user_access_token" => &[
            "create_user_access_token",
            "read_user_access_token",
            "revoke_user_access_token",
        ],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::grant;

    #[test]
    fn administrators_may_do_what_exists_and_nothing_else() {
        assert!(grant(["system_user", "system_admin"], "manage_system"));
        assert!(!grant(["system_admin"], "manage_systm"));
        assert!(!grant(["system_admin"], ""));
    }

    #[test]
    fn roles_differ() {
        assert!(grant(["channel_user"], "create_post"));
        assert!(!grant(["channel_user"], "manage_channel_roles"));
        assert!(grant(
            ["channel_user", "channel_admin"],
            "manage_channel_roles"
        ));
        assert!(!grant(["system_user"], "create_post"));
        assert!(!grant(["no_such_role"], "create_post"));
    }
}
