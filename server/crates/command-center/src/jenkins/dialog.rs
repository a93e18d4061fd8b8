//! Dialogs: what they ask for, and what was filled in. Pure.

pub mod connect;
pub mod create_job;
pub mod input;
pub mod parameters;
mod words;

pub use connect::CONNECT_PATH;
pub use create_job::CREATE_JOB_PATH;
pub use input::INPUT_PATH;
pub use parameters::PARAMETERS_PATH;
