//! A Mattermost, the plugin in a process of its own, and a Jenkins.

use std::time::Duration;

use mattermost_devhost::DevHost;
use simulators::jenkins::{JenkinsConfig, JenkinsSimulator, User};

use crate::process::Process;

const MANIFEST: &str = include_str!("../../../../../plugin.json");
/// How often it is looked whether something is done.
const OFTEN: Duration = Duration::from_millis(50);
const TOKEN: &str = "11token";

/// Everything.
pub(crate) struct World {
    pub(crate) host: DevHost,
    pub(crate) jenkins: JenkinsSimulator,
}

impl World {
    /// A Jenkins with the user alice, who is connected.
    pub(crate) async fn start(config: JenkinsConfig) -> Self {
        let config = config.user(User::developer("alice").token(TOKEN));
        let jenkins = JenkinsSimulator::start(config).await.expect("a free port");
        let builder = DevHost::builder()
            .setting("JenkinsURL", jenkins.url())
            .setting("EncryptionKey", "an encryption key to measure with")
            .setting("JenkinsProxyURL", "direct")
            .setting("JenkinsSubscriptionManagers", "member");
        let builder = match std::env::var_os("PLUGIN_BUNDLE") {
            Some(bundle) => builder.plugin_bundle(bundle),
            None => {
                let manifest = serde_json::from_str(MANIFEST).expect("a manifest");
                builder.plugin_executable(env!("CARGO_BIN_EXE_command-center"), manifest)
            }
        };
        let host = builder.start().await.expect("the plugin is activated");
        let world = Self { host, jenkins };
        let said = world.say(&format!("/jenkins connect alice {TOKEN}")).await;
        assert!(said.contains("successfully connected"), "{said}");
        world
    }

    /// What alice is told.
    pub(crate) async fn say(&self, command: &str) -> String {
        let alice = self.host.user("alice");
        let outcome = alice.run_command("builds", command).await;
        outcome.expect("the command runs").text()
    }

    /// The plugin's process.
    pub(crate) fn process(&self) -> Process {
        Process(self.host.process_id(0).expect("a process"))
    }

    /// Waits until `is_done`.
    pub(crate) async fn wait(&self, mut is_done: impl FnMut(&Self) -> bool) {
        while !is_done(self) {
            tokio::time::sleep(OFTEN).await;
        }
    }

    /// Whether everything that Jenkins sent has had its effect.
    pub(crate) fn has_empty_inbox(&self) -> bool {
        let id = self.host.plugin_id();
        self.host.server().read(|data| {
            let entries = data.kv.get(&id).into_iter();
            let mut entries =
                entries.flat_map(mattermost_devhost::state::kv::KeyValueStore::entries);
            !entries.any(|(key, _)| key.to_string().starts_with("jenkins_inbox_v1_"))
        })
    }

    /// How many posts there are that `wanted` accepts.
    pub(crate) fn count_posts(
        &self,
        wanted: impl Fn(&mattermost_plugin::model::Post) -> bool,
    ) -> usize {
        self.host.server().read(|data| data.posts.count(wanted))
    }
}
