//! Sessions and permissions.

use mattermost_plugin::api::permission;
use mattermost_plugin::model::Session;

use super::World;
use crate::table::{Table, ensure, needed, refused};

/// An hour, in milliseconds.
const HOUR: i64 = 60 * 60 * 1000;

pub(super) async fn check(world: &World<'_>, table: &mut Table) {
    let sessions = world.api.sessions();
    let session = table
        .check("CreateSession", async {
            let session = Session {
                user_id: world.user()?.id.clone(),
                roles: "system_user".to_owned(),
                ..Session::default()
            };
            let session = sessions.create(&session).await?;
            ensure(
                !session.id.is_empty() && !session.token.is_empty(),
                "it has no id or no token",
            )?;
            Ok(session)
        })
        .await;
    let id = session.map(|session| (session.id, session.create_at));
    table
        .check("GetSession", async {
            let (id, _) = needed(&id, "session")?;
            ensure(
                sessions.get(id).await?.user_id == world.user()?.id,
                "it is somebody else's",
            )
        })
        .await;
    table
        .check("ExtendSessionExpiry", async {
            let (id, created) = needed(&id, "session")?;
            sessions.extend(id, created + HOUR).await?;
            let end = sessions.get(id).await?.expires_at;
            ensure(
                end == created + HOUR,
                format!("it ends {} ms after its creation", end - created),
            )
        })
        .await;
    table
        .check("RevokeSession", async {
            let (id, _) = needed(&id, "session")?;
            sessions.revoke(id).await?;
            refused(sessions.get(id).await, &[400, 401, 404])
        })
        .await;
    let permissions = world.api.permissions();
    table
        .check("HasPermissionTo", async {
            let admin = permissions
                .has(world.admin(), permission::MANAGE_SYSTEM)
                .await?;
            ensure(
                admin,
                "whoever typed the command is no system administrator",
            )?;
            let user = permissions
                .has(&world.user()?.id, permission::MANAGE_SYSTEM)
                .await?;
            ensure(!user, "an ordinary user may manage the system")
        })
        .await;
    table
        .check("RolesGrantPermission", async {
            let grants = |role: &str| {
                let roles = vec![role.to_owned()];
                async move {
                    permissions
                        .granted_by_roles(&roles, permission::MANAGE_SYSTEM)
                        .await
                }
            };
            ensure(
                grants("system_admin").await?,
                "system_admin does not grant it",
            )?;
            ensure(!grants("system_user").await?, "system_user grants it")
        })
        .await;
}
