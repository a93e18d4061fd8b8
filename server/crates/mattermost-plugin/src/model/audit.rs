//! Audit records.

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::json;

/// A line of the audit log.
///
/// Go: `AuditRecord` in `server/public/model/audit_record.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct AuditRecord {
    /// What was done.
    pub event_name: String,
    /// `success`, `attempt` or `fail`.
    pub status: String,
    /// What it was done with.
    #[serde(rename = "event")]
    pub event_data: AuditEventData,
    /// Who did it.
    pub actor: AuditEventActor,
    /// Free values beside the fields.
    #[serde(deserialize_with = "json::null_as_default")]
    pub meta: Map<String, Value>,
    /// Why it failed.
    pub error: AuditEventError,
}

/// What was done.
///
/// Go: `AuditEventData` in `server/public/model/audit_record.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct AuditEventData {
    /// What it was asked with.
    #[serde(deserialize_with = "json::null_as_default")]
    pub parameters: Map<String, Value>,
    /// The thing before the change.
    #[serde(deserialize_with = "json::null_as_default")]
    pub prior_state: Map<String, Value>,
    /// The thing after the change.
    #[serde(rename = "resulting_state", deserialize_with = "json::null_as_default")]
    pub result_state: Map<String, Value>,
    /// Kind of thing.
    pub object_type: String,
}

/// Who did it.
///
/// Go: `AuditEventActor` in `server/public/model/audit_record.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct AuditEventActor {
    /// Identifier of the user.
    pub user_id: String,
    /// Identifier of the session.
    pub session_id: String,
    /// The client program.
    pub client: String,
    /// Network address.
    pub ip_address: String,
    /// Addresses that proxies named.
    pub x_forwarded_for: String,
}

/// Why it failed.
///
/// Go: `AuditEventError` in `server/public/model/audit_record.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct AuditEventError {
    /// The reason.
    #[serde(skip_serializing_if = "json::is_default")]
    pub description: String,
    /// HTTP status.
    #[serde(rename = "status_code", skip_serializing_if = "json::is_default")]
    pub code: i64,
}
