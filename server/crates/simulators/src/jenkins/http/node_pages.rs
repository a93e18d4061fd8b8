//! Changing nodes (`hudson.model.Computer`).

use super::call::Call;
use super::replies::{Refusal, Reply, redirect};
use crate::jenkins::model::{NodeState, Permission};
use crate::jenkins::world::World;

/// `toggleOffline` and `changeOfflineCause`; the latter takes a node offline that is online, too.
pub(crate) fn control(world: &mut World, call: &Call, name: &str, action: &str) -> Reply {
    let is_taken = state(world, name)?.taken.is_some();
    let takes = match action {
        "toggleOffline" => !is_taken,
        "changeOfflineCause" => true,
        _ => return Err(Refusal::NotFound),
    };
    call.require_post()?;
    call.require(
        world,
        if takes {
            Permission::ComputerDisconnect
        } else {
            Permission::ComputerConnect
        },
    )?;
    let reason = call.parameter("offlineMessage").unwrap_or_default().trim();
    state(world, name)?.taken = takes.then(|| reason.to_owned());
    Ok(redirect(&call.here()))
}

/// The built-in node has no name of its own; older versions know it by the second one only.
fn state<'w>(world: &'w mut World, name: &str) -> Result<&'w mut NodeState, Refusal> {
    match name {
        "(built-in)" if world.is_older_than((2, 307)) => Err(Refusal::NotFound),
        "(built-in)" | "(master)" => Ok(&mut world.built_in),
        name => {
            let node = world.nodes.iter_mut().find(|node| node.name == name);
            node.map(|node| &mut node.state).ok_or(Refusal::NotFound)
        }
    }
}
