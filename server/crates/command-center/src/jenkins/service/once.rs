//! Double clicks, which the clients of slow servers see a lot of.
//!
//! | key | value |
//! |---|---|
//! | `jenkins_click_v1_<SHA-256 of what was clicked>` | `true`, for some seconds |

use std::time::Duration;

use mattermost_plugin::Error;
use mattermost_plugin::api::KvSet;

use super::JenkinsService;
use crate::key_hash::key_hash;

const PREFIX: &str = "jenkins_click_v1_";
/// Clicks of one user on one button within this time are one.
const ONE_CLICK: Duration = Duration::from_secs(5);

impl JenkinsService {
    /// Whether nobody, on any node, clicked the same just before. The parts say what, and whose.
    pub(super) async fn is_first_click<'a>(
        &self,
        parts: impl IntoIterator<Item = &'a str>,
    ) -> Result<bool, Error> {
        let key = format!("{PREFIX}{}", key_hash(parts));
        let once = KvSet::new().if_absent().ttl(ONE_CLICK);
        self.api.kv().set_json_with(&key, &true, once).await
    }
}
