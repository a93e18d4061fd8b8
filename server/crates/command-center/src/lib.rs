//! DevOps Command Center: run your software factory from Mattermost.
//!
//! See `server/ARCHITECTURE.md` for how the parts fit together.

pub mod clock;
pub mod config;
pub mod configuration;
pub mod connections;
pub mod http;
pub mod http_client;
pub mod jenkins;
mod key_hash;
pub mod monitoring;
pub mod notifications;
pub mod pending;
pub mod places;
pub mod plugin;
pub mod stored;
pub mod text;
