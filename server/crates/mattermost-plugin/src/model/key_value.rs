//! The key-value store.

use bytes::Bytes;
use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};

use super::json;

/// How to set a key.
///
/// Go: `PluginKVSetOptions` in `server/public/model/plugin_kvset_options.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default, rename_all = "PascalCase")]
#[go(name = "PluginKVSetOptions")]
pub struct KvSetOptions {
    /// Only when the present value is `old_value`.
    pub atomic: bool,
    /// Empty: only when the key does not exist. Refused without `atomic`.
    #[serde(with = "json::base64_bytes")]
    pub old_value: Bytes,
    /// Seconds to live; 0 for ever.
    pub expire_in_seconds: i64,
}
