//! What is known and told of each build, so that several feeds on several nodes tell it once.
//!
//! | key | value |
//! |---|---|
//! | `jenkins_build_v1_<digest of server, job and number>` | a [`BuildRecord`], for a week after the last news |
//!
//! Whoever has something to tell takes the record first, and gives it back with what was told. News that
//! come meanwhile are added to it; giving it back fails then, and its holder looks again. A holder that
//! died is replaced; its successor looks for posts before it makes them.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use mattermost_plugin::api::KvSet;
use mattermost_plugin::cluster::Presence;
use mattermost_plugin::{Api, Error};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::kind::EventKinds;
use super::merge::merge;
use crate::config::ServerAlias;
use crate::jenkins::JobPath;
use crate::jenkins::action::BuildKey;
use crate::jenkins::inbound::BuildReport;
use crate::jenkins::watch::state::Verdict;

const PREFIX: &str = "jenkins_build_v1_";
const KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// How often a write that lost a race is tried again.
const RACES: u32 = 20;

/// A build, as it stands in the KV store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildRecord {
    /// At which Jenkins.
    #[serde(default, skip_serializing_if = "ServerAlias::is_main")]
    pub server: ServerAlias,
    /// All that is known of it.
    pub report: BuildReport,
    /// The result before, once this build has its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Verdict>,
    /// Whether `previous` was looked up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_judged: bool,
    /// The cards, by channel id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cards: BTreeMap<String, CardState>,
    /// What was told, by the id of the subscription.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub told: BTreeMap<String, EventKinds>,
    /// The instance that works on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// When it was heard of first, in milliseconds since 1970.
    pub first_at: i64,
}

/// The card of a build in one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "card", rename_all = "snake_case")]
pub enum CardState {
    /// One was posted for subscriptions.
    Ours {
        /// Post id.
        post_id: String,
        /// What it shows: see [`BuildRecord::face`].
        shows: String,
    },
    /// The build was started from this channel and has a card of its own there.
    OfWatch {
        /// Post id, if it was known.
        post_id: Option<String>,
    },
    /// Somebody deleted it, or the channel takes no posts.
    Gone,
}

/// A record that this instance holds.
#[derive(Debug, Clone)]
pub struct Held {
    /// The record.
    pub record: BuildRecord,
    /// Whether visible effects may have happened of which the record says nothing.
    pub look: bool,
    bytes: Bytes,
}

/// What became of a report.
#[derive(Debug)]
pub enum Entry {
    /// There is something to do, for this instance.
    Held(Box<Held>),
    /// There is nothing to do.
    Nothing,
    /// Another instance works on this build, and will see the report.
    Elsewhere,
}

/// Reads and writes builds.
#[derive(Debug, Clone)]
pub struct BuildStore {
    api: Api,
}

impl BuildRecord {
    fn new(server: &ServerAlias, report: &BuildReport, now: i64) -> Self {
        Self {
            server: server.clone(),
            report: report.clone(),
            previous: None,
            is_judged: false,
            cards: BTreeMap::new(),
            told: BTreeMap::new(),
            holder: None,
            first_at: now,
        }
    }

    /// The build's name for buttons.
    #[must_use]
    pub fn key(&self) -> BuildKey {
        BuildKey {
            server: self.server.clone(),
            job: self.report.job.clone(),
            number: self.report.number,
        }
    }

    /// Identifies the build, in a form that fits into keys and ids.
    #[must_use]
    pub fn digest(&self) -> String {
        digest(&self.server, &self.report.job, Some(self.report.number))
    }

    /// What a card shows of it, in short: two records with the same face look alike. Progress counts in
    /// steps, so that a card is edited for it ten times at most. `now` is in milliseconds since 1970.
    #[must_use]
    pub fn face(&self, now: i64) -> String {
        let report = &self.report;
        let going = (!report.phase.is_over()).then(|| (&report.stage, self.tenths(now)));
        let tests = report
            .details
            .tests
            .as_ref()
            .map(|tests| (tests.total, tests.failed));
        format!(
            "{:?} {:?} {} {:?} {tests:?} {going:?}",
            report.phase.is_over(),
            report.verdict(),
            report.waits_for_input,
            report.duration
        )
    }
}

impl BuildRecord {
    /// Tenths of the time that Jenkins expects it to take; none above.
    fn tenths(&self, now: i64) -> Option<u64> {
        let expected = self.report.expected.filter(|expected| *expected > 0)?;
        let ran = u64::try_from(now.saturating_sub(self.report.started_at?)).ok()?;
        Some(ran.saturating_mul(10) / expected).filter(|tenths| *tenths < 10)
    }
}

impl BuildStore {
    /// The store behind this API.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self { api }
    }

    /// Adds a report to what is known, and takes the record if `has_work` says that something is to be
    /// done about it.
    ///
    /// # Errors
    /// When the store does not answer; enter again then.
    pub async fn enter(
        &self,
        server: &ServerAlias,
        report: &BuildReport,
        presence: &Presence,
        now: i64,
        has_work: impl Fn(&BuildRecord) -> bool,
    ) -> Result<Entry, Error> {
        let key = build_key(server, report);
        for _ in 0..RACES {
            let stored = self.api.kv().get(&key).await?;
            let known = stored.as_deref().and_then(|bytes| decode(&key, bytes));
            let mut record = match &known {
                Some(known) => BuildRecord {
                    report: merge(&known.report, report),
                    ..known.clone()
                },
                None => BuildRecord::new(server, report, now),
            };
            let holder = record.holder.clone();
            let is_held_elsewhere = match &holder {
                Some(holder) if holder != presence.id() => presence.is_alive(holder).await?,
                _ => false,
            };
            let is_held = !is_held_elsewhere && (holder.is_some() || has_work(&record));
            if is_held {
                record.holder = Some(presence.id().to_owned());
            }
            if known.as_ref() == Some(&record) && !is_held {
                return Ok(if is_held_elsewhere {
                    Entry::Elsewhere
                } else {
                    Entry::Nothing
                });
            }
            let Some(bytes) = self.write(&key, stored, &record).await? else {
                continue;
            };
            return Ok(if is_held {
                Entry::Held(Box::new(Held {
                    record,
                    look: holder.is_some(),
                    bytes,
                }))
            } else if is_held_elsewhere {
                Entry::Elsewhere
            } else {
                Entry::Nothing
            });
        }
        Err(Error::Invalid(format!("{key:?} changes too fast")))
    }

    /// Writes what was told, and goes on holding the record. Tells what is known now.
    ///
    /// # Errors
    /// When the store does not answer, or the record is held by another instance; enter again then.
    pub async fn keep(&self, held: &Held, record: BuildRecord) -> Result<Held, Error> {
        let key = build_key(&record.server, &record.report);
        let mut record = record;
        let mut stored = Some(held.bytes.clone());
        for _ in 0..RACES {
            if let Some(bytes) = self.write(&key, stored, &record).await? {
                return Ok(Held {
                    record,
                    look: held.look,
                    bytes,
                });
            }
            stored = self.api.kv().get(&key).await?;
            let current = stored.as_deref().and_then(|bytes| decode(&key, bytes));
            let current = current.filter(|current| current.holder == record.holder);
            let Some(current) = current else {
                return Err(Error::Invalid(format!("{key:?} was taken over")));
            };
            record.report = merge(&record.report, &current.report);
        }
        Err(Error::Invalid(format!("{key:?} changes too fast")))
    }

    /// Gives the record back, and tells whether that worked: it does not when there is more to look at.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn leave(&self, held: &Held) -> Result<bool, Error> {
        let key = build_key(&held.record.server, &held.record.report);
        let record = BuildRecord {
            holder: None,
            ..held.record.clone()
        };
        Ok(self
            .write(&key, Some(held.bytes.clone()), &record)
            .await?
            .is_some())
    }

    async fn write(
        &self,
        key: &str,
        stored: Option<Bytes>,
        record: &BuildRecord,
    ) -> Result<Option<Bytes>, Error> {
        let bytes = serde_json::to_vec(record)
            .map(Bytes::from)
            .map_err(|error| Error::Invalid(error.to_string()))?;
        let options = KvSet::new().ttl(KEPT);
        let options = match stored {
            Some(old) => options.if_equals(old),
            None => options.if_absent(),
        };
        let is_written = self.api.kv().set_with(key, bytes.clone(), options).await?;
        Ok(is_written.then_some(bytes))
    }
}

fn decode(key: &str, bytes: &[u8]) -> Option<BuildRecord> {
    let record = serde_json::from_slice(bytes);
    if let Err(error) = &record {
        tracing::error!(key, %error, "what is known of a build cannot be read and is replaced");
    }
    record.ok()
}

fn build_key(server: &ServerAlias, report: &BuildReport) -> String {
    format!(
        "{PREFIX}{}",
        digest(server, &report.job, Some(report.number))
    )
}

/// Names of jobs have any length, keys have not.
pub(super) fn digest(server: &ServerAlias, job: &JobPath, number: Option<u64>) -> String {
    let mut hash = Sha256::new();
    for part in std::iter::once(server.as_str()).chain(job.names().iter().map(String::as_str)) {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    if let Some(number) = number {
        hash.update(number.to_be_bytes());
    }
    URL_SAFE_NO_PAD.encode(hash.finalize())
}
