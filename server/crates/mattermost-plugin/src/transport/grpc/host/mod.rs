//! The server's side of the protocol, for development servers and tests: as upstream's branch has it,
//! with its limits and its losses.

mod api_server;
mod api_service;
mod dial;
mod http_call;
mod irregular;
mod launch;
mod link;
mod remote_hooks;

pub(crate) use api_service::answer;
pub(crate) use dial::Pipes;
pub(crate) use launch::{in_process, launch};
pub(crate) use remote_hooks::RemoteHooks;
