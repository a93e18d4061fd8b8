//! How the caller is told of the end of their builds.

use super::{Caller, JenkinsService, Reply};
use crate::jenkins::command::notify::Request;
use crate::jenkins::watch::ping::Ping;

impl JenkinsService {
    pub(super) async fn notify_how(&self, caller: &Caller, request: Request) -> Reply {
        let Some(ping) = request.ping else {
            let ping = self.pings.of(&caller.user_id).await?;
            return Ok(Some(format!(
                "At the end of your builds, {}. `/jenkins notify thread`, `dm` or `off` changes that.",
                words(ping)
            )));
        };
        self.pings.choose(&caller.user_id, ping).await?;
        Ok(Some(format!(
            "From now on, at the end of builds that you start or watch, {}. Builds that run already keep to what was chosen when they began.",
            words(ping)
        )))
    }
}

fn words(ping: Ping) -> &'static str {
    match ping {
        Ping::Thread => "you are mentioned in the thread of the card",
        Ping::Direct => "you get a direct message, and the thread does not mention you",
        Ping::Off => "nobody pings you: the card shows the result",
    }
}
