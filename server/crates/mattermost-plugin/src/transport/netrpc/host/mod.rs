//! The server's side of this protocol: see [`transport::host`](crate::transport::host).

mod api_service;
mod api_streams;
mod http_call;
mod launch;
mod remote_hooks;
mod response_service;

#[cfg(test)]
pub(super) use launch::connect;
pub(crate) use launch::{in_process, launch};
