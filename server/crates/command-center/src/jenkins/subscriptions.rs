//! Builds that a channel wants to hear of, whoever started them.
//!
//! Pure parts: [`kind`] (what happened), [`pattern`](super::pattern) and [`rule`] (who wants to know), [`merge`] (several
//! feeds telling the same), [`plan`] (what to do now), [`render`]. With the server: [`rule_store`],
//! [`build_store`], [`history`], [`digest_store`], [`delivery`]. What runs: [`dispatch`] hands
//! [`tools`] one build at a time, [`poll`] and [`notices`] ask a Jenkins that sends nothing, [`sight`] asks who may see
//! what, [`feeds`] holds them all.

pub mod build_store;
pub mod delivery;
pub mod digest_store;
pub mod dispatch;
pub mod feeds;
pub mod history;
pub mod kind;
pub mod merge;
pub mod notices;
pub mod plan;
pub mod poll;
pub mod poll_state;
pub mod render;
pub mod rule;
pub mod rule_store;
pub mod sight;
pub mod stages;
pub mod tools;

pub use kind::{EventKind, EventKinds};
pub use rule::Rule;
