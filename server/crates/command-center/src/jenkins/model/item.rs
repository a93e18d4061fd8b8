//! Jobs and folders.

use serde::Deserialize;

use super::parameter::{PROPERTY_TREE, PropertyJson, declared_parameters};
use crate::jenkins::JobPath;
use crate::jenkins::error::FolderKind;
use crate::jenkins::job_path::branch_name;
use crate::jenkins::parameters::Parameter;

/// A job or a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// Where it is, by Jenkins' own account: a multibranch project answers for a branch in several
    /// spellings (branch-api, `MultiBranchProject.getItem`).
    pub path: Option<JobPath>,
    /// The name that people see.
    pub display_name: String,
}

/// What an item is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// Something that builds.
    Job {
        /// False if it is disabled.
        buildable: bool,
        /// What it declares.
        parameters: Vec<Parameter>,
        /// The number of its newest build.
        last_build: Option<u64>,
        /// The number that its next build gets.
        next_build: Option<u64>,
    },
    /// Something that holds items.
    Folder {
        /// Which kind.
        kind: FolderKind,
        /// What the user may see in it.
        children: Vec<Child>,
    },
}

/// An item as its folder lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Child {
    /// The real name.
    pub name: String,
    /// The name that people see; a branch's own name.
    pub display_name: String,
    /// Its class.
    pub class: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ItemJson {
    #[serde(rename = "_class")]
    class: String,
    display_name: Option<String>,
    full_name: Option<String>,
    buildable: Option<bool>,
    last_build: Option<BuildRefJson>,
    next_build_number: Option<u64>,
    builds: Option<Vec<BuildRefJson>>,
    jobs: Option<Vec<ChildJson>>,
    property: Vec<PropertyJson>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BuildRefJson {
    pub(super) number: u64,
}

/// Only the children of a folder, or of Jenkins itself.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ChildrenJson {
    jobs: Vec<ChildJson>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ChildJson {
    #[serde(rename = "_class")]
    class: String,
    name: String,
    display_name: Option<String>,
    jobs: Vec<ChildJson>,
}

impl ItemJson {
    /// The `tree` that this type reads.
    pub(crate) fn tree() -> String {
        format!(
            "_class,displayName,fullName,buildable,lastBuild[number],nextBuildNumber,builds[number]{{0,1}},\
             jobs[_class,name,displayName],{PROPERTY_TREE}"
        )
    }

    /// `None` if it is neither a job nor a folder: the answer of something else.
    pub(crate) fn into_item(self) -> Option<Item> {
        let display_name = self.display_name?;
        let names = self
            .full_name
            .map(|name| name.split('/').map(str::to_owned).collect());
        let path = names.and_then(|names| JobPath::new(names).ok());
        let kind = match self.jobs {
            // A matrix project lists its configurations elsewhere; whoever has `jobs` and no
            // `builds` holds items (cloudbees-folder, AbstractFolder).
            Some(jobs) if self.builds.is_none() => {
                let kind = folder_kind(&self.class);
                ItemKind::Folder {
                    kind,
                    children: jobs.into_iter().map(ChildJson::into_child).collect(),
                }
            }
            _ => ItemKind::Job {
                buildable: self.buildable.unwrap_or(true),
                parameters: declared_parameters(self.property),
                last_build: self.last_build.map(|build| build.number),
                next_build: self.next_build_number,
            },
        };
        Some(Item {
            kind,
            path,
            display_name,
        })
    }
}

impl ChildrenJson {
    /// The `tree` that this type reads.
    pub(crate) const TREE: &'static str = "jobs[_class,name,displayName]";

    /// Three levels of folders.
    pub(crate) const DEEP_TREE: &'static str =
        "jobs[name,displayName,jobs[name,displayName,jobs[name,displayName]]]";

    /// Where below the top level something has that name, as it can be typed.
    pub(crate) fn find_named(&self, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        for child in &self.jobs {
            child.find_named(&name.to_lowercase(), &branch_name(&child.name), &mut found);
        }
        found
    }

    pub(crate) fn into_children(self) -> Vec<Child> {
        self.jobs.into_iter().map(ChildJson::into_child).collect()
    }
}

impl ChildJson {
    fn find_named(&self, lower: &str, path: &str, found: &mut Vec<String>) {
        for child in &self.jobs {
            let path = format!("{path}/{}", branch_name(&child.name));
            let shown = child.display_name.as_ref().unwrap_or(&child.name);
            if child.name.to_lowercase() == lower || shown.to_lowercase() == lower {
                found.push(path.clone());
            }
            child.find_named(lower, &path, found);
        }
    }

    pub(super) fn into_child(self) -> Child {
        let display_name = self.display_name.unwrap_or_else(|| self.name.clone());
        Child {
            name: self.name,
            display_name,
            class: self.class,
        }
    }
}

impl Child {
    /// Which kind of folder it is; `None` for a job.
    #[must_use]
    pub fn folder_kind(&self) -> Option<FolderKind> {
        is_folder(&self.class).then(|| folder_kind(&self.class))
    }
}

pub(super) fn is_folder(class: &str) -> bool {
    class.ends_with("Folder") || class.ends_with("MultiBranchProject")
}

pub(super) fn folder_kind(class: &str) -> FolderKind {
    if class.ends_with("MultiBranchProject") {
        FolderKind::Multibranch
    } else if class.ends_with("OrganizationFolder") {
        FolderKind::Organization
    } else {
        FolderKind::Folder
    }
}

#[cfg(test)]
#[path = "item_tests.rs"]
mod tests;
