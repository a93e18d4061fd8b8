//! Write Mattermost server plugins in Rust.
#![doc = include_str!("../README.md")]

// Lets `#[derive(GoModel)]`'s `::mattermost_plugin::` paths resolve inside this crate.
extern crate self as mattermost_plugin;

pub mod api;
pub mod cluster;
pub mod command;
pub mod error;
pub mod hooks;
pub mod host;
pub mod http;
pub mod log;
pub mod model;
pub mod plugin;
pub mod remote;
pub mod serve;
pub mod transport;

pub use api::Api;
pub use error::{Error, HookError};
pub use hooks::{HookFailure, Hooks, Verdict};
pub use host::{Host, LogLevel};
pub use mattermost_plugin_derive::plugin;
pub use plugin::Plugin;
pub use remote::Remote;
pub use serve::serve;
pub use transport::{Capability, Protocol};
