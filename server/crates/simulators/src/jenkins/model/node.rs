//! Nodes beside the built-in one.

/// An agent (`hudson.slaves.SlaveComputer`).
#[derive(Clone, Debug)]
pub struct Node {
    pub(crate) name: String,
    pub(crate) executors: u32,
    /// Why it is offline, and whether somebody took it offline.
    pub(crate) offline: Option<(String, bool)>,
}

impl Node {
    /// An agent that is online and has one executor.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            executors: 1,
            offline: None,
        }
    }

    /// How many executors it has.
    pub fn executors(mut self, count: u32) -> Self {
        self.executors = count;
        self
    }

    /// Takes it offline, as somebody does for a reason.
    pub fn taken_offline(mut self, reason: &str) -> Self {
        self.offline = Some((reason.to_owned(), true));
        self
    }

    /// Makes it lose its connection.
    pub fn disconnected(mut self, reason: &str) -> Self {
        self.offline = Some((reason.to_owned(), false));
        self
    }
}
