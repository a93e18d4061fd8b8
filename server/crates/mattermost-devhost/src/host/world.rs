//! The people and places that every development server begins with.

use std::sync::Arc;

use mattermost_plugin::model::{AppError, Channel, Team, User};

use crate::server::{Caller, Server};

/// Name of the team.
pub(super) const TEAM: &str = "devhost";

/// Names of the users; the first one is the administrator.
pub(super) const USERS: &[&str] = &["admin", "alice", "bob"];

const CHANNELS: &[(&str, &str)] = &[("builds", "Builds")];

/// Makes a team, three users and a channel beside the default ones, with everybody in all of them.
pub(super) async fn populate(server: &Arc<Server>) -> Result<(), AppError> {
    let caller = Caller::system(0);
    let team = Team {
        name: TEAM.to_owned(),
        display_name: "Devhost".to_owned(),
        ..Team::default()
    };
    let team = server.create_team(&caller, team)?;
    let mut channel_ids = Vec::new();
    for (name, display_name) in CHANNELS {
        let channel = Channel {
            team_id: team.id.clone(),
            name: (*name).to_owned(),
            display_name: (*display_name).to_owned(),
            r#type: Channel::OPEN.to_owned(),
            ..Channel::default()
        };
        channel_ids.push(server.create_channel(&caller, channel)?.id);
    }
    for name in USERS {
        let mut first_name = (*name).to_owned();
        first_name[..1].make_ascii_uppercase();
        let roles = if *name == USERS[0] {
            "system_user system_admin"
        } else {
            "system_user"
        };
        let user = User {
            username: (*name).to_owned(),
            email: format!("{name}@example.com"),
            first_name,
            roles: roles.to_owned(),
            ..User::default()
        };
        let user = server.create_user(&caller, user)?;
        server.add_to_team(&caller, &team.id, &user.id).await?;
        for channel_id in &channel_ids {
            server
                .add_to_channel(&caller, channel_id, &user.id, "")
                .await?;
        }
    }
    Ok(())
}
