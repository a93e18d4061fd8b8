//! Looking at builds and steering them.

use super::JenkinsSimulator;
use crate::jenkins::model::{Artifact, BuildResult, BuildScript, Item, Parameter, ParameterValue};
use crate::jenkins::world::{Build, ItemKind, JobState, World};

/// Jobs are named by their full name: `hello-world`, `articles/0004_std_lib_http_client/feature%2Flogin`.
///
/// # Panics
/// Every method that is given the name of a job or the number of a build panics if there is none: the test is wrong.
impl JenkinsSimulator {
    /// Adds an item below a folder (empty for the top).
    pub fn add_item(&self, parent: &str, item: impl Into<Item>) {
        self.with_world(|world| world.add_item(parent, item.into()));
    }

    /// Whether there is such an item.
    pub fn has_item(&self, full_name: &str) -> bool {
        self.with_world(|world| world.item(full_name).is_some())
    }

    /// Gives the next build of a job a script of its own; scripts given so are used in order.
    pub fn script_next_build(&self, job: &str, script: BuildScript) {
        self.with_world(|world| expect_job(world, job).next_scripts.push_back(script));
    }

    /// Replaces the script of all builds of a job that are not in the queue yet.
    pub fn script_builds(&self, job: &str, script: BuildScript) {
        self.with_world(|world| expect_job(world, job).script = script);
    }

    /// Replaces what a job declares, as if somebody had configured it anew.
    pub fn set_parameters(&self, job: &str, parameters: impl IntoIterator<Item = Parameter>) {
        let parameters = parameters.into_iter().collect();
        self.with_world(|world| expect_job(world, job).parameters = parameters);
    }

    /// How many builds of a job started since the simulator did.
    pub fn builds_started(&self, job: &str) -> u32 {
        self.with_world(|world| expect_job(world, job).started)
    }

    /// How many POSTs asked to build a job, whatever came of them.
    pub fn builds_requested(&self, job: &str) -> usize {
        let requests = self.shared.requests();
        requests
            .all()
            .iter()
            .filter(|request| request.job_to_build().as_deref() == Some(job))
            .count()
    }

    /// How many scans of a multibranch project or organisation folder were started.
    pub fn scans_started(&self, folder: &str) -> u32 {
        self.with_world(|world| match world.item(folder).map(|item| &item.kind) {
            Some(ItemKind::Multibranch(scans) | ItemKind::Organization(scans)) => scans.started,
            _ => panic!("{folder:?} cannot be scanned"),
        })
    }

    /// Gives a multibranch project a branch (made with `Job::branch`), or an organisation folder a repository, that its next
    /// scan finds.
    ///
    /// # Panics
    /// If the folder cannot be scanned.
    pub fn add_undiscovered(&self, folder: &str, item: impl Into<Item>) {
        self.with_world(|world| {
            let scans = world
                .items
                .get_mut(folder)
                .and_then(|item| item.kind.scans_mut());
            let scans = scans.unwrap_or_else(|| panic!("{folder:?} cannot be scanned"));
            scans.undiscovered.push(item.into());
        });
    }

    /// Adds an artifact to a build.
    pub fn add_artifact(&self, job: &str, number: u32, artifact: Artifact) {
        self.with_world(|world| {
            let build = expect_build(world, job, number);
            build.script.artifacts.push(artifact);
        });
    }

    /// Whether a build is kept when old ones are deleted.
    pub fn is_kept(&self, job: &str, number: u32) -> bool {
        self.with_world(|world| expect_build(world, job, number).keep_log)
    }

    /// Whether a build is running; `None` if it has not started.
    pub fn is_running(&self, job: &str, number: u32) -> Option<bool> {
        self.with_world(|world| world.build(job, number).map(Build::is_running))
    }

    /// A build's result; `None` while it runs or if it has not started.
    pub fn build_result(&self, job: &str, number: u32) -> Option<BuildResult> {
        self.with_world(|world| world.build(job, number)?.result())
    }

    /// The parameters a build was started with.
    pub fn build_parameters(&self, job: &str, number: u32) -> Vec<ParameterValue> {
        self.with_world(|world| expect_build(world, job, number).parameters.clone())
    }

    /// The names and values that a build's questions were answered with.
    pub fn input_values(&self, job: &str, number: u32) -> Vec<(String, String)> {
        self.with_world(|world| expect_build(world, job, number).input_values.clone())
    }

    /// Ends a running build now.
    pub fn finish_build(&self, job: &str, number: u32, result: BuildResult) {
        self.with_world(|world| {
            expect_build(world, job, number);
            world.finish_build(job, number, result);
        });
    }

    /// Makes a build print something.
    pub fn append_log(&self, job: &str, number: u32, text: &str) {
        self.with_world(|world| {
            let now = world.now;
            expect_build(world, job, number).append_log(now, text);
        });
    }

    /// Waits until a build has started.
    pub async fn wait_for_build(&self, job: &str, number: u32) {
        self.wait_until(|world| world.build(job, number).map(|_| ()))
            .await;
    }

    /// Waits until a build is done.
    pub async fn wait_for_result(&self, job: &str, number: u32) -> BuildResult {
        self.wait_until(|world| world.build(job, number)?.result())
            .await
    }
}

pub(super) fn expect_job<'w>(world: &'w mut World, job: &str) -> &'w mut JobState {
    world
        .job_mut(job)
        .unwrap_or_else(|| panic!("there is no job {job:?}"))
}

fn expect_build<'w>(world: &'w mut World, job: &str, number: u32) -> &'w mut Build {
    world
        .build_mut(job, number)
        .unwrap_or_else(|| panic!("{job:?} has no build {number}"))
}
