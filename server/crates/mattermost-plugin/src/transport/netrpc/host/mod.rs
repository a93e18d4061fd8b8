//! The server's side of the wire: starts a plugin, calls its hooks, answers its API calls.
//!
//! It is for development servers and tests. [`launch`] runs an executable as a Mattermost server
//! does; [`in_process`] runs the same plugin inside of this process over the same wire. Both give a
//! [`Running`] plugin, whose hooks are called as the object [`Hooks`](crate::Hooks).

mod api_service;
mod api_streams;
mod http_call;
mod launch;
mod remote_hooks;
mod response_service;
mod running;

pub use crate::transport::host::Faults;
pub use launch::{in_process, launch};
pub use remote_hooks::RemoteHooks;
pub use running::Running;
