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

use std::process::ExitCode;

/// Runs the plugin for the server that has started this process, until it is told to stop.
///
/// The executable calls this one function, because the bodies of async functions are compiled once
/// more for each crate that reaches them through a generic one: called there, `serve` would put
/// most of the product into the executable twice.
#[inline(never)]
#[must_use]
pub fn main() -> ExitCode {
    mattermost_plugin::serve::<plugin::CommandCenter>()
}
