//! The server's side of the protocol, for development servers and tests: as upstream's branch has it,
//! with its limits and its losses.

mod api_service;
mod irregular;

pub(crate) use api_service::answer;
