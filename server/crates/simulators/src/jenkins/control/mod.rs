//! The simulator as a test holds it: the socket, the handle, faults and the request log.

mod builds;
mod fault;
mod fault_body;
mod listener;
mod queue;
mod request_log;
mod server;
mod shared;
mod simulator;

pub use fault::{Fault, FaultId};
pub(crate) use listener::Connection;
pub use request_log::{RecordedRequest, RequestPattern};
pub(crate) use shared::Shared;
pub use simulator::JenkinsSimulator;
