//! Handing out the configuration of a job, and changing it so that it can be undone.

use mattermost_plugin::model::Post;

use super::audit::Change;
use super::{Caller, JenkinsService, Reply};
use crate::config::ServerAlias;
use crate::jenkins::JobPath;
use crate::jenkins::access::AccessError;
use crate::jenkins::command::JobArgument;
use crate::jenkins::command::configuration::Request;
use crate::jenkins::confirm::{Operation, Wording};
use crate::jenkins::render::count;
use crate::jenkins::view::difference::difference;
use crate::key_hash::key_hash;
use crate::text;

/// What was looked at before somebody said yes.
pub(super) struct Confirmed<'a> {
    pub(super) server: &'a ServerAlias,
    pub(super) job: &'a JobPath,
    pub(super) file_id: &'a str,
    pub(super) before: &'a str,
    pub(super) after: &'a str,
}

impl JenkinsService {
    pub(super) async fn configuration(&self, caller: &Caller, request: Request) -> Reply {
        match request {
            Request::Show { job } => self.hand_out(caller, &job).await,
            Request::Change { job } => self.ask_to_configure(caller, &job).await,
        }
    }

    async fn hand_out(&self, caller: &Caller, argument: &JobArgument) -> Reply {
        let target = self.target(caller, argument).await?;
        let (job, _) = self.resolve_item(caller, &target).await?;
        let xml = target.client.config_xml(&job).await?;
        let name = text::code_span(&job.to_string());
        let message = format!(
            "The configuration of the job {name}. To change it, answer in this thread with the changed file and the words {}.",
            words_to_change(&target.server.alias, &job)
        );
        self.send_configuration(caller, &job, xml, message).await?;
        Ok(Some(format!(
            "The configuration of the job {name} is in your direct messages."
        )))
    }

    /// Only the caller sees it: there may be what is nobody else's business.
    async fn send_configuration(
        &self,
        caller: &Caller,
        job: &JobPath,
        xml: String,
        message: String,
    ) -> Result<(), AccessError> {
        let channels = self.api.channels();
        let channel = channels.direct(&caller.user_id, &self.bot_user_id).await?;
        let file = self
            .api
            .files()
            .upload(xml.into_bytes(), &channel.id, &file_name(job))
            .await?;
        let post = Post {
            user_id: self.bot_user_id.clone(),
            channel_id: channel.id,
            message,
            file_ids: vec![file.id],
            ..Post::default()
        };
        self.api.posts().create(&post).await?;
        Ok(())
    }

    async fn ask_to_configure(&self, caller: &Caller, argument: &JobArgument) -> Reply {
        let target = self.target(caller, argument).await?;
        let (job, _) = self.resolve_item(caller, &target).await?;
        let attached = self.attached_xml(caller).await?;
        let current = target.client.config_xml(&job).await?;
        let name = text::code_span(&job.to_string());
        let Some(difference) = difference(&current, &attached.xml) else {
            return Ok(Some(format!(
                "The attached file says the same as the configuration of the job {name}; nothing was changed."
            )));
        };
        let rest = if difference.is_cut {
            "That is not all of it.\n"
        } else {
            ""
        };
        let question = format!(
            "Change the configuration of the job {name}? {} more, {} less:\n{}{rest}What it is now is sent to you first, so that this can be undone.",
            count(difference.added, "line", "lines"),
            count(difference.removed, "line", "lines"),
            difference.block,
        );
        let operation = Operation::Configure {
            server: target.server.alias.clone(),
            job,
            file_id: attached.file_id,
            before: key_hash([current.as_str()]),
            after: key_hash([attached.xml.as_str()]),
        };
        let wording = Wording {
            text: &question,
            yes: "Change it",
            no: "Leave it",
        };
        self.confirm(caller, operation, wording).await
    }

    /// Changes it to what was looked at, if it still is what it was then.
    pub(super) async fn configure(&self, caller: &Caller, confirmed: &Confirmed<'_>) -> Reply {
        let Confirmed { server, job, .. } = *confirmed;
        let client = self.access.client(&caller.user_id, server).await?;
        let attached = self.attached_xml_again(confirmed.file_id).await?;
        let current = client.config_xml(job).await?;
        let is_same = key_hash([attached.xml.as_str()]) == confirmed.after
            && key_hash([current.as_str()]) == confirmed.before;
        let name = text::plain(&job.to_string());
        if !is_same {
            return Err(AccessError::Refused(format!(
                "The configuration of the job '{name}' was changed meanwhile; nothing was done. Type the command again to see what differs now."
            )));
        }
        let former = format!(
            "The configuration of the job {} as it was before your change. To undo that, answer in this thread with the words {}.",
            text::code_span(&job.to_string()),
            words_to_change(server, job)
        );
        self.send_configuration(caller, job, current.clone(), former)
            .await?;
        let change = Change::of_job("config-change", server, job);
        let asked = client.configure(job, &attached.xml);
        match self.audited(caller, change, asked).await {
            Ok(()) => {}
            // Only Jenkins itself tells whether it took it.
            Err(error) if error.is_outcome_unknown() => {
                if client.config_xml(job).await? == current {
                    return Err(error.into());
                }
            }
            Err(error) => return Err(error.into()),
        }
        let page = client.address().page(job.segments());
        let name = text::link(&job.to_string(), page.as_str());
        let said = format!("The configuration of the job '{name}' has been changed");
        self.notify(caller, &client, said, Vec::new()).await
    }
}

/// What to write to the bot, where no slash is needed.
fn words_to_change(server: &ServerAlias, job: &JobPath) -> String {
    let server = match server.is_main() {
        true => String::new(),
        false => format!(" --server {server}"),
    };
    text::code_span(&format!("config change {job}{server}"))
}

/// Where somebody would look for it.
pub(super) fn file_name(job: &JobPath) -> String {
    format!("{}-config.xml", text::file_stem(&job.to_string()))
}
