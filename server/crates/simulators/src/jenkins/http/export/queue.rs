//! The queue.

use serde_json::Value;

use super::View;
use super::select::{Bean, Select};
use crate::jenkins::world::{QueueItem, QueueState};

impl View<'_> {
    /// `/queue`: what waits, newest first (`Queue.getItems`).
    pub(crate) fn queue(&self, select: Select<'_>) -> Value {
        let mut bean = Bean::new("hudson.model.Queue", select);
        bean.list(1, "discoverableItems", [(); 0], |(), _| Value::Null);
        let waiting = self
            .world
            .queue
            .iter()
            .rev()
            .filter(|item| !item.has_left() && self.sees(&item.job));
        bean.list(1, "items", waiting, |item, select| {
            self.queue_item(item, select)
        });
        bean.finish()
    }

    /// One item.
    pub(crate) fn queue_item(&self, item: &QueueItem, select: Select<'_>) -> Value {
        let class = match item.state {
            QueueState::Waiting { .. } => "hudson.model.Queue$WaitingItem",
            QueueState::Blocked => "hudson.model.Queue$BlockedItem",
            QueueState::Buildable { .. } => "hudson.model.Queue$BuildableItem",
            QueueState::Left { .. } => "hudson.model.Queue$LeftItem",
        };
        let mut bean = Bean::new(class, select);
        self.start_actions(&mut bean, 2, &item.causes, &item.parameters, Vec::new());
        bean.visible(2, "blocked", || matches!(item.state, QueueState::Blocked));
        bean.visible(2, "buildable", || {
            matches!(item.state, QueueState::Buildable { .. })
        });
        bean.visible(2, "id", || item.id);
        bean.visible(2, "inQueueSince", || item.since);
        // Queue.Item.getParams: a line for each, a line feed before it; secrets are masked.
        bean.visible(2, "params", || {
            let line = |value: &crate::jenkins::model::ParameterValue| {
                format!(
                    "\n{}={}",
                    value.name,
                    if value.secret { "******" } else { &value.value }
                )
            };
            item.parameters.iter().map(line).collect::<String>()
        });
        bean.visible(2, "stuck", || item.script.stuck && !item.has_left());
        bean.object(2, "task", |select| {
            self.world
                .item(&item.job)
                .map_or(Value::Null, |job| self.task(job, select))
        });
        bean.visible(2, "url", || format!("queue/item/{}/", item.id));
        bean.visible(2, "why", || self.world.why(item));
        match item.state {
            QueueState::Waiting { until } => bean.visible(2, "timestamp", || until),
            QueueState::Blocked => bean.visible(2, "buildableStartMilliseconds", || self.world.now),
            QueueState::Buildable { since } => {
                bean.visible(2, "buildableStartMilliseconds", || since);
                bean.visible(2, "pending", || false);
            }
            QueueState::Left { build, .. } => {
                bean.visible(2, "cancelled", || build.is_none());
                let executable = item.executable(self.world.now);
                bean.object(2, "executable", |select| {
                    let build = executable.and_then(|number| self.world.build(&item.job, number));
                    build.map_or(Value::Null, |build| {
                        let mut bean = Bean::new(build.kind.build_class(), select);
                        bean.visible(3, "number", || build.number);
                        bean.visible(3, "url", || self.build_url(&item.job, build.number));
                        bean.finish()
                    })
                });
            }
        }
        bean.finish()
    }
}
