//! The plugin as users meet it: at one end a Mattermost in memory, over the same wire as a real one;
//! at the other a simulated Jenkins, over HTTP.

mod abort;
mod build;
mod buttons;
mod connect;
mod control;
mod crash;
mod create;
mod crowd;
mod digest;
mod feeds;
mod follow;
mod harness;
mod hostile;
mod input;
mod kills;
mod logs;
mod names;
mod parameters;
mod policy;
mod rebuild;
mod server_control;
mod servers;
mod settings;
mod shortcuts;
mod subscriptions;
mod webhooks;
