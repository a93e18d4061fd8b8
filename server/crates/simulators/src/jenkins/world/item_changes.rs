//! Creating, configuring, copying and deleting items (`ItemGroupMixIn`).

use super::items::join;
use super::{ItemKind, JobState, Scans, World};
use crate::jenkins::model::{Job, JobKind, check_good_name};

/// Why an item cannot be created; the text is Jenkins' `X-Error`.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CreateError {
    #[error("A job already exists with the name ‘{0}’")]
    Exists(String),
    #[error("{0}")]
    BadName(String),
    #[error("No such job: {0}")]
    NothingToCopy(String),
}

impl World {
    /// Creates an empty item from its submitted configuration (`ItemGroupMixIn.createTopLevelItem`).
    pub(crate) fn create_item(
        &mut self,
        parent: &str,
        name: &str,
        xml: &str,
        kind: NewItem,
    ) -> Result<(), CreateError> {
        self.check_new_name(parent, name)?;
        let kind = match kind {
            NewItem::Folder => ItemKind::Folder,
            NewItem::Multibranch => ItemKind::Multibranch(Scans::default()),
            NewItem::Organization => ItemKind::Organization(Scans::default()),
            NewItem::Job(kind) => {
                let job = if kind == JobKind::Freestyle {
                    Job::freestyle(name)
                } else {
                    Job::pipeline(name)
                };
                ItemKind::Job(Box::new(JobState::new(&job)))
            }
        };
        let name = self.insert(parent, name, None, kind);
        self.configure(&name, xml);
        Ok(())
    }

    /// Replaces an item's configuration. Of the document only what the simulator acts on is read.
    pub(crate) fn configure(&mut self, full_name: &str, xml: &str) {
        let Some(item) = self.items.get_mut(full_name) else {
            return;
        };
        item.config_xml = Some(xml.to_owned());
        item.description = element(xml, "description").unwrap_or_default().to_owned();
        if let ItemKind::Job(job) = &mut item.kind {
            job.disabled = element(xml, "disabled") == Some("true");
            job.unsaved = false;
        }
    }

    /// Creates a copy without builds (`ItemGroupMixIn.copy`).
    pub(crate) fn copy_item(
        &mut self,
        parent: &str,
        name: &str,
        from: &str,
    ) -> Result<(), CreateError> {
        self.check_new_name(parent, name)?;
        let from = from
            .strip_prefix('/')
            .map_or_else(|| join(parent, from), str::to_owned);
        let Some(mut copy) = self.item(&from).cloned() else {
            return Err(CreateError::NothingToCopy(from));
        };
        if let ItemKind::Job(job) = &mut copy.kind {
            job.unsaved = true;
            job.builds.clear();
            job.next_number = 1;
            job.started = 0;
        }
        name.clone_into(&mut copy.display_name);
        copy.full_name = join(parent, name);
        self.items.insert(copy.full_name.clone(), copy);
        Ok(())
    }

    fn check_new_name(&self, parent: &str, name: &str) -> Result<(), CreateError> {
        check_good_name(name).map_err(CreateError::BadName)?;
        if self.items.contains_key(&join(parent, name)) {
            return Err(CreateError::Exists(name.to_owned()));
        }
        Ok(())
    }

    /// Removes an item with all that it contains.
    pub(crate) fn delete_item(&mut self, full_name: &str) {
        let below = format!("{full_name}/");
        let doomed = |name: &str| name == full_name || name.starts_with(&below);
        self.items.retain(|name, _| !doomed(name));
        self.queue.retain(|item| !doomed(&item.job));
        self.running.retain(|(job, _)| !doomed(job));
    }
}

/// What a submitted configuration creates.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NewItem {
    Folder,
    Multibranch,
    Organization,
    Job(JobKind),
}

impl NewItem {
    /// Reads the kind from the document's root element, which Jenkins resolves to a class.
    pub(crate) fn of_document(xml: &str) -> Option<Self> {
        let root = xml
            .split('<')
            .find(|tag| tag.starts_with(|first: char| first.is_ascii_alphabetic()))?;
        let name = root
            .split(|end: char| end.is_whitespace() || end == '>' || end == '/')
            .next()?;
        match name {
            "project" => Some(Self::Job(JobKind::Freestyle)),
            "flow-definition" => Some(Self::Job(JobKind::Pipeline)),
            "com.cloudbees.hudson.plugins.folder.Folder" => Some(Self::Folder),
            "org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject" => {
                Some(Self::Multibranch)
            }
            "jenkins.branch.OrganizationFolder" => Some(Self::Organization),
            _ => None,
        }
    }
}

fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    Some(rest.split_once(&format!("</{name}>"))?.0)
}
