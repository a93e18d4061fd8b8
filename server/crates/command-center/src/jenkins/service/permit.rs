//! Asking the administrator's policy before something is done.

use mattermost_plugin::api::permission::{MANAGE_CHANNEL_ROLES, MANAGE_SYSTEM};

use super::{Caller, JenkinsService};
use crate::config::{Role, ServerAlias};
use crate::jenkins::access::AccessError;
use crate::jenkins::policy::{Subject, Verdict, Wish};
use crate::text;

impl JenkinsService {
    /// Refuses what the caller is about to do if the policy does not allow it. Commands come here with
    /// the job that they mean once it is known ([`resolve`](Self::resolve)) or with their server
    /// ([`server`](Self::server)); buttons, confirmations and dialogs before they do what they say.
    pub(super) async fn permit(
        &self,
        caller: &Caller,
        server: &ServerAlias,
        subject: Subject<'_>,
    ) -> Result<(), AccessError> {
        let snapshot = self.access.configuration().current();
        let (policy, verb) = (&snapshot.policy, caller.verb);
        let channel = if policy.asks_where(verb) {
            self.channel_name(caller).await?
        } else {
            None
        };
        let role = if policy.asks_who(verb) {
            self.role(caller).await?
        } else {
            Role::Everyone
        };
        let verdict = policy.judge(&Wish {
            verb,
            server,
            subject,
            channel: channel.as_deref(),
            role,
        });
        let about = match subject {
            Subject::Job(path) | Subject::Folder(path) => {
                format!(" of {}", text::code_span(&path.to_string()))
            }
            Subject::Server | Subject::AllJobs => String::new(),
        };
        let verb = verb.name();
        match verdict {
            Verdict::Allowed => Ok(()),
            Verdict::Denied { line } => Err(AccessError::Refused(format!(
                "The policy of this Mattermost does not allow you `{verb}`{about} here. Ask a system administrator; it is line {line} of the setting `JenkinsPolicy`."
            ))),
            Verdict::Reserved { role } => Err(AccessError::Refused(format!(
                "`{verb}`{about} is reserved for {}. Ask one of them; a system administrator can change that with the settings `JenkinsDestructiveRole` and `JenkinsPolicy`.",
                role.words()
            ))),
        }
    }

    /// `team/channel`; direct and group messages belong to no team.
    async fn channel_name(&self, caller: &Caller) -> Result<Option<String>, AccessError> {
        let channel = self.api.channels().get(&caller.channel_id).await?;
        if channel.team_id.is_empty() {
            return Ok(None);
        }
        let team = self.api.teams().get(&channel.team_id).await?;
        Ok(Some(format!("{}/{}", team.name, channel.name)))
    }

    async fn role(&self, caller: &Caller) -> Result<Role, AccessError> {
        let permissions = self.api.permissions();
        if permissions.has(&caller.user_id, MANAGE_SYSTEM).await? {
            return Ok(Role::SystemAdmin);
        }
        let administers = permissions
            .has_in_channel(&caller.user_id, &caller.channel_id, MANAGE_CHANNEL_ROLES)
            .await?;
        Ok(if administers {
            Role::ChannelAdmin
        } else {
            Role::Everyone
        })
    }
}
