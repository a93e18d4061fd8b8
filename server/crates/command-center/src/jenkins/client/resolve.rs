//! From what somebody typed to the job that is meant.

use super::{JenkinsClient, Job};
use crate::jenkins::address::decode;
use crate::jenkins::error::{FolderKind, JenkinsError, Thing};
use crate::jenkins::job_path::{branch_name, encode_branch};
use crate::jenkins::model::{Child, ChildrenJson, Item, ItemKind};
use crate::jenkins::{JobPath, JobReference, suggest};

const SUGGESTIONS: usize = 3;

impl JenkinsClient {
    /// The job that is meant. Exact names cost one request. Otherwise the tree is walked: each level
    /// is matched by name, then by display name, then without case; in a multibranch project the rest
    /// of what was typed, slashes included, is the branch.
    ///
    /// # Errors
    /// [`JenkinsError::NotFound`] with names that look alike, [`JenkinsError::IsFolder`] with what is in
    /// the folder, and what else can go wrong.
    pub async fn resolve(&self, reference: &JobReference) -> Result<Job, JenkinsError> {
        let (path, item) = self.resolve_item(reference).await?;
        match item.kind {
            ItemKind::Job {
                buildable,
                parameters,
                last_build,
                next_build,
            } => Ok(Job {
                path,
                display_name: item.display_name,
                buildable,
                parameters,
                last_build,
                next_build,
            }),
            ItemKind::Folder { kind, children } => Err(JenkinsError::IsFolder {
                children: typed_children(&path, kind, &children),
                name: path.to_string(),
                kind,
            }),
        }
    }

    /// The job or folder that is meant.
    ///
    /// # Errors
    /// As [`JenkinsClient::resolve`], but a folder is fine.
    pub async fn resolve_item(
        &self,
        reference: &JobReference,
    ) -> Result<(JobPath, Item), JenkinsError> {
        let missing = || super::not_found(Thing::Job, reference);
        let exact = JobPath::new(reference.names.clone()).map_err(|_| missing())?;
        let found = self.item(&exact).await?;
        let found = found.map(|item| (item.path.clone().unwrap_or(exact), item));
        match (found, &reference.branch_hint) {
            // The address of a Blue Ocean page names a branch for jobs without branches, too.
            (
                Some((
                    path,
                    Item {
                        kind: ItemKind::Folder { .. },
                        ..
                    },
                )),
                Some(branch),
            ) => {
                let names = [path.names(), std::slice::from_ref(branch)].concat();
                self.walk(&names, reference).await
            }
            (Some(found), _) => Ok(found),
            (None, Some(branch)) => {
                let names = [&reference.names[..], std::slice::from_ref(branch)].concat();
                self.walk(&names, reference).await
            }
            (None, None) => self.walk(&reference.names, reference).await,
        }
    }

    async fn walk(
        &self,
        names: &[String],
        reference: &JobReference,
    ) -> Result<(JobPath, Item), JenkinsError> {
        let mut folder: Option<JobPath> = None;
        let mut kind = FolderKind::Folder;
        let mut rest = names;
        loop {
            let children = self.children(folder.as_ref()).await?;
            let Some((child, used)) = pick(&children, rest, kind) else {
                let mut suggestions = similar(folder.as_ref(), kind, &children, rest);
                if suggestions.is_empty() && folder.is_none() && names.len() == 1 {
                    suggestions = self.elsewhere(&names[0]).await;
                }
                return Err(JenkinsError::NotFound {
                    thing: Thing::Job,
                    name: reference.to_string(),
                    suggestions,
                });
            };
            let path = below(folder.as_ref(), &child.name)?;
            rest = &rest[used..];
            match child.folder_kind() {
                Some(inner) if !rest.is_empty() => {
                    (folder, kind) = (Some(path), inner);
                }
                _ if rest.is_empty() => {
                    let item = self.item(&path).await?;
                    return item
                        .map(|item| (path, item))
                        .ok_or_else(|| super::not_found(Thing::Job, reference));
                }
                _ => {
                    let suggestions = vec![path.to_string()];
                    return Err(JenkinsError::NotFound {
                        thing: Thing::Job,
                        name: reference.to_string(),
                        suggestions,
                    });
                }
            }
        }
    }

    /// Jobs of that name in folders: people type the last name only. Best effort.
    async fn elsewhere(&self, name: &str) -> Vec<String> {
        let Ok(tree) = self
            .read::<ChildrenJson>("its folders", [], ChildrenJson::DEEP_TREE)
            .await
        else {
            return Vec::new();
        };
        let mut found = tree.find_named(name);
        found.sort();
        found.truncate(SUGGESTIONS);
        found
    }
}

fn below(folder: Option<&JobPath>, name: &str) -> Result<JobPath, JenkinsError> {
    let path = match folder {
        Some(folder) => folder.child(name),
        None => JobPath::new(vec![name.to_owned()]),
    };
    path.map_err(|_| JenkinsError::Malformed { what: "a folder" })
}

/// The child that is meant by the first names, and by how many of them.
fn pick<'a>(
    children: &'a [Child],
    names: &[String],
    kind: FolderKind,
) -> Option<(&'a Child, usize)> {
    let lengths: Vec<usize> = match kind {
        // Branches hold nothing: all that is left is the branch.
        FolderKind::Multibranch => vec![names.len()],
        // Display names may have slashes.
        FolderKind::Folder | FolderKind::Organization => (1..=names.len()).collect(),
    };
    lengths.into_iter().find_map(|length| {
        let child = pick_named(children, &names[..length].join("/"))?;
        Some((child, length))
    })
}

fn pick_named<'a>(children: &'a [Child], typed: &str) -> Option<&'a Child> {
    let encoded = encode_branch(typed);
    // The former plugin wanted branches as `feature%252Ffoo`.
    let decoded = decode(typed);
    let branch = branch_name(&decoded);
    let lower = branch.to_lowercase();
    let unique = |test: &dyn Fn(&Child) -> bool| {
        let mut found = children.iter().filter(|child| test(child));
        found.next().filter(|_| found.next().is_none())
    };
    unique(&|child| child.name == typed)
        .or_else(|| unique(&|child| child.name == encoded))
        .or_else(|| unique(&|child| child.name == decoded))
        .or_else(|| unique(&|child| child.display_name == typed || child.display_name == branch))
        .or_else(|| {
            unique(&|child| {
                child.name.to_lowercase() == lower
                    || child.display_name.to_lowercase() == lower
                    || branch_name(&child.name).to_lowercase() == lower
            })
        })
}

fn similar(
    folder: Option<&JobPath>,
    kind: FolderKind,
    children: &[Child],
    names: &[String],
) -> Vec<String> {
    let typed = match kind {
        FolderKind::Multibranch => names.join("/"),
        FolderKind::Folder | FolderKind::Organization => names.first().cloned().unwrap_or_default(),
    };
    let shown: Vec<String> = children
        .iter()
        .map(|child| branch_name(&child.name))
        .collect();
    let near = suggest::similar(&typed, shown.iter().map(String::as_str), SUGGESTIONS);
    near.into_iter()
        .map(|name| prefixed(folder, &name))
        .collect()
}

fn prefixed(folder: Option<&JobPath>, name: &str) -> String {
    folder.map_or_else(|| name.to_owned(), |folder| format!("{folder}/{name}"))
}

/// What is in a folder, as it can be typed; usual main branches first.
pub(super) fn typed_children(
    folder: &JobPath,
    kind: FolderKind,
    children: &[Child],
) -> Vec<String> {
    let mut names: Vec<String> = children
        .iter()
        .map(|child| branch_name(&child.name))
        .collect();
    if kind == FolderKind::Multibranch {
        names.sort_by_key(|name| !matches!(name.as_str(), "main" | "master" | "trunk" | "develop"));
    }
    names
        .iter()
        .map(|name| prefixed(Some(folder), name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn child(name: &str, display_name: &str) -> Child {
        Child {
            name: name.into(),
            display_name: display_name.into(),
            class: String::new(),
        }
    }

    fn picked(children: &[Child], typed: &str, kind: FolderKind) -> Option<(String, usize)> {
        let names: Vec<String> = typed.split('/').map(str::to_owned).collect();
        pick(children, &names, kind).map(|(child, used)| (child.name.clone(), used))
    }

    #[test]
    fn branches_are_found_in_every_spelling() {
        let branches = [
            child("main", "main"),
            child("feature%2Ffoo", "feature/foo"),
            child("fix 100%25", "fix 100%"),
        ];
        let kind = FolderKind::Multibranch;
        for typed in [
            "feature/foo",
            "feature%2Ffoo",
            "feature%252Ffoo",
            "Feature/FOO",
        ] {
            let names = typed.matches('/').count() + 1;
            assert_eq!(
                picked(&branches, typed, kind),
                Some(("feature%2Ffoo".into(), names)),
                "{typed}"
            );
        }
        assert_eq!(
            picked(&branches, "fix 100%", kind),
            Some(("fix 100%25".into(), 1))
        );
        assert_eq!(picked(&branches, "main/x", kind), None);
    }

    #[test]
    fn a_name_wins_over_a_display_name_and_case() {
        let children = [
            child("a", "b"),
            child("b", "c"),
            child("C", "x"),
            child("D", "x"),
            child("d2", "one/two"),
        ];
        let kind = FolderKind::Folder;
        assert_eq!(picked(&children, "b", kind), Some(("b".into(), 1)));
        assert_eq!(picked(&children, "c", kind), Some(("b".into(), 1)));
        assert_eq!(picked(&children, "d/e", kind), Some(("D".into(), 1)));
        assert_eq!(
            picked(&children, "one/two/three", kind),
            Some(("d2".into(), 2))
        );
        assert_eq!(picked(&children, "x", kind), None, "two have that name");
    }

    #[test]
    fn main_branches_are_listed_first() {
        let children = [
            child("a", "a"),
            child("z%2Fy", "z/y"),
            child("main", "main"),
        ];
        let folder = JobPath::new(vec!["repo".into()]).unwrap();
        assert_eq!(
            typed_children(&folder, FolderKind::Multibranch, &children),
            ["repo/main", "repo/a", "repo/z/y"]
        );
    }
}
