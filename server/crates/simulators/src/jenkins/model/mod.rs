//! What a simulated Jenkins is told to be: plain descriptions, built by tests, read by the world.

mod build_script;
mod config;
mod demo;
mod demo_jobs;
mod item;
mod log_text;
mod names;
mod node;
mod parameter;
mod report;
mod stage;
mod user;

pub use build_script::{BuildResult, BuildScript, Cause, StopSignal};
pub use config::{CrumbMode, JenkinsConfig, Plugin};
pub use item::{Folder, Item, Job, JobKind, Multibranch, OrganizationFolder};
pub(crate) use log_text::LOG_CHUNK;
pub use log_text::LogText;
pub(crate) use names::{check_good_name, decode_percent, encode_segment};
pub use names::{decode_name, encode_name};
pub use node::Node;
pub(crate) use node::NodeState;
pub use parameter::{Parameter, ParameterKind, ParameterValue};
pub(crate) use report::ArtifactContent;
pub use report::{Artifact, Change, TestCase, TestReport, TestStatus};
pub use stage::{InputStep, Stage, StageOutcome};
pub(crate) use user::allows;
pub use user::{Permission, User};
