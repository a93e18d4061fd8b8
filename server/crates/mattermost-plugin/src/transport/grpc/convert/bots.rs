//! Bot accounts.

use super::macros::message;

message! {
    Bot = Bot {
        user_id, username, display_name, description, owner_id, last_icon_update, create_at,
        update_at, delete_at,
    }
}

message! { BotPatch = BotPatch { username, display_name, description } }

message! { BotGetOptions = BotGetOptions { owner_id, include_deleted, only_orphaned, page, per_page } }
