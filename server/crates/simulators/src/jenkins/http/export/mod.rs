//! The world as Jenkins' JSON: one file per kind of object.

mod build;
mod item;
mod nodes;
mod parts;
mod pipeline;
mod queue;
mod select;
mod server;
mod tests_report;

pub(crate) use pipeline::{describe_node, describe_run, input_action};
pub(crate) use select::{Select, Tree};
pub(crate) use tests_report::test_report;

use crate::jenkins::model::{Permission, User, allows, encode_segment};
use crate::jenkins::world::World;

/// What every exported object needs to know: the world, the root URL for links, and who is looking.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'w> {
    pub(crate) world: &'w World,
    pub(crate) root: &'w str,
    pub(crate) user: Option<&'w User>,
}

impl View<'_> {
    pub(crate) fn may(&self, permission: Permission) -> bool {
        allows(&self.world.anonymous, permission)
            || self.user.is_some_and(|user| user.may(permission))
    }

    /// Item/Read.
    pub(crate) fn sees(&self, full_name: &str) -> bool {
        self.may(Permission::ItemRead) && !self.user.is_some_and(|user| user.is_blind_to(full_name))
    }

    /// An item's URL, with a slash at the end.
    pub(crate) fn item_url(&self, full_name: &str) -> String {
        format!("{}/{}", self.root, item_path(full_name))
    }

    pub(crate) fn build_url(&self, job: &str, number: u32) -> String {
        format!("{}{number}/", self.item_url(job))
    }
}

/// `job/a/job/b/`, each name encoded (`AbstractItem.getShortUrl`).
pub(crate) fn item_path(full_name: &str) -> String {
    full_name
        .split('/')
        .map(|name| format!("job/{}/", encode_segment(name)))
        .collect()
}
