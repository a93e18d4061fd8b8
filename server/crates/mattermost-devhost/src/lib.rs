//! A small Mattermost in memory, on the server's side of the plugin wire.
#![doc = include_str!("../README.md")]

mod api;
pub mod autocomplete;
pub mod client;
pub mod clock;
pub mod config;
mod errors;
pub mod host;
pub mod ids;
mod launch;
pub mod server;
pub mod state;
pub mod web;

pub use client::{ClickError, User};
pub use clock::Clock;
pub use host::{Builder, DevHost, StartError};
pub use server::faults::Fault;
pub use server::hub::{Event, Subscription};
pub use server::records::{LogLine, Mail, OpenDialog};
pub use server::{Caller, Clicked, HealthPolicy, Server, Submission};
