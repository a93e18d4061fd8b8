//! How a build behaves: what it waits for, what it does, how it ends.

use std::sync::Arc;
use std::time::Duration;

use super::{Artifact, Change, LogText, Stage, StageOutcome, TestReport};

/// How a build ended: `hudson.model.Result`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuildResult {
    /// `SUCCESS`
    Success,
    /// `UNSTABLE`
    Unstable,
    /// `FAILURE`
    Failure,
    /// `NOT_BUILT`
    NotBuilt,
    /// `ABORTED`
    Aborted,
}

impl BuildResult {
    /// The name in Jenkins' JSON and at the end of its logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Success => "SUCCESS",
            Self::Unstable => "UNSTABLE",
            Self::Failure => "FAILURE",
            Self::NotBuilt => "NOT_BUILT",
            Self::Aborted => "ABORTED",
        }
    }
}

/// Why a build was started, beyond the user who asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// `hudson.model.Cause$UserIdCause`; the id of a user, `None` for anonymous.
    User(Option<String>),
    /// `hudson.triggers.TimerTrigger$TimerTriggerCause`.
    Timer,
    /// `hudson.triggers.SCMTrigger$SCMTriggerCause`.
    ScmChange,
    /// `hudson.model.Cause$UpstreamCause`.
    Upstream {
        /// The project that started this one.
        project: String,
        /// Its build.
        build: u32,
    },
}

/// The signals of increasing force that end a pipeline build (`WorkflowRun.doStop`, `doTerm`, `doKill`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StopSignal {
    /// `POST …/stop`
    Stop,
    /// `POST …/term`
    Term,
    /// `POST …/kill`
    Kill,
}

/// How a build behaves.
#[derive(Clone, Debug)]
pub struct BuildScript {
    pub(crate) quiet_period: Duration,
    pub(crate) queue_time: Duration,
    pub(crate) why: Option<String>,
    pub(crate) stuck: bool,
    pub(crate) executable_delay: Duration,
    pub(crate) duration: Option<Duration>,
    pub(crate) stages: Vec<Stage>,
    pub(crate) result: BuildResult,
    pub(crate) ends_on: StopSignal,
    pub(crate) log: LogText,
    pub(crate) test_report: Option<Arc<TestReport>>,
    pub(crate) artifacts: Vec<Artifact>,
    pub(crate) changes: Vec<Change>,
    pub(crate) culprits: Vec<String>,
    pub(crate) causes: Vec<Cause>,
    pub(crate) description: Option<String>,
}

impl BuildScript {
    /// A build with this result that does not wait in the queue and takes ten seconds.
    pub fn new(result: BuildResult) -> Self {
        Self {
            quiet_period: Duration::ZERO,
            queue_time: Duration::ZERO,
            why: None,
            stuck: false,
            executable_delay: Duration::ZERO,
            duration: Some(Duration::from_secs(10)),
            stages: Vec::new(),
            result,
            ends_on: StopSignal::Stop,
            log: LogText::lines(["+ make", "ok"]),
            test_report: None,
            artifacts: Vec::new(),
            changes: Vec::new(),
            culprits: Vec::new(),
            causes: Vec::new(),
            description: None,
        }
    }

    /// A build that succeeds.
    pub fn success() -> Self {
        Self::new(BuildResult::Success)
    }

    /// A build that fails.
    pub fn failure() -> Self {
        Self::new(BuildResult::Failure)
    }

    /// How long it is a `WaitingItem` when the trigger gives no `delay`.
    pub fn quiet_period(mut self, time: Duration) -> Self {
        self.quiet_period = time;
        self
    }

    /// How long it is a `BuildableItem`: the wait for an executor.
    pub fn queue_time(mut self, time: Duration) -> Self {
        self.queue_time = time;
        self
    }

    /// What the queue says it waits for, instead of “Waiting for next available executor”.
    pub fn why(mut self, why: &str) -> Self {
        self.why = Some(why.to_owned());
        self
    }

    /// Makes the queue say that it waits for longer than usual.
    pub fn stuck(mut self) -> Self {
        self.stuck = true;
        self
    }

    /// How long its `LeftItem` has a null `executable`, which real ones have for a moment.
    pub fn executable_delay(mut self, time: Duration) -> Self {
        self.executable_delay = time;
        self
    }

    /// How long it runs. With stages, their durations count instead.
    pub fn duration(mut self, time: Duration) -> Self {
        self.duration = Some(time);
        self
    }

    /// Runs until the test finishes it or somebody stops it; with stages, the last of them does not end by itself.
    pub fn until_told(mut self) -> Self {
        self.duration = None;
        self
    }

    /// Adds a stage. A failing one makes the result `FAILURE` and an unstable one `UNSTABLE`, if it was `SUCCESS`.
    pub fn stage(mut self, stage: Stage) -> Self {
        self.result = match (self.result, stage.outcome) {
            (BuildResult::Success | BuildResult::Unstable, StageOutcome::Failed) => {
                BuildResult::Failure
            }
            (BuildResult::Success, StageOutcome::Unstable) => BuildResult::Unstable,
            (result, _) => result,
        };
        self.stages.push(stage);
        self
    }

    /// The weakest signal that ends it; a weaker one is accepted and has no effect.
    pub fn ends_on(mut self, signal: StopSignal) -> Self {
        self.ends_on = signal;
        self
    }

    /// What it prints.
    pub fn log(mut self, log: LogText) -> Self {
        self.log = log;
        self
    }

    /// The test report it leaves.
    pub fn test_report(mut self, report: TestReport) -> Self {
        self.test_report = Some(Arc::new(report));
        self
    }

    /// Adds an artifact.
    pub fn artifact(mut self, artifact: Artifact) -> Self {
        self.artifacts.push(artifact);
        self
    }

    /// Adds a change.
    pub fn change(mut self, change: Change) -> Self {
        self.changes.push(change);
        self
    }

    /// Adds a culprit by full name.
    pub fn culprit(mut self, full_name: &str) -> Self {
        self.culprits.push(full_name.to_owned());
        self
    }

    /// Adds a cause beside the trigger's own.
    pub fn cause(mut self, cause: Cause) -> Self {
        self.causes.push(cause);
        self
    }

    /// The build's description.
    pub fn description(mut self, text: &str) -> Self {
        self.description = Some(text.to_owned());
        self
    }

    /// How long it runs in all, if that is known.
    pub(crate) fn planned_duration(&self) -> Option<Duration> {
        if self.stages.is_empty() {
            self.duration
        } else {
            self.duration
                .map(|_| self.stages.iter().map(|s| s.duration).sum())
        }
    }
}
