//! Dialogs: what they ask for, and what was filled in. Pure.

pub mod connect;
pub mod parameters;
mod words;

pub use connect::CONNECT_PATH;
pub use parameters::PARAMETERS_PATH;
