//! The description of a whole simulated Jenkins.

use std::time::Duration;

use super::{Folder, Item, Job, Node, Permission, User};

/// Whether POSTs need a crumb (CSRF protection).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrumbMode {
    /// CSRF protection is off: `/crumbIssuer` is 404 and no POST needs a crumb.
    Off,
    /// POSTs need a crumb bound to the session that asked for it, except with an API token (`ApiCrumbExclusion`).
    SessionBound,
}

/// An installed plugin, as `/pluginManager` lists it.
#[derive(Clone, Debug)]
pub struct Plugin {
    pub(crate) short_name: String,
    pub(crate) long_name: String,
    pub(crate) version: String,
    pub(crate) enabled: bool,
    pub(crate) has_update: bool,
}

impl Plugin {
    /// An enabled plugin without an update.
    pub fn new(short_name: &str, long_name: &str, version: &str) -> Self {
        Self {
            short_name: short_name.to_owned(),
            long_name: long_name.to_owned(),
            version: version.to_owned(),
            enabled: true,
            has_update: false,
        }
    }

    /// Turns the plugin off.
    pub fn disabled(mut self) -> Self {
        self.enabled = false;
        self
    }

    /// Says that an update is available.
    pub fn with_update(mut self) -> Self {
        self.has_update = true;
        self
    }
}

/// The world a [`JenkinsSimulator`](crate::jenkins::JenkinsSimulator) serves.
#[derive(Clone, Debug)]
pub struct JenkinsConfig {
    pub(crate) port: u16,
    pub(crate) context_path: String,
    pub(crate) public_url: Option<String>,
    pub(crate) version: String,
    pub(crate) crumbs: CrumbMode,
    pub(crate) speed: f64,
    pub(crate) executors: u32,
    pub(crate) restart_time: Duration,
    pub(crate) anonymous: Vec<Permission>,
    pub(crate) users: Vec<User>,
    pub(crate) items: Vec<Item>,
    pub(crate) plugins: Vec<Plugin>,
    pub(crate) nodes: Vec<Node>,
}

impl Default for JenkinsConfig {
    fn default() -> Self {
        Self {
            port: 0,
            context_path: String::new(),
            public_url: None,
            version: "2.528.1".to_owned(),
            crumbs: CrumbMode::SessionBound,
            speed: 1.0,
            executors: 2,
            restart_time: Duration::from_secs(20),
            anonymous: Vec::new(),
            users: Vec::new(),
            items: Vec::new(),
            plugins: Vec::new(),
            nodes: Vec::new(),
        }
    }
}

impl JenkinsConfig {
    /// An empty Jenkins: no users, no items, nothing allowed to anonymous, crumbs on, time running as the wall clock.
    pub fn new() -> Self {
        Self::default()
    }

    /// Listens on this port of 127.0.0.1 instead of a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Serves under a context path such as `/jenkins`; anything else is 404.
    pub fn context_path(mut self, path: &str) -> Self {
        let path = path.trim_matches('/');
        self.context_path = if path.is_empty() {
            String::new()
        } else {
            format!("/{path}")
        };
        self
    }

    /// Jenkins' own root URL, used for every URL in a body. Without it the request's `Host` is used.
    /// `Location` headers always follow the request's `Host` (stapler `ResponseImpl.sendRedirect`).
    pub fn public_url(mut self, url: &str) -> Self {
        self.public_url = Some(url.trim_end_matches('/').to_owned());
        self
    }

    /// The version in `X-Jenkins`.
    pub fn version(mut self, version: &str) -> Self {
        version.clone_into(&mut self.version);
        self
    }

    /// Whether POSTs need a crumb.
    pub fn crumbs(mut self, mode: CrumbMode) -> Self {
        self.crumbs = mode;
        self
    }

    /// How many simulated seconds pass in a second of tokio's time.
    ///
    /// # Panics
    /// If `speed` is negative or not finite.
    pub fn speed(mut self, speed: f64) -> Self {
        assert!(
            speed.is_finite() && speed >= 0.0,
            "a clock cannot run at {speed}"
        );
        self.speed = speed;
        self
    }

    /// Stops time; only [`JenkinsSimulator::advance`](crate::jenkins::JenkinsSimulator::advance) moves it.
    pub fn frozen(self) -> Self {
        self.speed(0.0)
    }

    /// How many executors `/computer` shows.
    pub fn executors(mut self, count: u32) -> Self {
        self.executors = count;
        self
    }

    /// How long a restart answers 503, in simulated time.
    pub fn restart_time(mut self, time: Duration) -> Self {
        self.restart_time = time;
        self
    }

    /// What anonymous may do.
    pub fn anonymous(mut self, permissions: impl IntoIterator<Item = Permission>) -> Self {
        self.anonymous.extend(permissions);
        self
    }

    /// Adds a user.
    pub fn user(mut self, user: User) -> Self {
        self.users.push(user);
        self
    }

    /// Adds an item at the top level.
    pub fn item(mut self, item: impl Into<Item>) -> Self {
        self.items.push(item.into());
        self
    }

    /// Adds so many freestyle jobs that were never built: `service-00000` to `service-00099` in the folder `team-000`, and
    /// so on.
    pub fn generated_jobs(mut self, count: usize) -> Self {
        let numbers: Vec<usize> = (0..count).collect();
        let folders = numbers.chunks(100).enumerate().map(|(team, numbers)| {
            let folder = Folder::new(&format!("team-{team:03}"));
            numbers.iter().fold(folder, |folder, number| {
                folder.item(Job::freestyle(&format!("service-{number:05}")))
            })
        });
        self.items.extend(folders.map(Item::from));
        self
    }

    /// Adds an agent.
    pub fn node(mut self, node: Node) -> Self {
        self.nodes.push(node);
        self
    }

    /// Adds an installed plugin.
    pub fn plugin(mut self, plugin: Plugin) -> Self {
        self.plugins.push(plugin);
        self
    }
}
