//! Who caused a hook.

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};

/// What is known of the request that led to a hook. Empty when no request did.
///
/// Go: `Context` in `server/public/plugin/context.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default, rename_all = "PascalCase")]
pub struct Context {
    /// Empty without a valid session.
    pub session_id: String,
    pub request_id: String,
    /// Address of the client, as the server believes it.
    #[go(name = "IPAddress")]
    #[serde(rename = "IPAddress")]
    pub ip_address: String,
    pub accept_language: String,
    pub user_agent: String,
}
