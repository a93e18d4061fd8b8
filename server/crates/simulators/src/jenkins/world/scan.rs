//! Scans of multibranch projects and organisation folders (`ComputedFolder` of cloudbees-folder-plugin).

use super::{ItemKind, World};
use crate::jenkins::model::Item;

/// The scans of a computed folder.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scans {
    pub(crate) disabled: bool,
    pub(crate) started: u32,
    pub(crate) log: String,
    /// What the next scan finds.
    pub(crate) undiscovered: Vec<Item>,
}

/// The folder's scans are turned off, or it is no folder of that kind.
#[derive(Debug)]
pub(crate) enum CannotScan {
    Disabled,
    NoComputedFolder,
}

impl ItemKind {
    pub(crate) fn scans_mut(&mut self) -> Option<&mut Scans> {
        match self {
            Self::Multibranch(scans) | Self::Organization(scans) => Some(scans),
            Self::Folder | Self::Job(_) => None,
        }
    }
}

impl World {
    /// Runs a scan. It is over at once.
    pub(crate) fn scan(&mut self, folder: &str, started_by: &str) -> Result<(), CannotScan> {
        let scans = self
            .items
            .get_mut(folder)
            .and_then(|item| item.kind.scans_mut());
        let scans = scans.ok_or(CannotScan::NoComputedFolder)?;
        if scans.disabled {
            return Err(CannotScan::Disabled);
        }
        scans.started += 1;
        for item in std::mem::take(&mut scans.undiscovered) {
            self.add_item(folder, item);
        }
        let found: Vec<String> = self
            .children(folder)
            .map(|child| format!("Checking branch {}\n", child.display_name))
            .collect();
        let log = format!(
            "Started by user {started_by}\n[{}] Starting branch indexing...\n{}\
             Finished branch indexing. Indexing took 0.1 sec\nFinished: SUCCESS\n",
            self.now,
            found.concat()
        );
        if let Some(scans) = self
            .items
            .get_mut(folder)
            .and_then(|item| item.kind.scans_mut())
        {
            scans.log = log;
        }
        Ok(())
    }
}
