//! One check for each method of the API, by its Go name.
//!
//! A check that needs what an earlier one makes fails with "not tried" when that is missing, so
//! that a table always has all rows. Calls that would do harm are made on things of this run, or
//! on things that do not exist, where the right refusal is what passes.

mod bots;
mod channels;
mod commands;
mod config;
mod events;
mod files;
mod kv;
mod posts;
mod server;
mod sessions;
mod teams;
mod users;

use mattermost_plugin::Api;
use mattermost_plugin::api::new_id;
use mattermost_plugin::model::{Bot, Channel, CommandArgs, Team, User};

use crate::seen::Seen;
use crate::table::{Checked, Table, needed};

/// What a run works on.
pub(crate) struct World<'a> {
    pub(crate) api: &'a Api,
    /// Who typed the command, where, and the trigger id that came with it.
    pub(crate) args: &'a CommandArgs,
    /// What the hooks of this plugin were called with.
    pub(crate) seen: &'a Seen,
    /// A name that nothing on the server has yet.
    pub(crate) name: String,
    pub(crate) user: Option<User>,
    pub(crate) bot: Option<Bot>,
    pub(crate) team: Option<Team>,
    pub(crate) channel: Option<Channel>,
}

impl World<'_> {
    pub(crate) fn admin(&self) -> &str {
        &self.args.user_id
    }

    pub(crate) fn user(&self) -> Checked<&User> {
        needed(&self.user, "user of this run")
    }

    pub(crate) fn bot(&self) -> Checked<&Bot> {
        needed(&self.bot, "bot of this run")
    }

    pub(crate) fn team(&self) -> Checked<&Team> {
        needed(&self.team, "team of this run")
    }

    pub(crate) fn channel(&self) -> Checked<&Channel> {
        needed(&self.channel, "channel of this run")
    }
}

/// Runs everything. What was made is removed at the end, whatever failed before.
pub(crate) async fn run(api: &Api, args: &CommandArgs, seen: &Seen) -> Table {
    let mut world = World {
        api,
        args,
        seen,
        name: format!("conformance-{}", &new_id()[..8]),
        user: None,
        bot: None,
        team: None,
        channel: None,
    };
    let mut table = Table::default();
    server::check(&world, &mut table).await;
    config::check(&world, &mut table).await;
    kv::check(&world, &mut table).await;
    users::check(&mut world, &mut table).await;
    bots::check(&mut world, &mut table).await;
    sessions::check(&world, &mut table).await;
    teams::check(&mut world, &mut table).await;
    channels::check(&mut world, &mut table).await;
    posts::check(&world, &mut table).await;
    files::check(&world, &mut table).await;
    commands::check(&world, &mut table).await;
    events::check(&world, &mut table).await;
    channels::clean_up(&world, &mut table).await;
    teams::clean_up(&world, &mut table).await;
    bots::clean_up(&world, &mut table).await;
    users::clean_up(&world, &mut table).await;
    table
}
