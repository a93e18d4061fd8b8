//! Items: folders of several kinds, and jobs.

use super::{BuildScript, Parameter, encode_name};

/// Anything that has a place in the tree of jobs.
#[derive(Clone, Debug)]
pub enum Item {
    /// A plain folder.
    Folder(Folder),
    /// A multibranch project.
    Multibranch(Multibranch),
    /// An organisation folder.
    Organization(OrganizationFolder),
    /// A job.
    Job(Box<Job>),
}

impl From<Folder> for Item {
    fn from(folder: Folder) -> Self {
        Self::Folder(folder)
    }
}

impl From<Multibranch> for Item {
    fn from(project: Multibranch) -> Self {
        Self::Multibranch(project)
    }
}

impl From<OrganizationFolder> for Item {
    fn from(folder: OrganizationFolder) -> Self {
        Self::Organization(folder)
    }
}

impl From<Job> for Item {
    fn from(job: Job) -> Self {
        Self::Job(Box::new(job))
    }
}

/// A folder of cloudbees-folder-plugin.
#[derive(Clone, Debug)]
pub struct Folder {
    pub(crate) name: String,
    pub(crate) items: Vec<Item>,
}

impl Folder {
    /// An empty folder.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            items: Vec::new(),
        }
    }

    /// Adds an item.
    pub fn item(mut self, item: impl Into<Item>) -> Self {
        self.items.push(item.into());
        self
    }
}

/// A multibranch pipeline project (workflow-multibranch-plugin).
#[derive(Clone, Debug)]
pub struct Multibranch {
    pub(crate) name: String,
    pub(crate) branches: Vec<Job>,
    pub(crate) disabled: bool,
}

impl Multibranch {
    /// A project without branches.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            branches: Vec::new(),
            disabled: false,
        }
    }

    /// Adds a branch whose builds succeed.
    pub fn branch(self, branch: &str) -> Self {
        self.branch_job(Job::branch(branch))
    }

    /// Adds a branch; make the job with [`Job::branch`].
    pub fn branch_job(mut self, job: Job) -> Self {
        self.branches.push(job);
        self
    }

    /// Disables the project: it cannot be scanned.
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }
}

/// An organisation folder (branch-api-plugin): one multibranch project for each repository.
#[derive(Clone, Debug)]
pub struct OrganizationFolder {
    pub(crate) name: String,
    pub(crate) repositories: Vec<Multibranch>,
}

impl OrganizationFolder {
    /// An organisation without repositories.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            repositories: Vec::new(),
        }
    }

    /// Adds a repository.
    pub fn repository(mut self, project: Multibranch) -> Self {
        self.repositories.push(project);
        self
    }
}

/// What a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// `hudson.model.FreeStyleProject`.
    Freestyle,
    /// `org.jenkinsci.plugins.workflow.job.WorkflowJob`.
    Pipeline,
}

impl JobKind {
    pub(crate) fn job_class(self) -> &'static str {
        match self {
            Self::Freestyle => "hudson.model.FreeStyleProject",
            Self::Pipeline => "org.jenkinsci.plugins.workflow.job.WorkflowJob",
        }
    }

    pub(crate) fn build_class(self) -> &'static str {
        match self {
            Self::Freestyle => "hudson.model.FreeStyleBuild",
            Self::Pipeline => "org.jenkinsci.plugins.workflow.job.WorkflowRun",
        }
    }
}

/// A job and how its builds behave.
#[derive(Clone, Debug)]
pub struct Job {
    pub(crate) name: String,
    pub(crate) display_name: Option<String>,
    pub(crate) kind: JobKind,
    pub(crate) description: String,
    pub(crate) disabled: bool,
    pub(crate) concurrent: bool,
    pub(crate) refuses_builds: bool,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) script: BuildScript,
    pub(crate) past_builds: Vec<BuildScript>,
}

impl Job {
    fn new(name: String, kind: JobKind) -> Self {
        Self {
            name,
            display_name: None,
            kind,
            description: String::new(),
            disabled: false,
            // Pipelines run concurrently unless told otherwise; freestyle jobs do not.
            concurrent: kind == JobKind::Pipeline,
            refuses_builds: false,
            parameters: Vec::new(),
            script: BuildScript::success(),
            past_builds: Vec::new(),
        }
    }

    /// A freestyle job.
    pub fn freestyle(name: &str) -> Self {
        Self::new(name.to_owned(), JobKind::Freestyle)
    }

    /// A pipeline job.
    pub fn pipeline(name: &str) -> Self {
        Self::new(name.to_owned(), JobKind::Pipeline)
    }

    /// The pipeline job of a branch: its name is [`encode_name`] of the branch, its display name the branch itself.
    pub fn branch(branch: &str) -> Self {
        Self {
            display_name: Some(branch.to_owned()),
            ..Self::new(encode_name(branch), JobKind::Pipeline)
        }
    }

    /// The name people see, if it is not the name.
    pub fn display_name(mut self, name: &str) -> Self {
        self.display_name = Some(name.to_owned());
        self
    }

    /// The description.
    pub fn description(mut self, text: &str) -> Self {
        text.clone_into(&mut self.description);
        self
    }

    /// Disables the job: building it is 409.
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }

    /// Whether two builds of it may run at once; otherwise the second is blocked in the queue.
    pub fn concurrent(mut self, concurrent: bool) -> Self {
        self.concurrent = concurrent;
        self
    }

    /// Makes the queue refuse its builds, as a `QueueDecisionHandler` can: triggering redirects to `.`.
    pub fn refuses_builds(mut self) -> Self {
        self.refuses_builds = true;
        self
    }

    /// Declares a parameter.
    pub fn parameter(mut self, parameter: Parameter) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// How its builds behave.
    pub fn script(mut self, script: BuildScript) -> Self {
        self.script = script;
        self
    }

    /// Adds a build that was over before the simulator started.
    pub fn past_build(mut self, script: BuildScript) -> Self {
        self.past_builds.push(script);
        self
    }
}
