//! The server's licence.

use mattermost_plugin_derive::GoModel;
use serde::{Deserialize, Serialize};

/// A licence.
///
/// Go: `License` in `server/public/model/license.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct License {
    /// Identifier, 26 characters.
    pub id: String,
    /// Milliseconds since 1970.
    pub issued_at: i64,
    /// Milliseconds since 1970.
    pub starts_at: i64,
    /// Milliseconds since 1970.
    pub expires_at: i64,
    /// Who has it.
    pub customer: Option<LicenseCustomer>,
    /// What it allows.
    pub features: Option<LicenseFeatures>,
    /// Name of the edition.
    pub sku_name: String,
    /// `E10`, `E20`, `professional`, `enterprise`, `advanced`, `starter`, …
    pub sku_short_name: String,
    /// Whether it is a trial.
    pub is_trial: bool,
    /// Whether it is a government edition.
    pub is_gov_sku: bool,
    /// Whether the number of users is enforced.
    pub is_seat_count_enforced: bool,
    /// Users beyond the number that are let in.
    pub extra_users: Option<i64>,
    #[go(name = "SignupJWT")]
    pub signup_jwt: Option<String>,
    pub limits: Option<LicenseLimits>,
}

/// Who a licence was given to.
///
/// Go: `Customer` in `server/public/model/license.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
#[go(name = "Customer")]
pub struct LicenseCustomer {
    /// Identifier, 26 characters.
    pub id: String,
    /// Their name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Their company.
    pub company: String,
}

/// What a licence allows.
///
/// Go: `Features` in `server/public/model/license.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
#[go(name = "Features")]
pub struct LicenseFeatures {
    /// How many accounts may be active.
    pub users: Option<i64>,
    /// AD/LDAP.
    #[go(name = "LDAP")]
    pub ldap: Option<bool>,
    #[go(name = "LDAPGroups")]
    pub ldap_groups: Option<bool>,
    /// Multi-factor authentication.
    #[go(name = "MFA")]
    pub mfa: Option<bool>,
    #[go(name = "GoogleOAuth")]
    pub google_oauth: Option<bool>,
    #[go(name = "Office365OAuth")]
    pub office365_oauth: Option<bool>,
    #[serde(rename = "openid")]
    pub open_id: Option<bool>,
    /// Compliance.
    pub compliance: Option<bool>,
    /// High availability.
    pub cluster: Option<bool>,
    /// Performance metrics.
    pub metrics: Option<bool>,
    #[go(name = "MHPNS")]
    pub mhpns: Option<bool>,
    /// SAML.
    #[go(name = "SAML")]
    pub saml: Option<bool>,
    #[serde(rename = "elastic_search")]
    pub elasticsearch: Option<bool>,
    pub announcement: Option<bool>,
    pub theme_management: Option<bool>,
    pub email_notification_contents: Option<bool>,
    pub data_retention: Option<bool>,
    pub message_export: Option<bool>,
    pub custom_permissions_schemes: Option<bool>,
    pub custom_terms_of_service: Option<bool>,
    /// Guests.
    pub guest_accounts: Option<bool>,
    pub guest_accounts_permissions: Option<bool>,
    #[go(name = "IDLoadedPushNotifications")]
    #[serde(rename = "id_loaded")]
    pub id_loaded_push_notifications: Option<bool>,
    pub lock_teammate_name_display: Option<bool>,
    /// Plugins of the enterprise edition.
    pub enterprise_plugins: Option<bool>,
    pub advanced_logging: Option<bool>,
    pub cloud: Option<bool>,
    /// Shared channels.
    pub shared_channels: Option<bool>,
    pub remote_cluster_service: Option<bool>,
    #[go(name = "OutgoingOAuthConnections")]
    pub outgoing_oauth_connections: Option<bool>,
    pub auto_translation: Option<bool>,
    pub future_features: Option<bool>,
}

/// What a licence limits.
///
/// Go: `LicenseLimits` in `server/public/model/license.go`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, GoModel)]
#[serde(default)]
pub struct LicenseLimits {
    pub post_history: i64,
    pub board_cards: i64,
    pub playbook_runs: i64,
    /// Seconds.
    #[serde(rename = "call_duration")]
    pub call_duration_seconds: i64,
    pub agents_prompts: i64,
    pub push_notifications: i64,
}
