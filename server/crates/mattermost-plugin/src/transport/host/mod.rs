//! The server's side of the wire: starts a plugin, calls its hooks, answers its API calls.
//!
//! It is for development servers and tests. [`launch`] runs an executable as a Mattermost server
//! does; [`in_process`] runs the same plugin inside of this process over the same wire. Both give a
//! [`Running`] plugin, whose hooks are called as the object [`Hooks`](crate::Hooks), and neither
//! activates it: call `hooks().on_activate()`.

mod faults;
mod output;
mod process;
mod running;

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::{Protocol, netrpc};
use crate::host::Host;
use crate::plugin::Instance;

pub use faults::Faults;
pub(crate) use faults::Faulty;
pub(crate) use output::copy_output;
pub(crate) use process::{Address, Process, Start};
pub use running::Running;
pub(crate) use running::{Link, PluginBody, QUIT_LIMIT};

/// A plugin's executable.
#[derive(Debug, Clone, Copy)]
pub struct Executable<'a> {
    /// The file.
    pub path: &'a Path,
    /// Where the plugin's bundle is unpacked: its working directory over gRPC. `None` for this
    /// process's.
    pub directory: Option<&'a Path>,
}

/// Starts a plugin's executable as a Mattermost server does, with this process's environment, and
/// connects to it. Its API calls, and the lines that it writes to standard error, go to `host`.
///
/// # Errors
/// When the executable does not start, or does not begin as a plugin does within the server's limit
/// (three seconds over net/rpc, ten over gRPC).
pub async fn launch(
    protocol: Protocol,
    executable: Executable<'_>,
    host: Arc<dyn Host>,
) -> io::Result<Running> {
    match protocol {
        Protocol::NetRpc => netrpc::host::launch(executable, host).await,
        Protocol::Grpc => super::grpc::host::launch(executable, host).await,
    }
}

/// Runs a plugin in this process, at the other end of the same wire.
///
/// # Errors
/// When the two sides do not find each other.
pub async fn in_process(
    protocol: Protocol,
    instance: Instance,
    host: Arc<dyn Host>,
) -> io::Result<Running> {
    match protocol {
        Protocol::NetRpc => netrpc::host::in_process(instance, host).await,
        Protocol::Grpc => super::grpc::host::in_process(instance, host).await,
    }
}
