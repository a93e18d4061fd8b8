//! `/jenkins doctor`: everything between a user and Jenkins, looked at step by step.
//!
//! Each step is tried even if an earlier one failed, as far as that makes sense, so that one look
//! shows all there is to fix.

mod probe;

use std::time::Duration;

use super::access::{Access, AccessError, Server};
use super::render::{self, Finding, Health};
use super::{JenkinsAddress, JenkinsClient, JenkinsError};
use crate::config::{ProxyChoice, Role};
use crate::configuration::Snapshot;
use crate::http_client::HttpClient;
use crate::text;

use probe::Reached;

/// Clocks that differ by more than this make times on cards wrong.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(30);

/// Examines the settings, the way to Jenkins, and this user's account there.
pub async fn examine(access: &Access, user_id: &str) -> Vec<Finding> {
    let snapshot = access.configuration().current();
    let mut findings = settings(&snapshot);
    let servers = match access.servers() {
        Ok(servers) => servers,
        // The settings say it already.
        Err(JenkinsError::NotConfigured { .. }) => Vec::new(),
        Err(error) => {
            findings.push(Finding::new(
                Health::Bad,
                "Connection",
                render::error(&error),
            ));
            Vec::new()
        }
    };
    let are_several = servers.len() > 1;
    for server in servers {
        let mut found = of_server(access, user_id, &server).await;
        if are_several {
            let alias = text::code_span(server.alias.as_str());
            for finding in &mut found {
                finding.words = format!("{alias}: {}", finding.words);
            }
        }
        findings.extend(found);
    }
    findings
}

/// The version of a Jenkins, without anybody's account.
///
/// # Errors
/// [`JenkinsError`].
pub(crate) async fn version(
    http: &HttpClient,
    address: &JenkinsAddress,
) -> Result<String, JenkinsError> {
    Ok(probe::reach(http, address).await?.version)
}

async fn of_server(access: &Access, user_id: &str, server: &Server) -> Vec<Finding> {
    let mut findings = vec![addresses(&server.address)];
    let reached = probe::reach(&server.http, &server.address).await;
    findings.extend(way(&reached));
    if reached.is_ok() {
        findings.extend(account(access, user_id, server).await);
    }
    findings
}

fn settings(snapshot: &Snapshot) -> Vec<Finding> {
    let mut findings: Vec<Finding> = snapshot
        .problems
        .iter()
        .map(|problem| Finding::new(problem.severity.into(), "Setting", render::problem(problem)))
        .collect();
    if findings.is_empty() {
        findings.push(Finding::new(Health::Good, "Settings", "complete"));
    }
    findings.extend(
        snapshot
            .adoptions
            .iter()
            .map(|adoption| Finding::new(Health::Note, "Setting", render::adoption(adoption))),
    );
    if !snapshot.adoptions.is_empty() {
        let words = "its settings are used, its users have to connect again, once: their tokens are in its own store, which Mattermost opens to no other plugin. How many they are is therefore not known.";
        findings.push(Finding::new(Health::Note, "Former plugin", words));
    }
    if !snapshot.policy.is_empty() {
        let words = format!(
            "{} rules in the setting {} say who may do what where",
            snapshot.policy.len(),
            text::code_span("JenkinsPolicy")
        );
        findings.push(Finding::new(Health::Note, "Policy", words));
    }
    let destructive = snapshot.settings.jenkins_destructive_role;
    if destructive != Role::Everyone {
        let words = format!(
            "what is hard to undo is reserved for {}",
            destructive.words()
        );
        findings.push(Finding::new(Health::Note, "Policy", words));
    }
    if let Ok(Some(_)) = snapshot.settings.client_identity() {
        let words = format!(
            "shown to Jenkins, from the setting {}",
            text::code_span("JenkinsClientCertificate")
        );
        findings.push(Finding::new(Health::Note, "Client certificate", words));
    }
    match &snapshot.settings.jenkins_proxy {
        ProxyChoice::Environment => {}
        ProxyChoice::Direct => findings.push(Finding::new(Health::Note, "Proxy", "switched off")),
        ProxyChoice::Address(_) => {
            let words = format!(
                "the one in the setting {}",
                text::code_span("JenkinsProxyURL")
            );
            findings.push(Finding::new(Health::Note, "Proxy", words));
        }
    }
    findings
}

fn addresses(address: &JenkinsAddress) -> Finding {
    let internal = address.internal_root().as_str();
    let public = address.public_root().as_str();
    let words = if internal == public {
        text::code_span(internal)
    } else {
        format!(
            "{}, links lead to {}",
            text::code_span(internal),
            text::code_span(public)
        )
    };
    Finding::new(Health::Note, "Address", words)
}

fn way(reached: &Result<Reached, JenkinsError>) -> Vec<Finding> {
    let reached = match reached {
        Ok(reached) => reached,
        Err(error) => {
            return vec![Finding::new(
                Health::Bad,
                "Connection",
                render::error(error),
            )];
        }
    };
    let words = format!(
        "Jenkins {} answers in {}",
        text::plain(&reached.version),
        text::duration(reached.took)
    );
    let mut findings = vec![Finding::new(Health::Good, "Connection", words)];
    if let Some(apart) = reached
        .clocks_apart
        .filter(|apart| *apart > CLOCK_TOLERANCE)
    {
        let words = format!(
            "the clocks of Jenkins and of the Mattermost server are {} apart, so times of builds are wrong by that. \
             Synchronize both with NTP.",
            text::duration(apart)
        );
        findings.push(Finding::new(Health::Warning, "Clock", words));
    }
    findings
}

async fn account(access: &Access, user_id: &str, server: &Server) -> Vec<Finding> {
    let client = match access.client(user_id, &server.alias).await {
        Ok(client) => client,
        Err(AccessError::Jenkins(error @ JenkinsError::NotConnected { .. })) => {
            return vec![Finding::new(
                Health::Note,
                "Your account",
                render::error(&error),
            )];
        }
        Err(AccessError::Jenkins(error)) => {
            return vec![Finding::new(
                Health::Bad,
                "Your account",
                render::error(&error),
            )];
        }
        Err(AccessError::Server(error)) => {
            let words = format!(
                "the Mattermost server does not tell it: {}",
                text::plain(&error.to_string())
            );
            return vec![Finding::new(Health::Bad, "Your account", words)];
        }
        Err(AccessError::Refused(words)) => {
            return vec![Finding::new(Health::Bad, "Your account", words)];
        }
    };
    match client.who_am_i().await {
        Err(error) => vec![Finding::new(
            Health::Bad,
            "Your account",
            render::error(&error),
        )],
        Ok(identity) => {
            let mut findings = vec![Finding::new(
                Health::Good,
                "Your account",
                text::plain(&identity.user),
            )];
            findings.extend(server_state(&client, &server.address).await);
            findings
        }
    }
}

async fn server_state(client: &JenkinsClient, address: &JenkinsAddress) -> Vec<Finding> {
    let state = match client.server_state().await {
        Ok(state) => state,
        Err(error) => {
            return vec![Finding::new(
                Health::Bad,
                "Your permissions",
                render::error(&error),
            )];
        }
    };
    let mut findings = Vec::new();
    if state.quieting_down {
        let words = "Jenkins is about to shut down and starts no builds".to_owned();
        findings.push(Finding::new(Health::Warning, "State", words));
    }
    let root = state
        .root_url
        .as_deref()
        .map(|url| url.trim_end_matches('/'));
    if let Some(root) =
        root.filter(|root| *root != address.public_root().as_str().trim_end_matches('/'))
    {
        let words = format!(
            "Jenkins calls itself {}. Links here lead elsewhere; if people use that address, put it into the setting {}.",
            text::code_span(root),
            text::code_span("JenkinsPublicURL")
        );
        findings.push(Finding::new(Health::Note, "Links", words));
    }
    findings
}

#[cfg(test)]
#[path = "doctor_tests.rs"]
mod tests;
