//! The simulated Jenkins over real HTTP, fact by fact.

mod builds;
mod client;
mod demo;
mod faults;
mod identity;
mod items;
mod logs;
mod network;
mod pipelines;
mod queue;
mod requests;
mod server;
mod trees;
mod triggers;
