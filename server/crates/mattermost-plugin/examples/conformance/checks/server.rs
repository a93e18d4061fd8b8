//! The server and its plugins.

use super::World;
use crate::PLUGIN_ID;
use crate::table::{Table, ensure, refused, worked_or_refused};

/// A plugin that no server has.
const NOWHERE: &str = "com.example.not-installed";

pub(super) async fn check(world: &World<'_>, table: &mut Table) {
    let server = world.api.server();
    table
        .check("GetServerVersion", async {
            let version = server.semantic_version().await?;
            ensure(version.major >= 10, format!("the server is {version}"))
        })
        .await;
    table
        .check("IsEnterpriseReady", async {
            Ok(server.is_enterprise_ready().await?)
        })
        .await;
    table
        .check("GetLicense", async { Ok(server.license().await?) })
        .await;
    table
        .check("GetDiagnosticId", async {
            ensure(!server.diagnostic_id().await?.is_empty(), "it is empty")
        })
        .await;
    table
        .check("GetTelemetryId", async {
            ensure(!server.telemetry_id().await?.is_empty(), "it is empty")
        })
        .await;
    table
        .check("GetPluginID", async {
            let id = server.plugin_id().await?;
            ensure(id == PLUGIN_ID, format!("it is {id:?}"))
        })
        .await;
    table
        .check("GetSystemInstallDate", async {
            ensure(server.installed_at().await? > 0, "it is 0")
        })
        .await;
    table
        .check("GetBundlePath", async {
            let path = server.bundle_path().await?;
            ensure(
                path.ends_with(PLUGIN_ID),
                format!("it is {}", path.display()),
            )
        })
        .await;
    table
        .check("GetPlugins", async {
            let plugins = server.plugins().await?;
            ensure(
                plugins.iter().any(|plugin| plugin.id == PLUGIN_ID),
                "this plugin is not among them",
            )
        })
        .await;
    table
        .check("GetPluginStatus", async {
            let status = server.plugin_status(PLUGIN_ID).await?;
            ensure(
                status.plugin_id == PLUGIN_ID,
                format!("it is of {:?}", status.plugin_id),
            )?;
            refused(server.plugin_status(NOWHERE).await, &[404])
        })
        .await;
    table
        .check("EnablePlugin", async {
            worked_or_refused(server.enable_plugin(NOWHERE).await, &[404])
        })
        .await;
    table
        .check("DisablePlugin", async {
            worked_or_refused(server.disable_plugin(NOWHERE).await, &[404])
        })
        .await;
    table
        .check("RemovePlugin", async {
            worked_or_refused(server.remove_plugin(NOWHERE).await, &[404])
        })
        .await;
    table
        .check("InstallPlugin", async {
            // No bundle at all, or uploads are disabled; and once more in place of an installed one.
            worked_or_refused(server.install_plugin("no bundle").await, &[400, 500, 501])?;
            worked_or_refused(server.replace_plugin("no bundle").await, &[400, 500, 501])
        })
        .await;
}
