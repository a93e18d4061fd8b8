//! What commands and buttons do, by the names that people type.

/// One thing to ask of the plugin. What is not declared here cannot be asked for: a test compares it
/// with the tree of commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// About the plugin.
    About,
    /// Short names of jobs.
    Alias,
    /// End a build, or take it out of the queue.
    Abort,
    /// Answer a pipeline's question with yes.
    Approve,
    /// Start a build.
    Build,
    /// Let builds start again.
    CancelQuietDown,
    /// What went into a build.
    Changes,
    /// The configuration of a job.
    Config,
    /// Change the configuration of a job.
    ConfigChange,
    /// Connect an account.
    Connect,
    /// Make a job.
    CreateJob,
    /// What is meant when no job is named.
    Default,
    /// Delete a job or a folder.
    Delete,
    /// Let a job no longer be built.
    Disable,
    /// Forget an account.
    Disconnect,
    /// Find out what is wrong.
    Doctor,
    /// Let a job be built.
    Enable,
    /// Files of a build.
    GetArtifacts,
    /// The log of a build.
    GetLog,
    /// How Jenkins is.
    Health,
    /// The builds of a job.
    History,
    /// What a job is.
    Info,
    /// End a build by force.
    Kill,
    /// The newest build.
    Last,
    /// Jobs.
    List,
    /// Which account is connected.
    Me,
    /// Agents.
    Nodes,
    /// Let nothing more run on a node.
    NodesOffline,
    /// Let a node be used again.
    NodesOnline,
    /// How one is told of the end of builds.
    Notify,
    /// Plugins of Jenkins.
    Plugins,
    /// What waits.
    Queue,
    /// Let no build start.
    QuietDown,
    /// Start a build like an earlier one.
    Rebuild,
    /// Answer a pipeline's question with no.
    Reject,
    /// What is being built.
    Running,
    /// Restart Jenkins.
    SafeRestart,
    /// Look for branches or repositories.
    Scan,
    /// Find jobs.
    Search,
    /// Which servers there are.
    Server,
    /// Add a server for everybody.
    ServerAdd,
    /// Take a server away that somebody added.
    ServerRemove,
    /// The stages of a build.
    Stages,
    /// How a job is doing.
    Status,
    /// Let a channel hear of builds.
    Subscribe,
    /// The same, in all its forms.
    Subscriptions,
    /// The tests of a build.
    TestResults,
    /// Let a channel hear of builds no longer.
    Unsubscribe,
    /// Follow a build no longer.
    Unwatch,
    /// Follow a build.
    Watch,
    /// Let Jenkins tell of builds.
    Webhook,
}

/// How much a verb can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weight {
    /// About the user or the plugin: always allowed.
    Own,
    /// Shows something.
    Read,
    /// Changes something.
    Write,
    /// Changes what is hard or impossible to undo, or concerns everybody.
    Destructive,
}

/// What a verb is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// One job or folder.
    Job,
    /// A server as a whole, or no server.
    Server,
}

impl Verb {
    /// All of them, in the order of their names.
    pub const ALL: [Self; 51] = [
        Self::Abort,
        Self::About,
        Self::Alias,
        Self::Approve,
        Self::Build,
        Self::CancelQuietDown,
        Self::Changes,
        Self::Config,
        Self::ConfigChange,
        Self::Connect,
        Self::CreateJob,
        Self::Default,
        Self::Delete,
        Self::Disable,
        Self::Disconnect,
        Self::Doctor,
        Self::Enable,
        Self::GetArtifacts,
        Self::GetLog,
        Self::Health,
        Self::History,
        Self::Info,
        Self::Kill,
        Self::Last,
        Self::List,
        Self::Me,
        Self::Nodes,
        Self::NodesOffline,
        Self::NodesOnline,
        Self::Notify,
        Self::Plugins,
        Self::Queue,
        Self::QuietDown,
        Self::Rebuild,
        Self::Reject,
        Self::Running,
        Self::SafeRestart,
        Self::Scan,
        Self::Search,
        Self::Server,
        Self::ServerAdd,
        Self::ServerRemove,
        Self::Stages,
        Self::Status,
        Self::Subscribe,
        Self::Subscriptions,
        Self::TestResults,
        Self::Unsubscribe,
        Self::Unwatch,
        Self::Watch,
        Self::Webhook,
    ];

    /// The verb of that name; case does not matter.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|verb| verb.name().eq_ignore_ascii_case(name))
    }

    /// The verb of a command and, where it has a verb of its own, of the command below it: `nodes offline` is
    /// `nodes-offline`.
    #[must_use]
    pub fn of_command(name: &str, below: Option<&str>) -> Option<Self> {
        let own = below.and_then(|below| Self::of(&format!("{name}-{below}")));
        own.or_else(|| Self::of(name))
    }

    /// The command, or what a rule of the policy calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// How much it can do.
    #[must_use]
    pub fn weight(self) -> Weight {
        self.row().1
    }

    /// What it is about.
    #[must_use]
    pub fn scope(self) -> Scope {
        self.row().2
    }

    fn row(self) -> (&'static str, Weight, Scope) {
        use Scope::{Job, Server};
        use Weight::{Destructive, Own, Read, Write};
        match self {
            Self::About => ("about", Own, Server),
            Self::Alias => ("alias", Write, Server),
            Self::Abort => ("abort", Write, Job),
            Self::Approve => ("approve", Write, Job),
            Self::Build => ("build", Write, Job),
            Self::CancelQuietDown => ("cancel-quiet-down", Write, Server),
            Self::Changes => ("changes", Read, Job),
            Self::Config => ("config", Read, Job),
            Self::ConfigChange => ("config-change", Destructive, Job),
            Self::Connect => ("connect", Own, Server),
            Self::CreateJob => ("createjob", Destructive, Job),
            Self::Default => ("default", Write, Server),
            Self::Delete => ("delete", Destructive, Job),
            Self::Disable => ("disable", Write, Job),
            Self::Disconnect => ("disconnect", Own, Server),
            Self::Doctor => ("doctor", Own, Server),
            Self::Enable => ("enable", Write, Job),
            Self::GetArtifacts => ("get-artifacts", Read, Job),
            Self::GetLog => ("get-log", Read, Job),
            Self::Health => ("health", Read, Server),
            Self::History => ("history", Read, Job),
            Self::Info => ("info", Read, Job),
            Self::Kill => ("kill", Destructive, Job),
            Self::Last => ("last", Read, Job),
            Self::List => ("list", Read, Server),
            Self::Me => ("me", Own, Server),
            Self::Nodes => ("nodes", Read, Server),
            Self::NodesOffline => ("nodes-offline", Write, Server),
            Self::NodesOnline => ("nodes-online", Write, Server),
            Self::Notify => ("notify", Own, Server),
            Self::Plugins => ("plugins", Read, Server),
            Self::Queue => ("queue", Read, Server),
            Self::QuietDown => ("quiet-down", Destructive, Server),
            Self::Rebuild => ("rebuild", Write, Job),
            Self::Reject => ("reject", Write, Job),
            Self::Running => ("running", Read, Server),
            Self::SafeRestart => ("safe-restart", Destructive, Server),
            Self::Scan => ("scan", Write, Job),
            Self::Search => ("search", Read, Server),
            Self::Server => ("server", Own, Server),
            Self::ServerAdd => ("server-add", Write, Server),
            Self::ServerRemove => ("server-remove", Write, Server),
            Self::Stages => ("stages", Read, Job),
            Self::Status => ("status", Read, Job),
            Self::Subscribe => ("subscribe", Write, Job),
            Self::Subscriptions => ("subscriptions", Write, Job),
            Self::TestResults => ("test-results", Read, Job),
            Self::Unsubscribe => ("unsubscribe", Write, Job),
            Self::Unwatch => ("unwatch", Read, Job),
            Self::Watch => ("watch", Read, Job),
            Self::Webhook => ("webhook", Write, Server),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_lead_back() {
        let names: BTreeSet<&str> = Verb::ALL.iter().map(|verb| verb.name()).collect();
        assert_eq!(names.len(), Verb::ALL.len());
        assert!(
            Verb::ALL
                .iter()
                .all(|verb| Verb::of(verb.name()) == Some(*verb))
        );
        assert!(Verb::ALL.is_sorted_by_key(|verb| verb.name()));
        assert_eq!(Verb::of("Safe-Restart"), Some(Verb::SafeRestart));
        assert_eq!(Verb::of("help"), None);
        assert_eq!(
            Verb::of_command("nodes", Some("offline")),
            Some(Verb::NodesOffline)
        );
        assert_eq!(Verb::of_command("nodes", Some("list")), Some(Verb::Nodes));
        assert_eq!(Verb::of_command("nodes", None), Some(Verb::Nodes));
    }
}
