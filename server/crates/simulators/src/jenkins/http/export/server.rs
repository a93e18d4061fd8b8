//! Jenkins itself: root, computers, plugins.

use serde_json::{Value, json};

use super::View;
use super::build::estimated_duration;
use super::parts::leaf_bean;
use super::select::{Bean, Select};

impl View<'_> {
    /// `/api/json`.
    pub(crate) fn root(&self, select: Select<'_>) -> Value {
        let mut bean = Bean::new("hudson.model.Hudson", select);
        bean.list(1, "assignedLabels", ["built-in"], |name, select| {
            let mut label = Bean::plain(select);
            label.visible(2, "name", || name);
            label.finish()
        });
        bean.value("mode", || "NORMAL");
        bean.value(
            "nodeDescription",
            || "the Jenkins controller's built-in node",
        );
        bean.value("nodeName", || "");
        bean.value("numExecutors", || self.world.executors);
        bean.value("description", || Value::Null);
        bean.list(1, "jobs", self.readable_children(""), |item, select| {
            self.item(item, select)
        });
        bean.object(1, "primaryView", |select| self.view("", select));
        bean.value("quietDownReason", || self.world.server.quiet_reason.clone());
        bean.value("quietingDown", || self.world.server.quieting_down);
        bean.value("slaveAgentPort", || -1);
        bean.value("url", || format!("{}/", self.root));
        bean.value("useCrumbs", || {
            self.world.crumbs != crate::jenkins::model::CrumbMode::Off
        });
        bean.value("useSecurity", || true);
        bean.list(1, "views", [()], |(), select| self.view("", select));
        bean.finish()
    }

    /// `/computer`: the built-in node.
    pub(crate) fn computers(&self, select: Select<'_>) -> Value {
        let busy = self.world.running().len();
        let total = self.world.executors;
        let mut bean = Bean::new("hudson.model.ComputerSet", select);
        bean.value("busyExecutors", || busy);
        bean.value("totalExecutors", || total);
        bean.value("displayName", || "Nodes");
        bean.list(1, "computer", [()], |(), select| {
            let mut computer = Bean::new("hudson.model.Hudson$MasterComputer", select);
            computer.visible(2, "displayName", || "Built-In Node");
            computer.visible(2, "offline", || false);
            computer.visible(2, "temporarilyOffline", || false);
            computer.visible(2, "offlineCauseReason", || "");
            computer.visible(2, "idle", || busy == 0);
            computer.visible(2, "numExecutors", || total);
            computer.list(
                2,
                "executors",
                self.world.running(),
                |(job, number), select| self.executor(job, *number, select),
            );
            computer.finish()
        });
        bean.finish()
    }

    fn executor(&self, job: &str, number: u32, select: Select<'_>) -> Value {
        let (Some(build), Some(state)) = (self.world.build(job, number), self.world.job(job))
        else {
            return Value::Null;
        };
        let mut bean = Bean::plain(select);
        bean.object(1, "currentExecutable", |select| {
            let fields = json!({"number": number, "url": self.build_url(job, number)});
            leaf_bean(build.kind.build_class(), &fields, select)
        });
        bean.value("likelyStuck", || false);
        bean.value("progress", || {
            build.progress(self.world.now, estimated_duration(state))
        });
        bean.finish()
    }

    /// `/pluginManager`.
    pub(crate) fn plugins(&self, select: Select<'_>) -> Value {
        let mut bean = Bean::new("hudson.LocalPluginManager", select);
        bean.list(1, "plugins", &self.world.plugins, |plugin, select| {
            let mut bean = Bean::plain(select);
            bean.value("active", || plugin.enabled);
            bean.value("enabled", || plugin.enabled);
            bean.value("hasUpdate", || plugin.has_update);
            bean.value("longName", || plugin.long_name.as_str());
            bean.value("shortName", || plugin.short_name.as_str());
            bean.value("version", || plugin.version.as_str());
            bean.finish()
        });
        bean.finish()
    }
}
