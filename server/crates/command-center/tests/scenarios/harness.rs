//! A Mattermost, a Jenkins and the plugin between them.

use std::time::Duration;

use command_center::clock::Clock;
use command_center::plugin::CommandCenter;
use mattermost_devhost::client::CommandOutcome;
use mattermost_devhost::{Builder, DevHost};
use mattermost_plugin::Capability;
use mattermost_plugin::model::{Attachment, AuditRecord, Post};
use serde_json::Value;
use simulators::jenkins::{JenkinsConfig, JenkinsSimulator, Job, User};

/// The plugin's own manifest.
pub(crate) const MANIFEST: &str = include_str!("../../../../../plugin.json");
/// A valid value of the setting `EncryptionKey`.
pub(crate) const KEY: &str = "an encryption key of the tests";
/// The API token of alice; it must not be seen anywhere.
pub(crate) const ALICE_TOKEN: &str = "11markeralice5f6a7b8c9d0";
/// The API token of bob, who may only look.
pub(crate) const BOB_TOKEN: &str = "11markerbob00112233445566";
/// Waits in the plugin are this many times shorter, and simulated builds this many times faster.
pub(crate) const HASTE: u32 = 20;

/// Everything.
pub(crate) struct World {
    /// Mattermost.
    pub(crate) host: DevHost,
    /// Jenkins.
    pub(crate) jenkins: JenkinsSimulator,
    /// The plugin's clock, shared by all its instances.
    pub(crate) clock: Clock,
}

/// A Jenkins with two users, whose time runs fast.
pub(crate) fn jenkins() -> JenkinsConfig {
    JenkinsConfig::new()
        .speed(f64::from(HASTE))
        .user(
            User::developer("alice")
                .full_name("Alice Liddell")
                .token(ALICE_TOKEN),
        )
        .user(User::reader("bob").token(BOB_TOKEN))
}

/// The same, and alice may do everything.
pub(crate) fn jenkins_of_alice() -> JenkinsConfig {
    JenkinsConfig::new()
        .speed(f64::from(HASTE))
        .user(User::administrator("alice").token(ALICE_TOKEN))
        .user(User::reader("bob").token(BOB_TOKEN))
}

/// A Jenkins with one job.
pub(crate) fn jenkins_with(job: Job) -> JenkinsConfig {
    jenkins().item(job)
}

impl World {
    /// A configured plugin with nobody connected.
    pub(crate) async fn start(config: JenkinsConfig) -> Self {
        Self::start_with(config, |builder| builder).await
    }

    /// The same, with a server that `change` describes further.
    pub(crate) async fn start_with(
        config: JenkinsConfig,
        change: impl FnOnce(Builder) -> Builder,
    ) -> Self {
        let jenkins = JenkinsSimulator::start(config).await.expect("a free port");
        let clock = Clock::hasty(HASTE);
        let plugin_clock = clock.clone();
        let host = change(configured(&jenkins))
            .manifest_json(MANIFEST)
            .plugin_in_process(move |api| CommandCenter::with_clock(api, plugin_clock.clone()))
            .start()
            .await
            .expect("the plugin is activated");
        Self {
            host,
            jenkins,
            clock,
        }
    }

    /// The plugin's executable in a process of its own, in real time, with alice connected.
    pub(crate) async fn in_a_process(
        config: JenkinsConfig,
        change: impl FnOnce(Builder) -> Builder,
    ) -> Self {
        let jenkins = JenkinsSimulator::start(config).await.expect("a free port");
        let manifest = serde_json::from_str(MANIFEST).expect("a manifest");
        let host = change(configured(&jenkins))
            .plugin_executable(env!("CARGO_BIN_EXE_command-center"), manifest)
            .start()
            .await
            .expect("the plugin is activated");
        let world = Self {
            host,
            jenkins,
            clock: Clock::system(),
        };
        world.connect("alice", ALICE_TOKEN).await;
        world
    }

    /// A configured plugin with alice connected.
    pub(crate) async fn with_alice(config: JenkinsConfig) -> Self {
        let world = Self::start(config).await;
        world.connect("alice", ALICE_TOKEN).await;
        world
    }

    /// Connects a user to the Jenkins account of the same name.
    pub(crate) async fn connect(&self, user: &str, token: &str) {
        let said = self
            .say(user, &format!("/jenkins connect {user} {token}"))
            .await;
        assert!(said.contains("successfully connected"), "{said}");
    }

    /// What a user gets for a command in `builds`.
    pub(crate) async fn run(&self, user: &str, command: &str) -> CommandOutcome {
        let outcome = self.host.user(user).run_command("builds", command).await;
        outcome.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// What only the user sees after a command in `builds`.
    pub(crate) async fn say(&self, user: &str, command: &str) -> String {
        self.run(user, command).await.text()
    }

    /// Moves the time of all three.
    pub(crate) fn advance(&self, by: Duration) {
        self.clock.advance(by);
        self.host.clock().advance(by);
        self.jenkins.advance(by);
    }

    /// Does something at Jenkins as alice, as if in the browser.
    pub(crate) async fn post_to_jenkins(&self, path: &str) {
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        let request = client
            .post(format!("{}{path}", self.jenkins.url()))
            .basic_auth("alice", Some(ALICE_TOKEN));
        let status = request.send().await.expect("an answer").status();
        assert!(
            status.is_success() || status.is_redirection(),
            "{path}: {status}"
        );
    }

    /// Kills the plugin on a node as `kill -9` does, and lets its announcement expire.
    pub(crate) async fn kill(&self, node: usize) {
        self.host.kill(node).await;
        self.let_presence_expire();
    }

    /// Lets the server forget who is alive; who is alive says so again.
    pub(crate) fn let_presence_expire(&self) {
        let by = Duration::from_secs(7);
        self.clock.advance(by);
        self.host.clock().advance(by);
    }

    /// All cards, oldest first.
    pub(crate) fn cards(&self) -> Vec<Card> {
        cards(&self.host)
    }

    /// What was told of changes at Jenkins: who did it and what, oldest first.
    pub(crate) fn notices(&self) -> Vec<String> {
        let mut posts = self.host.server().read(|data| data.posts.all());
        posts.retain(|post| {
            let is_card = post.props.contains_key("command_center_watch");
            post.user_id == self.host.user_id("command-center") && post.delete_at == 0 && !is_card
        });
        posts.sort_by_key(|post| post.create_at);
        let attachments = posts.iter().flat_map(Post::attachments);
        attachments
            .map(|told| format!("{}\n{}", told.pretext, told.text))
            .collect()
    }

    /// The first notice with these words.
    pub(crate) async fn noticed(&self, words: &str) -> String {
        let what = format!("a notice of {words:?}");
        self.host
            .wait_for(&what, |_| {
                let notices = self.notices();
                notices.into_iter().find(|notice| notice.contains(words))
            })
            .await
    }

    /// The newest question to a user with these words that waits for a click.
    pub(crate) async fn question(&self, user: &str, words: &str) -> Post {
        let what = format!("a question with {words:?}");
        self.host
            .wait_for(&what, |_| {
                let posts = self.host.user(user).ephemeral();
                posts.into_iter().rev().find(|post| {
                    post.attachments().iter().any(|attachment| {
                        attachment.text.contains(words)
                            && attachment.actions.iter().any(|action| action.id == "yes")
                    })
                })
            })
            .await
    }

    /// Something that only this user is told.
    pub(crate) async fn told(&self, user: &str, words: &str) -> String {
        let what = format!("a word to {user} with {words:?}");
        self.host
            .wait_for(&what, |_| {
                let posts = self.host.user(user).ephemeral();
                let mut messages = posts.into_iter().rev().map(|post| post.message);
                messages.find(|message| message.contains(words))
            })
            .await
    }

    /// The outcomes of changes of one kind in the audit log, oldest first.
    pub(crate) fn audits(&self, verb: &str) -> Vec<String> {
        let name = format!("jenkins.{verb}");
        self.host.server().records(|records| {
            let audits: Vec<AuditRecord> = if self.host.supports(Capability::AuditRecords) {
                let audits = records.audits.iter();
                audits.map(|(_, record)| record.clone()).collect()
            } else {
                let lines = records.logs.iter();
                lines.filter_map(|line| audit_line(&line.message)).collect()
            };
            let audits = audits.iter().filter(|record| record.event_name == name);
            audits.map(|record| record.status.clone()).collect()
        })
    }

    /// All announcements, oldest first.
    pub(crate) fn announcements(&self) -> Vec<Post> {
        announcements(&self.host)
    }

    /// The first card that `wanted` accepts.
    pub(crate) async fn card(&self, wanted: impl Fn(&Card) -> bool) -> Card {
        self.host
            .wait_for("a card", |_| {
                cards(&self.host).into_iter().find(|card| wanted(card))
            })
            .await
    }

    /// The first announcement.
    pub(crate) async fn announced(&self) -> Post {
        self.host
            .wait_for("an announcement", |_| {
                announcements(&self.host).into_iter().next()
            })
            .await
    }

    /// Waits until no watch is stored.
    pub(crate) async fn settled(&self) {
        self.host
            .wait_for("no stored watch", |_| {
                stored_watches(&self.host).is_empty().then_some(())
            })
            .await;
    }

    /// Waits longer than [`DevHost::wait_for`] does.
    pub(crate) async fn wait_long(
        &self,
        what: &str,
        limit: Duration,
        mut is_done: impl FnMut() -> bool,
    ) {
        let mut often = tokio::time::interval(Duration::from_millis(50));
        let waiting = async {
            while !is_done() {
                often.tick().await;
            }
        };
        if tokio::time::timeout(limit, waiting).await.is_err() {
            panic!(
                "waited {limit:?} for {what}; watches: {:?}; log: {:#?}",
                stored_watches(&self.host),
                self.host.logs()
            );
        }
    }

    /// Fails unless there is one card and one announcement in its thread that pings alice, both with
    /// `word`.
    #[track_caller]
    pub(crate) fn assert_told_once(&self, word: &str) {
        let (cards, announcements) = (self.cards(), self.announcements());
        assert_eq!(cards.len(), 1, "{cards:#?}");
        assert_eq!(announcements.len(), 1, "{announcements:#?}");
        assert!(cards[0].text().contains(word), "{}", cards[0].text());
        let told = &announcements[0];
        assert!(
            told.message.starts_with("@alice ") && told.message.contains(word),
            "{}",
            told.message
        );
        let root = if cards[0].post.root_id.is_empty() {
            &cards[0].post.id
        } else {
            &cards[0].post.root_id
        };
        assert_eq!(&told.root_id, root, "in the card's thread");
        assert_eq!(told.user_id, self.host.user_id("command-center"));
    }
}

/// The record in a line of the ordinary log, where there is no audit log.
fn audit_line(message: &str) -> Option<AuditRecord> {
    let quoted = message.strip_prefix("audit record=")?;
    let json: String = serde_json::from_str(quoted).ok()?;
    serde_json::from_str(&json).ok()
}

fn configured(jenkins: &JenkinsSimulator) -> Builder {
    DevHost::builder()
        .setting("JenkinsURL", jenkins.url())
        .setting("EncryptionKey", KEY)
        .setting("JenkinsProxyURL", "direct")
}

/// A card.
#[derive(Debug, Clone)]
pub(crate) struct Card {
    pub(crate) post: Post,
    pub(crate) attachment: Attachment,
}

impl Card {
    /// All that it shows, on lines.
    pub(crate) fn text(&self) -> String {
        let Attachment {
            pretext,
            text,
            fields,
            ..
        } = &self.attachment;
        let fields = fields
            .iter()
            .map(|field| format!("{}: {}", field.title, as_text(&field.value)));
        let lines: Vec<String> = [pretext.clone(), text.clone()]
            .into_iter()
            .chain(fields)
            .collect();
        lines.join("\n")
    }

    /// A field by its title.
    pub(crate) fn field(&self, title: &str) -> Option<String> {
        self.attachment
            .fields
            .iter()
            .find(|field| field.title == title)
            .map(|field| as_text(&field.value))
    }
}

fn as_text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// All cards on a server, oldest first.
pub(crate) fn cards(host: &DevHost) -> Vec<Card> {
    let posts = with_property(host, "command_center_watch");
    let card = |post: Post| Card {
        attachment: post
            .attachments()
            .into_iter()
            .next()
            .expect("a card's attachment"),
        post,
    };
    posts.into_iter().map(card).collect()
}

/// All announcements on a server, oldest first.
pub(crate) fn announcements(host: &DevHost) -> Vec<Post> {
    with_property(host, "command_center_announcement")
}

fn with_property(host: &DevHost, property: &str) -> Vec<Post> {
    let mut posts = host.server().read(|data| data.posts.all());
    posts.retain(|post| post.props.contains_key(property) && post.delete_at == 0);
    posts.sort_by_key(|post| post.create_at);
    posts
}

/// Keys of the watches that are stored.
pub(crate) fn stored_watches(host: &DevHost) -> Vec<String> {
    stored(host)
        .into_keys()
        .filter(|key| key.starts_with("jenkins_watch_v1_"))
        .collect()
}

/// All that the plugin has stored.
pub(crate) fn stored(host: &DevHost) -> std::collections::BTreeMap<String, String> {
    let id = host.plugin_id();
    host.server().read(|data| {
        let entries = data
            .kv
            .get(&id)
            .into_iter()
            .flat_map(mattermost_devhost::state::kv::KeyValueStore::entries);
        entries
            .map(|(key, value)| (key.to_string(), String::from_utf8_lossy(value).into_owned()))
            .collect()
    })
}
