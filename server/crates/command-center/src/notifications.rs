//! How news reaches channels, whatever it is about: where to, when, how much of it, and once.
//!
//! Nothing here knows Jenkins. Pure parts: [`target`], [`quiet_hours`], [`digest`], [`budget`] and
//! [`rate`]; [`channels`], [`bot_posts`] and [`poster`] talk to the server.

pub mod bot_posts;
pub mod budget;
pub mod channels;
pub mod digest;
pub mod poster;
pub mod quiet_hours;
pub mod rate;
pub mod target;

pub use digest::{DigestInterval, Timing};
pub use quiet_hours::QuietHours;
pub use target::ChannelTarget;
