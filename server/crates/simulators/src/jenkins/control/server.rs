//! Steering Jenkins as a whole.

use super::JenkinsSimulator;
use crate::jenkins::model::Node;

impl JenkinsSimulator {
    /// Restarts at once: every page is 503 for the configured time.
    pub fn restart(&self) {
        self.with_world(crate::jenkins::world::World::restart);
    }

    /// Adds an agent, or replaces the one of that name.
    pub fn set_node(&self, node: Node) {
        self.with_world(|world| {
            match world.nodes.iter_mut().find(|known| known.name == node.name) {
                Some(known) => *known = node,
                None => world.nodes.push(node),
            }
        });
    }

    /// For which reason somebody took a node offline; the built-in one is `(built-in)`. `None` if nobody did.
    pub fn taken_offline(&self, name: &str) -> Option<String> {
        self.with_world(|world| {
            let node = world.nodes.iter().find(|node| node.name == name);
            let built_in = (name == "(built-in)").then_some(&world.built_in);
            node.map(|node| &node.state).or(built_in)?.taken.clone()
        })
    }

    /// Whether it lets no build start.
    pub fn is_quieting_down(&self) -> bool {
        self.with_world(|world| world.server.quieting_down)
    }

    /// How often it restarted.
    pub fn restarts(&self) -> u32 {
        self.with_world(|world| world.server.restarts)
    }

    /// Waits until it is neither quieting down for a restart nor restarting.
    pub async fn wait_until_up(&self) {
        self.wait_until(|world| {
            let is_up = !world.server.is_restarting() && !world.server.restart_when_idle;
            is_up.then_some(())
        })
        .await;
    }
}
