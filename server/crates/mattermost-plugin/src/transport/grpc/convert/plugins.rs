//! Plugins, and who calls them.

use super::macros::message;

message! {
    Manifest = Manifest {
        id, name, description, homepage_url, support_url, release_notes_url, icon_path, version,
        min_server_version,
    }
    lost { server, webapp, settings_schema, props }
}

message! {
    PluginStatus = PluginStatus { plugin_id, plugin_path, state, name, description, version }
    lost { cluster_id, error }
}

message! { Context = PluginContext { session_id, request_id, ip_address, accept_language, user_agent } }

message! { InstallEvent = OnInstallEvent { user_id } }

message! { KvSetOptions = PluginKvSetOptions { atomic, old_value, expire_in_seconds } }
