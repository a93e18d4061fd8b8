//! go-plugin's `net/rpc` protocol, which every released Mattermost speaks.
//!
//! From the bottom up: one socket carries a `yamux` session; its streams carry `net/rpc`
//! connections ([`server`], [`client`]) or bodies ([`remote_reader`]), and are arranged by number
//! ([`broker`]). `net/rpc` is a sequence of [`gob`] values. On top, [`session`] is the plugin's
//! side: [`control`] (ping, quit), [`hooks_service`] (calls from the server) and [`api_client`]
//! (calls to it).
//!
//! Wherever something looks odd, Go's side of it does; the source is named beside it:
//! `server/public/plugin` of Mattermost, `hashicorp/go-plugin` 1.7 and Go's `net/rpc`.

mod api_client;
mod api_config;
mod api_output;
mod api_streams;
mod broker;
mod client;
mod control;
pub mod gob;
mod handshake;
mod header;
mod hook_reply;
mod hooks_service;
#[cfg(any(test, feature = "host"))]
pub(crate) mod host;
mod http_head;
mod reader;
mod remote_reader;
mod response_writer;
mod serve_http;
mod server;
mod session;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use api_client::ApiClient;
#[cfg(any(test, feature = "host"))]
pub(crate) use handshake::{COOKIE_KEY, COOKIE_VALUE};
pub(crate) use handshake::{is_hosted, meet};
pub(crate) use hooks_service::{Dispatch, dispatch};
pub(crate) use session::{Ended, serve};
