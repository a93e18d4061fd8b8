//! From the places that a sender names to the channels that it may reach.
//!
//! A message never gets lost: one that cannot go where it should goes to the sender's home channel,
//! with a note that says why.

use mattermost_plugin::model::Channel;
use mattermost_plugin::{Api, Error};

use super::target::ChannelTarget;
use crate::text;

/// Most places that one message goes to.
const MOST_TARGETS: usize = 10;

/// Where a sender may lead its messages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permit {
    /// Channel id: where messages go that name no place.
    pub home_channel_id: String,
    /// Team of the home channel; empty when it belongs to none.
    pub team_id: String,
    /// Whether messages may name public channels of that team, and its members.
    pub elsewhere: bool,
}

/// Where a message goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Route {
    /// Channel ids, each once. Not empty.
    pub channel_ids: Vec<String>,
    /// Markdown for the home channel: which places were not reached, and why.
    pub notes: Vec<String>,
}

/// Finds channels.
#[derive(Debug, Clone)]
pub struct Channels {
    api: Api,
    bot_user_id: String,
}

/// What became of one place.
enum Found {
    Channel(String),
    /// Why not; the end of a sentence.
    Nowhere(&'static str),
}

impl Channels {
    /// The channels behind this API, with the conversations of this bot.
    #[must_use]
    pub fn new(api: Api, bot_user_id: String) -> Self {
        Self { api, bot_user_id }
    }

    /// Where a message goes that names `targets`. `team` is where the sender looks first for channels
    /// that it named without a team, if there is a team of that name.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn route(
        &self,
        permit: &Permit,
        targets: &[ChannelTarget],
        team: Option<&str>,
    ) -> Result<Route, Error> {
        let mut route = Route::default();
        for target in targets.iter().take(MOST_TARGETS) {
            match self.find(permit, target, team).await? {
                Found::Channel(id) => add(&mut route.channel_ids, id),
                Found::Nowhere(why) => route.notes.push(format!(
                    "This was sent for {}, {why}. It is shown here instead.",
                    text::code_span(&text::truncate(&target.to_string(), 100))
                )),
            }
        }
        if targets.len() > MOST_TARGETS {
            route.notes.push(format!(
                "This was sent for {} places; the first {MOST_TARGETS} count.",
                targets.len()
            ));
        }
        if route.channel_ids.is_empty() || !route.notes.is_empty() {
            add(&mut route.channel_ids, permit.home_channel_id.clone());
        }
        Ok(route)
    }

    async fn find(
        &self,
        permit: &Permit,
        target: &ChannelTarget,
        team: Option<&str>,
    ) -> Result<Found, Error> {
        match target {
            ChannelTarget::User { name } => self.conversation(permit, name).await,
            ChannelTarget::Channel { team: None, name } => {
                if let Some(team) = team
                    && let Some(channel) = self.by_team(team, name).await?
                {
                    return Ok(judge(permit, &channel));
                }
                Ok(match self.by_home_team(permit, name).await? {
                    Some(channel) => judge(permit, &channel),
                    None => Found::Nowhere("and there is no such channel in this team"),
                })
            }
            ChannelTarget::Channel {
                team: Some(team),
                name,
            } => Ok(match self.by_team(team, name).await? {
                Some(channel) => judge(permit, &channel),
                None => Found::Nowhere("and there is no such team and channel"),
            }),
        }
    }

    async fn conversation(&self, permit: &Permit, name: &str) -> Result<Found, Error> {
        if !permit.elsewhere {
            return Ok(Found::Nowhere(NOT_ELSEWHERE));
        }
        let user = self.api.users().get_by_username_optional(name).await?;
        let Some(user) = user.filter(|user| user.delete_at == 0) else {
            return Ok(Found::Nowhere("and there is no such user"));
        };
        let teams = self.api.teams();
        let is_near = permit.team_id.is_empty()
            || teams
                .member_optional(&permit.team_id, &user.id)
                .await?
                .is_some_and(|member| member.delete_at == 0);
        if !is_near {
            return Ok(Found::Nowhere("who is not a member of this team"));
        }
        let channel = self
            .api
            .channels()
            .direct(&user.id, &self.bot_user_id)
            .await?;
        Ok(Found::Channel(channel.id))
    }

    async fn by_team(&self, team: &str, name: &str) -> Result<Option<Channel>, Error> {
        found(self.api.channels().by_team_and_name(team, name).await)
    }

    async fn by_home_team(&self, permit: &Permit, name: &str) -> Result<Option<Channel>, Error> {
        if permit.team_id.is_empty() {
            return Ok(None);
        }
        found(self.api.channels().by_name(&permit.team_id, name).await)
    }
}

const NOT_ELSEWHERE: &str = "but this webhook may not choose its channel";

/// Whether a sender may reach a channel that is there.
fn judge(permit: &Permit, channel: &Channel) -> Found {
    let is_home = channel.id == permit.home_channel_id;
    let is_near = permit.elsewhere
        && channel.r#type == Channel::OPEN
        && !permit.team_id.is_empty()
        && channel.team_id == permit.team_id;
    if channel.is_archived() {
        Found::Nowhere("which is archived")
    } else if is_home || is_near {
        Found::Channel(channel.id.clone())
    } else if permit.elsewhere {
        // Says the same of private channels as of those that are not there.
        Found::Nowhere("and there is no such public channel in this team")
    } else {
        Found::Nowhere(NOT_ELSEWHERE)
    }
}

fn found(answer: Result<Channel, Error>) -> Result<Option<Channel>, Error> {
    match answer {
        Ok(channel) => Ok(Some(channel)),
        // Names that no channel can have are refused with status 400.
        Err(error) if matches!(error.status_code(), Some(400 | 403 | 404)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn add(ids: &mut Vec<String>, id: String) {
    if !ids.contains(&id) {
        ids.push(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel(id: &str, kind: &str, team: &str) -> Channel {
        Channel {
            id: id.to_owned(),
            r#type: kind.to_owned(),
            team_id: team.to_owned(),
            ..Channel::default()
        }
    }

    fn reaches(permit: &Permit, channel: &Channel) -> bool {
        matches!(judge(permit, channel), Found::Channel(_))
    }

    #[test]
    fn a_sender_reaches_what_its_permit_says() {
        let strict = Permit {
            home_channel_id: "home".to_owned(),
            team_id: "team".to_owned(),
            elsewhere: false,
        };
        let free = Permit {
            elsewhere: true,
            ..strict.clone()
        };
        let home = channel("home", Channel::PRIVATE, "team");
        let public = channel("public", Channel::OPEN, "team");
        let private = channel("private", Channel::PRIVATE, "team");
        let foreign = channel("foreign", Channel::OPEN, "other");
        for (permit, expected) in [
            (&strict, [true, false, false, false]),
            (&free, [true, true, false, false]),
        ] {
            let reached =
                [&home, &public, &private, &foreign].map(|channel| reaches(permit, channel));
            assert_eq!(reached, expected);
        }
        let archived = Channel {
            delete_at: 1,
            ..home
        };
        assert!(!reaches(&free, &archived));
        let nowhere = Permit {
            team_id: String::new(),
            ..free
        };
        assert!(!reaches(&nowhere, &channel("x", Channel::OPEN, "")));
    }
}
