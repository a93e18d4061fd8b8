//! Jenkins as a whole.

use serde::Deserialize;

/// Who Jenkins takes us for (`hudson.security.WhoAmI`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The user id, spelled as Jenkins spells it.
    pub user: String,
    /// The version in `X-Jenkins`.
    pub version: String,
}

/// What Jenkins says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerState {
    /// The version in `X-Jenkins`.
    pub version: Option<String>,
    /// Something that is another one after each start of Jenkins (`X-Jenkins-Session`).
    pub session: Option<String>,
    /// The address that it gives in mails and answers, if its administrator set one.
    pub root_url: Option<String>,
    /// True while it prepares to shut down: no build starts.
    pub quieting_down: bool,
    /// Why, as whoever asked for it says.
    pub quiet_down_reason: Option<String>,
    /// `NORMAL`, or `EXCLUSIVE` if the built-in node runs only what asks for it.
    pub mode: Option<String>,
    /// How many executors the built-in node has.
    pub executors: Option<u32>,
    /// What its administrator wrote about it.
    pub description: Option<String>,
}

/// An installed plugin (`hudson.PluginWrapper`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginInfo {
    /// Its id, e.g. `workflow-job`.
    pub short_name: String,
    /// Its name for people.
    pub long_name: String,
    /// Its version.
    pub version: String,
    /// False if somebody turned it off.
    pub enabled: bool,
    /// True if it runs now.
    pub active: bool,
    /// True if the update centre has a newer one.
    pub has_update: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ServerStateJson {
    url: Option<String>,
    quieting_down: bool,
    quiet_down_reason: Option<String>,
    mode: Option<String>,
    num_executors: Option<u32>,
    description: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PluginsJson {
    plugins: Option<Vec<PluginJson>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PluginJson {
    short_name: String,
    long_name: Option<String>,
    version: Option<String>,
    enabled: bool,
    active: bool,
    has_update: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WhoAmIJson {
    pub(crate) name: String,
    pub(crate) anonymous: bool,
    pub(crate) authenticated: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct CrumbJson {
    pub(crate) crumb: String,
    pub(crate) crumb_request_field: String,
}

/// A user's page, for the address of the mailer plugin (`hudson.tasks.Mailer.UserProperty`).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct UserJson {
    property: Vec<UserPropertyJson>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct UserPropertyJson {
    address: Option<String>,
}

impl ServerStateJson {
    /// The `tree` that this type reads.
    pub(crate) const TREE: &'static str =
        "url,quietingDown,quietDownReason,mode,numExecutors,description";

    pub(crate) fn into_state(
        self,
        version: Option<String>,
        session: Option<String>,
    ) -> ServerState {
        let said = |words: Option<String>| words.filter(|words| !words.trim().is_empty());
        ServerState {
            version,
            session,
            root_url: self.url,
            quieting_down: self.quieting_down,
            quiet_down_reason: said(self.quiet_down_reason),
            mode: self.mode,
            executors: self.num_executors,
            description: said(self.description),
        }
    }
}

impl PluginsJson {
    /// The `tree` that this type reads.
    pub(crate) const TREE: &'static str =
        "plugins[shortName,longName,version,enabled,active,hasUpdate]";

    /// By id; `None` if the answer is about something else.
    pub(crate) fn into_plugins(self) -> Option<Vec<PluginInfo>> {
        let plugins = self.plugins?.into_iter().map(|plugin| PluginInfo {
            long_name: plugin
                .long_name
                .unwrap_or_else(|| plugin.short_name.clone()),
            short_name: plugin.short_name,
            version: plugin.version.unwrap_or_default(),
            enabled: plugin.enabled,
            active: plugin.active,
            has_update: plugin.has_update,
        });
        let mut plugins: Vec<PluginInfo> = plugins.collect();
        plugins.sort_by(|a, b| a.short_name.cmp(&b.short_name));
        Some(plugins)
    }
}

impl UserJson {
    /// The `tree` that this type reads.
    pub(crate) const TREE: &'static str = "property[address]";

    pub(crate) fn into_email(self) -> Option<String> {
        let mut addresses = self
            .property
            .into_iter()
            .filter_map(|property| property.address);
        addresses.find(|address| address.contains('@'))
    }
}
