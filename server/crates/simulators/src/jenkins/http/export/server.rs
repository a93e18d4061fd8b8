//! Jenkins itself: root, plugins.

use serde_json::Value;

use super::View;
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
