//! Following a log while its build runs.

use mattermost_plugin::api::new_id;

use super::target::FoundBuild;
use super::{Caller, JenkinsService, Reply};
use crate::jenkins::BuildSelector;
use crate::jenkins::access::AccessError;
use crate::jenkins::action::BuildKey;
use crate::jenkins::client::TailRequest;
use crate::jenkins::command::log::DEFAULT_LINES;
use crate::jenkins::log_follow::record::FollowRecord;
use crate::jenkins::log_follow::store::Inserted;
use crate::jenkins::watch::machine::Ask;
use crate::jenkins::watch::record::{Place, Stage, WatchedJob};

/// Enough to learn whether the build still writes.
const LOOK: TailRequest = TailRequest {
    lines: 1,
    time_limit: std::time::Duration::from_secs(20),
};

impl JenkinsService {
    /// Shows the log as it grows; of a build that is over, its end.
    pub(super) async fn follow_log(&self, caller: &Caller, found: &FoundBuild) -> Reply {
        let build = BuildSelector::Number(found.number);
        let tail = found.client.log_tail(&found.path, build, LOOK).await?;
        if !tail.running {
            return self.show_tail(caller, found, DEFAULT_LINES).await;
        }
        let record = FollowRecord {
            id: new_id(),
            owner: String::new(),
            user_id: caller.user_id.clone(),
            place: Place {
                channel_id: caller.channel_id.clone(),
                root_id: self.thread_of(caller, found).await?,
            },
            build: BuildKey {
                server: found.server.clone(),
                job: found.path.clone(),
                number: found.number,
            },
            since: self.clock.now(),
            post_id: None,
            stopped_by: None,
        };
        match self.log_follows.begin(record).await? {
            Inserted::Done => Ok(None),
            Inserted::Twice => Ok(Some(
                "This log is followed here already; its post stands above.".to_owned(),
            )),
            Inserted::Full => Err(AccessError::Refused(
                "Too many logs are followed at the moment. Try again when one of them is over, or show the end of this one without `--follow`."
                    .to_owned(),
            )),
        }
    }

    /// The thread that the command was typed in, else that of the caller's card of the build.
    async fn thread_of(
        &self,
        caller: &Caller,
        found: &FoundBuild,
    ) -> Result<String, mattermost_plugin::Error> {
        if !caller.root_id.is_empty() {
            return Ok(caller.root_id.clone());
        }
        let job = WatchedJob {
            server: found.server.clone(),
            path: found.path.names().to_vec(),
            display_name: String::new(),
        };
        let watches = self.own_watches(caller, &job).await?;
        let card = watches.into_iter().find_map(|stored| {
            let record = stored.record;
            match record.stage {
                Stage::Watching {
                    post_id: Some(post_id),
                    progress,
                    ..
                } if record.place.channel_id == caller.channel_id
                    && progress.ask
                        == (Ask::Build {
                            number: found.number,
                        }) =>
                {
                    // The card may itself be in a thread.
                    Some(match record.place.root_id.is_empty() {
                        true => post_id,
                        false => record.place.root_id,
                    })
                }
                _ => None,
            }
        });
        Ok(card.unwrap_or_default())
    }
}
