//! The built-in node and the agents beside it.

/// An agent (`hudson.slaves.SlaveComputer`).
#[derive(Clone, Debug)]
pub struct Node {
    pub(crate) name: String,
    pub(crate) executors: u32,
    pub(crate) state: NodeState,
}

/// Why nothing can run on a node.
#[derive(Clone, Debug, Default)]
pub(crate) struct NodeState {
    /// The reason of whoever took it offline (`temporarilyOffline`).
    pub(crate) taken: Option<String>,
    /// Why there is no connection.
    pub(crate) lost: Option<String>,
}

impl NodeState {
    /// Why it is offline; what somebody said comes first (`Computer.getOfflineCause`).
    pub(crate) fn offline(&self) -> Option<&str> {
        self.taken.as_deref().or(self.lost.as_deref())
    }
}

impl Node {
    /// An agent that is online and has one executor.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            executors: 1,
            state: NodeState::default(),
        }
    }

    /// How many executors it has.
    pub fn executors(mut self, count: u32) -> Self {
        self.executors = count;
        self
    }

    /// Takes it offline, as somebody does for a reason.
    pub fn taken_offline(mut self, reason: &str) -> Self {
        self.state.taken = Some(reason.to_owned());
        self
    }

    /// Makes it lose its connection.
    pub fn disconnected(mut self, reason: &str) -> Self {
        self.state.lost = Some(reason.to_owned());
        self
    }
}
