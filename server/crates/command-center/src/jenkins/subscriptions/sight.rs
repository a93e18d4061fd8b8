//! Nobody subscribes a channel to what they may not read at Jenkins themselves.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::rule::Rule;
use crate::config::ServerAlias;
use crate::jenkins::access::{Access, AccessError};
use crate::jenkins::error::ErrorKind;
use crate::jenkins::{JenkinsClient, JenkinsError, JobPath};

/// How long an answer is believed.
const BELIEVED: Duration = Duration::from_secs(10 * 60);
/// Answers that are kept at most.
const MOST_ANSWERS: usize = 10_000;

type Question = (String, ServerAlias, JobPath);

/// Asks Jenkins who may see what.
#[derive(Debug)]
pub struct Sight {
    access: Arc<Access>,
    answers: Mutex<HashMap<Question, (Instant, bool)>>,
}

impl Sight {
    /// Asks with the accounts of users.
    #[must_use]
    pub fn new(access: Arc<Access>) -> Self {
        Self {
            access,
            answers: Mutex::default(),
        }
    }

    /// Whether a subscription may tell of a job: its creator sees the job at Jenkins. Where the creator
    /// is not connected any more, a service account that sees it is enough.
    pub async fn allows(&self, rule: &Rule, job: &JobPath) -> bool {
        let question = (
            rule.creator.user_id.clone(),
            rule.server.clone(),
            job.clone(),
        );
        if let Some(answer) = self.believed(&question) {
            return answer;
        }
        let answer = match self.client(rule).await {
            Ok(client) => sees(&client, job).await,
            Err(AccessError::Jenkins(error)) if error.kind() == ErrorKind::Access => Some(false),
            Err(_) => None,
        };
        match answer {
            Some(answer) => {
                self.believe(question, answer);
                answer
            }
            // Jenkins does not say at the moment. What a subscription names was seen when it was made.
            None => rule.target.path().is_some(),
        }
    }

    /// The same about a node, of which nobody asks often; `None` if Jenkins does not say at the moment.
    pub async fn allows_node(&self, rule: &Rule, name: &str) -> Option<bool> {
        let client = match self.client(rule).await {
            Ok(client) => client,
            Err(AccessError::Jenkins(error)) if error.kind() == ErrorKind::Access => {
                return Some(false);
            }
            Err(_) => return None,
        };
        match client.nodes().await {
            Ok(nodes) => Some(nodes.nodes.iter().any(|node| node.name == name)),
            Err(error) if matches!(error.kind(), ErrorKind::Access | ErrorKind::Gone) => {
                Some(false)
            }
            Err(error) => {
                tracing::debug!(%error, "Jenkins does not say who may see a node");
                None
            }
        }
    }

    async fn client(&self, rule: &Rule) -> Result<JenkinsClient, AccessError> {
        let own = self
            .access
            .client(&rule.creator.user_id, &rule.server)
            .await;
        match own {
            Err(AccessError::Jenkins(JenkinsError::NotConnected { .. })) => {
                match self.access.service_client(&rule.server) {
                    Some(client) => Ok(client),
                    None => own,
                }
            }
            own => own,
        }
    }

    fn believed(&self, question: &Question) -> Option<bool> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, answer) = answers.get(question)?;
        (at.elapsed() < BELIEVED).then_some(*answer)
    }

    fn believe(&self, question: Question, answer: bool) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= MOST_ANSWERS {
            answers.retain(|_, (at, _)| at.elapsed() < BELIEVED);
        }
        if answers.len() >= MOST_ANSWERS {
            answers.clear();
        }
        answers.insert(question, (Instant::now(), answer));
    }
}

/// `None` when Jenkins does not say.
async fn sees(client: &JenkinsClient, job: &JobPath) -> Option<bool> {
    match client.item(job).await {
        Ok(item) => Some(item.is_some()),
        Err(error) if matches!(error.kind(), ErrorKind::Access | ErrorKind::Gone) => Some(false),
        Err(error) => {
            tracing::debug!(%error, "Jenkins does not say who may see a job");
            None
        }
    }
}
