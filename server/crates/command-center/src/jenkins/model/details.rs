//! All that a build tells about itself.

use serde::Deserialize;
use serde_json::Value;

use super::build::{Build, BuildJson};
use super::item::BuildRefJson;
use super::parameter::as_text;

/// The most changes that are asked for.
const CHANGES: usize = 100;

/// The most people that are asked for.
const CULPRITS: usize = 50;

/// The most artifacts that are counted.
const ARTIFACTS: usize = 1000;

/// A build with what it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildDetails {
    /// The build itself.
    pub build: Build,
    /// What somebody wrote about it.
    pub description: Option<String>,
    /// The parameters that it was started with. No value for a password or a file.
    pub parameters: Vec<(String, Option<String>)>,
    /// What is new in it, as the version control system says; at most 100.
    pub changes: Vec<Change>,
    /// True if there are more changes.
    pub changes_cut: bool,
    /// Who changed something since the last build that did not fail; at most 50.
    pub culprits: Vec<Person>,
    /// What was checked out.
    pub revision: Option<Revision>,
    /// How many artifacts it archived; 1000 stands for all above.
    pub artifacts: usize,
    /// True if it is kept when old builds are deleted.
    pub keep_log: bool,
    /// The node that it ran on; empty is the built-in one. Pipelines have none.
    pub built_on: Option<String>,
    /// The number of the build before it.
    pub previous: Option<u64>,
}

/// A commit that came with a build (`hudson.scm.ChangeLogSet.Entry`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its id, in full.
    pub commit: Option<String>,
    /// Who wrote it.
    pub author: Person,
    /// The author's address in the version control system.
    pub author_email: Option<String>,
    /// The first line of its message.
    pub title: String,
    /// When it was made, in milliseconds since 1970.
    pub timestamp: Option<i64>,
}

/// Somebody as Jenkins knows them (`hudson.model.User`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The user id: of an account, or made up from the name in the version control system.
    pub id: Option<String>,
    /// The full name.
    pub name: String,
}

/// What was checked out (git-plugin, `BuildData`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The commit, in full.
    pub commit: String,
    /// The branch, without the name of the remote.
    pub branch: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct BuildDetailsJson {
    #[serde(flatten)]
    build: BuildJson,
    description: Option<String>,
    keep_log: bool,
    built_on: Option<String>,
    previous_build: Option<BuildRefJson>,
    artifacts: Vec<Value>,
    culprits: Vec<PersonJson>,
    /// Of freestyle builds.
    change_set: Option<ChangeSetJson>,
    /// Of pipelines.
    change_sets: Vec<ChangeSetJson>,
}

/// Only whether a build is kept.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct BuildKeptJson {
    pub(crate) keep_log: bool,
}

impl BuildKeptJson {
    /// The `tree` that this type reads.
    pub(crate) const TREE: &'static str = "keepLog";
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ChangeSetJson {
    items: Vec<ChangeJson>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ChangeJson {
    commit_id: Option<String>,
    msg: Option<String>,
    timestamp: Option<i64>,
    author: Option<PersonJson>,
    author_email: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PersonJson {
    id: Option<String>,
    full_name: Option<String>,
}

/// One of `ParametersAction.parameters`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct GivenParameterJson {
    #[serde(rename = "_class")]
    class: String,
    name: String,
    value: Option<Value>,
    /// Of a `RunParameterValue`.
    job_name: Option<String>,
    number: Option<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RevisionJson {
    #[serde(rename = "SHA1")]
    commit: Option<String>,
    branch: Vec<BranchJson>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BranchJson {
    name: Option<String>,
}

impl BuildDetailsJson {
    /// The `tree` that this type reads.
    pub(crate) fn tree() -> String {
        let changes = format!(
            "items[commitId,msg,timestamp,author[id,fullName],authorEmail]{{0,{}}}",
            CHANGES + 1
        );
        format!(
            "{},actions[parameters[_class,name,value,jobName,number],lastBuiltRevision[SHA1,branch[name]],\
             causes[shortDescription,userId],failCount,skipCount,totalCount],description,keepLog,builtOn,\
             previousBuild[number],artifacts[fileName]{{0,{ARTIFACTS}}},culprits[id,fullName]{{0,{CULPRITS}}},\
             changeSet[{changes}],changeSets[{changes}]",
            BuildJson::FIELDS
        )
    }

    /// `None` if the answer is about something else.
    pub(crate) fn into_details(mut self) -> Option<BuildDetails> {
        let actions = self.build.actions.iter_mut().flatten();
        let mut parameters = Vec::new();
        let mut revision = None;
        for action in actions {
            parameters.append(&mut action.parameters);
            let built = action.last_built_revision.take();
            revision = revision.or_else(|| built.and_then(RevisionJson::into_revision));
        }
        let sets = self.change_set.into_iter().chain(self.change_sets);
        let mut changes: Vec<Change> = sets
            .flat_map(|set| set.items)
            .map(ChangeJson::into_change)
            .collect();
        let changes_cut = changes.len() > CHANGES;
        changes.truncate(CHANGES);
        Some(BuildDetails {
            build: self.build.into_build()?,
            description: self.description.filter(|text| !text.is_empty()),
            parameters: parameters
                .into_iter()
                .map(GivenParameterJson::into_pair)
                .collect(),
            changes,
            changes_cut,
            culprits: self
                .culprits
                .into_iter()
                .map(PersonJson::into_person)
                .collect(),
            revision,
            artifacts: self.artifacts.len(),
            keep_log: self.keep_log,
            built_on: self.built_on,
            previous: self.previous_build.map(|build| build.number),
        })
    }
}

impl BuildDetails {
    /// The id of the user who started it, if a person did.
    #[must_use]
    pub fn started_by(&self) -> Option<&str> {
        let mut users = self
            .build
            .causes
            .iter()
            .filter_map(|cause| cause.user.as_deref());
        users.next()
    }
}

impl ChangeJson {
    fn into_change(self) -> Change {
        let message = self.msg.unwrap_or_default();
        Change {
            commit: self.commit_id,
            author: self.author.unwrap_or_default().into_person(),
            author_email: self.author_email.filter(|address| address.contains('@')),
            title: message.lines().next().unwrap_or_default().to_owned(),
            timestamp: self.timestamp.filter(|time| *time > 0),
        }
    }
}

impl PersonJson {
    fn into_person(self) -> Person {
        Person {
            name: self
                .full_name
                .or_else(|| self.id.clone())
                .unwrap_or_default(),
            id: self.id,
        }
    }
}

impl GivenParameterJson {
    /// A plugin may export a secret that Jenkins itself would not: whatever is called a password is one.
    fn into_pair(self) -> (String, Option<String>) {
        let is_secret = self.class.to_ascii_lowercase().contains("password");
        let value = match (self.value, self.job_name, self.number) {
            _ if is_secret => None,
            (Some(value), _, _) => Some(as_text(&value)),
            (None, Some(job), Some(number)) => Some(format!("{job}#{}", as_text(&number))),
            (None, _, _) => None,
        };
        (self.name, value)
    }
}

impl RevisionJson {
    fn into_revision(self) -> Option<Revision> {
        let branch = self.branch.into_iter().find_map(|branch| branch.name);
        let branch = branch.map(|name| match name.strip_prefix("refs/remotes/") {
            Some(name) => name
                .split_once('/')
                .map_or(name, |(_, branch)| branch)
                .to_owned(),
            None => name.strip_prefix("origin/").unwrap_or(&name).to_owned(),
        });
        Some(Revision {
            commit: self.commit?,
            branch: branch.filter(|name| name != "detached"),
        })
    }
}

#[cfg(test)]
#[path = "details_tests.rs"]
mod tests;
