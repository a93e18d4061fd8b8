//! Items at run time: finding, adding and removing them.

use std::collections::{BTreeMap, VecDeque};

use super::{Build, Scans, World};
use crate::jenkins::model::{
    BuildScript, Item, Job, JobKind, Multibranch, Parameter, decode_name, encode_name,
};

/// An item of the world.
#[derive(Clone, Debug)]
pub(crate) struct ItemState {
    pub(crate) full_name: String,
    pub(crate) display_name: String,
    pub(crate) description: String,
    /// The configuration as it was submitted; without it one is generated.
    pub(crate) config_xml: Option<String>,
    pub(crate) kind: ItemKind,
}

/// What an item is.
#[derive(Clone, Debug)]
pub(crate) enum ItemKind {
    Folder,
    Multibranch(Scans),
    Organization(Scans),
    Job(Box<JobState>),
}

/// A job and its builds.
#[derive(Clone, Debug)]
pub(crate) struct JobState {
    pub(crate) kind: JobKind,
    pub(crate) disabled: bool,
    pub(crate) concurrent: bool,
    pub(crate) refuses_builds: bool,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) script: BuildScript,
    /// Scripts for the next builds only, used up in order before `script`.
    pub(crate) next_scripts: VecDeque<BuildScript>,
    pub(crate) builds: BTreeMap<u32, Build>,
    pub(crate) next_number: u32,
    /// A copy that was not saved yet (`Job.isHoldOffBuildUntilSave`).
    pub(crate) unsaved: bool,
    /// A held job's queue items stay buildable.
    pub(crate) held: bool,
    /// How many builds started since the simulator did.
    pub(crate) started: u32,
}

impl JobState {
    pub(super) fn new(job: &Job) -> Self {
        Self {
            kind: job.kind,
            disabled: job.disabled,
            concurrent: job.concurrent,
            refuses_builds: job.refuses_builds,
            parameters: job.parameters.clone(),
            script: job.script.clone(),
            next_scripts: VecDeque::new(),
            builds: BTreeMap::new(),
            next_number: 1,
            unsaved: false,
            held: false,
            started: 0,
        }
    }

    /// `Job.isBuildable`.
    pub(crate) fn is_buildable(&self) -> bool {
        !self.disabled && !self.unsaved
    }

    pub(crate) fn is_running(&self) -> bool {
        self.builds.values().any(Build::is_running)
    }
}

impl ItemState {
    fn new(full_name: String, display_name: Option<String>, kind: ItemKind) -> Self {
        let name = full_name.rsplit('/').next().unwrap_or(&full_name);
        let display_name = display_name.unwrap_or_else(|| name.to_owned());
        Self {
            full_name,
            display_name,
            description: String::new(),
            config_xml: None,
            kind,
        }
    }

    pub(crate) fn name(&self) -> &str {
        self.full_name.rsplit('/').next().unwrap_or(&self.full_name)
    }

    pub(crate) fn parent(&self) -> &str {
        self.full_name
            .rsplit_once('/')
            .map_or("", |(parent, _)| parent)
    }

    pub(crate) fn job(&self) -> Option<&JobState> {
        match &self.kind {
            ItemKind::Job(job) => Some(job),
            _ => None,
        }
    }

    pub(crate) fn class(&self) -> &'static str {
        match &self.kind {
            ItemKind::Folder => "com.cloudbees.hudson.plugins.folder.Folder",
            ItemKind::Multibranch(_) => {
                "org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject"
            }
            ItemKind::Organization(_) => "jenkins.branch.OrganizationFolder",
            ItemKind::Job(job) => job.kind.job_class(),
        }
    }
}

impl World {
    /// Adds an item of the configuration, with all that it contains, below `parent` (empty for the top).
    pub(crate) fn add_item(&mut self, parent: &str, item: Item) {
        match item {
            Item::Folder(folder) => {
                let name = self.insert(parent, &folder.name, None, ItemKind::Folder);
                for item in folder.items {
                    self.add_item(&name, item);
                }
            }
            Item::Multibranch(project) => self.add_multibranch(parent, project),
            Item::Organization(folder) => {
                let name = self.insert(
                    parent,
                    &folder.name,
                    None,
                    ItemKind::Organization(Scans::default()),
                );
                for project in folder.repositories {
                    self.add_multibranch(&name, project);
                }
            }
            Item::Job(job) => self.add_job(parent, *job),
        }
    }

    fn add_multibranch(&mut self, parent: &str, project: Multibranch) {
        let scans = Scans {
            disabled: project.disabled,
            ..Scans::default()
        };
        let name = self.insert(parent, &project.name, None, ItemKind::Multibranch(scans));
        for branch in project.branches {
            self.add_job(&name, branch);
        }
    }

    fn add_job(&mut self, parent: &str, job: Job) {
        let state = JobState::new(&job);
        let name = self.insert(
            parent,
            &job.name,
            job.display_name,
            ItemKind::Job(Box::new(state)),
        );
        if let Some(item) = self.items.get_mut(&name) {
            item.description = job.description;
        }
        self.add_past_builds(&name, job.past_builds);
    }

    pub(super) fn insert(
        &mut self,
        parent: &str,
        name: &str,
        display_name: Option<String>,
        kind: ItemKind,
    ) -> String {
        let full_name = join(parent, name);
        self.items.insert(
            full_name.clone(),
            ItemState::new(full_name.clone(), display_name, kind),
        );
        full_name
    }

    /// The direct children of a folder, or of the top for an empty name.
    pub(crate) fn children<'w, 'p>(
        &'w self,
        parent: &'p str,
    ) -> impl Iterator<Item = &'w ItemState> + use<'w, 'p> {
        // Names below a folder begin with its name and a slash; `0` follows the slash.
        let below = if parent.is_empty() {
            self.items.range::<str, _>(..)
        } else {
            self.items.range(format!("{parent}/")..format!("{parent}0"))
        };
        below
            .map(|(_, item)| item)
            .filter(move |item| item.parent() == parent)
    }

    /// The child a path segment names. A multibranch project also knows its children by branch name
    /// (`MultiBranchProject.getItem`).
    pub(crate) fn child(&self, parent: &str, segment: &str) -> Option<&ItemState> {
        let direct = self
            .item(&join(parent, segment))
            .filter(|item| item.parent() == parent);
        let is_multibranch = self
            .item(parent)
            .is_some_and(|item| matches!(item.kind, ItemKind::Multibranch(_)));
        direct.or_else(|| {
            let item = [encode_name(segment), decode_name(segment)]
                .iter()
                .find_map(|name| self.item(&join(parent, name)));
            item.filter(|item| is_multibranch && item.parent() == parent)
        })
    }
}

/// A child's full name.
pub(super) fn join(parent: &str, name: &str) -> String {
    if parent.is_empty() {
        name.to_owned()
    } else {
        format!("{parent}/{name}")
    }
}
