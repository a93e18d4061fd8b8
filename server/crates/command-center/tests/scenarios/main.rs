//! The plugin as users meet it: at one end a Mattermost in memory, over the same wire as a real one;
//! at the other a simulated Jenkins, over HTTP.

mod build;
mod buttons;
mod connect;
mod crash;
mod crowd;
mod harness;
mod hostile;
mod kills;
mod logs;
mod parameters;
mod rebuild;
mod servers;
mod settings;
