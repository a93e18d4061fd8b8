//! One answer at a time for each question of a pipeline, on all nodes.
//!
//! | key | value |
//! |---|---|
//! | `jenkins_input_v1_<SHA-256 of server, job, number and id>` | who answers, for some seconds |

use std::time::Duration;

use mattermost_plugin::api::KvSet;
use mattermost_plugin::{Api, Error};

use super::action::BuildKey;
use crate::key_hash::key_hash;

const PREFIX: &str = "jenkins_input_v1_";
/// A second click comes within this time. Not longer: a pipeline may ask the same again in a loop.
const CLAIMED_FOR: Duration = Duration::from_secs(15);

/// Who answers which question.
#[derive(Debug, Clone)]
pub struct InputClaims {
    api: Api,
}

impl InputClaims {
    /// The claims behind this API.
    #[must_use]
    pub fn new(api: Api) -> Self {
        Self { api }
    }

    /// Whether this user may answer now: nobody else does.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn take(&self, build: &BuildKey, input: &str, user_id: &str) -> Result<bool, Error> {
        let options = KvSet::new().ttl(CLAIMED_FOR).if_absent();
        self.api
            .kv()
            .set_with(&key(build, input), user_id.to_owned(), options)
            .await
    }

    /// Lets others answer: nothing came of this answer.
    pub async fn release(&self, build: &BuildKey, input: &str) {
        if let Err(error) = self.api.kv().delete(&key(build, input)).await {
            tracing::debug!(%error, "a question can be answered again some seconds later");
        }
    }
}

fn key(build: &BuildKey, input: &str) -> String {
    let number = build.number.to_string();
    let parts = [build.server.as_str(), number.as_str(), input];
    let names = build.job.names().iter().map(String::as_str);
    format!("{PREFIX}{}", key_hash(parts.into_iter().chain(names)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ServerAlias;
    use crate::jenkins::JobPath;

    #[test]
    fn keys_are_short_and_tell_questions_apart() {
        let build = |job: &[&str], number| BuildKey {
            server: ServerAlias::default(),
            job: JobPath::new(job.iter().map(|name| (*name).to_owned()).collect()).unwrap(),
            number,
        };
        let long = "x".repeat(1000);
        let keys = [
            key(&build(&["a"], 1), "Go"),
            key(&build(&["a"], 2), "Go"),
            key(&build(&["a"], 1), "Stop"),
            key(&build(&["a", "b"], 1), "Go"),
            key(&build(&[long.as_str()], 1), &long),
        ];
        assert!(keys.iter().all(|key| key.len() <= 150));
        let unique: std::collections::BTreeSet<_> = keys.iter().collect();
        assert_eq!(unique.len(), keys.len());
    }
}
