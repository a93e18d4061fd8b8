//! All jobs and folders that a user may see, in little memory.

use std::borrow::Cow;

use serde::Deserialize;

use super::item::{folder_kind, is_folder};
use super::job_status::JobColor;
use crate::jenkins::JobPath;
use crate::jenkins::error::FolderKind;
use crate::jenkins::job_path::branch_name;

/// How many levels are asked for at once.
pub(crate) const CATALOG_DEPTH: usize = 5;

/// A job or a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogEntry {
    full_name: Box<str>,
    display_name: Option<Box<str>>,
    /// What it is.
    pub kind: CatalogKind,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatalogKind {
    /// Something that builds.
    Job(JobColor),
    /// Something that holds items.
    Folder(FolderKind),
}

impl CatalogEntry {
    /// As Jenkins spells it: `articles/repo/feature%2Ffoo`.
    #[must_use]
    pub fn full_name(&self) -> &str {
        &self.full_name
    }

    /// Its place in the tree.
    #[must_use]
    pub fn path(&self) -> Option<JobPath> {
        JobPath::new(self.full_name.split('/').map(str::to_owned).collect()).ok()
    }

    /// Its real name.
    #[must_use]
    pub fn name(&self) -> &str {
        let name = self.full_name.rsplit('/').next();
        name.unwrap_or(&self.full_name)
    }

    /// An entry that was not read from Jenkins.
    #[cfg(test)]
    pub(crate) fn new(full_name: &str, display_name: Option<&str>, kind: CatalogKind) -> Self {
        Self {
            full_name: full_name.into(),
            display_name: display_name.map(Into::into),
            kind,
        }
    }

    /// A name that people see and that does not follow from the real one.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        self.display_name.as_deref()
    }

    /// The name that people see.
    #[must_use]
    pub fn display_name(&self) -> Cow<'_, str> {
        match &self.display_name {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(branch_name(self.name())),
        }
    }
}

/// The children of a folder, or of Jenkins itself, several levels deep.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CatalogJson<'a> {
    #[serde(borrow)]
    jobs: Option<Vec<CatalogItemJson<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct CatalogItemJson<'a> {
    #[serde(rename = "_class", borrow)]
    class: Cow<'a, str>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    display_name: Cow<'a, str>,
    color: JobColor,
    #[serde(borrow)]
    jobs: Option<Vec<CatalogItemJson<'a>>>,
}

/// What an answer adds to a catalog.
#[derive(Debug, Default)]
pub(crate) struct CatalogPart {
    pub(crate) entries: Vec<CatalogEntry>,
    /// Folders whose children were not in the answer.
    pub(crate) unread: Vec<JobPath>,
}

impl CatalogJson<'_> {
    /// The `tree` that this type reads, so many levels deep.
    pub(crate) fn tree(depth: usize) -> String {
        let level = "jobs[_class,name,displayName,color";
        let levels = vec![level; depth].join(",");
        format!("{levels}{}", "]".repeat(depth))
    }

    /// `None` if the answer is about something else.
    pub(crate) fn into_part(self, folder: Option<&JobPath>, depth: usize) -> Option<CatalogPart> {
        let mut part = CatalogPart::default();
        let prefix = folder.map(JobPath::full_name).unwrap_or_default();
        part.add(self.jobs?, &prefix, depth);
        Some(part)
    }
}

impl CatalogPart {
    fn add(&mut self, items: Vec<CatalogItemJson<'_>>, parent: &str, levels: usize) {
        for item in items {
            // Else the name would mean another place.
            if item.name.contains('/') || matches!(&*item.name, "" | "." | "..") {
                continue;
            }
            let full_name = match parent {
                "" => item.name.clone().into_owned(),
                _ => format!("{parent}/{}", item.name),
            };
            let is_folder = item.jobs.is_some() || is_folder(&item.class);
            let shown = &*item.display_name;
            let is_news = !shown.is_empty() && shown != branch_name(&item.name);
            self.entries.push(CatalogEntry {
                full_name: full_name.as_str().into(),
                display_name: is_news.then(|| shown.into()),
                kind: match is_folder {
                    true => CatalogKind::Folder(folder_kind(&item.class)),
                    false => CatalogKind::Job(item.color),
                },
            });
            match item.jobs {
                Some(children) => self.add(children, &full_name, levels.saturating_sub(1)),
                None if is_folder && levels <= 1 => {
                    let names = full_name.split('/').map(str::to_owned).collect();
                    self.unread.extend(JobPath::new(names).ok());
                }
                None => {}
            }
        }
    }
}

/// The entries of an answer of Jenkins.
#[cfg(test)]
pub(crate) fn catalog_of(json: &str, folder: Option<&JobPath>) -> Vec<CatalogEntry> {
    let json: CatalogJson<'_> = serde_json::from_str(json).expect("an answer of Jenkins");
    let part = json.into_part(folder, CATALOG_DEPTH);
    part.expect("jobs").entries
}

#[cfg(test)]
#[path = "catalog_tests.rs"]
mod tests;
