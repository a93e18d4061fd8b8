//! Watching a build from the request to its result, exactly once.
//!
//! A watch is a [`record`] in the KV store. One instance of the plugin owns it at a time; when that
//! instance dies, another takes it over where it was. The parts are kept apart so that each can be
//! understood and tested alone:
//!
//! - [`state`]: what is known of the build, as it is stored and shown.
//! - [`machine`]: pure; from what is known and what was just seen to what is known now.
//! - [`pace`]: pure; how long to wait before looking again.
//! - [`record`]: the stored form, with its owner and its stage of delivery.
//! - [`store`], [`delivery`], [`task`], [`supervisor`]: the same with the server and Jenkins.

pub mod delivery;
pub mod machine;
pub mod pace;
pub mod ping;
pub mod record;
pub mod state;
pub mod store;
pub mod supervisor;
pub mod task;
