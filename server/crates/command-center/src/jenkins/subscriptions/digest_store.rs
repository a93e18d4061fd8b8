//! News that is told later, together.
//!
//! | key | value |
//! |---|---|
//! | `jenkins_digest_v1_<subscription>` | a [`Digest`], for a month after the last news |

use std::time::Duration;

use mattermost_plugin::api::new_id;
use mattermost_plugin::{Api, Error};
use serde::{Deserialize, Serialize};

use crate::stored;

const PREFIX: &str = "jenkins_digest_v1_";
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// Lines that are kept; more are counted.
const MOST_LINES: usize = 100;
/// How many lines that were told are remembered, in case they come again.
const MOST_REMEMBERED: usize = 200;

/// What was collected for one subscription.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Digest {
    /// Identifies the post that will tell it.
    pub batch: String,
    /// When to tell it, in milliseconds since 1970.
    pub due: i64,
    /// When the first line came, in milliseconds since 1970.
    pub began: i64,
    /// What to tell.
    pub lines: Vec<Line>,
    /// How many lines were left out.
    pub more: u64,
    /// Ids of lines that were told.
    pub(super) told: Vec<String>,
}

/// One piece of news.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Identifies it.
    pub id: String,
    /// Markdown.
    pub text: String,
}

impl Digest {
    fn add(&mut self, line: &Line, now: i64, due: i64) {
        let is_known =
            self.told.contains(&line.id) || self.lines.iter().any(|other| other.id == line.id);
        if is_known {
            return;
        }
        if self.lines.is_empty() && self.more == 0 {
            (self.batch, self.began, self.due) = (new_id(), now, due);
        }
        if self.lines.len() < MOST_LINES {
            self.lines.push(line.clone());
        } else {
            self.more += 1;
        }
    }

    /// Forgets what a post told. Lines that came meanwhile stay, for another post.
    fn tell(&mut self, told: &Self) {
        if self.batch != told.batch {
            return;
        }
        let count = told.lines.len().min(self.lines.len());
        let ids = self.lines.drain(..count).map(|line| line.id);
        self.told.extend(ids);
        self.more = self.more.saturating_sub(told.more);
        self.batch = new_id();
        let surplus = self.told.len().saturating_sub(MOST_REMEMBERED);
        self.told.drain(..surplus);
    }
}

/// Reads and writes what was collected.
#[derive(Debug, Clone)]
pub struct DigestStore {
    api: Api,
}

impl DigestStore {
    /// The store behind this API.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self { api }
    }

    /// Adds a line, once. `due` counts if it is the first one.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn add(&self, rule_id: &str, line: &Line, now: i64, due: i64) -> Result<(), Error> {
        stored::change(&self.api, &key(rule_id), Some(KEPT), |digest| {
            let digest: &mut Digest = digest.get_or_insert_default();
            digest.add(line, now, due);
        })
        .await
    }

    /// What is to be told at `now`, in milliseconds since 1970.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn due(&self, rule_id: &str, now: i64) -> Result<Option<Digest>, Error> {
        let digest: Option<Digest> = self.api.kv().get_json(&key(rule_id)).await?;
        Ok(digest.filter(|digest| !digest.lines.is_empty() && digest.due <= now))
    }

    /// Notes that a post tells all of this.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn told(&self, rule_id: &str, told: &Digest) -> Result<(), Error> {
        stored::change(&self.api, &key(rule_id), Some(KEPT), |digest| {
            if let Some(digest) = digest {
                Digest::tell(digest, told);
            }
        })
        .await
    }

    /// Forgets everything that was collected.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn remove(&self, rule_id: &str) -> Result<(), Error> {
        self.api.kv().delete(&key(rule_id)).await
    }
}

fn key(rule_id: &str) -> String {
    format!("{PREFIX}{rule_id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: usize) -> Line {
        Line {
            id: id.to_string(),
            text: "x".to_owned(),
        }
    }

    #[test]
    fn a_line_is_told_once() {
        let mut digest = Digest::default();
        for id in [1, 2, 1] {
            digest.add(&line(id), 10, 100 + i64::try_from(id).unwrap());
        }
        assert_eq!((digest.lines.len(), digest.began, digest.due), (2, 10, 101));
        let told = digest.clone();
        digest.add(&line(3), 20, 200);
        digest.tell(&told);
        assert_eq!(digest.lines, [line(3)]);
        assert_ne!(digest.batch, told.batch);
        let after = digest.clone();
        digest.tell(&told);
        digest.add(&line(1), 30, 300);
        assert_eq!(digest, after);
    }

    #[test]
    fn a_digest_is_bounded() {
        let mut digest = Digest::default();
        for id in 0..500 {
            digest.add(&line(id), 0, 0);
        }
        assert_eq!((digest.lines.len(), digest.more), (MOST_LINES, 400));
        for _ in 0..5 {
            let told = digest.clone();
            digest.tell(&told);
            for id in 1000..1100 {
                digest.add(&line(id), 0, 0);
            }
        }
        assert!(digest.told.len() <= MOST_REMEMBERED);
    }
}
