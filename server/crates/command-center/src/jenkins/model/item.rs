//! Jobs and folders.

use serde::Deserialize;
use serde_json::Value;

use crate::jenkins::JobPath;
use crate::jenkins::error::FolderKind;
use crate::jenkins::job_path::branch_name;
use crate::jenkins::parameters::{Parameter, ParameterKind};

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
struct BuildRefJson {
    number: u64,
}

/// Only the children of a folder, or of Jenkins itself.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ChildrenJson {
    jobs: Vec<ChildJson>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ChildJson {
    #[serde(rename = "_class")]
    class: String,
    name: String,
    display_name: Option<String>,
    jobs: Vec<ChildJson>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PropertyJson {
    parameter_definitions: Vec<ParameterJson>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ParameterJson {
    #[serde(rename = "type")]
    kind: String,
    #[serde(rename = "_class")]
    class: String,
    name: String,
    description: Option<String>,
    choices: Option<Vec<Value>>,
    project_name: Option<String>,
    default_parameter_value: Option<DefaultJson>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DefaultJson {
    value: Option<Value>,
}

impl ItemJson {
    /// The `tree` that this type reads.
    pub(crate) const TREE: &'static str = "_class,displayName,fullName,buildable,lastBuild[number],nextBuildNumber,builds[number]{0,1},\
        jobs[_class,name,displayName],property[parameterDefinitions[_class,type,name,description,choices,\
        projectName,defaultParameterValue[value]]]";

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
                parameters: self
                    .property
                    .into_iter()
                    .flat_map(|property| property.parameter_definitions)
                    .map(ParameterJson::into_parameter)
                    .collect(),
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

    fn into_child(self) -> Child {
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
        let is_folder =
            self.class.ends_with("Folder") || self.class.ends_with("MultiBranchProject");
        is_folder.then(|| folder_kind(&self.class))
    }
}

fn folder_kind(class: &str) -> FolderKind {
    if class.ends_with("MultiBranchProject") {
        FolderKind::Multibranch
    } else if class.ends_with("OrganizationFolder") {
        FolderKind::Organization
    } else {
        FolderKind::Folder
    }
}

impl ParameterJson {
    fn into_parameter(self) -> Parameter {
        let short = if self.kind.is_empty() {
            self.class.rsplit('.').next().unwrap_or_default()
        } else {
            &self.kind
        };
        let kind = match short {
            "StringParameterDefinition" => ParameterKind::String,
            "TextParameterDefinition" => ParameterKind::Text,
            "BooleanParameterDefinition" => ParameterKind::Boolean,
            "ChoiceParameterDefinition" => ParameterKind::Choice(
                self.choices
                    .unwrap_or_default()
                    .iter()
                    .map(as_text)
                    .collect(),
            ),
            "PasswordParameterDefinition" => ParameterKind::Password,
            "RunParameterDefinition" => ParameterKind::Run {
                project: self.project_name.unwrap_or_default(),
            },
            "FileParameterDefinition" => ParameterKind::File,
            "CredentialsParameterDefinition" => ParameterKind::Credentials,
            other => ParameterKind::Other {
                kind: other.to_owned(),
            },
        };
        let default = self
            .default_parameter_value
            .and_then(|default| default.value)
            .map(|value| as_text(&value));
        Parameter {
            name: self.name,
            description: self.description.unwrap_or_default(),
            default: default.filter(|_| kind != ParameterKind::Password),
            kind,
        }
    }
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
#[path = "item_tests.rs"]
mod tests;
