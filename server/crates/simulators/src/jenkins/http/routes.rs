//! From a path to a page.

use std::sync::Arc;

use super::call::Call;
use super::export::{Select, Tree, View};
use super::replies::{Refusal, Reply, json};
use super::{build_pages, crumb, item_pages, node_pages, queue_pages, server_pages};
use crate::jenkins::control::Shared;
use crate::jenkins::model::Permission;
use crate::jenkins::world::World;

/// The page a request asks for.
pub(crate) fn route(shared: &Arc<Shared>, world: &mut World, call: &Call) -> Reply {
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    // Pages that anybody may see: `UnprotectedRootAction`s and the login form.
    match segments.as_slice() {
        ["whoAmI", "api", "json"] => return server_pages::who_am_i(call),
        ["login"] => return Ok(server_pages::login()),
        _ => {}
    }
    call.require(world, Permission::OverallRead)?;
    match segments.as_slice() {
        [] => Ok(server_pages::dashboard()),
        ["api", "json"] => call.export(world, |view, select| Ok(view.root(select))),
        ["crumbIssuer", "api", "json"] => crumb::issue(world, call),
        ["queue", rest @ ..] => queue_pages::route(world, call, rest),
        ["computer", "api", "json"] => {
            call.export(world, |view, select| Ok(view.computers(select)))
        }
        ["computer", name, action] => node_pages::control(world, call, name, action),
        ["pluginManager", "api", "json"] => server_pages::plugins(world, call),
        ["user", id, "api", "json"] => call.export(world, |view, select| {
            let user = view.world.user(id).ok_or(Refusal::NotFound)?;
            Ok(view.user_page(user, select))
        }),
        ["createItem"] => item_pages::create(world, call, ""),
        ["safeRestart" | "restart" | "quietDown" | "cancelQuietDown"] => {
            server_pages::control(world, call, segments[0])
        }
        ["view", "all", "api", "json"] => {
            call.export(world, |view, select| Ok(view.view("", select)))
        }
        ["view", "all", rest @ ..] | rest => item(shared, world, call, rest),
    }
}

/// Follows `job/<name>` pairs down the tree; what is left names a page of the item.
fn item(shared: &Arc<Shared>, world: &mut World, call: &Call, mut rest: &[&str]) -> Reply {
    let mut full_name = String::new();
    while let ["job", name, deeper @ ..] = rest {
        let child = world.child(&full_name, name).ok_or(Refusal::NotFound)?;
        full_name.clone_from(&child.full_name);
        rest = deeper;
    }
    // Without Item/Read an item does not exist.
    if full_name.is_empty() || !call.view(world).sees(&full_name) {
        return Err(Refusal::NotFound);
    }
    if world.job(&full_name).is_none() {
        return item_pages::folder(world, call, &full_name, rest);
    }
    let build = rest
        .first()
        .and_then(|first| world.job(&full_name)?.resolve_build(first))
        .map(|build| build.number);
    match build {
        Some(number) => build_pages::route(shared, world, call, &full_name, number, &rest[1..]),
        None => item_pages::job(world, call, &full_name, rest),
    }
}

impl Call {
    /// The world as this request's user sees it.
    pub(crate) fn view<'w>(&'w self, world: &'w World) -> View<'w> {
        View {
            world,
            root: &self.own_root,
            user: self.login.user.as_ref(),
        }
    }

    pub(crate) fn require(&self, world: &World, permission: Permission) -> Result<(), Refusal> {
        if self.view(world).may(permission) {
            Ok(())
        } else {
            Err(Refusal::Forbidden(permission))
        }
    }

    /// `@RequirePOST`.
    pub(crate) fn require_post(&self) -> Result<(), Refusal> {
        if self.is_post() {
            Ok(())
        } else {
            Err(Refusal::PostRequired)
        }
    }

    /// `…/api/json` with its `tree` and `depth` (`hudson.model.Api.doJson`).
    pub(crate) fn export(
        &self,
        world: &World,
        page: impl FnOnce(View<'_>, Select<'_>) -> Result<serde_json::Value, Refusal>,
    ) -> Reply {
        let tree = self.query.get("tree").map(Tree::parse).transpose();
        let tree = tree
            .map_err(|error| Refusal::Exception(format!("Malformed tree expression: {error}")))?;
        let depth = self
            .query
            .get("depth")
            .and_then(|depth| depth.parse().ok())
            .unwrap_or(0);
        let select = tree
            .as_ref()
            .map_or_else(|| Select::depth(depth), Select::Named);
        Ok(json(&page(self.view(world), select)?))
    }
}
