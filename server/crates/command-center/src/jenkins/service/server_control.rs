//! Restarting Jenkins, and letting no build start.

use mattermost_plugin::api::new_id;

use super::audit::Change;
use super::{Caller, JenkinsService, Reply};
use crate::config::ServerAlias;
use crate::jenkins::command::server_control::{Action, Request};
use crate::jenkins::confirm::{Operation, Wording};
use crate::jenkins::error::JenkinsError;
use crate::jenkins::restart::record::RestartRecord;
use crate::jenkins::watch::record::Place;
use crate::text;

impl JenkinsService {
    pub(super) async fn control_server(&self, caller: &Caller, request: Request) -> Reply {
        let server = self
            .server(caller, request.server.as_deref())
            .await?
            .alias
            .clone();
        // Without an account there is nothing to ask about.
        self.access.client(&caller.user_id, &server).await?;
        let which = of(&server);
        match request.action {
            Action::SafeRestart(message) => {
                let text = format!(
                    "Restart Jenkins{which}? No build starts from now on; when those that run have ended, it restarts."
                );
                let operation = Operation::SafeRestart { server, message };
                let wording = Wording {
                    text: &text,
                    yes: "Restart it",
                    no: "Do not restart",
                };
                self.confirm(caller, operation, wording).await
            }
            Action::QuietDown(message) => {
                let text = format!(
                    "Let Jenkins{which} start no more builds? What runs goes on. `/jenkins cancel-quiet-down` ends that."
                );
                let operation = Operation::QuietDown { server, message };
                let wording = Wording {
                    text: &text,
                    yes: "Quiet down",
                    no: "Go on as now",
                };
                self.confirm(caller, operation, wording).await
            }
            Action::CancelQuietDown => self.cancel_quiet_down(caller, &server).await,
        }
    }

    /// Asks Jenkins to restart, and follows it until it is back.
    pub(super) async fn safe_restart(
        &self,
        caller: &Caller,
        server: &ServerAlias,
        message: Option<&str>,
    ) -> Reply {
        let client = self.access.client(&caller.user_id, server).await?;
        let session = client.server_state().await?.session;
        let record = RestartRecord::new(
            new_id(),
            server.clone(),
            self.requester(caller, &client).await?,
            Place {
                channel_id: caller.channel_id.clone(),
                root_id: caller.root_id.clone(),
            },
            session,
            self.clock.now(),
        );
        let Some(following) = self.restarts.begin(record).await? else {
            return Ok(Some(format!(
                "Somebody asked Jenkins{} to restart already, and that is being followed.",
                of(server)
            )));
        };
        let change = Change::of_server("safe-restart", server);
        let asked = client.safe_restart(message);
        match self.audited(caller, change, asked).await {
            Ok(()) => {
                following.accepted().await;
                Ok(None)
            }
            // It may have arrived; Jenkins may be away already. What is seen is told.
            Err(error) if error.is_outcome_unknown() => {
                following.in_doubt();
                Ok(None)
            }
            Err(error) => {
                following.give_up().await;
                Err(error.into())
            }
        }
    }

    pub(super) async fn quiet_down(
        &self,
        caller: &Caller,
        server: &ServerAlias,
        message: Option<&str>,
    ) -> Reply {
        let client = self.access.client(&caller.user_id, server).await?;
        let change = Change::of_server("quiet-down", server);
        let asked = self
            .audited(caller, change, client.quiet_down(message))
            .await;
        if let Some(error) = refused(asked) {
            return Err(error.into());
        }
        if !client.server_state().await?.quieting_down {
            return Ok(Some(not_seen("it still lets builds start")));
        }
        let said = format!(
            "Jenkins{} starts no more builds. What runs goes on; `/jenkins cancel-quiet-down` ends that.",
            of(server)
        );
        self.notify(caller, &client, said, Vec::new()).await
    }

    async fn cancel_quiet_down(&self, caller: &Caller, server: &ServerAlias) -> Reply {
        let client = self.access.client(&caller.user_id, server).await?;
        if !client.server_state().await?.quieting_down {
            return Ok(Some(format!(
                "Jenkins{} lets builds start; there is nothing to cancel.",
                of(server)
            )));
        }
        let change = Change::of_server("cancel-quiet-down", server);
        let asked = self
            .audited(caller, change, client.cancel_quiet_down())
            .await;
        if let Some(error) = refused(asked) {
            return Err(error.into());
        }
        if client.server_state().await?.quieting_down {
            return Ok(Some(not_seen("it still lets no build start")));
        }
        let said = format!("Jenkins{} lets builds start again.", of(server));
        self.notify(caller, &client, said, Vec::new()).await
    }
}

/// A refusal. What is in doubt is looked at.
fn refused(asked: Result<(), JenkinsError>) -> Option<JenkinsError> {
    asked.err().filter(|error| !error.is_outcome_unknown())
}

fn not_seen(what: &str) -> String {
    format!("Jenkins was asked, but {what}. Look at it in Jenkins.")
}

/// Which Jenkins, where it is not the main one.
pub(super) fn of(server: &ServerAlias) -> String {
    if server.is_main() {
        String::new()
    } else {
        format!(" {}", text::code_span(server.as_str()))
    }
}
