//! Following a Jenkins that was asked to restart until it is back, exactly once.
//!
//! - [`machine`]: pure; from what was just seen to what is known now.
//! - [`record`]: the stored form.
//! - [`view`]: pure; what people read.
//! - [`store`], [`follower`] and its tasks: the same with the server and Jenkins.

pub mod follower;
pub mod machine;
pub mod record;
pub mod store;
mod task;
pub mod view;
