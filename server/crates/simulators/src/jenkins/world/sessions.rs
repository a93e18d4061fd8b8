//! Browser sessions and the crumbs bound to them.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The sessions handed out so far and their crumbs.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    crumbs: HashMap<String, String>,
}

impl Sessions {
    pub(crate) fn exists(&self, session: &str) -> bool {
        self.crumbs.contains_key(session)
    }

    /// Opens a session for a user and returns its id.
    pub(crate) fn open(&mut self, user: &str) -> String {
        let count = self.crumbs.len();
        let session = format!(
            "node0{:016x}{count}.node0",
            digest(("session", user, count))
        );
        let crumb = (0..4)
            .map(|part| format!("{:016x}", digest((part, user, &session))))
            .collect();
        self.crumbs.insert(session.clone(), crumb);
        session
    }

    pub(crate) fn crumb(&self, session: &str) -> Option<&str> {
        self.crumbs.get(session).map(String::as_str)
    }

    /// A restart forgets every session.
    pub(crate) fn clear(&mut self) {
        self.crumbs.clear();
    }
}

fn digest(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
