//! Scans of multibranch projects and organisation folders (`ComputedFolder` of cloudbees-folder-plugin).

/// The scans of a computed folder.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scans {
    pub(crate) disabled: bool,
    pub(crate) started: u32,
    pub(crate) log: String,
}

impl Scans {
    /// Runs a scan. It is over at once: a folder's branches do not change by being looked at.
    pub(crate) fn run(&mut self, started_by: &str, found: &[&str]) {
        self.started += 1;
        self.log = format!("Started by user {started_by}\nStarting branch indexing...\n");
        for name in found {
            self.log.push_str(&format!(
                "Checking branch {name}\nChanges detected: false\n"
            ));
        }
        self.log
            .push_str("Finished branch indexing. Indexing took 0.1 sec\nFinished: SUCCESS\n");
    }
}
