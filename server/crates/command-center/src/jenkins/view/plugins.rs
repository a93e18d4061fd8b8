//! Installed plugins.

use super::View;
use super::listing::lines;
use super::words::short;
use crate::jenkins::model::PluginInfo;
use crate::jenkins::render::count;
use crate::text;

/// So many plugins are shown.
const SHOWN: usize = 150;
/// Runes of a name or a version.
const RUNES: usize = 80;

impl View<'_> {
    /// The plugins that fit, by name, in the words of the former plugin: `1. Git plugin - 5.8.0 -
    /// Enabled`.
    #[must_use]
    pub fn plugins(
        &self,
        plugins: &[PluginInfo],
        filter: Option<&str>,
        only_updates: bool,
    ) -> String {
        let lower = filter.map(str::to_lowercase).unwrap_or_default();
        let fits = |plugin: &&PluginInfo| {
            let is_named = plugin.long_name.to_lowercase().contains(&lower)
                || plugin.short_name.to_lowercase().contains(&lower);
            is_named && (plugin.has_update || !only_updates)
        };
        let mut found: Vec<&PluginInfo> = plugins.iter().filter(fits).collect();
        found.sort_by_key(|plugin| plugin.long_name.to_lowercase());
        let mut which = String::new();
        if let Some(filter) = filter {
            let filter = text::code_span(&text::truncate(filter, RUNES));
            which.push_str(&format!(" with {filter} in the name"));
        }
        if only_updates {
            which.push_str(" for which there is an update");
        }
        let page = self.address.page(["pluginManager", "installed"]);
        if found.is_empty() {
            return format!("Jenkins has no plugin{which}.");
        }
        let head = format!("**{}{which}:**", count(found.len(), "plugin", "plugins"));
        let list = lines(&head, &found, SHOWN, page.as_str(), |index, plugin| {
            format!("{}. {}", index + 1, line(plugin))
        });
        // `UpdateSite.Plugin.getWarnings` is not exported: no API tells them.
        let warnings = self.address.page(["manage"]);
        let warnings = text::link("Manage Jenkins", warnings.as_str());
        format!("{list}\n\nSecurity warnings about plugins stand in {warnings}.")
    }
}

fn line(plugin: &PluginInfo) -> String {
    let state = match (plugin.enabled, plugin.active) {
        (true, true) => "Enabled",
        (true, false) => "Enabled, but not running",
        (false, _) => "Disabled",
    };
    let update = if plugin.has_update {
        " :arrow_up: update available"
    } else {
        ""
    };
    format!(
        "{} - {} - {state}{update}",
        short(&plugin.long_name, RUNES),
        short(&plugin.version, RUNES)
    )
}
