//! A Jenkins controller as a real HTTP server on loopback.
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! use simulators::jenkins::{JenkinsConfig, JenkinsSimulator, Job, User};
//!
//! let config = JenkinsConfig::new()
//!     .user(User::developer("alice").token("alice-token"))
//!     .item(Job::freestyle("hello-world"));
//! let jenkins = JenkinsSimulator::start(config).await?;
//! let address = jenkins.url();
//! # Ok(())
//! # }
//! ```
//!
//! # How the parts fit
//! - [`JenkinsConfig`] describes the world: [`User`]s, [`Item`]s and, per job, a [`BuildScript`] that says how its builds
//!   behave. [`JenkinsConfig::demo`] is a ready-made one.
//! - [`JenkinsSimulator`] serves that world and is the handle for tests: it moves the clock, holds queues, finishes builds,
//!   injects [`Fault`]s and reads the request log ([`RecordedRequest`]).
//! - Time is simulated: [`JenkinsConfig::speed`] makes it run faster than the wall clock, [`JenkinsConfig::frozen`] stops it
//!   until [`JenkinsSimulator::advance`]. The world is brought up to date when somebody looks at it, so a test never has
//!   to sleep.
//!
//! # Where the facts come from
//! From Jenkins' sources and documentation, not from a running Jenkins. Comments name the class a behaviour belongs to; one
//! without a plugin's name is of jenkinsci/jenkins or of its web framework, stapler.
//!
//! # What it leaves out
//! Only the pages a program needs are served: no browser UI, no agents, no SCM, no Groovy. Executors are shown but never
//! run out; a build that must wait is written as such in its script, or held with [`JenkinsSimulator::hold_queue`].

mod clock;
mod control;
mod http;
mod model;
mod world;

pub use control::{Fault, FaultId, JenkinsSimulator, RecordedRequest, RequestPattern};
pub use model::{
    Artifact, BuildResult, BuildScript, Cause, Change, CrumbMode, Folder, InputStep, Item,
    JenkinsConfig, Job, JobKind, LogText, Multibranch, Node, OrganizationFolder, Parameter,
    ParameterKind, ParameterValue, Permission, Plugin, Stage, StageOutcome, StopSignal, TestCase,
    TestReport, TestStatus, User, decode_name, encode_name,
};
