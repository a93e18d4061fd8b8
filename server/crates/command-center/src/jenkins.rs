//! Jenkins: its addresses, a typed client, and how builds are shown.
//!
//! Pure parts: [`address`], [`heard`], [`job_path`], [`mod@reference`], [`parameters`], [`log_text`],
//! [`card`], [`render`], [`view`] and most of [`watch`]. Only [`client`] and [`doctor`] talk to the network.

pub mod access;
pub mod action;
pub mod added_servers;
pub mod address;
pub mod card;
pub mod catalog;
pub mod client;
pub mod command;
pub mod confirm;
pub mod dialog;
pub mod digest;
pub mod doctor;
pub mod error;
pub mod heard;
pub mod inbound;
pub mod input_claim;
pub mod job_path;
pub mod log_follow;
pub mod log_text;
pub mod model;
pub mod notice;
pub mod observe;
pub mod parameters;
pub mod pattern;
pub mod policy;
pub mod reference;
pub mod render;
pub mod restart;
pub mod service;
pub mod shortcuts;
pub mod subscriptions;
mod suggest;
pub mod view;
pub mod watch;

pub use address::JenkinsAddress;
pub use client::JenkinsClient;
pub use error::JenkinsError;
pub use job_path::JobPath;
pub use reference::{BuildSelector, JobReference};
