//! What Jenkins itself sends: one address for each source, whatever plugin sends there.
//!
//! - [`body`], [`recognize`]: from bytes to an [`event::InboundEvent`], pure. One file for each sender:
//!   [`chat_message`] (`mattermostSend`, `slackSend`), [`notification_plugin`], [`generic_event`],
//!   [`other_senders`]. [`markup`] makes senders' words safe, [`place`] finds the job.
//! - [`hook`], [`secret`], [`store`]: the sources, and what proves them.
//! - [`inbox`]: accepted events that wait for their effect, so that a crash loses none.
//! - [`intake`]: from a request to the inbox, as fast as can be. [`messages`]: to the channels;
//!   [`anchors`]: posts that are answered or changed later.
//! - [`recipe`]: what to paste into Jenkins.

pub mod anchors;
pub mod body;
pub mod chat_message;
pub mod event;
pub mod fields;
pub mod generic_event;
pub mod hook;
pub mod inbox;
pub mod intake;
pub mod markup;
pub mod messages;
pub mod notification_plugin;
pub mod other_senders;
pub mod place;
pub mod recipe;
pub mod recognize;
pub mod secret;
pub mod store;

pub use event::{BuildReport, InboundEvent, Message, Phase};
