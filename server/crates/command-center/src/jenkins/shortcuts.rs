//! What people need not type: default jobs and servers, and short names of jobs, for oneself or for
//! all in a channel.

mod record;
mod store;

pub use record::{Alias, AliasName, JobKey, NotAnAliasName, Shortcuts};
pub use store::{Owner, ShortcutStore};
